/* The basic product of all others:
 *
 *   C (rows × width) = bias + A (rows × depth) · B (depth × width), or that plus gamma · C is added to C
 *
 * B is a strip: at most STRIP columns, contiguous in each row, so that one row of it fills TILE_VECTORS registers. A
 * is read element by element, each spread over a register, so it may lie in any order; with segments it may also lie
 * in pieces. Own kernels hold a tile of TILE_ROWS rows × a strip of C in registers for the whole depth: every element
 * of C is one chain of multiply-adds in the order of k, whatever tile it falls into.
 *
 * Tiles: enough sums to keep two multiply-add units with a latency of four cycles busy (8 registers of sums at least;
 * measured, 24 come to 99 % of the peak where 16 come to 96), few enough that sums, a row of B and one element of A fit
 * the register file (32 registers with AVX-512 and NEON, else 16), and few loads for each multiply-add: they compete
 * with other work of the core. 8 × 3 has 24 sums and 11 loads; 4 × 3 needs all 16 registers of AVX2 and has 7 loads for
 * 12 sums, 6 × 2 has 8. The height divides the rows of a unit, so that no tile has fewer sums. */
#ifndef ENGINE_CPU_PRODUCT_H
#define ENGINE_CPU_PRODUCT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/vector.h"

#if defined PERCEPT_BF16
#include "base/dot.h"
#endif

#if defined PERCEPT_CBLAS
#define STRIP 128 /* a library call is worthwhile only for larger pieces */
#define UNIT 128
#define TILE_ROWS UNIT
#else
#if VECTOR_BYTES == 64
#define TILE_ROWS 8
#define TILE_VECTORS 3
#elif defined __aarch64__
#define TILE_ROWS 6
#define TILE_VECTORS 4
#elif VECTOR_BYTES == 32
#define TILE_ROWS 4
#define TILE_VECTORS 3
#else
#define TILE_ROWS 6
#define TILE_VECTORS 2
#endif
#define STRIP (TILE_VECTORS * LANES)
/* Rows in a unit of work: a multiple of LANES that divides STRIP. */
#define UNIT (STRIP % 16 == 0 ? 16 : STRIP <= 24 ? STRIP : 8)
#endif

/* A sum that is cut into pieces is cut at multiples of this. The bits of results depend on it, so with AVX2 it is still the
 * width of the tile of earlier releases. */
#if VECTOR_BYTES == 32
#define DEPTH_STEP (2 * LANES)
#else
#define DEPTH_STEP STRIP
#endif

/* Operands: reals, or pairs of bfloat16, which take two steps of k at once; sums are reals. The same kernels are
 * compiled for both. */
#if defined PERCEPT_BF16
typedef Pair Operand;
typedef Pairs OperandVector;
#define operand_load pairs_load
#define operand_fill pairs_fill
#define multiply_add dot
#define PRODUCT BF16
#else
typedef real Operand;
typedef Vector OperandVector;
#define operand_load vector_load
#define operand_fill vector_fill
#define multiply_add(sum, a, b) ((sum) + (a) * (b))
#define PRODUCT ISA
#endif

/* Memory lines that will be needed soon, `step` bytes apart. A product prefetches one of them every fourth step of k,
 * at no cost: the processor's own prefetching does not find lines that lie far apart. */
typedef struct Fetch {
    const char *next;
    size_t step, left;
} Fetch;

typedef struct Product {
    size_t depth;     /* in operands */
    const Operand *A; /* element (i, k) is A[i · a_row + k · a_step] … */
    size_t a_row, a_step;
    size_t segment, jump; /* … and after every `segment` steps of k, A skips `jump` more elements */
    size_t lead;          /* steps of the first segment that lie before A */
    const Operand *B;     /* row k is B[k · b_step] … */
    size_t b_step;
    real *C; /* row i is C[i · c_row] … */
    size_t c_row;
    const real *bias; /* one for each row, or NULL */
    bool add;         /* false: C is overwritten */
    Fetch *fetch;     /* NULL: nothing */
    real gamma; /* with add: C = C + (gamma · C + …), which keeps a small gamma's effect where 1 + gamma rounds */
} Product;

#define UNBROKEN SIZE_MAX /* A in one segment */

/* width ≤ STRIP. B is read in whole vectors, also beyond width; C is not touched beyond it. */
void PRODUCT(multiply)(const Product *product, size_t rows, size_t width);

#endif
