/* Messages in the wire format of Protocol Buffers, written and read field by field, without a schema: only a few messages of
 * TensorBoard and of ONNX occur here, whose field numbers will not change. A field that is not written has its default.
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
#ifndef BASE_PROTOBUF_H
#define BASE_PROTOBUF_H

#include <stdbool.h>
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
void proto_bytes(ProtoWriter *writer, uint32_t field, const void *bytes, size_t size);
void proto_doubles(ProtoWriter *writer, uint32_t field, const double *values, size_t count); /* packed */

/* A message inside the message, until proto_end, which takes what proto_begin returned. */
size_t proto_begin(ProtoWriter *writer, uint32_t field);
void proto_end(ProtoWriter *writer, size_t begin);

/* Whether all fields since the last proto_restart were written. */
percept_status proto_status(const ProtoWriter *writer, percept_error *error);

/* Begins another message, in the same memory. */
void proto_restart(ProtoWriter *writer);
void proto_clear(ProtoWriter *writer);

/* Reading: ProtoReader reader = {bytes, bytes + size}; while (proto_next(&reader, &field)) …; then reader.damaged says
 * whether the message ended in the middle of a field. */
typedef struct ProtoReader {
    const uint8_t *at, *end;
    bool damaged;
} ProtoReader;

typedef struct ProtoField {
    uint32_t number;
    uint64_t integer;     /* of a varint; the bits of a 32- or 64-bit number */
    const uint8_t *bytes; /* of bytes, a text, a message, or packed numbers; else NULL */
    size_t size;
} ProtoField;

/* Reads the next field; false at the end and where the message is damaged. */
bool proto_next(ProtoReader *reader, ProtoField *field);

/* The reader of the message, or of the packed numbers, that a field holds. */
ProtoReader proto_inside(const ProtoField *field);

/* Read the next packed number; false at the end. */
bool proto_next_varint(ProtoReader *reader, uint64_t *value);
bool proto_next_fixed(ProtoReader *reader, size_t size, uint64_t *bits);

#endif
