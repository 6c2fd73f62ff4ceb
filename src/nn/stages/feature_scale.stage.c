/* Feature scale: each column times a number that is learned, y = weight ∘ x. */
#include "nn/stages/stage_build.h"

enum { WEIGHT };

static void forward(const REAL(StageRun) * run, size_t begin, size_t end)
{
    const real *restrict weight = REAL(stage_tensor)(run, WEIGHT);
    for (size_t i = begin; i < end; i++)
        for (size_t j = 0; j < run->stage->inputs; j++)
            run->Y[i * run->y_row + j] = weight[j] * run->X[i * run->x_row + j];
}

static void backward(const REAL(StageRun) * run, size_t begin, size_t end)
{
    const real *restrict weight = REAL(stage_tensor)(run, WEIGHT);
    for (size_t i = begin; i < end; i++)
        for (size_t j = 0; j < run->stage->inputs; j++)
            run->dX[i * run->x_row + j] = weight[j] * run->dY[i * run->y_row + j];
}

/* dweight = Σ_i dy ∘ x */
static void gradient(const REAL(StageRun) * run, size_t begin, size_t end)
{
    real *restrict weight = REAL(stage_gradient)(run, WEIGHT);
    for (size_t j = begin; j < end; j++)
        weight[j] = 0;
    for (size_t i = 0; i < run->count; i++)
        for (size_t j = begin; j < end; j++)
            weight[j] += run->dY[i * run->y_row + j] * run->X[i * run->x_row + j];
}

STAGE_FUNCTIONS(feature_scale) = {forward, backward, gradient, NULL};

#if defined STAGE_ROW
const StageKind feature_scale_kind = {
    .name = "feature-scale",
    .formula = "weight * x, a weight for each column",
    .on_features = true,
    .on_hidden = true,
    .tensors = {{"weight", ROLE_SCALE, NULL}},
    .forward = SPLIT_EXAMPLES,
    .backward = SPLIT_EXAMPLES,
};
#endif
