/* Piecewise-linear encoding of numbers (Y. Gorishniy, I. Rubachev, A. Babenko, 2022): edges b_0 < b_1 < … cut each column
 * into bins, and component t says how far x has come in bin t,
 *
 *   e_t = (x - b_t) / (b_{t+1} - b_t) in its bin, 0 below and 1 above it
 *
 * The first bin is open below and the last one above: there e_t goes on beyond 0 and 1. Edges are quantiles of the
 * training data without repeats. Where they repeat there are fewer bins, and the components left over are 0; a constant
 * column c has the one component x - c. Without data the bins are equal parts of [-3, 3].
 *
 * Size 0: the components are the outputs. Otherwise each column is mapped to `size` values, beside a linear map of x
 * (Y. Gorishniy, A. Kotelnikov, A. Babenko, 2025):
 *
 *   y = weightᵀ e + linear · x + bias
 *
 * weight begins as 0, and linear and bias as U(-1/√size, 1/√size). */
#include "nn/stages/stage_build.h"

enum { WEIGHT, LINEAR, BIAS, EDGES };
enum { BINS, SIZE };

/* Where x lies: components before the active one are 1, those behind it 0. */
typedef struct Place {
    size_t active;
    real value, slope; /* of the active component, and its derivative by x */
} Place;

static Place find_place(const real *edges, size_t bins, real x)
{
    Place place = {0};
    size_t active = bins;
    for (size_t t = 0; t < bins && !(active < bins && real_part(x) < real_part(edges[t])); t++) /* edges ascend */
        if (real_part(edges[t + 1]) > real_part(edges[t]) && (active == bins || real_part(x) >= real_part(edges[t])))
            active = t;
    if (active == bins) /* all edges are equal in this precision */
        return place;
    place.active = active;
    place.slope = 1 / (edges[active + 1] - edges[active]);
    place.value = (x - edges[active]) * place.slope;
    return place;
}

/* Column j's place in an example, and its parts of the tensors. */
static Place place_in(const REAL(StageRun) * run, size_t i, size_t j)
{
    const size_t bins = (size_t)run->stage->settings[BINS];
    return find_place(REAL(stage_tensor)(run, EDGES) + j * (bins + 1), bins, run->X[i * run->x_row + j]);
}

static void encode(Place place, size_t bins, real *y)
{
    for (size_t t = 0; t < bins; t++)
        y[t] = t < place.active ? 1 : 0;
    y[place.active] = place.value;
}

/* y (size) = weightᵀ (size × bins) e + linear x + bias */
static void map(const REAL(StageRun) * run, Place place, size_t j, real x, real *restrict y)
{
    const size_t bins = (size_t)run->stage->settings[BINS], size = (size_t)run->stage->settings[SIZE];
    const real *restrict weight = REAL(stage_tensor)(run, WEIGHT) + j * bins * size;
    const real *restrict linear = REAL(stage_tensor)(run, LINEAR) + j * size;
    const real *restrict bias = REAL(stage_tensor)(run, BIAS) + j * size;
    for (size_t k = 0; k < size; k++)
        y[k] = bias[k] + linear[k] * x;
    for (size_t t = 0; t < place.active; t++)
        for (size_t k = 0; k < size; k++)
            y[k] += weight[t * size + k];
    for (size_t k = 0; k < size; k++)
        y[k] += weight[place.active * size + k] * place.value;
}

static void forward(const REAL(StageRun) * run, size_t begin, size_t end)
{
    const size_t bins = (size_t)run->stage->settings[BINS], size = (size_t)run->stage->settings[SIZE];
    for (size_t i = begin; i < end; i++)
        for (size_t j = 0; j < run->stage->inputs; j++) {
            const Place place = place_in(run, i, j);
            real *y = run->Y + i * run->y_row + j * (size > 0 ? size : bins);
            if (size > 0)
                map(run, place, j, run->X[i * run->x_row + j], y);
            else
                encode(place, bins, y);
        }
}

/* Of columns begin … end-1: dweight = Σ_i e dyᵀ,  dlinear = Σ_i x dy,  dbias = Σ_i dy */
static void gradient(const REAL(StageRun) * run, size_t begin, size_t end)
{
    const size_t bins = (size_t)run->stage->settings[BINS], size = (size_t)run->stage->settings[SIZE];
    for (size_t j = begin; j < end && size > 0; j++) {
        real *restrict weight = REAL(stage_gradient)(run, WEIGHT) + j * bins * size;
        real *restrict linear = REAL(stage_gradient)(run, LINEAR) + j * size;
        real *restrict bias = REAL(stage_gradient)(run, BIAS) + j * size;
        for (size_t e = 0; e < bins * size; e++)
            weight[e] = 0;
        for (size_t k = 0; k < size; k++)
            linear[k] = bias[k] = 0;
        for (size_t i = 0; i < run->count; i++) {
            const Place place = place_in(run, i, j);
            const real x = run->X[i * run->x_row + j];
            const real *restrict dy = run->dY + i * run->y_row + j * size;
            for (size_t t = 0; t < place.active; t++)
                for (size_t k = 0; k < size; k++)
                    weight[t * size + k] += dy[k];
            for (size_t k = 0; k < size; k++) {
                weight[place.active * size + k] += place.value * dy[k];
                linear[k] += x * dy[k];
                bias[k] += dy[k];
            }
        }
    }
}

/* dx = Σ_k dy_k (linear_k + weight_{active,k} de/dx), or dy_active de/dx */
static void backward(const REAL(StageRun) * run, size_t begin, size_t end)
{
    const size_t bins = (size_t)run->stage->settings[BINS], size = (size_t)run->stage->settings[SIZE];
    for (size_t i = begin; i < end; i++)
        for (size_t j = 0; j < run->stage->inputs; j++) {
            const Place place = place_in(run, i, j);
            const real *dy = run->dY + i * run->y_row + j * (size > 0 ? size : bins);
            const real *weight = REAL(stage_tensor)(run, WEIGHT) + (j * bins + place.active) * size;
            const real *linear = REAL(stage_tensor)(run, LINEAR) + j * size;
            real dx = size > 0 ? 0 : dy[place.active] * place.slope;
            for (size_t k = 0; k < size; k++)
                dx += dy[k] * (linear[k] + weight[k] * place.slope);
            run->dX[i * run->x_row + j] = dx;
        }
}

STAGE_FUNCTIONS(piecewise_linear) = {forward, backward, gradient, NULL};

#if defined STAGE_ROW
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

static size_t outputs(const Stage *stage, size_t inputs)
{
    return inputs * (size_t)(stage->settings[SIZE] > 0 ? stage->settings[SIZE] : stage->settings[BINS]);
}

static size_t units(const Stage *stage)
{
    return stage->inputs;
}

static void weight_shape(const Stage *stage, size_t *rows, size_t *columns)
{
    *columns = (size_t)stage->settings[SIZE];
    *rows = *columns > 0 ? stage->inputs * (size_t)stage->settings[BINS] : 0;
}

static void linear_shape(const Stage *stage, size_t *rows, size_t *columns)
{
    *columns = (size_t)stage->settings[SIZE];
    *rows = *columns > 0 ? stage->inputs : 0;
}

static void edges_shape(const Stage *stage, size_t *rows, size_t *columns)
{
    *rows = stage->inputs;
    *columns = (size_t)stage->settings[BINS] + 1;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Edges of the quantiles 0, 1/bins, …, 1 of sorted values, each once; the last one is repeated for bins left over. */
static void fit_edges(const double *values, size_t count, size_t bins, double *edges)
{
    size_t used = 0;
    for (size_t t = 0; t <= bins; t++) {
        const double position = (double)(count - 1) * (double)t / (double)bins;
        const size_t below = (size_t)position, above = below + 1 < count ? below + 1 : below;
        const double value = values[below] + (position - (double)below) * (values[above] - values[below]);
        if (used == 0 || value > edges[used - 1])
            edges[used++] = value;
    }
    if (used == 1)
        edges[used++] = edges[0] + 1;
    for (; used <= bins; used++)
        edges[used] = edges[used - 1];
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

static percept_status initialize(const Stage *stage, const StageData *data, RandomStream *stream, double *parameters,
                                 percept_error *error)
{
    const size_t bins = (size_t)stage->settings[BINS];
    const double bound = stage->settings[SIZE] > 0 ? 1 / sqrt(stage->settings[SIZE]) : 0;
    double *values = NULL;
    percept_status status =
        memory_allocate(data != NULL ? data->rows : 0, sizeof *values, "the values of a column", &values, error);
    for (size_t j = 0; j < stage->inputs && status == PERCEPT_OK; j++) {
        double *edges = parameters + stage->offsets[EDGES] + j * (bins + 1);
        const size_t count = data != NULL ? sort_column(data, j, values) : 0;
        if (count > 0)
            fit_edges(values, count, bins, edges);
        for (size_t t = 0; t <= bins && count == 0; t++)
            edges[t] = -3 + 6 * (double)t / (double)bins;
    }
    for (size_t e = 0; e < stage->sizes[WEIGHT]; e++)
        parameters[stage->offsets[WEIGHT] + e] = 0;
    for (size_t t = LINEAR; t <= BIAS; t++)
        for (size_t e = 0; e < stage->sizes[t]; e++)
            parameters[stage->offsets[t] + e] = random_uniform(stream, -bound, bound);
    memory_free(values);
    return status;
}

/* An edge between two bins; the first and the last one lie within a bin that is open. */
static double from_kink(const Stage *stage, const double *parameters, size_t j, double x)
{
    const size_t bins = (size_t)stage->settings[BINS];
    const double *edges = parameters + stage->offsets[EDGES] + j * (bins + 1);
    double nearest = INFINITY;
    for (size_t t = 1; t < bins; t++)
        if (edges[t] > edges[0] && edges[t] < edges[bins] && fabs(x - edges[t]) < fabs(nearest))
            nearest = x - edges[t];
    return nearest;
}

const StageKind piecewise_linear_kind = {
    .name = "piecewise-linear",
    .formula = "how far x has come in each bin between quantiles; size > 0: a linear map of that and of x",
    .on_features = true,
    .of_columns = true,
    .fitted = true,
    .settings = {{"bins", "between quantiles of the training data", SETTING_WHOLE, 16, 1, 4096, NULL},
                 {"size", "values that a column is mapped to; 0: one for each bin, without a map", SETTING_WHOLE, 0, 0,
                  4096, NULL}},
    .tensors = {{"weight", ROLE_WEIGHT, weight_shape},
                {"linear", ROLE_WEIGHT, linear_shape},
                {"bias", ROLE_BIAS, linear_shape},
                {"edges", ROLE_STATISTIC, edges_shape}},
    .outputs = outputs,
    .units = units,
    .forward = SPLIT_EXAMPLES,
    .backward = SPLIT_EXAMPLES,
    .from_kink = from_kink,
    .initialize = initialize,
};
#endif
