#include "cli/export_rows.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "cli/rows.h"
#include "data/source.h"
#include "recipe/data_options.h"
#include "recipe/experiment.h"
#include "store/data_record.h"

#define MOST_ROWS 1000
#define DRAWN_ROWS 100

/* ---- Of a file ---------------------------------------------------------------------------------------------------- */

/* How the file is read: as the settings say; the model knows its columns. */
static SourceOptions reading_options(const percept_recipe *recipe, const percept_model *model)
{
    SourceOptions options = data_options_source(recipe);
    options.weight = NULL;
    options.label = NULL;
    options.target_count = options.id_count = options.category_count = options.column_count = 0;
    options.missing = model->schema.fills != NULL ? MISSING_MEAN : MISSING_REFUSE;
    return options;
}

static percept_status open_reader(const char *path, const SourceOptions *options, const percept_model *model,
                                  RowReader *out, percept_error *error)
{
    const SourceFormat *format = NULL;
    ByteStream *bytes = NULL;
    percept_status status = source_format_of(path, options, &format, error);
    if (status == PERCEPT_OK && strcmp(format->name, "csv") != 0)
        return row_reader_open(path, NULL, options, model, out, error);
    if (status == PERCEPT_OK)
        status = byte_stream_open(path, &bytes, error);
    return status == PERCEPT_OK ? row_reader_create(bytes, path, options, model, NULL, 0, out, error) : status;
}

static percept_status read_rows(const char *path, const Settings *settings, const percept_model *model, CheckRows *out,
                                percept_error *error)
{
    const size_t width = network_inputs(&model->network);
    percept_recipe *recipe = NULL;
    RowReader reader = {0};
    Buffer copied = {0};
    bool end = false;
    percept_status status = percept_recipe_create(&recipe, error);
    if (status == PERCEPT_OK)
        status = settings_apply(settings, recipe, error);
    if (status == PERCEPT_OK) {
        const SourceOptions options = reading_options(recipe, model);
        status = open_reader(path, &options, model, &reader, error);
    }
    while (status == PERCEPT_OK && !end && out->rows.count < MOST_ROWS) {
        copied.size = 0;
        status = row_reader_next(&reader, out->values + out->rows.count * width, &copied, &end, error);
        out->rows.count += status == PERCEPT_OK && !end;
    }
    if (status == PERCEPT_OK && out->rows.count == 0)
        status = error_set(error, PERCEPT_ERROR_ARGUMENT, "--examples: '%.100s' has no rows", path);
    snprintf(out->origin, sizeof out->origin, "of the file");
    buffer_clear(&copied);
    row_reader_clear(&reader);
    percept_recipe_free(recipe);
    return status;
}

/* ---- Of the run --------------------------------------------------------------------------------------------------- */

/* Up to MOST_ROWS rows, spread over all of the dataset, and their classes; returns how many. */
static size_t take_rows(const percept_dataset *data, const percept_model *model, CheckRows *out)
{
    const size_t width = network_inputs(&model->network), all = percept_dataset_count(data);
    const size_t count = all < MOST_ROWS ? all : MOST_ROWS, first = out->rows.count;
    for (size_t i = 0; i < count; i++) {
        percept_dataset_features(data, i * all / count, out->values + (first + i) * width);
        out->labels[first + i] = model->class_count > 0 ? percept_dataset_label(data, i * all / count) : -1;
    }
    out->rows.count += count;
    return count;
}

/* Leaves no rows where the run's data cannot be read. */
static void load_run(const char *folder, const percept_recipe *recipe, const percept_model *model, CheckRows *out)
{
    percept_data data = {0};
    percept_error ignored;
    if (recipe != NULL && data_record_load(folder, recipe, model, &data, NULL, &ignored) == PERCEPT_OK)
        out->rows.given = take_rows(data.train, model, out);
    if (out->rows.given > 0 && out->tested && data.test != NULL)
        out->rows.tested = take_rows(data.test, model, out);
    if (out->rows.given > 0)
        snprintf(out->origin, sizeof out->origin, "of the training%s part",
                 out->rows.tested > 0 ? " and the test" : "");
    out->rows.labels = model->class_count > 0 ? out->labels : NULL;
    percept_data_free(&data);
}

static bool takes_gaps(const percept_model *model)
{
    return model->schema.fills != NULL || schema_categories(&model->schema) > 0;
}

percept_status check_rows_load(const char *source, const char *examples, const Settings *settings,
                               const percept_recipe *recipe, const percept_model *model, CheckRows *out,
                               percept_error *error)
{
    const size_t width = network_inputs(&model->network);
    percept_status status =
        memory_allocate(2 * MOST_ROWS + DRAWN_ROWS, width * sizeof(double), "rows for the check", &out->values, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(2 * MOST_ROWS, sizeof *out->labels, "labels for the check", &out->labels, error);
    if (status == PERCEPT_OK && examples != NULL)
        status = read_rows(examples, settings, model, out, error);
    if (status != PERCEPT_OK)
        return status;
    if (examples == NULL)
        load_run(source, recipe, model, out);
    if (examples != NULL)
        out->rows.given = out->rows.count;
    const size_t given = out->rows.count, length = strlen(out->origin);
    if (given == 0)
        snprintf(out->origin, sizeof out->origin, "drawn from the model's scaling");
    else if (takes_gaps(model))
        snprintf(out->origin + length, sizeof out->origin - length, ", %d of them drawn, with gaps", DRAWN_ROWS);
    if (given == 0 || takes_gaps(model)) {
        export_draw_rows(model, DRAWN_ROWS, out->values + given * width);
        out->rows.count += DRAWN_ROWS;
    }
    out->rows.values = out->values;
    return PERCEPT_OK;
}

void check_rows_clear(CheckRows *rows)
{
    memory_free(rows->values);
    memory_free(rows->labels);
    *rows = (CheckRows){0};
}
