#include "train/vector.h"

#include <math.h>

#include "base/real.h"

/* As many sums at once as keep the adders busy; added up pairwise. */
#define SUMS 8

double REAL(vector_square_sum)(size_t begin, size_t end, const void *vector)
{
    const real *v = vector;
    double sums[SUMS] = {0};
    for (size_t i = begin; i < end; i++) {
        const double value = (double)real_part(v[i]);
        sums[i % SUMS] += value * value;
    }
    return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}

bool REAL(vector_is_finite)(size_t begin, size_t end, const void *vector)
{
    const real *v = vector;
    for (size_t i = begin; i < end; i++)
        if (!isfinite(real_part(v[i])))
            return false;
    return true;
}

void REAL(vector_scale)(size_t begin, size_t end, void *vector, double factor)
{
    real *v = vector;
    const real_scalar scale = (real_scalar)factor;
    for (size_t i = begin; i < end; i++)
        v[i] *= scale;
}

void REAL(vector_add)(size_t begin, size_t end, void *vector, const void *parameters, double decay)
{
    real *restrict v = vector;
    const real *restrict p = parameters;
    const real_scalar scale = (real_scalar)decay;
    for (size_t i = begin; i < end; i++)
        v[i] += scale * p[i];
}

void REAL(vector_average)(size_t begin, size_t end, void *average, const void *parameters, double decay)
{
    real *restrict a = average;
    const real *restrict p = parameters;
    const real_scalar kept = (real_scalar)decay, taken = (real_scalar)(1 - decay);
    for (size_t i = begin; i < end; i++)
        a[i] = kept * a[i] + taken * p[i];
}
