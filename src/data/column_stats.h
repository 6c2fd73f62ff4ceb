/* Statistics of the values of a column, for display. The values of a category are its codes: all are counted, and low, high
 * and mean are NAN. */
#ifndef DATA_COLUMN_STATS_H
#define DATA_COLUMN_STATS_H

#include "data/dataset.h"

/* Distinct values are counted up to this number; the most frequent ones are listed. */
#define COLUMN_DISTINCT 1000
#define COLUMN_FREQUENT 5

/* Most bins of a histogram. */
#define COLUMN_BINS 12

typedef struct ColumnStats {
    size_t count, missing;  /* present and missing values */
    size_t distinct;        /* COLUMN_DISTINCT + 1: more than COLUMN_DISTINCT */
    double low, high, mean; /* of the present values; NAN if there are none */
    size_t listed;          /* the most frequent values, in a tie the smaller first; 0 if there are too many */
    double values[COLUMN_FREQUENT];
    size_t counts[COLUMN_FREQUENT];
    /* The histogram: of numbers, bins of one width from low on, a whole number for integers; of a category, its most frequent
     * values. */
    size_t bin_count, bins[COLUMN_BINS];
    double bin_width; /* 0 for a category, and for a single value */
} ColumnStats;

/* Of feature j, and of target t, over all examples of the storage. */
percept_status column_stats_feature(const Storage *storage, size_t j, ColumnStats *out, percept_error *error);
percept_status column_stats_target(const Storage *storage, size_t t, ColumnStats *out, percept_error *error);

#endif
