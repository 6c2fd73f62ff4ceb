/* Table of category vectors (an embedding; C. Guo, F. Berkhahn, 2016): each value of a column has a vector of its own,
 * which is learned; unknown values of the column share one more.
 *
 *   y = table[code],   dtable[code] += dy
 *
 * The tables of the columns lie one below the other, `count` rows and that of unknown values each. They begin as
 * N(0, deviation²). Codes have no gradient. */
#include "nn/stages/codes.h"

enum { TABLE };
enum { SIZE, DEVIATION };

static void forward(const REAL(StageRun) * run, size_t begin, size_t end)
{
    const Stage *stage = run->stage;
    const size_t size = (size_t)stage->settings[SIZE];
    for (size_t i = begin; i < end; i++) {
        const real *table = REAL(stage_tensor)(run, TABLE);
        real *restrict y = run->Y + i * run->y_row;
        for (size_t j = 0; j < stage->inputs; j++) {
            const real *restrict row = table + code_of(run->X[i * run->x_row + j], stage->counts[j]) * size;
            for (size_t k = 0; k < size; k++)
                y[k] = row[k];
            y += size;
            table += ((size_t)stage->counts[j] + 1) * size;
        }
    }
}

/* Columns begin … end-1; a row's gradient is summed in the order of the examples. */
static void gradient(const REAL(StageRun) * run, size_t begin, size_t end)
{
    const Stage *stage = run->stage;
    const size_t size = (size_t)stage->settings[SIZE];
    real *table = REAL(stage_gradient)(run, TABLE);
    for (size_t j = 0; j < end; j++) {
        const size_t elements = ((size_t)stage->counts[j] + 1) * size;
        for (size_t e = 0; e < elements && j >= begin; e++)
            table[e] = 0;
        for (size_t i = 0; i < run->count && j >= begin; i++) {
            const real *restrict dy = run->dY + i * run->y_row + j * size;
            real *restrict row = table + code_of(run->X[i * run->x_row + j], stage->counts[j]) * size;
            for (size_t k = 0; k < size; k++)
                row[k] += dy[k];
        }
        table += elements;
    }
}

static void backward(const REAL(StageRun) * run, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++)
        for (size_t j = 0; j < run->stage->inputs; j++)
            run->dX[i * run->x_row + j] = 0;
}

STAGE_FUNCTIONS(table) = {forward, backward, gradient, NULL};

#if defined STAGE_ROW
static size_t outputs(const Stage *stage, size_t inputs)
{
    return inputs * (size_t)stage->settings[SIZE];
}

static size_t units(const Stage *stage)
{
    return stage->inputs;
}

static void shape(const Stage *stage, size_t *rows, size_t *columns)
{
    *rows = 0;
    *columns = (size_t)stage->settings[SIZE];
    for (size_t j = 0; j < stage->inputs; j++)
        *rows += (size_t)stage->counts[j] + 1;
}

static percept_status initialize(const Stage *stage, const StageData *data, RandomStream *stream, double *parameters,
                                 percept_error *error)
{
    (void)data, (void)error;
    for (size_t e = 0; e < stage->sizes[TABLE]; e++)
        parameters[stage->offsets[TABLE] + e] = random_normal(stream, 0, stage->settings[DEVIATION]);
    return PERCEPT_OK;
}

const StageKind table_kind = {
    .name = "table",
    .formula = "a vector that is learned, for each value of a category and for unknown ones",
    .on_features = true,
    .of_columns = true,
    .categories = true,
    .settings = {{"size", "elements of a vector", SETTING_WHOLE, 8, 1, 4096, NULL},
                 {"deviation", "of the initial elements", SETTING_NUMBER, 1, 0, 1e6, NULL}},
    .tensors = {{"weight", ROLE_TABLE, shape}},
    .outputs = outputs,
    .units = units,
    .forward = SPLIT_EXAMPLES,
    .backward = SPLIT_EXAMPLES,
    .initialize = initialize,
};
#endif
