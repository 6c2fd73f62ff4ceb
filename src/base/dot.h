/* Vectors of pairs of bfloat16, for files named NAME.bf16.c only (base/bf16.h). The operations of the processor's
 * instructions, by these instructions or emulated in plain C to the same bits (except for the bits of a NaN).
 * PERCEPT_ISA, PERCEPT_REAL (F32) and PERCEPT_BF16 (native or emulated) come from the build.
 *
 *   BF16(name)     name_avx512_native, …
 *   Pair           two bfloat16, the first in the lower half
 *   Pairs          LANES of them
 *   dot(s, a, b)   s + a₁b₁ + a₂b₂ in each lane:
 *                    x86      fma(a₁, b₁, fma(a₂, b₂, s)), each rounded to nearest even
 *                    AArch64  s + (a₁b₁ + a₂b₂), both sums rounded to odd
 *                  Subnormal operands and results count as 0, whatever the modes of the thread are. */
#ifndef BASE_DOT_H
#define BASE_DOT_H

#include <math.h>
#include <string.h>

#include "base/vector.h"

#define native 1
#define emulated 2
#if PERCEPT_BF16 == native
#define BF16_IS_NATIVE
#endif
#undef native
#undef emulated

#if defined BF16_IS_NATIVE && defined __x86_64__
#include <immintrin.h>
#elif defined BF16_IS_NATIVE && defined __aarch64__
#include <arm_neon.h>
#endif

#define BF16(name) ISA_WITH(ISA_WITH(name, PERCEPT_ISA), PERCEPT_BF16)

typedef uint32_t Pair;
typedef Pair Pairs __attribute__((vector_size(VECTOR_BYTES)));
typedef Pair PairsAnywhere __attribute__((vector_size(VECTOR_BYTES), aligned(sizeof(Pair)), may_alias));

static inline Pairs pairs_load(const Pair *from)
{
    return *(const PairsAnywhere *)from;
}

static inline void pairs_store(Pair *to, Pairs pairs)
{
    *(PairsAnywhere *)to = pairs;
}

static inline Pairs pairs_fill(Pair pair)
{
    return pair + (Pairs){0};
}

/* ---- Rounding to bfloat16: to nearest even; subnormal numbers become 0, NaNs stay NaNs ----------------------------- */

static inline Pair bf16_round(real x)
{
    Pair bits = 0;
    memcpy(&bits, &x, sizeof bits);
    if ((bits & 0x7fffffff) > 0x7f800000)
        return bits >> 16 | 0x40;
    if ((bits & 0x7f800000) == 0)
        return bits >> 16 & 0x8000;
    return (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
}

#if defined BF16_IS_NATIVE && defined __x86_64__
static inline Pairs bf16_rounded(Vector v)
{
    return (Pairs)_mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh((__m512)v));
}
#else
static inline Pairs bf16_rounded(Vector v)
{
    const Pairs bits = (Pairs)v, nan = (Pairs)((bits & 0x7fffffff) > 0x7f800000);
    const Pairs subnormal = (Pairs)((bits & 0x7f800000) == 0);
    const Pairs rounded = (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
    return (rounded & ~nan & ~subnormal) | (nan & (bits >> 16 | 0x40)) | (subnormal & bits >> 16 & 0x8000);
}
#endif

/* Pairs of the same lane of two vectors. */
static inline Pairs pairs_across(Vector first, Vector second)
{
    return bf16_rounded(first) | bf16_rounded(second) << 16;
}

/* to ((count + 1) / 2) = pairs of neighbours in a row; a missing last one is 0. */
static inline void pairs_along(const real *row, size_t count, Pair *to)
{
    size_t j = 0;
#if defined BF16_IS_NATIVE && defined __x86_64__
    for (; j + 2 * LANES <= count; j += 2 * LANES)
        pairs_store(to + j / 2,
                    (Pairs)_mm512_cvtne2ps_pbh((__m512)vector_load(row + j + LANES), (__m512)vector_load(row + j)));
#endif
    for (; j + 2 <= count; j += 2)
        to[j / 2] = bf16_round(row[j]) | bf16_round(row[j + 1]) << 16;
    if (j < count)
        to[j / 2] = bf16_round(row[j]);
}

/* ---- The product -------------------------------------------------------------------------------------------------- */

#if defined BF16_IS_NATIVE && defined __x86_64__

static inline Vector dot(Vector sum, Pairs a, Pairs b)
{
    return (Vector)_mm512_dpbf16_ps((__m512)sum, (__m512bh)a, (__m512bh)b);
}

#elif defined BF16_IS_NATIVE && defined __aarch64__

static inline Vector dot(Vector sum, Pairs a, Pairs b)
{
    return (Vector)vbfdotq_f32((float32x4_t)sum, (bfloat16x8_t)a, (bfloat16x8_t)b);
}

#else

/* In float64, which holds products of bfloat16 exactly; its wider range does no harm. Subnormal float32 are 0. */
static inline double widened(Pair bits)
{
    real x = 0;
    bits &= (bits & 0x7f800000) == 0 ? 0x80000000 : 0xffffffff;
    memcpy(&x, &bits, sizeof x);
    return (double)x;
}

static inline double flushed_below(double x, double limit)
{
    return fabs(x) < limit ? copysign(0, x) : x;
}

#if defined __aarch64__

/* x + y, rounded to odd with float32's 24 bits: truncated, with the last bit set if the truncation was not exact. The
 * rounding error of the float64 sum is computed by Knuth's two-sum, and truncated, too. */
static inline double add_to_odd(double x, double y)
{
    const double sum = x + y, y_part = sum - x, error = (x - (sum - y_part)) + (y - y_part);
    uint64_t bits = 0;
    double rounded = 0;
    memcpy(&bits, &sum, sizeof bits);
    if (isfinite(sum) && error != 0)
        bits = ((error < 0) == (sum < 0) ? bits : bits - 1) | 1;
    bits = (bits & ~UINT64_C(0x1fffffff)) | ((bits & 0x1fffffff) != 0 ? 0x20000000 : 0);
    memcpy(&rounded, &bits, sizeof rounded);
    return flushed_below(fabs(rounded) >= 0x1p128 ? copysign(INFINITY, rounded) : rounded, 0x1p-126);
}

/* Infinite where it is too large. */
static inline double product_of(Pair a, Pair b)
{
    return (double)(real)flushed_below(widened(a) * widened(b), 0x1p-126);
}

static inline real dot_of(Pair sum, Pair a, Pair b)
{
    const double products = add_to_odd(product_of(a << 16, b << 16), product_of(a & 0xffff0000, b & 0xffff0000));
    return (real)add_to_odd(widened(sum), products);
}

#else

/* fma(a, b, sum) for bfloat16 a and b, widened to float32. Where float64 has to round the sum, one of its terms is too
 * small to matter after float32's rounding. A result that would round to less than the smallest normal number, with
 * exponents unlimited, is 0. */
static inline real fused(Pair sum, Pair a, Pair b)
{
    return (real)flushed_below(widened(a) * widened(b) + widened(sum), 0x1p-126 - 0x1p-151);
}

static inline real dot_of(Pair sum, Pair a, Pair b)
{
    Pair bits = 0;
    const real first = fused(sum, a & 0xffff0000, b & 0xffff0000);
    memcpy(&bits, &first, sizeof bits);
    return fused(bits, a << 16, b << 16);
}

#endif

static inline Vector dot(Vector sum, Pairs a, Pairs b)
{
    Pair s[LANES], x[LANES], y[LANES];
    real out[LANES];
    memcpy(s, &sum, sizeof s);
    memcpy(x, &a, sizeof x);
    memcpy(y, &b, sizeof y);
    for (size_t lane = 0; lane < LANES; lane++)
        out[lane] = dot_of(s[lane], x[lane], y[lane]);
    return vector_load(out);
}

#endif

#endif
