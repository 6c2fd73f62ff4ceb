/* Parametric rectifier (K. He, X. Zhang, S. Ren, J. Sun, 2015): a slope below 0 that is learned, one for each unit,
 *
 *   y = x for x > 0,   slope · x elsewhere */
#include "nn/stages/stage_build.h"

enum { SLOPE };
enum { INITIAL };

static void forward(const REAL(StageRun) * run, size_t begin, size_t end)
{
    const real *restrict slope = REAL(stage_tensor)(run, SLOPE);
    for (size_t i = begin; i < end; i++) {
        const real *restrict x = run->X + i * run->x_row;
        real *restrict y = run->Y + i * run->y_row;
        for (size_t j = 0; j < run->stage->inputs; j++)
            y[j] = real_part(x[j]) > 0 ? x[j] : slope[j] * x[j];
    }
}

static void backward(const REAL(StageRun) * run, size_t begin, size_t end)
{
    const real *restrict slope = REAL(stage_tensor)(run, SLOPE);
    for (size_t i = begin; i < end; i++) {
        const real *restrict x = run->X + i * run->x_row, *restrict dy = run->dY + i * run->y_row;
        real *restrict dx = run->dX + i * run->x_row;
        for (size_t j = 0; j < run->stage->inputs; j++)
            dx[j] = real_part(x[j]) > 0 ? dy[j] : slope[j] * dy[j];
    }
}

/* dslope = Σ_i dy x over the examples with x ≤ 0 */
static void gradient(const REAL(StageRun) * run, size_t begin, size_t end)
{
    real *restrict slope = REAL(stage_gradient)(run, SLOPE);
    for (size_t j = begin; j < end; j++)
        slope[j] = 0;
    for (size_t i = 0; i < run->count; i++) {
        const real *restrict x = run->X + i * run->x_row, *restrict dy = run->dY + i * run->y_row;
        for (size_t j = begin; j < end; j++)
            slope[j] += real_part(x[j]) > 0 ? 0 : dy[j] * x[j];
    }
}

STAGE_FUNCTIONS(prelu) = {forward, backward, gradient, NULL};

#if defined STAGE_ROW
static percept_status initialize(const Stage *stage, const StageData *data, RandomStream *stream, double *parameters,
                                 percept_error *error)
{
    (void)data, (void)stream, (void)error;
    for (size_t j = 0; j < stage->sizes[SLOPE]; j++)
        parameters[stage->offsets[SLOPE] + j] = stage->settings[INITIAL];
    return PERCEPT_OK;
}

/* E[y²] = (1 + slope²) / 2 for x ~ N(0, 1) */
static double gain(const Stage *stage)
{
    return sqrt(2 / (1 + stage->settings[INITIAL] * stage->settings[INITIAL]));
}

static double from_kink(const Stage *stage, const double *parameters, size_t j, double x)
{
    return parameters[stage->offsets[SLOPE] + j] != 1 ? x : INFINITY;
}

const StageKind prelu_kind = {
    .name = "prelu",
    .formula = "x for x > 0, else slope * x, a slope for each unit",
    .on_hidden = true,
    .in_place_of_activation = true,
    .settings = {{"slope", "to begin with", SETTING_NUMBER, 0.25, -1e6, 1e6, NULL}},
    .tensors = {{"weight", ROLE_SLOPE, NULL}},
    .gain = gain,
    .forward = SPLIT_EXAMPLES,
    .backward = SPLIT_EXAMPLES,
    .from_kink = from_kink,
    .initialize = initialize,
};
#endif
