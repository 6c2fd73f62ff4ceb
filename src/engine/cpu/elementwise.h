/* Work on single elements, while a tile is in the cache: activations, and the gradient of penalties. */
#ifndef ENGINE_CPU_ELEMENTWISE_H
#define ENGINE_CPU_ELEMENTWISE_H

#include "base/vector.h"
#include "nn/activation.h"
#include "nn/network.h"

/* An elementwise activation on a piece of `count` elements: as in the table of activations, or an own vectorized
 * version of it that gives the same values within rounding. */
typedef struct ElementwiseFunctions {
    void (*forward)(size_t rows, size_t width, const real *Z, real *A);
    void (*backward)(size_t rows, size_t width, const real *Z, const real *A, const real *dA, real *dZ);
} ElementwiseFunctions;

/* NULLs if the activation is not elementwise. */
ElementwiseFunctions ISA(elementwise_functions)(const REAL(Activation) * activation);

/* l1‖W‖₁ + l2‖W‖₂² of a block of W (rows × width, rows `stride` apart): sums in each lane, then in float64. */
double ISA(penalty_value)(const real *W, size_t rows, size_t width, size_t stride, double l1, double l2);

/* G += sign W · l1 + W · l2 in blocks whose rows lie w_stride and g_stride apart; G may be W itself. */
void ISA(penalty_add)(const real *W, size_t w_stride, size_t rows, size_t width, real l1, real l2, real *G,
                      size_t g_stride);

#endif
