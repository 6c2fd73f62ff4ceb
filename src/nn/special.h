/* For files named NAME.real.c only: functions that the C library has for real numbers, but not for the complex step.
 * They keep the digits that the obvious formula would lose. */
#ifndef NN_SPECIAL_H
#define NN_SPECIAL_H

#include "base/real.h"

/* log(1 + x), exact where 1 + x would round. The imaginary part is that of the complex step, x'/(1 + x). */
static inline real log_one_plus(real x)
{
    const real_scalar value = log1p(real_part(x));
#if PERCEPT_REAL == C128
    return value + I * carg(1 + x);
#else
    return value;
#endif
}

/* e^x - 1, exact where e^x is near 1. The complex value is e^x cos y - 1 + i e^x sin y with cos y - 1 = -2 sin²(y/2). */
static inline real exp_minus_one(real x)
{
    const real_scalar value = expm1(real_part(x));
#if PERCEPT_REAL == C128
    const double y = cimag(x), half = sin(y / 2);
    return value * cos(y) - 2 * half * half + I * ((value + 1) * sin(y));
#else
    return value;
#endif
}

/* Φ(x), the share of a standard normal distribution below x, from the complementary error function, which keeps the
 * digits of the left tail. To first order in the imaginary part, which is all of a complex step: Φ' = φ. */
static inline real normal_below(real x)
{
    const real_scalar value = erfc(real_part(x) * (real_scalar)-0.70710678118654752) / 2;
#if PERCEPT_REAL == C128
    return value + I * (cimag(x) * 0.39894228040143268 * exp(-creal(x) * creal(x) / 2));
#else
    return value;
#endif
}

#endif
