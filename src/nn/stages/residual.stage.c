/* Residual link (K. He et al., 2016): y = x + what went into an earlier layer. The gradient goes both ways unchanged: the
 * engine adds dY to that of the linked side. */
#include "nn/stages/stage_build.h"

static void forward(const REAL(StageRun) * run, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++)
        for (size_t j = 0; j < run->stage->inputs; j++)
            run->Y[i * run->y_row + j] = run->X[i * run->x_row + j] + run->linked[i * run->linked_row + j];
}

static void backward(const REAL(StageRun) * run, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++)
        for (size_t j = 0; j < run->stage->inputs; j++)
            run->dX[i * run->x_row + j] = run->dY[i * run->y_row + j];
}

STAGE_FUNCTIONS(residual) = {forward, backward, NULL, NULL};

#if defined STAGE_ROW
const StageKind residual_kind = {
    .name = "residual",
    .formula = "x + the input of an earlier layer",
    .on_hidden = true,
    .after = true,
    .links = true,
    .forward = SPLIT_EXAMPLES,
    .backward = SPLIT_EXAMPLES,
};
#endif
