/* For files named NAME.isa.c only: vectors as wide as the instruction set at hand, through the compilers' vector
 * extensions. PERCEPT_ISA and PERCEPT_REAL come from the build (see base/isa.h, base/real.h).
 *
 *   ISA(name)      name_avx512_f32, …: the name of a function in this instruction set and precision
 *   Vector         one register of reals; `Vector v = x - (Vector){0}` broadcasts a real x
 *   LANES          reals in a Vector
 *   vector_load, vector_store   at any address that is aligned for a real */
#ifndef BASE_VECTOR_H
#define BASE_VECTOR_H

#include <stddef.h>
#include <stdint.h>

#include "base/real.h"

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
typedef int32_t VectorBits __attribute__((vector_size(VECTOR_BYTES))); /* what a comparison of Vectors gives */
#else
typedef int64_t VectorBits __attribute__((vector_size(VECTOR_BYTES)));
#endif
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

/* |v|, by clearing the signs: all bits of -0 but the sign are 0. */
static inline Vector vector_absolute(Vector v)
{
    return (Vector)((VectorBits)v & ~(VectorBits)vector_fill(-(real)0));
}

#endif
