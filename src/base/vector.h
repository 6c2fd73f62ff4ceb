/* For files named NAME.isa.c only: vectors as wide as the instruction set at hand, through the compilers' vector
 * extensions. PERCEPT_ISA and PERCEPT_REAL come from the build (see base/isa.h, base/real.h).
 *
 *   ISA(name)      name_avx512_f32, …: the name of a function in this instruction set and precision
 *   Vector         one register of reals; `Vector v = x - (Vector){0}` broadcasts a real x
 *   LANES          reals in a Vector
 *   vector_load, vector_store   at any address that is aligned for a real
 *   vector_load_first, vector_store_first   the first lanes alone: no other memory is touched */
#ifndef BASE_VECTOR_H
#define BASE_VECTOR_H

#include <stddef.h>
#include <stdint.h>

#include "base/loop.h"
#include "base/real.h"

#if defined __AVX2__
#include <immintrin.h>
#elif defined __wasm_simd128__
#include <wasm_simd128.h>
#endif

#define ISA_JOIN(name, isa) name##_##isa
#define ISA_WITH(name, isa) ISA_JOIN(name, isa)
#define ISA_REAL(name) REAL(name)
#define ISA(name) ISA_REAL(ISA_WITH(name, PERCEPT_ISA))

#if defined __AVX512F__
#define VECTOR_BYTES 64
#elif defined __AVX__
#define VECTOR_BYTES 32
#else
#define VECTOR_BYTES 16
#endif

#define LANES (VECTOR_BYTES * 8 / PERCEPT_REAL)

typedef real Vector __attribute__((vector_size(VECTOR_BYTES)));
#if PERCEPT_REAL == F32
typedef int32_t RealBits;
typedef uint32_t RealWord;
#else
typedef int64_t RealBits;
typedef uint64_t RealWord;
#endif
typedef RealWord VectorWords __attribute__((vector_size(VECTOR_BYTES))); /* for sums that may overflow */
typedef RealBits VectorBits __attribute__((vector_size(VECTOR_BYTES)));  /* what a comparison of Vectors gives */
typedef real VectorAnywhere __attribute__((vector_size(VECTOR_BYTES), aligned(sizeof(real)), may_alias));

static inline Vector vector_load(const real *from)
{
    return *(const VectorAnywhere *)from;
}

static inline void vector_store(real *to, Vector v)
{
    *(VectorAnywhere *)to = v;
}

/* All lanes x. Subtracting +0 leaves every x as it is, -0 too. */
static inline Vector vector_fill(real x)
{
    return x - (Vector){0};
}

/* Lanes 0 … count-1 from memory, 0 in the others; and back. count ≤ LANES. One instruction where there are masked ones,
 * which the compilers' vectors cannot say. */
#if defined __AVX512F__ && PERCEPT_REAL == F32
#define MASKED_LOAD(from, count) _mm512_maskz_loadu_ps((__mmask16)((1u << (count)) - 1), from)
#define MASKED_STORE(to, v, count) _mm512_mask_storeu_ps(to, (__mmask16)((1u << (count)) - 1), v)
#elif defined __AVX512F__
#define MASKED_LOAD(from, count) _mm512_maskz_loadu_pd((__mmask8)((1u << (count)) - 1), from)
#define MASKED_STORE(to, v, count) _mm512_mask_storeu_pd(to, (__mmask8)((1u << (count)) - 1), v)
#elif defined __AVX2__ && PERCEPT_REAL == F32
#define FIRST(count) (__m256i)((VectorBits){0, 1, 2, 3, 4, 5, 6, 7} < (RealBits)(count))
#define MASKED_LOAD(from, count) _mm256_maskload_ps(from, FIRST(count))
#define MASKED_STORE(to, v, count) _mm256_maskstore_ps(to, FIRST(count), v)
#elif defined __AVX2__
#define FIRST(count) (__m256i)((VectorBits){0, 1, 2, 3} < (RealBits)(count))
#define MASKED_LOAD(from, count) _mm256_maskload_pd(from, FIRST(count))
#define MASKED_STORE(to, v, count) _mm256_maskstore_pd(to, FIRST(count), v)
#elif defined __wasm_simd128__
#define MASKED_LOAD load_lanes
#define MASKED_STORE store_lanes
#endif

#if defined __wasm_simd128__
/* 1 to 3 floats, or 1 double. */
static inline Vector load_lanes(const real *from, size_t count)
{
#if PERCEPT_REAL == F32
    if (count == 1)
        return (Vector)wasm_v128_load32_zero(from);
    const v128_t two = wasm_v128_load64_zero(from);
    return (Vector)(count == 3 ? wasm_v128_load32_lane(from + 2, two, 2) : two);
#else
    (void)count;
    return (Vector)wasm_v128_load64_zero(from);
#endif
}

static inline void store_lanes(real *to, Vector v, size_t count)
{
#if PERCEPT_REAL == F32
    if (count == 1) {
        wasm_v128_store32_lane(to, (v128_t)v, 0);
        return;
    }
    wasm_v128_store64_lane(to, (v128_t)v, 0);
    if (count == 3)
        wasm_v128_store32_lane(to + 2, (v128_t)v, 2);
#else
    (void)count;
    wasm_v128_store64_lane(to, (v128_t)v, 0);
#endif
}
#endif

static inline Vector vector_load_first(const real *from, size_t count)
{
    if (count >= LANES)
        return vector_load(from);
#if defined MASKED_LOAD
    return MASKED_LOAD(from, count);
#else
    Vector v = {0};
    for (size_t i = 0; i < count; i++)
        v[i] = from[i];
    return v;
#endif
}

static inline void vector_store_first(real *to, Vector v, size_t count)
{
    if (count >= LANES) {
        vector_store(to, v);
        return;
    }
#if defined MASKED_STORE
    MASKED_STORE(to, v, count);
#else
    for (size_t i = 0; i < count; i++)
        to[i] = v[i];
#endif
}

/* a where the mask's lanes are set (as by a comparison), b elsewhere. */
static inline Vector vector_choose(VectorBits mask, Vector a, Vector b)
{
    return (Vector)((mask & (VectorBits)a) | (~mask & (VectorBits)b));
}

/* |v|, by clearing the signs: all bits of -0 but the sign are 0. */
static inline Vector vector_absolute(Vector v)
{
    return (Vector)((VectorBits)v & ~(VectorBits)vector_fill(-(real)0));
}

#endif
