/* For *.isa.c files: the normal distribution in vectors. Its tail Φ(-t) is the density times a function (Mills' ratio) that
 * falls smoothly from √(π/2) to 1/t: a ratio of polynomials here, which keeps the digits of the tail. Within 8 units in
 * the last place in float, 9 in double. Results that would not be normal numbers are 0; NaN gives NaN. */
#ifndef ENGINE_CPU_NORMAL_H
#define ENGINE_CPU_NORMAL_H

#include "engine/cpu/exponential.h"

#if PERCEPT_REAL == F32
#define LOW_WORD 0xfffu /* the lower half of the mantissa */
#define FARTHEST 13.25f /* from here on e^(-t²/2) is not a normal number */
#define MILLS_TERMS 5
#else
#define LOW_WORD 0x7ffffffu
#define FARTHEST 37.75
#define MILLS_TERMS 11
#endif

#define DENSITY_AT_ZERO ((real)0.39894228040143268) /* 1/√(2π) */

/* e^(-t²/2), with the digits of t² that rounding it would lose; results that would not be normal numbers are 0. */
static inline Vector bell(Vector t)
{
    const Vector high = (Vector)((VectorWords)t & ~((VectorWords){0} + LOW_WORD));
    const Vector square = high * high * (real)-0.5, low = (t - high) * (t + high) * (real)-0.5;
    const Vector x = square + low, shifted = x * LOG_2_INVERSE + ROUNDER, n = shifted - ROUNDER;
    const Vector q = exponential_series((square - n * LOG_2_HIGH) - n * LOG_2_LOW + low);
    const Vector scale = exponential_scale(shifted);
    return (Vector)((VectorBits)(scale * q + scale) & ~(x < LOWEST_EXPONENT));
}

/* Φ(-t) e^(t²/2) = P(t) / Q(t) for 0 ≤ t ≤ FARTHEST: the ratio with the smallest largest relative error, by Remez'
 * algorithm, 2^-27.6 in float and 2^-60 in double. All coefficients are positive: nothing cancels. */
static inline Vector mills_ratio(Vector t)
{
#if PERCEPT_REAL == F32
    static const real P[] = {0.5000000024818227F, 0.4356928388962056F, 0.1813115258335734F, 0.03998575977334655F,
                             0.004020420548401653F};
    static const real Q[] = {
        1, 1.669270596724487F, 1.194504152019582F, 0.4643928997022272F, 0.1002368148349052F, 0.01007755666441711F};
#else
    static const real P[] = {0.5000000000000000004258,      0.8270279475903280135068,   0.6782120335035204971438,
                             0.3562686968562873370415,      0.1315193518804034085973,   0.03548890505703423491032,
                             0.007079338768120398346306,    0.001032120300514008639571, 0.0001056532976916659519973,
                             0.000006905311770047331908469, 2.215142639180596216299e-7};
    static const real Q[] = {1,
                             2.451940455983521578866,
                             2.812789500844223206676,
                             1.996810001500546366079,
                             0.9769896356709708902214,
                             0.3468912746268632005114,
                             0.09151001699205545574791,
                             0.018008993747586669779,
                             0.002604450978040211127892,
                             0.0002653887972155979312883,
                             0.00001730904972797650749314,
                             5.552539171709346444327e-7};
#endif
    Vector numerator = vector_fill(P[MILLS_TERMS - 1]), denominator = vector_fill(Q[MILLS_TERMS]);
    UNROLL(12)
    for (int term = MILLS_TERMS - 2; term >= 0; term--)
        numerator = numerator * t + P[term];
    UNROLL(12)
    for (int term = MILLS_TERMS - 1; term >= 0; term--)
        denominator = denominator * t + Q[term];
    return numerator / denominator;
}

#endif
