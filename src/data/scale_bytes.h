/* Arithmetic that scales bytes in real's own precision, for files compiled for each precision. It is in a header
 * because the fast engine compiles it again, for its instruction sets and its own layout. */
#ifndef DATA_SCALE_BYTES_H
#define DATA_SCALE_BYTES_H

#include <math.h>
#include <stdbool.h>

#include "data/batch.h"

#if defined __wasm_simd128__
#include <wasm_simd128.h>
#endif

#define LARGEST_EXACT_DIVISOR 16383

/* Division by a whole number d, as two products: with 1/d = high + low, high having 8 bits less than real, x · high is
 * exact for a byte x, and x · high + x · low has lost at most 2^-(2p - 9) of itself (p = 24 or 53 bits) when it is
 * rounded to real. x / d is at least 2^-(p + 1) / d of itself away from the middle between two reals. So for
 * d < 2^(p - 10), 2^14, the sum is rounded to where x / d would be: the result is the quotient, to the bit. */
typedef struct Quotient {
    real_scalar high, low;
} Quotient;

static inline Quotient divide_by(double divisor)
{
    const real_scalar inverse = (real_scalar)1 / (real_scalar)divisor;
    const real_scalar spread = inverse * 257; /* T. J. Dekker (1971): the upper p - 8 bits */
    Quotient q = {.high = spread - (spread - inverse)};
    q.low = (real_scalar)(fma(-(double)q.high, divisor, 1.0) / divisor);
    return q;
}

/* True if the features of a batch are bytes that this part can scale. */
static inline bool scales_bytes(const Batch *batch)
{
    double divisor = batch->scaler != NULL ? batch->scaler->divisor : 1;
    return batch->data->storage->type == PERCEPT_UINT8 && batch->category_dropout == NULL && batch->augment == NULL &&
           batch->scaled == NULL && divisor >= 1 && divisor <= LARGEST_EXACT_DIVISOR && divisor == floor(divisor);
}

/* Standardization of one feature: x' = (q - mean) · factor in float32, (q - mean) / factor else. */
static inline real_scalar factor_of(double deviation)
{
    return (real_scalar)(sizeof(real_scalar) == sizeof(float) ? 1 / deviation : deviation);
}

static inline real_scalar standardize(real_scalar q, real_scalar mean, real_scalar factor)
{
    return sizeof(real_scalar) == sizeof(float) ? (q - mean) * factor : (q - mean) / factor;
}

/* mean and factor of features first … first+count-1 of a scaler that standardizes. */
static inline void take_constants(const Scaler *scaler, size_t first, size_t count, real_scalar *mean,
                                  real_scalar *factor)
{
    for (size_t j = 0; j < count; j++) {
        mean[j] = (real_scalar)scaler->mean[first + j];
        factor[j] = factor_of(scaler->deviation[first + j]);
    }
}

/* What scale_bytes does, for the first features of an example, four at once: clang 14 converts the bytes of a vector one by one.
 * Behind the bits of 2^23 those of a byte are 2^23 + x. Returns the number of these features. */
#if defined __wasm_simd128__ && PERCEPT_REAL == F32
static inline size_t scale_first(const uint8_t *x, size_t count, Quotient by, const float *mean, const float *factor,
                                 float *out)
{
    const v128_t high = wasm_f32x4_splat(by.high), low = wasm_f32x4_splat(by.low), base = wasm_f32x4_splat(0x1p23F);
    size_t j = 0;
    for (; j + 4 <= count; j += 4) {
        const v128_t pairs = wasm_u16x8_extend_low_u8x16(wasm_v128_load32_zero(x + j));
        const v128_t bits = wasm_v128_or(wasm_u32x4_extend_low_u16x8(pairs), base), v = wasm_f32x4_sub(bits, base);
        v128_t scaled = wasm_f32x4_add(wasm_f32x4_mul(v, high), wasm_f32x4_mul(v, low));
        if (mean != NULL)
            scaled = wasm_f32x4_mul(wasm_f32x4_sub(scaled, wasm_v128_load(mean + j)), wasm_v128_load(factor + j));
        wasm_v128_store(out + j, scaled);
    }
    return j;
}
#else
static inline size_t scale_first(const uint8_t *x, size_t count, Quotient by, const real_scalar *mean,
                                 const real_scalar *factor, real *out)
{
    (void)x, (void)count, (void)by, (void)mean, (void)factor, (void)out;
    return 0;
}
#endif

/* One example's features x[0 … count-1], scaled; mean and factor are NULL or have as many values. Always inlined: where
 * `count` is a constant, the loops are unrolled for it. */
static inline __attribute__((always_inline)) void scale_bytes(const uint8_t *restrict x, size_t count, Quotient by,
                                                              const real_scalar *restrict mean,
                                                              const real_scalar *restrict factor, real *restrict out)
{
    const size_t first = scale_first(x, count, by, mean, factor, out);
    if (mean == NULL)
        for (size_t j = first; j < count; j++)
            out[j] = (real_scalar)x[j] * by.high + (real_scalar)x[j] * by.low;
    else
        for (size_t j = first; j < count; j++)
            out[j] = standardize((real_scalar)x[j] * by.high + (real_scalar)x[j] * by.low, mean[j], factor[j]);
}

#define SCALED_SPAN 1024 /* features whose constants are converted at once */

/* Examples begin … end-1 of a batch, one a row, `stride` elements apart. */
static inline void scale_examples(const Batch *batch, size_t begin, size_t end, real *X, size_t stride)
{
    real_scalar mean[SCALED_SPAN], factor[SCALED_SPAN];
    const Scaler *scaler = batch->scaler;
    const bool standardized = scaler != NULL && scaler->mean != NULL;
    const size_t width = batch->data->storage->width;
    const Quotient by = divide_by(scaler != NULL ? scaler->divisor : 1);
    for (size_t first = 0; first < width; first += SCALED_SPAN) {
        const size_t count = width - first < SCALED_SPAN ? width - first : SCALED_SPAN;
        if (standardized)
            take_constants(scaler, first, count, mean, factor);
        for (size_t i = begin; i < end; i++) {
            const uint8_t *row = dataset_row(batch->data, batch_row(batch, i));
            scale_bytes(row + first, count, by, standardized ? mean : NULL, factor, X + (i - begin) * stride + first);
        }
    }
}

#endif
