/* Gated linear unit (Y. N. Dauphin, A. Fan, M. Auli, D. Grangier, 2017): of 2m columns the first m pass as far as the last
 * m let them,
 *
 *   y = a ∘ f(b)   with x = (a, b)
 *
 * with f the sigmoid; another f gives the variants of N. Shazeer, 2020: relu ReGLU, gelu GEGLU, silu SwiGLU. */
#include "nn/activation.h"
#include "nn/stages/activate.h"

static void forward(const REAL(StageRun) * run, size_t begin, size_t end)
{
    const size_t width = run->stage->outputs;
    for (size_t i = begin; i < end; i++) {
        const real *restrict a = run->X + i * run->x_row, *restrict b = a + width;
        activate_row(run, width, i, b);
        const real *restrict gate = VALUES(run, width, i);
        real *restrict y = run->Y + i * run->y_row;
        for (size_t j = 0; j < width; j++)
            y[j] = a[j] * gate[j];
    }
}

/* da = dy f(b),   db = dy a f'(b) */
static void backward(const REAL(StageRun) * run, size_t begin, size_t end)
{
    const size_t width = run->stage->outputs;
    for (size_t i = begin; i < end; i++) {
        const real *restrict a = run->X + i * run->x_row, *restrict dy = run->dY + i * run->y_row;
        const real *restrict gate = VALUES(run, width, i), *restrict slope = SLOPES(run, width, i);
        real *restrict da = run->dX + i * run->x_row, *restrict db = da + width;
        for (size_t j = 0; j < width; j++) {
            da[j] = dy[j] * gate[j];
            db[j] = dy[j] * a[j] * slope[j];
        }
    }
}

STAGE_FUNCTIONS(glu) = {forward, backward, NULL, NULL};

#if defined STAGE_ROW
static size_t inputs(const Stage *stage, size_t outputs)
{
    (void)stage;
    return 2 * outputs;
}

static size_t kept(const Stage *stage, size_t examples)
{
    return 2 * examples * stage->outputs;
}

static double gain(const Stage *stage)
{
    return activation_at_f64(stage->activation)->gain;
}

/* The gates are the last half. */
static double from_kink(const Stage *stage, const double *parameters, size_t j, double x)
{
    (void)parameters;
    return j >= stage->outputs && activation_has_kink(stage->activation) ? x : INFINITY;
}

const StageKind glu_kind = {
    .name = "glu",
    .formula = "a * f(b), a the first half of the layer's units, b the last; the layer computes twice as many",
    .on_hidden = true,
    .in_place_of_activation = true,
    .settings = {{"gate", "f", SETTING_ACTIVATION, 0, 0, 0, "sigmoid"}},
    .inputs = inputs,
    .kept = kept,
    .gain = gain,
    .forward = SPLIT_EXAMPLES,
    .backward = SPLIT_EXAMPLES,
    .from_kink = from_kink,
};
#endif
