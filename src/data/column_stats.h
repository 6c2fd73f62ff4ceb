/* What the values of a column are, for people. */
#ifndef DATA_COLUMN_STATS_H
#define DATA_COLUMN_STATS_H

#include "data/dataset.h"

/* Different values are counted up to so many, and the most frequent ones listed. */
#define COLUMN_DISTINCT 1000
#define COLUMN_FREQUENT 5

typedef struct ColumnStats {
    size_t count, missing;  /* values that are there, and those that are not */
    size_t distinct;        /* COLUMN_DISTINCT + 1: more than COLUMN_DISTINCT */
    double low, high, mean; /* of those that are there; NAN without any */
    size_t listed; /* the most frequent values, the first of equals being the smaller one; 0 with too many values */
    double values[COLUMN_FREQUENT];
    size_t counts[COLUMN_FREQUENT];
} ColumnStats;

/* Of feature j, and of target t, over all examples of the storage. */
percept_status column_stats_feature(const Storage *storage, size_t j, ColumnStats *out, percept_error *error);
percept_status column_stats_target(const Storage *storage, size_t t, ColumnStats *out, percept_error *error);

#endif
