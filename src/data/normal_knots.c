#include "data/normal_knots.h"

#include <math.h>
#include <stdbool.h>

/* Least share of the mass below a knot, and above it. */
#define LEAST_SHARE 1e-7

#define SQRT_HALF 0.70710678118654752440
#define SQRT_TWO_PI 2.50662827463100050242

/* The approximation of Hastings (Abramowitz and Stegun 26.2.23), whose error is below 4.5e-4; two steps of Halley's method
 * on the mass below z leave rounding errors alone. */
double normal_quantile(double share)
{
    const double tail = share < 0.5 ? share : 1 - share;
    const double t = sqrt(-2 * log(tail));
    double z = (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t;
    if (share == 0.5)
        return 0;
    for (int step = 0; step < 2; step++) {
        const double off = (0.5 * erfc(-z * SQRT_HALF) - tail) * SQRT_TWO_PI * exp(z * z / 2);
        z -= off / (1 + z * off / 2);
    }
    return share < 0.5 ? z : -z;
}

static double quantile(const double *sorted, size_t count, double part)
{
    const double position = (double)(count - 1) * part;
    const size_t below = (size_t)position, above = below + 1 < count ? below + 1 : below;
    return sorted[below] + (position - (double)below) * (sorted[above] - sorted[below]);
}

static double z_of(double share)
{
    return share > 0.5 ? -normal_quantile(fmax(1 - share, LEAST_SHARE)) : normal_quantile(fmax(share, LEAST_SHARE));
}

size_t normal_knots(const double *sorted, size_t count, size_t most, double *x, double *z)
{
    const size_t knots = count < most ? count : most;
    const double last = knots > 1 ? (double)(knots - 1) : 1;
    size_t used = 0;
    for (size_t k = 0, next = 0; k < knots; k = next, used++) {
        x[used] = quantile(sorted, count, (double)k / last);
        for (next = k + 1; next < knots && !(quantile(sorted, count, (double)next / last) > x[used]);)
            next++;
        const bool all = k == 0 && next == knots;
        z[used] = all ? 0 : z_of(((double)k + (double)(next - 1)) / 2 / last);
    }
    return used;
}

/* The last knot that is not above the point; the point is not below the first. */
static size_t find(const double *knots, size_t count, double at)
{
    size_t low = 0, high = count;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (knots[middle] <= at)
            low = middle;
        else
            high = middle;
    }
    return low;
}

double knots_map(const double *from, const double *to, size_t count, double at)
{
    if (isnan(at))
        return at;
    if (!(at > from[0]))
        return to[0];
    const size_t k = find(from, count, at);
    if (k + 1 == count)
        return to[k];
    return to[k] + (at - from[k]) / (from[k + 1] - from[k]) * (to[k + 1] - to[k]);
}

double knots_slope(const double *from, const double *to, size_t count, double value)
{
    if (!(value >= to[0] && value < to[count - 1]))
        return 0;
    const size_t k = find(to, count, value);
    return (to[k + 1] - to[k]) / (from[k + 1] - from[k]);
}
