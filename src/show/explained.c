#include "show/explained.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "recipe/value.h"
#include "show/from_run.h"

/* Shuffles and rows for choosing the most important columns. */
#define REPEATS 2
#define ROWS 500

percept_status show_explained_open(const ShowRun *run, const ShowOptions *options, size_t predictions, size_t least,
                                   size_t most, ShowExplained *out, percept_error *error)
{
    ShowExplained explained = {.run = run};
    size_t height = 0, width = 0;
    if (show_image_size(run, &height, &width, NULL) == PERCEPT_OK)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "the examples of '%s' are pictures, which have no columns; draw saliency or weights",
                         run->name);
    percept_status status = show_part(run, options, &explained.data, &explained.part, error);
    if (status == PERCEPT_OK)
        status = explain_subject_create(run->model, false, 0, &explained.subject, error);
    const size_t each = predictions * explained.subject.columns.count;
    if (status == PERCEPT_OK && explain_takes_minutes(&explained.subject, each * least))
        status =
            error_set(error, PERCEPT_ERROR_ARGUMENT,
                      "the picture would take minutes for the %zu columns of '%.100s'; percept explain answers for "
                      "single columns and rows",
                      explained.subject.columns.count, run->name);
    if (status == PERCEPT_OK) {
        const size_t rows = explain_rows_in_time(&explained.subject, each, least, most);
        status = explain_rows_take(explained.data, rows, options->seed, &explained.rows, error);
    }
    explained.output = run->model->class_count == 2 ? 1 : 0;
    if (status == PERCEPT_OK && options->output != NULL)
        status = explain_output_find(&explained.subject, options->output, &explained.output, error);
    if (status == PERCEPT_OK)
        *out = explained;
    else
        show_explained_close(&explained);
    return status;
}

void show_explained_close(ShowExplained *explained)
{
    explain_rows_clear(&explained->rows);
    explain_subject_clear(&explained->subject);
    *explained = (ShowExplained){0};
}

void show_output_name(const ShowExplained *explained, char text[SHOW_OUTPUT_SIZE])
{
    char number[SCHEMA_NAME_SIZE];
    snprintf(text, SHOW_OUTPUT_SIZE, explained->subject.probabilities ? "P(%.100s)" : "%.100s",
             explain_output_name(&explained->subject, explained->output, number));
}

static percept_status find_columns(const ShowExplained *explained, const char *names, size_t most, size_t *columns,
                                   size_t *count, percept_error *error)
{
    Value list = {0};
    percept_status status = value_parse(recipe_key_find("data.drop"), names, &list, error);
    if (status == PERCEPT_OK && list.count > most)
        status = error_set(error, PERCEPT_ERROR_ARGUMENT, "--columns names %zu columns, but a picture has %zu at most",
                           list.count, most);
    for (size_t i = 0; status == PERCEPT_OK && i < list.count; i++)
        status = explain_column_find(&explained->run->model->schema, &explained->subject.columns, list.items.texts[i],
                                     &columns[i], error);
    *count = list.count;
    value_clear(&list);
    return status;
}

percept_status show_columns(ShowExplained *explained, const ShowOptions *options, size_t most, size_t *columns,
                            size_t *count, percept_error *error)
{
    const ExplainMetric *metric = NULL;
    ExplainImportance importance = {0};
    ExplainRows rows = {0};
    if (options->columns != NULL)
        return find_columns(explained, options->columns, most, columns, count, error);
    percept_status status = explain_metric_find(&explained->subject, NULL, &metric, error);
    if (status == PERCEPT_OK)
        status = explain_rows_take(explained->data, ROWS, options->seed, &rows, error);
    if (status == PERCEPT_OK)
        status = explain_importance(&explained->subject, &rows, metric, REPEATS, options->seed, &importance, error);
    *count = importance.count < most ? importance.count : most;
    for (size_t i = 0; status == PERCEPT_OK && i < *count; i++)
        columns[i] = importance.order[i];
    explain_importance_clear(&importance);
    explain_rows_clear(&rows);
    return status;
}
