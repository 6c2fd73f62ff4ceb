/* Messages in the wire format of Protocol Buffers, written field by field: no schema and no reading, since only a few
 * messages of TensorBoard are written here, whose field numbers will not change. A field that is not written has its
 * default.
 *
 *     ProtoWriter writer = {0};
 *     const size_t summary = proto_begin(&writer, 5);
 *     proto_text(&writer, 1, "loss/train");
 *     proto_end(&writer, summary);
 *     status = proto_status(&writer, &error);
 *     … writer.buffer …
 *     proto_clear(&writer);
 *
 * Lack of memory is remembered and reported by proto_status, so calls need not be checked one by one. */
#ifndef STORE_PROTOBUF_H
#define STORE_PROTOBUF_H

#include <stdint.h>

#include "base/buffer.h"

/* An empty writer is {0}. */
typedef struct ProtoWriter {
    Buffer buffer;
    percept_error error;
} ProtoWriter;

/* A field of the message that is being written. Field numbers are 1 … 2^29 - 1. */
void proto_integer(ProtoWriter *writer, uint32_t field, uint64_t value); /* int64, uint64, bool, enum */
void proto_double(ProtoWriter *writer, uint32_t field, double value);
void proto_float(ProtoWriter *writer, uint32_t field, float value);
void proto_text(ProtoWriter *writer, uint32_t field, const char *text);
void proto_doubles(ProtoWriter *writer, uint32_t field, const double *values, size_t count); /* packed */

/* A message inside the message, until proto_end, which takes what proto_begin returned. */
size_t proto_begin(ProtoWriter *writer, uint32_t field);
void proto_end(ProtoWriter *writer, size_t begin);

/* Whether all fields since the last proto_restart were written. */
percept_status proto_status(const ProtoWriter *writer, percept_error *error);

/* Begins another message, in the same memory. */
void proto_restart(ProtoWriter *writer);
void proto_clear(ProtoWriter *writer);

#endif
