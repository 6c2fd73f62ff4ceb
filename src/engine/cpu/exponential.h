/* For *.isa.c files: e^x and log of vectors, for losses and activations. Within 2 units in the last place of e^x and
 * log; NaN gives NaN. */
#ifndef ENGINE_CPU_EXPONENTIAL_H
#define ENGINE_CPU_EXPONENTIAL_H

#include "base/vector.h"

#if PERCEPT_REAL == F32
#define MANTISSA 23                   /* bits */
#define LOWEST_EXPONENT (-87.33654f)  /* log of the smallest normal number */
#define EXPONENTIAL_TERMS 7           /* of the series: the next one is below half a unit in the last place … */
#define LOGARITHM_TERMS 4             /* … here, too */
#define LOG_2_HIGH 0.693145751953125f /* n · this is exact for every exponent n */
#define LOG_2_LOW 1.42860677e-6f
#else
#define MANTISSA 52
#define LOWEST_EXPONENT (-708.39641853226408)
#define EXPONENTIAL_TERMS 13
#define LOGARITHM_TERMS 10
#define LOG_2_HIGH 0.693147180369123816490
#define LOG_2_LOW 1.90821492927058770002e-10
#endif

/* 1.5 · 2^MANTISSA: adding it to a number rounds this to an integer, which is then in the lowest bits. */
#define ROUNDER ((real)3 * (real)((int64_t)1 << (MANTISSA - 1)))

#define LOG_2_INVERSE ((real)1.4426950408889634)
#define INVERSE(whole) ((real)(1.0 / (double)(whole)))

/* q = e^r - 1 for |r| ≤ log(2)/2 by its series. */
static inline Vector exponential_series(Vector r)
{
    static const real inverse[] = {INVERSE(2),       INVERSE(6),        INVERSE(24),        INVERSE(120),
                                   INVERSE(720),     INVERSE(5040),     INVERSE(40320),     INVERSE(362880),
                                   INVERSE(3628800), INVERSE(39916800), INVERSE(479001600), INVERSE(6227020800)};
    Vector sum = vector_fill(inverse[EXPONENTIAL_TERMS - 2]);
    UNROLL(12)
    for (int term = EXPONENTIAL_TERMS - 3; term >= 0; term--)
        sum = sum * r + inverse[term];
    return r * r * sum + r;
}

/* 2^n from n + ROUNDER */
static inline Vector exponential_scale(Vector shifted)
{
    return (Vector)(((VectorWords)shifted << MANTISSA) + (VectorWords)vector_fill(1));
}

/* x = n log 2 + r with whole n and |r| ≤ log(2)/2: e^x = 2^n (1 + q). */
static inline void split_exponential(Vector x, Vector *scale, Vector *q)
{
    const Vector shifted = x * LOG_2_INVERSE + ROUNDER, n = shifted - ROUNDER;
    *q = exponential_series((x - n * LOG_2_HIGH) - n * LOG_2_LOW);
    *scale = exponential_scale(shifted);
}

/* e^x for x ≤ 0; results that would not be normal numbers are 0. */
static inline Vector exponential(Vector x)
{
    Vector scale, q;
    split_exponential(x, &scale, &q);
    return (Vector)((VectorBits)(scale * q + scale) & ~(x < LOWEST_EXPONENT));
}

/* e^x - 1 for x ≤ 0, exact where e^x is near 1. */
static inline Vector exponential_minus_one(Vector x)
{
    Vector scale, q;
    split_exponential(x, &scale, &q);
    return vector_choose(x < LOWEST_EXPONENT, vector_fill(-1), scale * q + (scale - 1));
}

/* log x for normal x ≥ 1: x = 2^n m with m in [√½, √2], log m = 2 artanh t with t = (m - 1)/(m + 1), |t| ≤ 0.172, by its
 * series. */
static inline Vector logarithm(Vector x)
{
    static const real inverse[] = {INVERSE(3),  INVERSE(5),  INVERSE(7),  INVERSE(9),  INVERSE(11),
                                   INVERSE(13), INVERSE(15), INVERSE(17), INVERSE(19), INVERSE(21)};
    const VectorBits bits = (VectorBits)x, n = (bits - (VectorBits)vector_fill((real)0.70710678118654752)) >> MANTISSA;
    const Vector m = (Vector)(bits - (n << MANTISSA)), t = (m - 1) / (m + 1), square = t * t;
    const Vector exponent = (Vector)(n + (VectorBits)vector_fill(ROUNDER)) - ROUNDER;
    Vector sum = vector_fill(inverse[LOGARITHM_TERMS - 1]);
    UNROLL(12)
    for (int term = LOGARITHM_TERMS - 2; term >= 0; term--)
        sum = sum * square + inverse[term];
    return exponent * LOG_2_HIGH + (2 * (t + t * square * sum) + exponent * LOG_2_LOW) + 0 * x; /* for NaN */
}

/* log(1 + x) for x in [0, 1], exact where 1 + x would round: the logarithm of the rounded sum, corrected by the
 * rounding error. */
static inline Vector logarithm_of_one_plus(Vector x)
{
    const Vector sum = 1 + x;
    return logarithm(sum) + (x - (sum - 1)) / sum;
}

#endif
