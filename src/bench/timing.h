/* The clock, and statistics of repeated measurements. */
#ifndef BENCH_TIMING_H
#define BENCH_TIMING_H

#include <stddef.h>

/* Seconds of the monotonic clock. */
double timing_now(void);

/* Of several rounds, some of which other programs disturb: the median, with minimum and maximum. */
typedef struct Spread {
    double median, least, most;
} Spread;

/* Sorts the values; count ≥ 1. The median of an even number is the mean of the two in the middle. */
Spread spread_of(double *values, size_t count);

/* The smallest of the sorted values that the given fraction of them does not exceed: 0.99 for the 99th percentile. */
double sorted_quantile(const double *sorted, size_t count, double part);

#endif
