/* The clock, and what is told of figures that were taken several times. */
#ifndef BENCH_TIMING_H
#define BENCH_TIMING_H

#include <stddef.h>

/* Seconds of the monotonic clock. */
double timing_now(void);

/* Of figures of several rounds: other programs disturb some of them, so the median speaks and the ends stand beside. */
typedef struct Spread {
    double median, least, most;
} Spread;

/* Sorts the values; count ≥ 1. The median of an even number is the mean of the two in the middle. */
Spread spread_of(double *values, size_t count);

/* The smallest of the sorted values that a part of them (0 … 1) does not exceed: 0.99 for the 99th percentile. */
double sorted_quantile(const double *sorted, size_t count, double part);

#endif
