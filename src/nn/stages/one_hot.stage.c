/* One-hot encoding: a column of codes becomes an indicator for each of its values, 1 where the value is the column's and 0
 * elsewhere. An unknown value has all indicators 0. With the setting `binary`, a column of two values becomes one of -1
 * for the first and 1 for the second, and 0 for an unknown one. Codes have no gradient. */
#include "nn/stages/codes.h"

enum { BINARY };

/* Columns that a column of `count` values becomes. */
static size_t indicators(const Stage *stage, size_t column)
{
    const size_t count = stage->counts[column];
    return count == 2 && stage->settings[BINARY] != 0 ? 1 : count;
}

static void forward(const REAL(StageRun) * run, size_t begin, size_t end)
{
    const Stage *stage = run->stage;
    for (size_t i = begin; i < end; i++) {
        real *y = run->Y + i * run->y_row;
        for (size_t j = 0; j < stage->inputs; j++) {
            const size_t width = indicators(stage, j), code = code_of(run->X[i * run->x_row + j], stage->counts[j]);
            for (size_t k = 0; k < width; k++)
                y[k] = k == code ? 1 : 0;
            if (width < stage->counts[j])
                *y = code == 0 ? -1 : code == 1 ? 1 : 0;
            y += width;
        }
    }
}

static void backward(const REAL(StageRun) * run, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++)
        for (size_t j = 0; j < run->stage->inputs; j++)
            run->dX[i * run->x_row + j] = 0;
}

STAGE_FUNCTIONS(one_hot) = {forward, backward, NULL, NULL};

#if defined STAGE_ROW
static size_t outputs(const Stage *stage, size_t inputs)
{
    size_t sum = 0;
    for (size_t j = 0; j < inputs; j++)
        sum += indicators(stage, j);
    return sum;
}

const StageKind one_hot_kind = {
    .name = "one-hot",
    .formula = "an indicator for each value of a category; all 0 for an unknown one",
    .on_features = true,
    .of_columns = true,
    .categories = true,
    .settings = {{"binary", "1: a category of two values becomes one column of -1 and 1", SETTING_WHOLE, 1, 0, 1,
                  NULL}},
    .outputs = outputs,
    .forward = SPLIT_EXAMPLES,
    .backward = SPLIT_EXAMPLES,
};
#endif
