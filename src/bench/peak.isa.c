#include "bench/peak_burst.h"

#include "base/vector.h"

/* Independent chains: more than latency × units need (4 × 2 on the processors of today), fewer than registers. */
#if defined __AVX512F__ || defined __aarch64__
#define CHAINS 24
#else
#define CHAINS 12
#endif

/* x ← 0.999 x + 0.001 runs towards 1 and stays a normal number. No chain starts there: it would be a constant. */
double ISA(peak_burst)(size_t rounds, double *result)
{
    Vector chain[CHAINS], sum = {0};
    const Vector factor = vector_fill((real)0.999), term = vector_fill((real)0.001);
#pragma GCC unroll 24
    for (size_t i = 0; i < CHAINS; i++)
        chain[i] = vector_fill((real)(i + 2));
    for (size_t round = 0; round < rounds; round++)
#pragma GCC unroll 24
        for (size_t i = 0; i < CHAINS; i++)
            chain[i] = chain[i] * factor + term;
    for (size_t i = 0; i < CHAINS; i++)
        sum += chain[i];
    *result = 0;
    for (size_t lane = 0; lane < LANES; lane++)
        *result += (double)sum[lane];
    const size_t in_round = 2 * CHAINS * LANES;
    return (double)(in_round * rounds);
}
