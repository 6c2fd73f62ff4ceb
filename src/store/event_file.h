/* An event file, what TensorBoard reads: records (length, bytes, both with a masked CRC-32C), each a message Event of
 * TensorFlow's event.proto. An event has a step and a summary of values; it is written at once, so that a process that is
 * killed leaves whole events and at most a cut one behind them, which readers leave out.
 *
 * If memory is short while an event is made, event_file_end returns the error. */
#ifndef STORE_EVENT_FILE_H
#define STORE_EVENT_FILE_H

#include "store/protobuf.h"

typedef struct EventFile EventFile;

/* A new file in the folder, which is made where it is missing: events.out.tfevents.SECONDS.HOST.PROCESS, later in order
 * than all that are there. Readers go through the files in that order; what older ones hold from `step` on counts no more,
 * since training begins again there. Closed with event_file_close. */
percept_status event_file_create(const char *folder, uint64_t step, EventFile **out, percept_error *error);

/* Begins the event of a step; wall time is now. */
void event_file_begin(EventFile *file, uint64_t step);

/* A number, rounded to float32 as TensorBoard keeps them. What is not finite stays so. */
void event_file_scalar(EventFile *file, const char *tag, double value);

/* How `count` numbers (PERCEPT_FLOAT32 or PERCEPT_FLOAT64) are distributed, in buckets that grow by a tenth (1e-12, 1.1e-12,
 * … 1e20, and likewise below 0). What is not finite is left out and counted by a scalar, TAG_not_finite, which is there only
 * if there is something to count. */
void event_file_histogram(EventFile *file, const char *tag, percept_type type, const void *values, size_t count);

/* For other kinds of values: messages Summary.Value, as field EVENT_VALUE, are added to this writer. */
ProtoWriter *event_file_values(EventFile *file);
#define EVENT_VALUE 1

/* Writes the event. */
percept_status event_file_end(EventFile *file, percept_error *error);

/* NULL is allowed. */
void event_file_close(EventFile *file);

#endif
