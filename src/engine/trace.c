#include "engine/trace.h"

#include <time.h>

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

void trace_begin(EngineTrace *trace)
{
    if (trace != NULL)
        trace->mark = now();
}

static void add(EngineTrace *trace, double *seconds)
{
    const double time = now();
    *seconds += time - trace->mark;
    trace->mark = time;
}

void trace_product(EngineTrace *trace, size_t layer, EngineProduct product)
{
    if (trace != NULL)
        add(trace, &trace->products[layer][product]);
}

void trace_gathering(EngineTrace *trace)
{
    if (trace != NULL)
        add(trace, &trace->gathering);
}
