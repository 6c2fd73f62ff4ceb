/* Smooth clip (D. Holzmüller, L. Grinsztajn, I. Steinwart, 2024): numbers far out are drawn in, those near 0 stay,
 *
 *   y = x / √(1 + (x / limit)²),   |y| < limit */
#include "nn/stages/stage_build.h"

enum { LIMIT };

/* 1 + (x / limit)² */
static real spread(const REAL(StageRun) * run, real x)
{
    const real part = x / (real_scalar)run->stage->settings[LIMIT];
    return 1 + part * part;
}

static void forward(const REAL(StageRun) * run, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++)
        for (size_t j = 0; j < run->stage->inputs; j++) {
            const real x = run->X[i * run->x_row + j];
            run->Y[i * run->y_row + j] = x / sqrt(spread(run, x));
        }
}

/* dx = dy (1 + (x / limit)²)^(-3/2) */
static void backward(const REAL(StageRun) * run, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++)
        for (size_t j = 0; j < run->stage->inputs; j++) {
            const real s = spread(run, run->X[i * run->x_row + j]);
            run->dX[i * run->x_row + j] = run->dY[i * run->y_row + j] / (s * sqrt(s));
        }
}

STAGE_FUNCTIONS(smooth_clip) = {forward, backward, NULL, NULL};

#if defined STAGE_ROW
const StageKind smooth_clip_kind = {
    .name = "smooth-clip",
    .formula = "x / sqrt(1 + (x / limit)^2)",
    .on_features = true,
    .of_columns = true,
    .settings = {{"limit", "least number that is never reached", SETTING_NUMBER, 3, 1e-6, 1e6, NULL}},
    .forward = SPLIT_EXAMPLES,
    .backward = SPLIT_EXAMPLES,
};
#endif
