/* Products of row-major matrices, for optimizers that work on whole tensors. Each element of a result is one chain of
 * multiply-adds in the order of k, whoever computes it: bits depend on shapes and instruction set alone. */
#ifndef TRAIN_MATRIX_H
#define TRAIN_MATRIX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/isa.h"

/* C = alpha · D + beta · product, D of C's shape or NULL (0). All are reals of one precision; C overlaps nothing. */
typedef struct MatrixProduct {
    size_t rows, columns, depth;
    const void *A, *B, *D;
    void *C;
    double alpha, beta;
} MatrixProduct;

/* Rows of C that are made in one call. */
#define MATRIX_BAND 4

static inline size_t matrix_bands(size_t rows)
{
    return (rows + MATRIX_BAND - 1) / MATRIX_BAND;
}

/* Makes band `band` of C, rows MATRIX_BAND · band … */
typedef void MatrixKernel(const MatrixProduct *product, size_t band);

/* gram:      C (rows × rows) from A · Aᵀ, A (rows × depth), D symmetric. A band is made from its diagonal on, and the part
 *            below the diagonal that mirrors it.
 * multiply:  C (rows × columns) from A (rows × depth) · B (depth × columns) */
typedef struct MatrixKernels {
    MatrixKernel *gram, *multiply;
} MatrixKernels;

/* Of an instruction set (base/isa.h), for float or double. */
MatrixKernels matrix_kernels(size_t isa, bool single_precision);

#define MATRIX_DECLARE(isa)                                                                                            \
    MatrixKernel matrix_gram_##isa##_f32, matrix_gram_##isa##_f64, matrix_multiply_##isa##_f32,                        \
        matrix_multiply_##isa##_f64;
ISA_EACH(MATRIX_DECLARE)
#undef MATRIX_DECLARE

#endif
