#include "explain/shapley.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "explain/streams.h"

ExplainShapleyOptions explain_shapley_defaults(void)
{
    return (ExplainShapleyOptions){.exact_most = 10, .error = 0.01, .rounds_least = 4, .rounds_most = 64};
}

/* ---- Room --------------------------------------------------------------------------------------------------------- */

static percept_status make_room(ExplainShapley *shapley, percept_error *error)
{
    const size_t columns = shapley->subject->columns.count, outputs = shapley->subject->outputs;
    const size_t worth = shapley->exact ? (size_t)1 << columns : columns;
    const struct {
        double **to;
        size_t count, width;
    } wanted[] = {{&shapley->values, columns, outputs},
                  {&shapley->errors, columns, outputs},
                  {&shapley->baseline, 1, outputs},
                  {&shapley->deviations, 1, outputs},
                  {&shapley->answer, 1, outputs},
                  {&shapley->rows, 1 + shapley->block, shapley->subject->inputs},
                  {&shapley->outs, 1 + shapley->block, outputs},
                  {&shapley->worth, worth, outputs},
                  {&shapley->starts, shapley->background->count, outputs}};
    percept_status status = PERCEPT_OK;
    for (size_t i = 0; status == PERCEPT_OK && i < sizeof wanted / sizeof wanted[0]; i++)
        status = memory_allocate_zeroed(wanted[i].count, wanted[i].width * sizeof(double), "Shapley values",
                                        wanted[i].to, error);
    if (status == PERCEPT_OK && !shapley->exact)
        status = memory_allocate(columns, sizeof *shapley->order, "Shapley values", &shapley->order, error);
    if (status == PERCEPT_OK && !shapley->exact)
        status = memory_allocate(shapley->block, 2 * sizeof *shapley->taken, "Shapley values", &shapley->taken, error);
    return status;
}

/* Mean and deviation of the answers over the background. */
static void measure_background(ExplainShapley *shapley)
{
    const size_t count = shapley->background->count, outputs = shapley->subject->outputs;
    explain_predict(shapley->subject, shapley->background->features, count, shapley->starts);
    for (size_t k = 0; k < outputs; k++) {
        double mean = 0, squares = 0;
        for (size_t b = 0; b < count; b++)
            mean += shapley->starts[b * outputs + k] / (double)count;
        for (size_t b = 0; b < count; b++) {
            const double beside = shapley->starts[b * outputs + k] - mean;
            squares += beside * beside / (double)count;
        }
        shapley->baseline[k] = mean;
        shapley->deviations[k] = sqrt(squares);
    }
}

percept_status explain_shapley_create(ExplainSubject *subject, const ExplainRows *background,
                                      const ExplainShapleyOptions *options, ExplainShapley *out, percept_error *error)
{
    ExplainShapley shapley = {.subject = subject, .background = background, .options = *options};
    const size_t columns = subject->columns.count;
    const size_t most = options->exact_most < EXPLAIN_EXACT_MOST ? options->exact_most : EXPLAIN_EXACT_MOST;
    shapley.exact = columns <= most || columns == 1;
    shapley.block = percept_predictor_block(subject->predictor);
    percept_status status = make_room(&shapley, error);
    if (status == PERCEPT_OK) {
        measure_background(&shapley);
        *out = shapley;
    } else {
        explain_shapley_clear(&shapley);
    }
    return status;
}

void explain_shapley_clear(ExplainShapley *shapley)
{
    memory_free(shapley->values);
    memory_free(shapley->errors);
    memory_free(shapley->baseline);
    memory_free(shapley->deviations);
    memory_free(shapley->answer);
    memory_free(shapley->rows);
    memory_free(shapley->outs);
    memory_free(shapley->worth);
    memory_free(shapley->starts);
    memory_free(shapley->order);
    memory_free(shapley->taken);
    *shapley = (ExplainShapley){0};
}

/* ---- Exact -------------------------------------------------------------------------------------------------------- */

/* to = x where a column's bit is set in the coalition, else b. */
static void mix(const ExplainShapley *shapley, const double *x, const double *b, size_t coalition, double *to)
{
    const ExplainColumns *columns = &shapley->subject->columns;
    for (size_t c = 0; c < columns->count; c++)
        explain_column_copy(columns, c, (coalition >> c & 1) != 0 ? x : b, to);
}

/* v of every coalition but the empty and the full one: mixtures are predicted block by block, and added up by
 * background row. */
static void measure_coalitions(ExplainShapley *shapley, const double *x)
{
    const size_t inputs = shapley->subject->inputs, outputs = shapley->subject->outputs;
    const size_t mixed = ((size_t)1 << shapley->subject->columns.count) - 2, count = shapley->background->count;
    memset(shapley->worth, 0, (mixed + 2) * outputs * sizeof *shapley->worth);
    for (size_t first = 0; first < mixed * count; first += shapley->block) {
        const size_t left = mixed * count - first, some = left < shapley->block ? left : shapley->block;
        for (size_t i = 0; i < some; i++)
            mix(shapley, x, shapley->background->features + (first + i) / mixed * inputs, (first + i) % mixed + 1,
                shapley->rows + i * inputs);
        explain_predict(shapley->subject, shapley->rows, some, shapley->outs);
        for (size_t i = 0; i < some; i++)
            for (size_t k = 0; k < outputs; k++)
                shapley->worth[((first + i) % mixed + 1) * outputs + k] +=
                    shapley->outs[i * outputs + k] / (double)count;
    }
}

/* φ_j = Σ over S without j of |S|! (M - |S| - 1)! / M! · (v(S and j) - v(S)) */
static void weigh_coalitions(ExplainShapley *shapley)
{
    const size_t columns = shapley->subject->columns.count, outputs = shapley->subject->outputs;
    double weights[EXPLAIN_EXACT_MOST];
    weights[0] = 1 / (double)columns;
    for (size_t s = 1; s < columns; s++)
        weights[s] = weights[s - 1] * (double)s / (double)(columns - s);
    memset(shapley->values, 0, columns * outputs * sizeof *shapley->values);
    for (size_t coalition = 0; coalition < (size_t)1 << columns; coalition++) {
        const double *without = shapley->worth + coalition * outputs;
        for (size_t c = 0; c < columns; c++)
            for (size_t k = 0; k < outputs && (coalition >> c & 1) == 0; k++)
                shapley->values[c * outputs + k] +=
                    weights[__builtin_popcountll(coalition)] * (without[(outputs << c) + k] - without[k]);
    }
}

static void explain_exactly(ExplainShapley *shapley, const double *x)
{
    const size_t outputs = shapley->subject->outputs;
    const size_t full = ((size_t)1 << shapley->subject->columns.count) - 1;
    measure_coalitions(shapley, x);
    memcpy(shapley->worth, shapley->baseline, outputs * sizeof *shapley->worth);
    for (size_t b = 0; b < shapley->background->count;
         b++) /* rounded as the others are: unused columns are exactly 0 */
        for (size_t k = 0; k < outputs; k++)
            shapley->worth[full * outputs + k] += shapley->answer[k] / (double)shapley->background->count;
    weigh_coalitions(shapley);
}

/* ---- Sampled ------------------------------------------------------------------------------------------------------ */

/* Row n of a round is a step of a walk from a background row to x: a walk has columns - 1 rows between its ends, and two
 * walks follow each other for each background row, the second with its columns in reverse order. */
typedef struct Step {
    size_t background, walk, step;
} Step;

static Step step_of(const ExplainShapley *shapley, size_t n)
{
    const size_t steps = shapley->subject->columns.count - 1;
    return (Step){n / (2 * steps), n / steps % 2, n % steps};
}

/* Lays row n, the `i`th of its block: the row before it, with one column more of x. */
static void lay_row(ExplainShapley *shapley, const double *x, size_t n, size_t i, RandomStream *stream)
{
    const ExplainColumns *columns = &shapley->subject->columns;
    const size_t inputs = shapley->subject->inputs, last = columns->count - 1;
    const Step at = step_of(shapley, n);
    double *row = shapley->rows + (1 + i) * inputs;
    if (at.walk == 0 && at.step == 0)
        random_permutation(stream, shapley->order, columns->count);
    memcpy(row, at.step == 0 ? shapley->background->features + at.background * inputs : row - inputs,
           inputs * sizeof *row);
    shapley->taken[2 * i] = shapley->order[at.walk == 0 ? at.step : last - at.step];
    shapley->taken[2 * i + 1] = shapley->order[at.walk == 0 ? last : 0];
    explain_column_copy(columns, shapley->taken[2 * i], x, row);
}

/* Adds what the step to row n changed, and after the last one of a walk what the step to x changes. */
static void add_row(ExplainShapley *shapley, size_t n, size_t i)
{
    const size_t outputs = shapley->subject->outputs;
    const Step at = step_of(shapley, n);
    const double share = 0.5 / (double)shapley->background->count;
    const double *after = shapley->outs + (1 + i) * outputs;
    const double *before = at.step == 0 ? shapley->starts + at.background * outputs : after - outputs;
    double *value = shapley->worth + shapley->taken[2 * i] * outputs;
    for (size_t k = 0; k < outputs; k++)
        value[k] += share * (after[k] - before[k]);
    value = shapley->worth + shapley->taken[2 * i + 1] * outputs;
    for (size_t k = 0; k < outputs && at.step + 2 == shapley->subject->columns.count; k++)
        value[k] += share * (shapley->answer[k] - after[k]);
}

/* The values of one round, in worth. */
static void walk_round(ExplainShapley *shapley, const double *x, size_t round)
{
    RandomStream stream;
    const size_t columns = shapley->subject->columns.count, inputs = shapley->subject->inputs;
    const size_t outputs = shapley->subject->outputs, all = 2 * (columns - 1) * shapley->background->count;
    explain_stream(shapley->options.seed, EXPLAIN_WALK, round, &stream);
    memset(shapley->worth, 0, columns * outputs * sizeof *shapley->worth);
    for (size_t first = 0; first < all; first += shapley->block) {
        const size_t some = all - first < shapley->block ? all - first : shapley->block;
        for (size_t i = 0; i < some; i++)
            lay_row(shapley, x, first + i, i, &stream);
        explain_predict(shapley->subject, shapley->rows + inputs, some, shapley->outs + outputs);
        for (size_t i = 0; i < some; i++)
            add_row(shapley, first + i, i);
        memcpy(shapley->rows, shapley->rows + some * inputs, inputs * sizeof *shapley->rows);
        memcpy(shapley->outs, shapley->outs + some * outputs, outputs * sizeof *shapley->outs);
    }
}

/* Takes a round into means and sums of squares (Welford, 1962), which `errors` holds while sampling. */
static void take_round(ExplainShapley *shapley)
{
    const size_t all = shapley->subject->columns.count * shapley->subject->outputs;
    shapley->rounds++;
    for (size_t i = 0; i < all; i++) {
        const double before = shapley->worth[i] - shapley->values[i];
        shapley->values[i] += before / (double)shapley->rounds;
        shapley->errors[i] += before * (shapley->worth[i] - shapley->values[i]);
    }
}

static double standard_error(const ExplainShapley *shapley, size_t i)
{
    const double rounds = (double)shapley->rounds;
    return shapley->rounds > 1 ? sqrt(shapley->errors[i] / (rounds - 1) / rounds) : NAN;
}

static bool is_close(const ExplainShapley *shapley)
{
    const size_t outputs = shapley->subject->outputs, all = shapley->subject->columns.count * outputs;
    for (size_t i = 0; i < all; i++)
        if (!(standard_error(shapley, i) <= shapley->options.error * shapley->deviations[i % outputs]))
            return false;
    return true;
}

static void explain_by_walks(ExplainShapley *shapley, const double *x)
{
    const size_t all = shapley->subject->columns.count * shapley->subject->outputs;
    memset(shapley->values, 0, all * sizeof *shapley->values);
    memset(shapley->errors, 0, all * sizeof *shapley->errors);
    shapley->rounds = 0;
    shapley->reached = false;
    while (shapley->rounds < shapley->options.rounds_most && !shapley->reached) {
        walk_round(shapley, x, shapley->rounds);
        take_round(shapley);
        shapley->reached = shapley->rounds >= shapley->options.rounds_least && is_close(shapley);
    }
    for (size_t i = 0; i < all; i++)
        shapley->errors[i] = standard_error(shapley, i);
}

void explain_shapley_row(ExplainShapley *shapley, const double *row)
{
    explain_predict(shapley->subject, row, 1, shapley->answer);
    shapley->reached = true;
    if (shapley->exact)
        explain_exactly(shapley, row);
    else
        explain_by_walks(shapley, row);
}
