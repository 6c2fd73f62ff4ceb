/* Products of small matrices, for small.isa.c. Their operands are in the first-level cache, so nothing is packed, and
 * products are cut only into tiles of registers; sums are whole, in the order of k. */
#ifndef ENGINE_CPU_SMALL_PRODUCT_H
#define ENGINE_CPU_SMALL_PRODUCT_H

#include <stdbool.h>

#include "base/vector.h"

/* Eight sums and more keep two multiply-add units busy, whose latency is four cycles. */
#define ROW_TILE_VECTORS 2
#if VECTOR_BYTES == 64
#define ROW_TILE_ROWS 8
#elif defined __wasm__ /* V8 keeps one register of sixteen for itself, and needs one for each product */
#define ROW_TILE_ROWS 5
#else
#define ROW_TILE_ROWS 6
#endif

/* C (rows × width) = start + A (rows × depth) · B (depth × width), or A·B is added to C. Vectors lie along rows of B and C;
 * A is read element by element. B is read in whole vectors, also beyond width; C and start are not. */
typedef struct RowProduct {
    size_t rows, depth, width;
    const real *A; /* element (i, k) is A[i · a_row + k · a_step] */
    size_t a_row, a_step;
    const real *B; /* row k is B[k · b_row] … */
    size_t b_row;
    real *C; /* row i is C[i · c_row] … */
    size_t c_row;
    const real *start; /* initial value of each row of C, or NULL: 0 */
    bool add;          /* to C; there is no start then */
} RowProduct;

void ISA(multiply_rows)(const RowProduct *product);

/* C = A (examples × depth) · Wᵀ (depth × units) + bias, element by element a scalar product of two rows: vectors lie along
 * k. Each lane sums every LANES-th term; the lanes are added pair by pair.
 *
 * A and C have room for a number of examples that is a multiple of LANES: what lies beyond `examples` is read, and written.
 */
typedef struct DotProduct {
    size_t units, examples, depth;
    const real *W; /* row j is W[j · depth] … */
    const real *A; /* row i is A[i · a_row] … */
    size_t a_row;
    const real *bias; /* one for each unit */
    real *C;          /* element (i, j) is C[i · c_row + j], or by unit C[j · c_row + i] */
    size_t c_row;
    bool by_unit;
} DotProduct;

void ISA(multiply_dots)(const DotProduct *product);

/* Units of a tile of LANES scalar products, for so many examples. */
size_t ISA(dot_tile_units)(size_t examples);

/* to (columns × rows) = fromᵀ, from (rows × columns), of any size. */
void ISA(transpose_any)(size_t rows, size_t columns, const real *from, size_t from_row, real *to, size_t to_row);

#endif
