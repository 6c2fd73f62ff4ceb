#include "engine/blocks_vector.h"

#include "base/real.h"

/* As many sums at once as keep the adders busy. */
#define SUMS 8

void REAL(blocks_vector_add)(size_t begin, size_t end, void *to, const void *from)
{
    real *restrict t = to;
    const real *restrict f = from;
    for (size_t i = begin; i < end; i++)
        t[i] += f[i];
}

void REAL(blocks_vector_scale)(size_t begin, size_t end, void *gradient, double factor)
{
    real *g = gradient;
    const real_scalar scale = (real_scalar)factor;
    for (size_t i = begin; i < end; i++)
        g[i] *= scale;
}

void REAL(blocks_vector_penalize)(size_t begin, size_t end, void *gradient, const void *parameters, double l1,
                                  double l2)
{
    real *restrict g = gradient;
    const real *restrict p = parameters;
    const real_scalar absolute = (real_scalar)l1, squared = (real_scalar)l2;
    for (size_t i = begin; i < end; i++) {
        const real_scalar sign = (real_scalar)((real_part(p[i]) > 0) - (real_part(p[i]) < 0));
        g[i] += absolute * sign + squared * p[i];
    }
}

void REAL(blocks_vector_descend)(size_t begin, size_t end, void *parameters, const void *gradient, double rate)
{
    real *restrict p = parameters;
    const real *restrict g = gradient;
    const real_scalar step = (real_scalar)rate;
    for (size_t i = begin; i < end; i++)
        p[i] -= step * g[i];
}

double REAL(blocks_vector_penalty)(size_t begin, size_t end, const void *parameters, double l1, double l2)
{
    const real *p = parameters;
    double sums[SUMS] = {0}, total = 0;
    for (size_t i = begin; i < end; i++) {
        const double w = (double)real_part(p[i]);
        sums[i % SUMS] += l1 * (w < 0 ? -w : w) + l2 * (w * w);
    }
    for (size_t s = 0; s < SUMS; s++)
        total += sums[s];
    return total;
}
