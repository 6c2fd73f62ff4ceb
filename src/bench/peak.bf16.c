#include "base/dot.h"
#include "bench/peak_burst.h"

/* Independent chains, as for multiply-adds (peak.isa.c). */
#if defined __AVX512F__ || defined __aarch64__
#define CHAINS 24
#else
#define CHAINS 12
#endif

/* x ← x + 2 · 2^-24 stays a normal number. */
double BF16(peak_burst)(size_t rounds, double *result)
{
    Vector chain[CHAINS], sum = {0};
    const Vector small = vector_fill(0x1p-12F);
    const Pairs factor = pairs_across(small, small);
#pragma GCC unroll 24
    for (size_t i = 0; i < CHAINS; i++)
        chain[i] = vector_fill((real)(i + 2) * 0x1p-12F);
    for (size_t round = 0; round < rounds; round++)
#pragma GCC unroll 24
        for (size_t i = 0; i < CHAINS; i++)
            chain[i] = dot(chain[i], factor, factor);
    for (size_t i = 0; i < CHAINS; i++)
        sum += chain[i];
    *result = 0;
    for (size_t lane = 0; lane < LANES; lane++)
        *result += (double)sum[lane];
    const size_t in_round = 4 * CHAINS * LANES;
    return (double)(in_round * rounds);
}
