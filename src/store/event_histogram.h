/* Histograms in TensorBoard's form: buckets whose limits grow by a tenth, from 1e-12 to 1e20, on both sides of 0. */
#ifndef STORE_EVENT_HISTOGRAM_H
#define STORE_EVENT_HISTOGRAM_H

#include "base/protobuf.h"

/* Limits above 0: 1e-12 · 1.1^k below 1e20, and the largest double; as many below it; and 0. */
#define HISTOGRAM_SIDE 775
#define HISTOGRAM_BUCKETS (2 * HISTOGRAM_SIDE + 1)

typedef struct EventHistogram {
    double limits[HISTOGRAM_BUCKETS]; /* bucket b holds limits[b - 1] ≤ x < limits[b] */
    double counts[HISTOGRAM_BUCKETS];
    double least, most, sum, sum_of_squares;
    size_t count, not_finite; /* numbers in buckets, and left out */
} EventHistogram;

/* Sets the limits; nothing is counted. */
void event_histogram_init(EventHistogram *histogram);

/* Counts these numbers alone, of PERCEPT_FLOAT32 or PERCEPT_FLOAT64. */
void event_histogram_count(EventHistogram *histogram, percept_type type, const void *values, size_t count);

/* Writes it as a message HistogramProto: from the first bucket that holds something to the last, empty ones between them
 * joined. */
void event_histogram_write(const EventHistogram *histogram, ProtoWriter *writer, uint32_t field);

#endif
