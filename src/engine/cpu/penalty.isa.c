#include "engine/cpu/penalty.h"

#include <string.h>

/* The rest of a row after its whole vectors, padded with zeros. */
static Vector last_vector(const real *row, size_t width)
{
    real rest[LANES] = {0};
    memcpy(rest, row + width / LANES * LANES, width % LANES * sizeof(real));
    return vector_load(rest);
}

void ISA(penalty_sum)(const real *W, size_t count, PenaltySums *sums)
{
    PenaltySums s = *sums;
    size_t j = 0;
    for (; j + 2 * LANES <= count; j += 2 * LANES) {
        const Vector even = vector_load(W + j), odd = vector_load(W + j + LANES);
        s.absolute[0] += vector_absolute(even);
        s.squared[0] += even * even;
        s.absolute[1] += vector_absolute(odd);
        s.squared[1] += odd * odd;
    }
    for (; j < count; j += LANES) {
        const Vector w = j + LANES <= count ? vector_load(W + j) : last_vector(W, count);
        s.absolute[0] += vector_absolute(w);
        s.squared[0] += w * w;
    }
    *sums = s;
}

double ISA(penalty_total)(const PenaltySums *sums, double l1, double l2)
{
    const Vector absolute = sums->absolute[0] + sums->absolute[1], squared = sums->squared[0] + sums->squared[1];
    double l1_norm = 0, l2_norm = 0;
    for (size_t lane = 0; lane < LANES; lane++) {
        l1_norm += (double)absolute[lane];
        l2_norm += (double)squared[lane];
    }
    return l1 * l1_norm + l2 * l2_norm;
}

double ISA(penalty_value)(const real *W, size_t rows, size_t width, size_t stride, double l1, double l2)
{
    PenaltySums sums = {0};
    for (size_t i = 0; i < rows; i++)
        ISA(penalty_sum)(W + i * stride, width, &sums);
    return ISA(penalty_total)(&sums, l1, l2);
}

void ISA(penalty_add)(const real *W, size_t w_stride, size_t rows, size_t width, real l1, real l2, real *G,
                      size_t g_stride)
{
    for (size_t i = 0; i < rows; i++, W += w_stride, G += g_stride) {
        INDEPENDENT
        for (size_t j = 0; j < width; j++) {
            const real w = W[j], sign = w > 0 ? l1 : w < 0 ? -l1 : 0;
            G[j] += sign + l2 * w;
        }
    }
}
