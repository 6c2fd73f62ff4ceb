/* Prints where the time of a training step goes, as text and as JSON. */
#ifndef CLI_BENCH_EXPLAIN_H
#define CLI_BENCH_EXPLAIN_H

#include <jansson.h>

#include "bench/explain.h"

void bench_print_explanation(const Network *network, const Explanation *explanation);

/* {"batch": …, "gathering": seconds, "peak_gflops": …, "products": [{…}, …], "step": seconds}; NULL for lack of memory. */
json_t *bench_explanation_json(const Explanation *explanation);

#endif
