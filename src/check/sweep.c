#include <math.h>

#include "base/memory.h"
#include "check/check.h"
#include "check/differences.h"

/* The larger error; one that is no number is the largest of all. */
static double larger(double a, double b)
{
    return isnan(b) ? INFINITY : fmax(a, b);
}

/* The largest errors of both kinds of differences. */
static void measure(const CheckOptions *options, const Differences *differences, const double *gradient, size_t count,
                    CheckPoint *point)
{
    point->forward = point->central = 0;
    for (size_t p = 0; p < count; p++) {
        if (!options->chosen[p])
            continue;
        const double up = differences->up[p], down = differences->down[p];
        point->forward = larger(point->forward, fabs(up - gradient[p]));
        point->central = larger(point->central, fabs((up + down) / 2 - gradient[p]));
    }
}

static percept_status sweep(const CheckSubject *subject, const CheckOptions *options, Differences *differences,
                            double *gradient, CheckPoint *points, size_t point_count, percept_error *error)
{
    const size_t parameters = differences->network->parameter_count;
    const size_t count = differences_count(differences->network, subject->batch->count, options->inputs);
    EngineSums sums;
    engine_gradient(subject->engine, subject->parameters, subject->batch, gradient,
                    options->inputs ? gradient + parameters : NULL, &sums);
    for (size_t i = 0; i < point_count; i++) {
        points[i].step = differences->step = 1 / points[i].inverse;
        percept_status status = differences_f64(differences, NULL, error);
        if (status != PERCEPT_OK)
            return status;
        measure(options, differences, gradient, count, &points[i]);
    }
    return PERCEPT_OK;
}

percept_status check_sweep_steps(const CheckSubject *subject, const CheckOptions *options, CheckPoint *points,
                                 size_t point_count, percept_error *error)
{
    const Network *network = subject->engine->config.network;
    const size_t count = differences_count(network, subject->batch->count, options->inputs);
    double *gradient = NULL;
    Differences differences = {.network = network,
                               .parameters = subject->parameters,
                               .batch = subject->batch,
                               .team = subject->team,
                               .inputs = options->inputs,
                               .chosen = options->chosen};
    percept_status status = memory_allocate(count, sizeof *gradient, "the gradient", &gradient, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(count, sizeof *differences.up, "differences", &differences.up, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(count, sizeof *differences.down, "differences", &differences.down, error);
    if (status == PERCEPT_OK)
        status = sweep(subject, options, &differences, gradient, points, point_count, error);
    memory_free(gradient);
    memory_free(differences.up);
    memory_free(differences.down);
    return status;
}

percept_status check_sweep(const CheckSubject *subject, const CheckOptions *options, CheckPoint points[CHECK_POINTS],
                           percept_error *error)
{
    double power = 1;
    for (size_t i = 0; i < CHECK_POINTS; i++) {
        points[i].inverse = i % 2 == 0 ? power : 5 * power;
        power *= i % 2 == 0 ? 1 : 10;
    }
    return check_sweep_steps(subject, options, points, CHECK_POINTS, error);
}
