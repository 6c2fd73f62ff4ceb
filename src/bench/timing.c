#include "bench/timing.h"

#include <stdlib.h>
#include <time.h>

double timing_now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

Spread spread_of(double *values, size_t count)
{
    qsort(values, count, sizeof *values, ascending);
    return (Spread){
        .median = (values[(count - 1) / 2] + values[count / 2]) / 2, .least = values[0], .most = values[count - 1]};
}

double sorted_quantile(const double *sorted, size_t count, double part)
{
    const size_t at = (size_t)(part * (double)count);
    return sorted[at < count ? at : count - 1];
}
