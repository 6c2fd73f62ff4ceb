#include "formula/descent.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>

void descent_difference(const DescentFunction *function, const double at[2], double gradient[2])
{
    for (int i = 0; i < 2; i++) {
        const double h = cbrt(DBL_EPSILON) * fmax(1, fabs(at[i]));
        double up[2] = {at[0], at[1]}, down[2] = {at[0], at[1]};
        up[i] += h;
        down[i] -= h;
        const double rise = function->value(function->state, up) - function->value(function->state, down);
        gradient[i] = rise / (up[i] - down[i]); /* the step as it was rounded */
    }
}

/* Value and gradient where the path is. */
static void measure(const DescentFunction *function, DescentPoint *point)
{
    point->value = function->value(function->state, point->at);
    if (function->gradient != NULL)
        function->gradient(function->state, point->at, point->gradient);
    else
        descent_difference(function, point->at, point->gradient);
}

static percept_status check_point(const DescentPoint *point, size_t t, percept_error *error)
{
    const bool value = isfinite(point->value);
    if (value && isfinite(point->gradient[0]) && isfinite(point->gradient[1]))
        return PERCEPT_OK;
    return error_set(error, PERCEPT_ERROR_DIVERGED, "step %zu: at (%.6g, %.6g) the %s is not finite; %s", t,
                     point->at[0], point->at[1], value ? "gradient" : "function",
                     t == 0 ? "start elsewhere" : "take smaller steps or start elsewhere");
}

static percept_status check_options(const DescentOptions *options, percept_error *error)
{
    if (!isfinite(options->start[0]) || !isfinite(options->start[1]))
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "the start is not finite");
    if (!(options->step > 0) || !isfinite(options->step))
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "the step is %g; give a number above 0", options->step);
    if (!(options->decay > 0) || options->decay > 1)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "the decay is %g; give a number above 0, up to 1",
                         options->decay);
    return PERCEPT_OK;
}

percept_status descent_run(const DescentFunction *function, const DescentOptions *options, DescentPoint *points,
                           size_t *count, percept_error *error)
{
    *count = 0;
    percept_status status = check_options(options, error);
    if (status != PERCEPT_OK)
        return status;
    DescentPoint point = {.at = {options->start[0], options->start[1]}};
    for (size_t t = 0;; t++) {
        point.step = options->step * pow(options->decay, (double)t);
        measure(function, &point);
        status = check_point(&point, t, error);
        if (status != PERCEPT_OK)
            return status;
        points[t] = point;
        *count = t + 1;
        if (t == options->steps)
            return PERCEPT_OK;
        for (int i = 0; i < 2; i++)
            point.at[i] -= point.step * point.gradient[i];
    }
}

double descent_check(const DescentFunction *function, const DescentPoint *points, size_t count, size_t *worst)
{
    double largest = 0;
    *worst = 0;
    for (size_t t = 0; t < count; t++) {
        double difference[2];
        descent_difference(function, points[t].at, difference);
        for (int i = 0; i < 2; i++) {
            const double given = points[t].gradient[i];
            const double scale = fmax(1, fmax(fabs(given), fabs(difference[i])));
            const double error = fabs(given - difference[i]) / scale;
            if (error > largest && isfinite(error)) {
                largest = error;
                *worst = t;
            }
        }
    }
    return largest;
}
