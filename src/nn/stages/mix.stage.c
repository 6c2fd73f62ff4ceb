/* Parametric activation (D. Holzmüller, L. Grinsztajn, I. Steinwart, 2024): each unit learns how much of an activation f
 * it applies,
 *
 *   y = x + α (f(x) - x),   α = 1 to begin with */
#include "nn/activation.h"
#include "nn/stages/activate.h"

enum { ALPHA };

static void forward(const REAL(StageRun) * run, size_t begin, size_t end)
{
    const real *restrict alpha = REAL(stage_tensor)(run, ALPHA);
    const size_t width = run->stage->inputs;
    for (size_t i = begin; i < end; i++) {
        const real *restrict x = run->X + i * run->x_row;
        activate_row(run, width, i, x);
        const real *restrict f = VALUES(run, width, i);
        real *restrict y = run->Y + i * run->y_row;
        for (size_t j = 0; j < width; j++)
            y[j] = x[j] + alpha[j] * (f[j] - x[j]);
    }
}

/* dx = dy (1 + α (f'(x) - 1)) */
static void backward(const REAL(StageRun) * run, size_t begin, size_t end)
{
    const real *restrict alpha = REAL(stage_tensor)(run, ALPHA);
    const size_t width = run->stage->inputs;
    for (size_t i = begin; i < end; i++) {
        const real *restrict slope = SLOPES(run, width, i), *restrict dy = run->dY + i * run->y_row;
        real *restrict dx = run->dX + i * run->x_row;
        for (size_t j = 0; j < width; j++)
            dx[j] = dy[j] * (1 + alpha[j] * (slope[j] - 1));
    }
}

/* dα = Σ_i dy (f(x) - x) */
static void gradient(const REAL(StageRun) * run, size_t begin, size_t end)
{
    real *restrict alpha = REAL(stage_gradient)(run, ALPHA);
    const size_t width = run->stage->inputs;
    for (size_t j = begin; j < end; j++)
        alpha[j] = 0;
    for (size_t i = 0; i < run->count; i++) {
        const real *restrict x = run->X + i * run->x_row, *restrict f = VALUES(run, width, i),
                             *restrict dy = run->dY + i * run->y_row;
        for (size_t j = begin; j < end; j++)
            alpha[j] += dy[j] * (f[j] - x[j]);
    }
}

STAGE_FUNCTIONS(mix) = {forward, backward, gradient, NULL};

#if defined STAGE_ROW
static size_t kept(const Stage *stage, size_t examples)
{
    return 2 * examples * stage->inputs;
}

static percept_status initialize(const Stage *stage, const StageData *data, RandomStream *stream, double *parameters,
                                 percept_error *error)
{
    (void)data, (void)stream, (void)error;
    for (size_t j = 0; j < stage->sizes[ALPHA]; j++)
        parameters[stage->offsets[ALPHA] + j] = 1;
    return PERCEPT_OK;
}

static double gain(const Stage *stage)
{
    return activation_at_f64(stage->activation)->gain;
}

static double from_kink(const Stage *stage, const double *parameters, size_t j, double x)
{
    return parameters[stage->offsets[ALPHA] + j] != 0 && activation_has_kink(stage->activation) ? x : INFINITY;
}

const StageKind mix_kind = {
    .name = "mix",
    .formula = "x + alpha * (f(x) - x), an alpha for each unit",
    .on_hidden = true,
    .in_place_of_activation = true,
    .settings = {{"activation", "f; the layer's own if none is named", SETTING_ACTIVATION, 0, 0, 0, NULL}},
    .tensors = {{"alpha", ROLE_SLOPE, NULL}},
    .kept = kept,
    .gain = gain,
    .forward = SPLIT_EXAMPLES,
    .backward = SPLIT_EXAMPLES,
    .from_kink = from_kink,
    .initialize = initialize,
};
#endif
