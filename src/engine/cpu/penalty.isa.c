#include "engine/cpu/penalty.h"

#include <string.h>

/* The rest of a row after its whole vectors, padded with zeros. */
static Vector last_vector(const real *row, size_t width)
{
    real rest[LANES] = {0};
    memcpy(rest, row + width / LANES * LANES, width % LANES * sizeof(real));
    return vector_load(rest);
}

double ISA(penalty_value)(const real *W, size_t rows, size_t width, size_t stride, double l1, double l2)
{
    Vector absolute = {0}, squared = {0}, absolute_odd = {0}, squared_odd = {0};
    double l1_norm = 0, l2_norm = 0;
    for (size_t i = 0; i < rows; i++, W += stride) {
        size_t j = 0;
        for (; j + 2 * LANES <= width; j += 2 * LANES) {
            const Vector even = vector_load(W + j), odd = vector_load(W + j + LANES);
            absolute += vector_absolute(even);
            squared += even * even;
            absolute_odd += vector_absolute(odd);
            squared_odd += odd * odd;
        }
        for (; j < width; j += LANES) {
            const Vector w = j + LANES <= width ? vector_load(W + j) : last_vector(W, width);
            absolute += vector_absolute(w);
            squared += w * w;
        }
    }
    absolute += absolute_odd;
    squared += squared_odd;
    for (size_t lane = 0; lane < LANES; lane++) {
        l1_norm += (double)absolute[lane];
        l2_norm += (double)squared[lane];
    }
    return l1 * l1_norm + l2 * l2_norm;
}

void ISA(penalty_add)(const real *W, size_t w_stride, size_t rows, size_t width, real l1, real l2, real *G,
                      size_t g_stride)
{
    for (size_t i = 0; i < rows; i++, W += w_stride, G += g_stride)
        for (size_t j = 0; j < width; j++) {
            const real w = W[j], sign = w > 0 ? l1 : w < 0 ? -l1 : 0;
            G[j] += sign + l2 * w;
        }
}
