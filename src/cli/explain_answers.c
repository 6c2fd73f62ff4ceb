/* percept explain: why the model gave the answers to single rows. */
#include <stdint.h>
#include <stdio.h>

#include "base/memory.h"
#include "cli/explain_opened.h"
#include "cli/explain_rows.h"
#include "cli/message.h"
#include "cli/row_source.h"

/* Rows that are explained as text unless --rows names others. */
#define ROWS_TEXT 5

/* Rows of the background, unless the user gives a number. */
#define BACKGROUND_LEAST 10
#define BACKGROUND_MOST 100

/* The answer that the data have for a row. */
static const char *known_answer(const ExplainOpened *opened, const ExplainRows *rows, size_t i, size_t output,
                                char number[SCHEMA_NAME_SIZE])
{
    if (rows->labels != NULL && opened->model->class_count > 0)
        return percept_model_class_name(opened->model, (size_t)rows->labels[i]);
    if (rows->targets == NULL)
        return NULL;
    const size_t target = output / network_outputs_of_target(&opened->model->network);
    snprintf(number, SCHEMA_NAME_SIZE, "%.6g", rows->targets[i * rows->target_width + target]);
    return number;
}

static percept_status explain_range(const ExplainArguments *arguments, ExplainOpened *opened, const ExplainRows *rows,
                                    ExplainShapley *shapley, RowRange range, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    if (range.first > rows->count || (range.last > rows->count && range.last < SIZE_MAX))
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "--rows asks for row %zu, but '%.80s' has %zu",
                         range.first > rows->count ? range.first : range.last, opened->explanation.data, rows->count);
    const size_t end = range.last < rows->count ? range.last : rows->count;
    for (size_t i = range.first - 1; status == PERCEPT_OK && i < end; i++) {
        char number[SCHEMA_NAME_SIZE];
        ExplainedRow row = {.number = i + 1,
                            .features = rows->features + i * rows->inputs,
                            .background = !opened->loaded || opened->whole ? "the same data" : "the training part"};
        explain_shapley_row(shapley, row.features);
        status = explain_choose_output(arguments, opened, shapley->answer, &row.output, error);
        row.known = known_answer(opened, rows, i, row.output, number);
        if (i >= range.first && !arguments->json)
            fputc('\n', opened->explanation.stream);
        if (status == PERCEPT_OK)
            status = explanation_print_row(&opened->explanation, shapley, &row, error);
    }
    if (status == PERCEPT_OK && arguments->rows == NULL && end < rows->count)
        fprintf(opened->explanation.stream, "\n(rows 1 to %zu of %zu; --rows names others)\n", end, rows->count);
    return status;
}

/* The rows of FILE, or of the part. */
static percept_status read_rows(const ExplainArguments *arguments, ExplainOpened *opened, ExplainRows *rows,
                                percept_error *error)
{
    SourceOptions options;
    RowReader reader = {0};
    char extra[COLUMNS_EXTRA_SIZE], unknown[CATEGORIES_NOTE_SIZE];
    if (arguments->path == NULL)
        return explain_rows_take(data_choice_part(&opened->data, opened->part), SIZE_MAX, 0, rows, error);
    percept_status status = opened->recipe == NULL ? percept_recipe_create(&opened->recipe, error) : PERCEPT_OK;
    if (status == PERCEPT_OK)
        status = settings_apply(&arguments->settings, opened->recipe, error);
    if (status == PERCEPT_OK)
        status = row_source_options(&arguments->settings, opened->recipe, opened->model, &options, error);
    if (status == PERCEPT_OK)
        status = row_source_open(arguments->path, recipe_text(opened->recipe, "data.directory"), &options,
                                 opened->model, &reader, error);
    if (status == PERCEPT_OK)
        status = explain_rows_read(&reader, SIZE_MAX, rows, error);
    if (status == PERCEPT_OK && reader.data == NULL) {
        columns_describe_extra(&reader.columns, reader.csv.names, extra);
        if (extra[0] != '\0')
            warn("%s: %s", row_source_name(arguments->path), extra);
    }
    if (status == PERCEPT_OK)
        status = row_reader_unknown(&reader, unknown, error);
    if (status == PERCEPT_OK && unknown[0] != '\0')
        warn("%s: %s", row_source_name(arguments->path), unknown);
    row_reader_clear(&reader);
    opened->explanation.data = row_source_name(arguments->path);
    opened->explanation.part = opened->explanation.part_title = NULL;
    return status;
}

/* Rows of the background: as many as asked for, else 100, or fewer if a row would take more than some seconds. */
static size_t choose_background(const ExplainArguments *arguments, const ExplainSubject *subject,
                                const ExplainShapleyOptions *options)
{
    const size_t columns = subject->columns.count;
    const size_t each = columns <= options->exact_most ? (size_t)1 << columns : 2 * columns * options->rounds_least;
    return arguments->background < SIZE_MAX ? arguments->background
                                            : explain_rows_in_time(subject, each, BACKGROUND_LEAST, BACKGROUND_MOST);
}

percept_status explain_answers(const ExplainArguments *arguments, ExplainOpened *opened, percept_error *error)
{
    ExplainRows rows = {0}, background = {0};
    ExplainShapley shapley = {0};
    ExplainShapleyOptions options = explain_shapley_defaults();
    RowRange range = {1, arguments->json ? SIZE_MAX : ROWS_TEXT};
    percept_status status = arguments->rows != NULL ? row_range_parse(arguments->rows, &range, error) : PERCEPT_OK;
    options.seed = arguments->seed;
    options.error = arguments->error;
    if (status == PERCEPT_OK)
        status = read_rows(arguments, opened, &rows, error);
    if (status == PERCEPT_OK && rows.count == 0)
        status = error_set(error, PERCEPT_ERROR_ARGUMENT, "'%.100s' has no rows", opened->explanation.data);
    const size_t most = choose_background(arguments, &opened->subject, &options);
    if (status == PERCEPT_OK)
        status = opened->loaded ? explain_rows_take(opened->data.train, most, arguments->seed, &background, error)
                                : explain_rows_sample(&rows, most, arguments->seed, &background, error);
    if (status == PERCEPT_OK)
        status = explain_shapley_create(&opened->subject, &background, &options, &shapley, error);
    if (status == PERCEPT_OK && arguments->rows == NULL && !arguments->json && range.last > rows.count)
        range.last = rows.count;
    if (status == PERCEPT_OK)
        status = explain_range(arguments, opened, &rows, &shapley, range, error);
    explain_shapley_clear(&shapley);
    explain_rows_clear(&background);
    explain_rows_clear(&rows);
    return status;
}
