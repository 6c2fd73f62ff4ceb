/* The activation of a side whose matrices hold one example a row (SideRows), and dropout behind it, forward and backward.
 * Small networks and staged sides are computed so. */
#ifndef ENGINE_CPU_SIDE_ROWS_H
#define ENGINE_CPU_SIDE_ROWS_H

#include "engine/cpu/state.h"

/* Examples begin … end-1 of side l: Z → f → T → dropout → A. */
void ISA(rows_forward)(const Pass *pass, size_t l, size_t begin, size_t end);

/* The same examples: dA to dZ in place, in `flow`. */
void ISA(rows_backward)(const Pass *pass, size_t l, size_t begin, size_t end, real *flow);

/* dA to dZ in place, for any run of elements of an elementwise activation: δ ∘ mask ∘ f'. mask is NULL where nothing was
 * dropped; A and D are as activate_backward takes them. */
static inline void ISA(differentiate)(const REAL(Elementwise) * f, size_t count, const real *A, const real *D,
                                      const real *mask, real *delta)
{
    for (size_t i = 0; i < count && mask != NULL; i++)
        delta[i] *= mask[i];
    ISA(activate_backward)(f, count, A, D, delta);
}

/* The same for an example's units together, where the activation is not elementwise. */
static inline void ISA(differentiate_row)(const REAL(Activation) * f, size_t width, const real *Z, const real *A,
                                          const real *mask, real *delta)
{
    for (size_t j = 0; j < width && mask != NULL; j++)
        delta[j] *= mask[j];
    f->backward(1, width, Z, A, delta, delta);
}

#endif
