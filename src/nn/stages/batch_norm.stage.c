/* Batch normalization (S. Ioffe, C. Szegedy, 2015): each unit is standardized over the examples of the batch,
 *
 *   x̂ = (x - mean) / √(var + ε),   y = weight · x̂ + bias
 *
 * with the biased variance, in training; with running statistics elsewhere. They move as PyTorch's do:
 * running ← (1 - momentum) · running + momentum · batch's, the variance there being the unbiased one. Weights of examples
 * do not count here. A batch of one example has no deviation; it moves no statistics. */
#include "nn/stages/stage_build.h"

enum { WEIGHT, BIAS, MEAN, VARIANCE };
enum { EPSILON, MOMENTUM };

/* Whether the statistics are those of the batch. */
#define OF_BATCH(run) ((run)->training && !(run)->frozen)
#define MEANS(run) ((run)->kept)
#define FACTORS(run) ((run)->kept + (run)->stage->inputs)       /* 1 / √(var + ε) */
#define VARIANCES(run) ((run)->kept + 2 * (run)->stage->inputs) /* of the batch, biased */

/* Mean and variance of units begin … end-1 over the batch, in two passes. */
static void measure(const REAL(StageRun) * run, size_t begin, size_t end)
{
    real *restrict mean = MEANS(run), *restrict variance = VARIANCES(run);
    const real_scalar count = (real_scalar)run->count;
    for (size_t j = begin; j < end; j++)
        mean[j] = variance[j] = 0;
    for (size_t i = 0; i < run->count; i++)
        for (size_t j = begin; j < end; j++)
            mean[j] += run->X[i * run->x_row + j];
    for (size_t j = begin; j < end; j++)
        mean[j] /= count;
    for (size_t i = 0; i < run->count; i++)
        for (size_t j = begin; j < end; j++) {
            const real difference = run->X[i * run->x_row + j] - mean[j];
            variance[j] += difference * difference;
        }
    for (size_t j = begin; j < end; j++)
        variance[j] /= count;
}

static void forward(const REAL(StageRun) * run, size_t begin, size_t end)
{
    const real *restrict weight = REAL(stage_tensor)(run, WEIGHT), *restrict bias = REAL(stage_tensor)(run, BIAS);
    const real_scalar epsilon = (real_scalar)run->stage->settings[EPSILON];
    real *restrict mean = MEANS(run), *restrict factor = FACTORS(run), *restrict variance = VARIANCES(run);
    if (OF_BATCH(run))
        measure(run, begin, end);
    for (size_t j = begin; j < end && !OF_BATCH(run); j++) {
        mean[j] = REAL(stage_tensor)(run, MEAN)[j];
        variance[j] = REAL(stage_tensor)(run, VARIANCE)[j];
    }
    for (size_t j = begin; j < end; j++)
        factor[j] = 1 / sqrt(variance[j] + epsilon);
    for (size_t i = 0; i < run->count; i++) {
        const real *restrict x = run->X + i * run->x_row;
        real *restrict y = run->Y + i * run->y_row;
        for (size_t j = begin; j < end; j++)
            y[j] = (x[j] - mean[j]) * factor[j] * weight[j] + bias[j];
    }
}

/* dweight = Σ_i dy x̂,  dbias = Σ_i dy */
static void gradient(const REAL(StageRun) * run, size_t begin, size_t end)
{
    real *restrict weight = REAL(stage_gradient)(run, WEIGHT), *restrict bias = REAL(stage_gradient)(run, BIAS);
    const real *restrict mean = MEANS(run), *restrict factor = FACTORS(run);
    for (size_t j = begin; j < end; j++)
        weight[j] = bias[j] = 0;
    for (size_t i = 0; i < run->count; i++) {
        const real *restrict x = run->X + i * run->x_row, *restrict dy = run->dY + i * run->y_row;
        for (size_t j = begin; j < end; j++) {
            weight[j] += dy[j] * ((x[j] - mean[j]) * factor[j]);
            bias[j] += dy[j];
        }
    }
}

/* dx = weight / √(var + ε) · (dy - dbias/n - x̂ · dweight/n), with the gradients that were made before. Running
 * statistics do not depend on x: dx = weight / √(var + ε) · dy */
static void backward(const REAL(StageRun) * run, size_t begin, size_t end)
{
    const real *restrict weight = REAL(stage_tensor)(run, WEIGHT), *restrict mean = MEANS(run),
                         *restrict factor = FACTORS(run);
    const real *restrict dweight = REAL(stage_gradient)(run, WEIGHT), *restrict dbias = REAL(stage_gradient)(run, BIAS);
    const real_scalar share = 1 / (real_scalar)run->count;
    const bool of_batch = OF_BATCH(run);
    for (size_t i = 0; i < run->count; i++) {
        const real *restrict x = run->X + i * run->x_row, *restrict dy = run->dY + i * run->y_row;
        real *restrict dx = run->dX + i * run->x_row;
        for (size_t j = begin; j < end; j++) {
            const real normal = (x[j] - mean[j]) * factor[j];
            const real through_statistics = of_batch ? share * (dbias[j] + normal * dweight[j]) : 0;
            dx[j] = weight[j] * factor[j] * (dy[j] - through_statistics);
        }
    }
}

static void statistics(const REAL(StageRun) * run, size_t begin, size_t end, real *parameters)
{
    real *running_mean = parameters + run->stage->offsets[MEAN];
    real *running_variance = parameters + run->stage->offsets[VARIANCE];
    const real_scalar momentum = (real_scalar)run->stage->settings[MOMENTUM], count = (real_scalar)run->count;
    for (size_t j = begin; j < end && run->count > 1; j++) {
        running_mean[j] = (1 - momentum) * running_mean[j] + momentum * MEANS(run)[j];
        running_variance[j] =
            (1 - momentum) * running_variance[j] + momentum * (VARIANCES(run)[j] * (count / (count - 1)));
    }
}

STAGE_FUNCTIONS(batch_norm) = {forward, backward, gradient, statistics};

#if defined STAGE_ROW
static size_t kept(const Stage *stage, size_t examples)
{
    (void)examples;
    return 3 * stage->inputs;
}

static percept_status initialize(const Stage *stage, const StageData *data, RandomStream *stream, double *parameters,
                                 percept_error *error)
{
    (void)data, (void)stream, (void)error;
    for (size_t j = 0; j < stage->inputs; j++) {
        parameters[stage->offsets[WEIGHT] + j] = parameters[stage->offsets[VARIANCE] + j] = 1;
        parameters[stage->offsets[BIAS] + j] = parameters[stage->offsets[MEAN] + j] = 0;
    }
    return PERCEPT_OK;
}

const StageKind batch_norm_kind = {
    .name = "batch-norm",
    .formula = "(x - mean) / sqrt(var + epsilon) * weight + bias, over the batch",
    .on_features = true,
    .normalization = "batch",
    .on_hidden = true,
    .settings = {{"epsilon", "added to the variance", SETTING_NUMBER, 1e-5, 0, 1, NULL},
                 {"momentum", "of the running statistics", SETTING_NUMBER, 0.1, 0, 1, NULL}},
    .tensors = {{"weight", ROLE_SCALE, NULL},
                {"bias", ROLE_SHIFT, NULL},
                {"running_mean", ROLE_STATISTIC, NULL},
                {"running_var", ROLE_STATISTIC, NULL}},
    .kept = kept,
    .forward = SPLIT_UNITS,
    .backward = SPLIT_UNITS,
    .initialize = initialize,
};
#endif
