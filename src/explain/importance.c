#include "explain/importance.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "explain/streams.h"

/* The rows with one column shuffled, and what the model answers. */
typedef struct Shuffling {
    ExplainSubject *subject;
    const ExplainRows *rows;
    const ExplainMetric *metric;
    double *features, *answers; /* rows × inputs, rows × outputs */
    uint32_t *order;
} Shuffling;

static percept_status make_room(Shuffling *shuffling, ExplainImportance *importance, percept_error *error)
{
    const ExplainRows *rows = shuffling->rows;
    percept_status status =
        memory_allocate(rows->count, rows->inputs * sizeof(double), "the shuffled rows", &shuffling->features, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(rows->count, shuffling->subject->outputs * sizeof(double), "the outputs",
                                 &shuffling->answers, error);
    if (status == PERCEPT_OK)
        status =
            memory_allocate(rows->count, sizeof *shuffling->order, "the order of the rows", &shuffling->order, error);
    if (status == PERCEPT_OK)
        status =
            memory_allocate_zeroed(importance->count, sizeof(double), "the importances", &importance->means, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(importance->count, sizeof(double), "the importances", &importance->deviations,
                                        error);
    if (status == PERCEPT_OK)
        status = memory_allocate(importance->count, sizeof(size_t), "the importances", &importance->order, error);
    return status;
}

static percept_status measure(Shuffling *shuffling, const double *features, double *out, percept_error *error)
{
    explain_predict(shuffling->subject, features, shuffling->rows->count, shuffling->answers);
    return explain_metric_measure(shuffling->metric, shuffling->subject, shuffling->rows, shuffling->answers, out,
                                  error);
}

/* Gives row i column c of row order[i]; NULL: its own. */
static void place_column(const Shuffling *shuffling, size_t c, const uint32_t *order)
{
    const size_t inputs = shuffling->rows->inputs;
    for (size_t i = 0; i < shuffling->rows->count; i++)
        explain_column_copy(&shuffling->subject->columns, c,
                            shuffling->rows->features + (order != NULL ? order[i] : i) * inputs,
                            shuffling->features + i * inputs);
}

/* True if all rows have the same values there, and a shuffle changes nothing. */
static bool is_constant(const Shuffling *shuffling, size_t c)
{
    const ExplainColumns *columns = &shuffling->subject->columns;
    const size_t inputs = shuffling->rows->inputs;
    for (size_t at = columns->first[c]; at < columns->first[c + 1]; at++) {
        const double *values = shuffling->rows->features + columns->features[at];
        for (size_t i = 1; i < shuffling->rows->count; i++)
            if (values[i * inputs] != values[0] && !(isnan(values[i * inputs]) && isnan(values[0])))
                return false;
    }
    return true;
}

/* Mean and deviation over the repeats by Welford's recurrence (1962). */
static percept_status shuffle_column(Shuffling *shuffling, size_t c, uint64_t seed, ExplainImportance *importance,
                                     percept_error *error)
{
    RandomStream stream;
    double mean = 0, squares = 0, score = 0;
    percept_status status = PERCEPT_OK;
    if (is_constant(shuffling, c))
        return PERCEPT_OK;
    explain_stream(seed, EXPLAIN_SHUFFLE, c, &stream);
    for (size_t r = 0; status == PERCEPT_OK && r < importance->repeats; r++) {
        random_permutation(&stream, shuffling->order, shuffling->rows->count);
        place_column(shuffling, c, shuffling->order);
        status = measure(shuffling, shuffling->features, &score, error);
        const double worse = shuffling->metric->lower_is_better ? score - importance->score : importance->score - score;
        const double before = worse - mean;
        mean += before / (double)(r + 1);
        squares += before * (worse - mean);
    }
    place_column(shuffling, c, NULL);
    importance->means[c] = mean;
    importance->deviations[c] = importance->repeats > 1 ? sqrt(squares / (double)(importance->repeats - 1)) : 0;
    return status;
}

static void sort_columns(ExplainImportance *importance)
{
    for (size_t c = 0; c < importance->count; c++) { /* by insertion: stable, and columns are few */
        size_t at = c;
        for (; at > 0 && importance->means[importance->order[at - 1]] < importance->means[c]; at--)
            importance->order[at] = importance->order[at - 1];
        importance->order[at] = c;
    }
}

percept_status explain_importance(ExplainSubject *subject, const ExplainRows *rows, const ExplainMetric *metric,
                                  size_t repeats, uint64_t seed, ExplainImportance *out, percept_error *error)
{
    Shuffling shuffling = {.subject = subject, .rows = rows, .metric = metric};
    ExplainImportance importance = {.repeats = repeats, .count = subject->columns.count};
    percept_status status = make_room(&shuffling, &importance, error);
    if (status == PERCEPT_OK)
        status = measure(&shuffling, rows->features, &importance.score, error);
    if (status == PERCEPT_OK && !isfinite(importance.score))
        status = error_set(error, PERCEPT_ERROR_ARGUMENT,
                           "%s does not exist for these rows: %s; choose another metric or part", metric->title,
                           rows->labels != NULL ? "they are all of one class, or an output is NaN"
                                                : "their targets are all equal, or an output is NaN");
    if (status == PERCEPT_OK)
        memcpy(shuffling.features, rows->features, rows->count * rows->inputs * sizeof *rows->features);
    for (size_t c = 0; status == PERCEPT_OK && c < importance.count; c++)
        status = shuffle_column(&shuffling, c, seed, &importance, error);
    memory_free(shuffling.order);
    memory_free(shuffling.answers);
    memory_free(shuffling.features);
    if (status == PERCEPT_OK) {
        sort_columns(&importance);
        *out = importance;
    } else {
        explain_importance_clear(&importance);
    }
    return status;
}

void explain_importance_clear(ExplainImportance *importance)
{
    memory_free(importance->means);
    memory_free(importance->deviations);
    memory_free(importance->order);
    *importance = (ExplainImportance){0};
}
