/* Gradient descent on a function of two variables, step by step: (x, y)_{t+1} = (x, y)_t - η_t ∇f((x, y)_t) with η_t =
 * η_0 · d^t. */
#ifndef FORMULA_DESCENT_H
#define FORMULA_DESCENT_H

#include "base/error.h"

/* The function to minimize. Both calls receive `state`. */
typedef struct DescentFunction {
    double (*value)(void *state, const double at[2]);
    /* NULL: central differences, which are exact to about ten digits */
    void (*gradient)(void *state, const double at[2], double gradient[2]);
    void *state;
} DescentFunction;

typedef struct DescentOptions {
    double start[2];
    double step;  /* η_0 > 0 */
    double decay; /* 0 < d ≤ 1 */
    size_t steps;
} DescentOptions;

/* The point before a step. */
typedef struct DescentPoint {
    double at[2], value, gradient[2];
    double step; /* η_t, of the step that starts here */
} DescentPoint;

/* (f(x + h, y) - f(x - h, y)) / 2h and the same for y; h = ∛ε · max(1, |x|), where truncation and rounding errors are
 * about equal. */
void descent_difference(const DescentFunction *function, const double at[2], double gradient[2]);

/* Fills points (steps + 1); *count receives their number, less if the descent had to stop: PERCEPT_ERROR_DIVERGED if a
 * value or a gradient is not finite, with the step and the place. PERCEPT_ERROR_ARGUMENT for options out of range. */
percept_status descent_run(const DescentFunction *function, const DescentOptions *options, DescentPoint *points,
                           size_t *count, percept_error *error);

/* The largest difference between the gradient of a path's points and central differences there, relative to the larger
 * of both and 1; *worst receives the point. Not finite differences are passed over. */
double descent_check(const DescentFunction *function, const DescentPoint *points, size_t count, size_t *worst);

#endif
