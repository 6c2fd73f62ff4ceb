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

/* Rows of features that are predicted at once, at least one. */
static size_t rows_at_once(const ExplainShapley *shapley)
{
    return shapley->exact ? shapley->block : shapley->block * 2 * (shapley->subject->columns.count - 1);
}

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
                  {&shapley->rows, rows_at_once(shapley), shapley->subject->inputs},
                  {&shapley->outs, rows_at_once(shapley), outputs},
                  {&shapley->worth, worth, outputs},
                  {&shapley->starts, shapley->background->count, outputs}};
    percept_status status = PERCEPT_OK;
    for (size_t i = 0; status == PERCEPT_OK && i < sizeof wanted / sizeof wanted[0]; i++)
        status = memory_allocate_zeroed(wanted[i].count, wanted[i].width * sizeof(double), "Shapley values",
                                        wanted[i].to, error);
    if (status == PERCEPT_OK && !shapley->exact)
        status = memory_allocate(shapley->block, columns * sizeof *shapley->orders, "Shapley values", &shapley->orders,
                                 error);
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
    const size_t columns = subject->columns.count, block = percept_predictor_block(subject->predictor);
    const size_t most = options->exact_most < EXPLAIN_EXACT_MOST ? options->exact_most : EXPLAIN_EXACT_MOST;
    shapley.exact = columns <= most || columns == 1;
    shapley.block = shapley.exact ? block : 1 + block / (2 * (columns - 1));
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
    memory_free(shapley->orders);
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

/* The rows on the two walks from b to x, without both ends: columns in an order, then in its reverse. */
static void lay_walks(const ExplainShapley *shapley, const double *x, const double *b, const uint32_t *order,
                      double *rows)
{
    const ExplainColumns *columns = &shapley->subject->columns;
    const size_t inputs = shapley->subject->inputs, steps = columns->count - 1;
    for (size_t walk = 0; walk < 2; walk++) {
        const double *from = b;
        for (size_t s = 0; s < steps; s++, rows += inputs) {
            memcpy(rows, from, inputs * sizeof *rows);
            explain_column_copy(columns, order[walk == 0 ? s : steps - s], x, rows);
            from = rows;
        }
    }
}

/* Adds what each step of the two walks changed to the values of the round. */
static void add_walks(ExplainShapley *shapley, const double *start, const uint32_t *order, const double *outs)
{
    const size_t outputs = shapley->subject->outputs, steps = shapley->subject->columns.count - 1;
    const double share = 0.5 / (double)shapley->background->count;
    for (size_t walk = 0; walk < 2; walk++) {
        const double *before = start;
        for (size_t s = 0; s <= steps; s++) {
            const double *after = s < steps ? outs + s * outputs : shapley->answer;
            double *value = shapley->worth + order[walk == 0 ? s : steps - s] * outputs;
            for (size_t k = 0; k < outputs; k++)
                value[k] += share * (after[k] - before[k]);
            before = after;
        }
        outs += steps * outputs;
    }
}

/* The values of one round, in worth. */
static void walk_round(ExplainShapley *shapley, const double *x, size_t round)
{
    RandomStream stream;
    const size_t columns = shapley->subject->columns.count, inputs = shapley->subject->inputs;
    const size_t outputs = shapley->subject->outputs, count = shapley->background->count, length = 2 * (columns - 1);
    explain_stream(shapley->options.seed, EXPLAIN_WALK, round, &stream);
    memset(shapley->worth, 0, columns * outputs * sizeof *shapley->worth);
    for (size_t first = 0; first < count; first += shapley->block) {
        const size_t some = count - first < shapley->block ? count - first : shapley->block;
        for (size_t b = 0; b < some; b++) {
            uint32_t *order = shapley->orders + b * columns;
            random_permutation(&stream, order, columns);
            lay_walks(shapley, x, shapley->background->features + (first + b) * inputs, order,
                      shapley->rows + b * length * inputs);
        }
        explain_predict(shapley->subject, shapley->rows, some * length, shapley->outs);
        for (size_t b = 0; b < some; b++)
            add_walks(shapley, shapley->starts + (first + b) * outputs, shapley->orders + b * columns,
                      shapley->outs + b * length * outputs);
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
