/* An event file for TensorBoard: records (length, bytes, both with a masked CRC-32C), each a message Event of
 * TensorFlow's event.proto. An event has a step and a summary of values; it is written at once, so a killed process
 * leaves whole events and at most one cut event at the end, which readers ignore.
 *
 * If memory is short while an event is made, event_file_end returns the error. */
#ifndef STORE_EVENT_FILE_H
#define STORE_EVENT_FILE_H

#include "base/protobuf.h"

typedef struct EventFile EventFile;

/* A new file in the folder, which is made where it is missing: events.out.tfevents.SECONDS.HOST.PROCESS, which sorts
 * after all existing ones. Readers process the files in that order and ignore events of older files from `step` on,
 * since training starts again there. Closed with event_file_close. */
percept_status event_file_create(const char *folder, uint64_t step, EventFile **out, percept_error *error);

/* Begins the event of a step; wall time is now. */
void event_file_begin(EventFile *file, uint64_t step);

/* A number, rounded to float32 as TensorBoard stores it. Values that are not finite stay so. */
void event_file_scalar(EventFile *file, const char *tag, double value);

/* The distribution of `count` numbers (PERCEPT_FLOAT32 or PERCEPT_FLOAT64), in buckets that grow by a tenth (1e-12,
 * 1.1e-12, … 1e20, and likewise below 0). Numbers that are not finite are omitted and counted by a scalar
 * TAG_not_finite, which is written only if there are any. */
void event_file_histogram(EventFile *file, const char *tag, percept_type type, const void *values, size_t count);

/* For other kinds of values: messages Summary.Value, as field EVENT_VALUE, are added to this writer. */
ProtoWriter *event_file_values(EventFile *file);
#define EVENT_VALUE 1

/* Writes the event. */
percept_status event_file_end(EventFile *file, percept_error *error);

/* NULL is allowed. */
void event_file_close(EventFile *file);

#endif
