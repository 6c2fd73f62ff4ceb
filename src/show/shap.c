/* How far each column moved the answers for many rows: Shapley values (explain/shapley.h) as swarms of points, after
 * S. M. Lundberg's summary plots. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/number_text.h"
#include "explain/shapley.h"
#include "plot/swarm.h"
#include "show/explained.h"
#include "show/kinds.h"

/* Swarms; rows that are explained; background rows; rounds of sampling. */
#define SWARMS 12
#define LEAST_ROWS 30
#define MOST_ROWS 300
#define BACKGROUND 40
#define EXACT_MOST 6
#define ROUNDS 4

typedef struct Swarms {
    ShowExplained explained;
    ExplainRows background;
    ExplainShapley shapley;
    double *values; /* columns × rows */
    double *tones;  /* columns × rows */
    double *means;  /* columns: mean size of the values */
    size_t *order;  /* columns by falling mean size */
    double error;   /* the largest standard error */
} Swarms;

static percept_status make_room(Swarms *swarms, percept_error *error)
{
    const size_t columns = swarms->explained.subject.columns.count, rows = swarms->explained.rows.count;
    percept_status status = memory_allocate(columns, rows * sizeof(double), "the values", &swarms->values, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(columns, rows * sizeof(double), "the values", &swarms->tones, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(columns, sizeof(double), "the values", &swarms->means, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(columns, sizeof *swarms->order, "the values", &swarms->order, error);
    return status;
}

static void take_values(Swarms *swarms)
{
    const ShowExplained *explained = &swarms->explained;
    const size_t columns = explained->subject.columns.count, rows = explained->rows.count;
    for (size_t i = 0; i < rows; i++) {
        explain_shapley_row(&swarms->shapley, explained->rows.features + i * explained->rows.inputs);
        for (size_t c = 0; c < columns; c++) {
            const size_t place = c * explained->subject.outputs + explained->output;
            swarms->values[c * rows + i] = swarms->shapley.values[place];
            swarms->means[c] += fabs(swarms->shapley.values[place]) / (double)rows;
            swarms->error = fmax(swarms->error, swarms->shapley.errors[place]);
        }
    }
    for (size_t c = 0; c < columns; c++) { /* by insertion: stable, and columns are few */
        size_t at = c;
        for (; at > 0 && swarms->means[swarms->order[at - 1]] < swarms->means[c]; at--)
            swarms->order[at] = swarms->order[at - 1];
        swarms->order[at] = c;
    }
}

typedef struct Ranked {
    double value;
    size_t row;
} Ranked;

static int smaller_first(const void *left, const void *right)
{
    const Ranked *a = left, *b = right;
    return a->value != b->value ? (a->value > b->value) - (a->value < b->value) : (a->row > b->row) - (a->row < b->row);
}

/* The tone of a number is its rank among the rows, so that outliers leave the others apart; equal numbers have the tone
 * in their middle. Categories and missing values have none. */
static percept_status find_tones(Swarms *swarms, bool *grey, percept_error *error)
{
    const ShowExplained *explained = &swarms->explained;
    const size_t rows = explained->rows.count;
    Ranked *ranked = NULL;
    percept_status status = memory_allocate(rows, sizeof *ranked, "a column", &ranked, error);
    for (size_t c = 0; status == PERCEPT_OK && c < explained->subject.columns.count; c++) {
        const size_t feature = explain_column_feature(&explained->subject.columns, c);
        const bool category = schema_is_category(&explained->run->model->schema, feature);
        size_t count = 0;
        for (size_t i = 0; i < rows; i++) {
            const double value = explain_column_key(&explained->run->model->schema, &explained->subject.columns, c,
                                                    explained->rows.features + i * explained->rows.inputs);
            swarms->tones[c * rows + i] = NAN;
            if (!category && !isnan(value))
                ranked[count++] = (Ranked){value, i};
        }
        *grey = *grey || count < rows;
        qsort(ranked, count, sizeof *ranked, smaller_first);
        for (size_t first = 0, end = 0; first < count; first = end) {
            while (end < count && ranked[end].value == ranked[first].value)
                end++;
            const double low = (double)first, high = (double)count - (double)end;
            for (size_t i = first; i < end; i++)
                swarms->tones[c * rows + ranked[i].row] = low + high > 0 ? low / (low + high) : 0.5;
        }
    }
    memory_free(ranked);
    return status;
}

static percept_status draw(const Swarms *swarms, bool grey, const ShowOptions *options, const char *folder,
                           const char *name, percept_error *error)
{
    const ShowExplained *explained = &swarms->explained;
    const size_t columns = explained->subject.columns.count, rows = explained->rows.count;
    const size_t most = options->count > 0 ? options->count : SWARMS, shown = columns < most ? columns : most;
    SwarmRow *list = NULL;
    char output[SHOW_OUTPUT_SIZE], axis[SHOW_OUTPUT_SIZE + 80], title[200], note[240];
    percept_status status = memory_allocate(shown, sizeof *list, "a picture", &list, error);
    for (size_t i = 0; status == PERCEPT_OK && i < shown; i++) {
        const size_t c = swarms->order[i];
        list[i] = (SwarmRow){explained->subject.columns.names[c], swarms->values + c * rows, swarms->tones + c * rows};
    }
    show_output_name(explained, output);
    snprintf(axis, sizeof axis, "moves %s by (SHAP value)", output);
    snprintf(title, sizeof title, "How far each column moves %s from %.4g, its mean", output,
             swarms->shapley.baseline[explained->output]);
    size_t used = (size_t)snprintf(note, sizeof note, "%s rows of the %s part", text_count(rows).text, explained->part);
    if (shown < columns)
        used += (size_t)snprintf(note + used, sizeof note - used, "; the first %zu of %zu columns", shown, columns);
    if (!swarms->shapley.exact)
        snprintf(note + used, sizeof note - used, "; sampled, standard error at most %.2g", swarms->error);
    const SwarmPicture picture = {.title = options->title != NULL ? options->title : title,
                                  .note = note,
                                  .axis = axis,
                                  .name_column = "column",
                                  .value_column = "moved_by",
                                  .tone_column = "rank_of_value",
                                  .tone_words = "value of the column, low to high",
                                  .grey_words = grey ? "category or missing" : NULL,
                                  .rows = list,
                                  .row_count = shown,
                                  .point_count = rows};
    if (status == PERCEPT_OK)
        status = plot_swarm(folder, name, &picture, error);
    memory_free(list);
    return status;
}

percept_status show_shap(const ShowRun *runs, size_t count, const ShowOptions *options, const char *folder,
                         const char *name, percept_error *error)
{
    Swarms swarms = {0};
    bool grey = false;
    const ExplainShapleyOptions sampling = {
        .exact_most = EXACT_MOST, .rounds_least = ROUNDS, .rounds_most = ROUNDS, .seed = options->seed};
    (void)count;
    percept_status status = show_explained_open(&runs[0], options, 2 * ROUNDS * BACKGROUND, LEAST_ROWS, MOST_ROWS,
                                                &swarms.explained, error);
    if (status == PERCEPT_OK)
        status = make_room(&swarms, error);
    if (status == PERCEPT_OK)
        status = explain_rows_take(runs[0].data->train, BACKGROUND, options->seed, &swarms.background, error);
    if (status == PERCEPT_OK)
        status =
            explain_shapley_create(&swarms.explained.subject, &swarms.background, &sampling, &swarms.shapley, error);
    if (status == PERCEPT_OK) {
        take_values(&swarms);
        status = find_tones(&swarms, &grey, error);
    }
    if (status == PERCEPT_OK)
        status = draw(&swarms, grey, options, folder, name, error);
    explain_shapley_clear(&swarms.shapley);
    explain_rows_clear(&swarms.background);
    show_explained_close(&swarms.explained);
    memory_free(swarms.values);
    memory_free(swarms.tones);
    memory_free(swarms.means);
    memory_free(swarms.order);
    return status;
}
