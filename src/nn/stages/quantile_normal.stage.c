/* Columns of numbers as a standard normal: a number becomes what a standard normal has the same share of its mass below of, by
 * the quantiles of the training data (data/normal_knots.h). The map is linear between knots and constant beyond them, so
 * that numbers far out come to |y| < 5.2. Without data the knots are [-3, 3], which change nothing in between. */
#include "nn/stages/stage_build.h"

enum { VALUES, NORMALS }; /* inputs × knots, ascending; the last one is repeated where there are fewer */
enum { KNOTS };

/* The last knot that is not above x. */
static size_t find(const real *knots, size_t count, real x)
{
    size_t low = 0, high = count;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (real_part(knots[middle]) <= real_part(x))
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* Column j: y of x, and its derivative. */
static real map(const REAL(StageRun) * run, size_t j, real x, real *slope)
{
    const size_t knots = (size_t)run->stage->settings[KNOTS];
    const real *from = REAL(stage_tensor)(run, VALUES) + j * knots, *to = REAL(stage_tensor)(run, NORMALS) + j * knots;
    const size_t k = find(from, knots, x);
    *slope = 0;
    if (k + 1 == knots)
        return to[k];
    if (k == 0 && real_part(x) < real_part(from[0]))
        return to[0];
    *slope = (to[k + 1] - to[k]) / (from[k + 1] - from[k]);
    return to[k] + (x - from[k]) / (from[k + 1] - from[k]) * (to[k + 1] - to[k]);
}

static void forward(const REAL(StageRun) * run, size_t begin, size_t end)
{
    real slope = 0;
    for (size_t i = begin; i < end; i++)
        for (size_t j = 0; j < run->stage->inputs; j++)
            run->Y[i * run->y_row + j] = map(run, j, run->X[i * run->x_row + j], &slope);
}

static void backward(const REAL(StageRun) * run, size_t begin, size_t end)
{
    real slope = 0;
    for (size_t i = begin; i < end; i++)
        for (size_t j = 0; j < run->stage->inputs; j++) {
            (void)map(run, j, run->X[i * run->x_row + j], &slope);
            run->dX[i * run->x_row + j] = slope * run->dY[i * run->y_row + j];
        }
}

STAGE_FUNCTIONS(quantile_normal) = {forward, backward, NULL, NULL};

#if defined STAGE_ROW
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "data/normal_knots.h"

static void knots_shape(const Stage *stage, size_t *rows, size_t *columns)
{
    *rows = stage->inputs;
    *columns = (size_t)stage->settings[KNOTS];
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The finite values of a column into `values`, sorted; returns how many. */
static size_t sort_column(const StageData *data, size_t column, double *values)
{
    size_t count = 0;
    for (size_t i = 0; i < data->rows; i++)
        if (isfinite(data->X[i * data->stride + column]))
            values[count++] = data->X[i * data->stride + column];
    qsort(values, count, sizeof *values, compare);
    return count;
}

/* Largest derivative at x = 1. */
#define STEEPEST 200

/* Whether the map between two knots magnifies the rounding error of x, which is in proportion to x, by less than STEEPEST. */
static bool is_apart(const double *x, const double *z, size_t before, size_t k)
{
    return STEEPEST * (x[k] - x[before]) >= fabs(x[k]) * (z[k] - z[before]);
}

/* Leaves out knots that float32 can hardly tell from their neighbours; returns how many stay, the first and last among them. */
static size_t keep_apart(size_t count, double *x, double *z)
{
    size_t used = 1;
    for (size_t k = 1; k < count; k++) {
        if (!is_apart(x, z, used - 1, k) && k + 1 < count)
            continue;
        while (k + 1 == count && used > 1 && !is_apart(x, z, used - 1, k))
            used--;
        x[used] = x[k];
        z[used++] = z[k];
    }
    return used;
}

static percept_status initialize(const Stage *stage, const StageData *data, RandomStream *stream, double *parameters,
                                 percept_error *error)
{
    const size_t knots = (size_t)stage->settings[KNOTS];
    double *values = NULL;
    (void)stream;
    percept_status status =
        memory_allocate(data != NULL ? data->rows : 0, sizeof *values, "the values of a column", &values, error);
    for (size_t j = 0; j < stage->inputs && status == PERCEPT_OK; j++) {
        double *x = parameters + stage->offsets[VALUES] + j * knots;
        double *z = parameters + stage->offsets[NORMALS] + j * knots;
        const size_t count = data != NULL ? sort_column(data, j, values) : 0;
        size_t used = count > 0 ? keep_apart(normal_knots(values, count, knots, x, z), x, z) : 2;
        if (count == 0) {
            x[0] = z[0] = -3;
            x[1] = z[1] = 3;
        }
        for (; used < knots; used++) {
            x[used] = x[used - 1];
            z[used] = z[used - 1];
        }
    }
    memory_free(values);
    return status;
}

/* The nearest knot. */
static double from_kink(const Stage *stage, const double *parameters, size_t j, double x)
{
    const size_t knots = (size_t)stage->settings[KNOTS];
    const double *values = parameters + stage->offsets[VALUES] + j * knots;
    double nearest = INFINITY;
    for (size_t k = 0; k < knots; k++)
        if (fabs(x - values[k]) < fabs(nearest))
            nearest = x - values[k];
    return nearest;
}

const StageKind quantile_normal_kind = {
    .name = "quantile-normal",
    .formula = "the number that a standard normal has the same share of its mass below of, by quantiles",
    .on_features = true,
    .of_columns = true,
    .fitted = true,
    .settings = {{"knots", "quantiles of the training data", SETTING_WHOLE, NORMAL_KNOTS, 2, NORMAL_KNOTS, NULL}},
    .tensors = {{"values", ROLE_STATISTIC, knots_shape}, {"normals", ROLE_STATISTIC, knots_shape}},
    .forward = SPLIT_EXAMPLES,
    .backward = SPLIT_EXAMPLES,
    .from_kink = from_kink,
    .initialize = initialize,
};
#endif
