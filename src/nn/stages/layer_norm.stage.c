/* Layer normalization (J. L. Ba, J. R. Kiros, G. E. Hinton, 2016): each example is standardized over its units,
 *
 *   x̂ = (x - mean) / √(var + ε),   y = weight · x̂ + bias */
#include "nn/stages/stage_build.h"

enum { WEIGHT, BIAS };
enum { EPSILON };

#define MEANS(run) ((run)->kept)                  /* of each example */
#define FACTORS(run) ((run)->kept + (run)->count) /* 1 / √(var + ε) */

static void forward(const REAL(StageRun) * run, size_t begin, size_t end)
{
    const real *restrict weight = REAL(stage_tensor)(run, WEIGHT), *restrict bias = REAL(stage_tensor)(run, BIAS);
    const size_t width = run->stage->inputs;
    for (size_t i = begin; i < end; i++) {
        const real *restrict x = run->X + i * run->x_row;
        real *restrict y = run->Y + i * run->y_row;
        real mean = 0, variance = 0;
        for (size_t j = 0; j < width; j++)
            mean += x[j];
        mean /= (real_scalar)width;
        for (size_t j = 0; j < width; j++)
            variance += (x[j] - mean) * (x[j] - mean);
        const real factor = 1 / sqrt(variance / (real_scalar)width + (real_scalar)run->stage->settings[EPSILON]);
        for (size_t j = 0; j < width; j++)
            y[j] = (x[j] - mean) * factor * weight[j] + bias[j];
        MEANS(run)[i] = mean;
        FACTORS(run)[i] = factor;
    }
}

/* dx = (g - mean(g) - x̂ · mean(g x̂)) / √(var + ε) with g = weight · dy, means over the units */
static void backward(const REAL(StageRun) * run, size_t begin, size_t end)
{
    const real *restrict weight = REAL(stage_tensor)(run, WEIGHT);
    const size_t width = run->stage->inputs;
    for (size_t i = begin; i < end; i++) {
        const real *restrict x = run->X + i * run->x_row, *restrict dy = run->dY + i * run->y_row;
        const real mean = MEANS(run)[i], factor = FACTORS(run)[i];
        real *restrict dx = run->dX + i * run->x_row;
        real sum = 0, product = 0;
        for (size_t j = 0; j < width; j++) {
            const real g = weight[j] * dy[j];
            sum += g;
            product += g * ((x[j] - mean) * factor);
        }
        sum /= (real_scalar)width;
        product /= (real_scalar)width;
        for (size_t j = 0; j < width; j++)
            dx[j] = factor * (weight[j] * dy[j] - sum - (x[j] - mean) * factor * product);
    }
}

/* dweight = Σ_i dy x̂,  dbias = Σ_i dy */
static void gradient(const REAL(StageRun) * run, size_t begin, size_t end)
{
    real *restrict weight = REAL(stage_gradient)(run, WEIGHT), *restrict bias = REAL(stage_gradient)(run, BIAS);
    for (size_t j = begin; j < end; j++)
        weight[j] = bias[j] = 0;
    for (size_t i = 0; i < run->count; i++) {
        const real *restrict x = run->X + i * run->x_row, *restrict dy = run->dY + i * run->y_row;
        const real mean = MEANS(run)[i], factor = FACTORS(run)[i];
        for (size_t j = begin; j < end; j++) {
            weight[j] += dy[j] * ((x[j] - mean) * factor);
            bias[j] += dy[j];
        }
    }
}

STAGE_FUNCTIONS(layer_norm) = {forward, backward, gradient, NULL};

#if defined STAGE_ROW
static size_t kept(const Stage *stage, size_t examples)
{
    (void)stage;
    return 2 * examples;
}

const StageKind layer_norm_kind = {
    .name = "layer-norm",
    .formula = "(x - mean) / sqrt(var + epsilon) * weight + bias, over the units of an example",
    .normalization = "layer",
    .on_hidden = true,
    .settings = {{"epsilon", "added to the variance", SETTING_NUMBER, 1e-5, 0, 1, NULL}},
    .tensors = {{"weight", ROLE_SCALE, NULL}, {"bias", ROLE_SHIFT, NULL}},
    .kept = kept,
    .forward = SPLIT_EXAMPLES,
    .backward = SPLIT_EXAMPLES,
};
#endif
