/* For *.isa.c files: penalties on weights, and their gradient, while the weights are in the cache. */
#ifndef ENGINE_CPU_PENALTY_H
#define ENGINE_CPU_PENALTY_H

#include "base/vector.h"

/* l1‖W‖₁ + l2‖W‖₂² of a block of W (rows × width, rows `stride` apart): sums in each lane, then in float64. */
double ISA(penalty_value)(const real *W, size_t rows, size_t width, size_t stride, double l1, double l2);

/* The same in pieces: each lane sums every second vector apart. `sums` is zero at first; all pieces but the last are multiples
 * of two vectors. */
typedef struct PenaltySums {
    Vector absolute[2], squared[2];
} PenaltySums;

void ISA(penalty_sum)(const real *W, size_t count, PenaltySums *sums);
double ISA(penalty_total)(const PenaltySums *sums, double l1, double l2);

/* G += sign W · l1 + W · l2 in blocks whose rows lie w_stride and g_stride apart; G may be W itself. */
void ISA(penalty_add)(const real *W, size_t w_stride, size_t rows, size_t width, real l1, real l2, real *G,
                      size_t g_stride);

#endif
