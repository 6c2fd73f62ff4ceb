#include "cli/rows.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "data/csv_left.h"
#include "data/source.h"

/* Bytes that a line may have, for each number and all in all: far more than numbers need. */
#define NUMBER_BYTES 64
#define LINE_LEAST ((size_t)1 << 18)

/* Bytes by which the copied texts grow. */
#define COPIED_STEP 4096

/* ---- A table ----------------------------------------------------------------------------------------------------- */

/* The columns that identify rows, then those that are asked for; each once. */
static percept_status choose_copied(RowReader *reader, const char *const *copy, size_t copy_count, percept_error *error)
{
    const CsvReader *csv = &reader->csv;
    Columns *columns = &reader->columns;
    CopiedColumns *copied = &reader->copied;
    percept_status status = memory_allocate(columns->count + copy_count, sizeof *copied->columns, "the columns to copy",
                                            &copied->columns, error);
    for (size_t c = 0; status == PERCEPT_OK && c < columns->count; c++)
        if (columns->list[c].id)
            copied->columns[copied->count++] = c;
    for (size_t i = 0; status == PERCEPT_OK && i < copy_count; i++) {
        size_t c = 0;
        status = columns_find(csv->name, columns->count, csv->names, "--copy", copy[i], &c, error);
        if (status == PERCEPT_OK && !columns->list[c].id)
            copied->columns[copied->count++] = c;
        if (status == PERCEPT_OK)
            columns_use(columns, c);
    }
    return status;
}

static percept_status name_copied(RowReader *reader, percept_error *error)
{
    CopiedColumns *copied = &reader->copied;
    char *const *header = reader->csv.names;
    const char **names = NULL;
    char(*texts)[SCHEMA_NAME_SIZE] = NULL;
    percept_status status = memory_allocate(copied->count, sizeof *names, "the names", &names, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(copied->count, sizeof *texts, "the names", &texts, error);
    for (size_t k = 0; status == PERCEPT_OK && k < copied->count; k++) {
        snprintf(texts[k], SCHEMA_NAME_SIZE, "column %zu", copied->columns[k] + 1);
        names[k] = header != NULL ? header[copied->columns[k]] : texts[k];
    }
    if (status == PERCEPT_OK)
        status = names_copy(names, copied->count, &copied->names, error);
    memory_free(names);
    memory_free(texts);
    return status;
}

percept_status row_state_create(const RowReader *reader, RowState *out, percept_error *error)
{
    percept_status status = csv_categories_create(&reader->columns, &reader->model->schema, &out->categories, error);
    return status == PERCEPT_OK ? csv_dates_create(&reader->csv, &reader->columns, &out->dates, error) : status;
}

void row_state_clear(RowState *state)
{
    csv_categories_clear(&state->categories);
    csv_dates_clear(&state->dates);
}

void row_reader_join(RowReader *reader, const RowState *state)
{
    csv_categories_join(&reader->state.categories, &state->categories);
    csv_dates_join(&reader->state.dates, &state->dates);
}

static percept_status find_columns(RowReader *reader, const SourceOptions *options, const char *const *copy,
                                   size_t copy_count, percept_error *error)
{
    const CsvReader *csv = &reader->csv;
    SourceOptions features = *options;
    features.label = "none";
    features.targets = NULL;
    features.target_count = 0;
    features.weight = NULL;
    percept_status status = csv_left_assign(csv, &features, &reader->columns, error);
    if (status == PERCEPT_OK)
        status = row_state_create(reader, &reader->state, error);
    if (status == PERCEPT_OK)
        status = choose_copied(reader, copy, copy_count, error);
    return status == PERCEPT_OK ? name_copied(reader, error) : status;
}

percept_status row_reader_create(ByteStream *stream, const char *name, const SourceOptions *options,
                                 const percept_model *model, const char *const *copy, size_t copy_count, RowReader *out,
                                 percept_error *error)
{
    const size_t inputs = percept_model_inputs(model);
    RowReader reader = {.model = model, .missing = options->missing};
    SourceOptions reading = *options;
    size_t longest = 0;
    source_read_for(&reading, &model->schema);
    if (__builtin_mul_overflow(inputs, (size_t)NUMBER_BYTES, &longest) || longest > SIZE_MAX - LINE_LEAST) {
        byte_stream_close(stream);
        return error_set(error, PERCEPT_ERROR_MEMORY, "a row of %zu numbers is longer than memory", inputs);
    }
    percept_status status = csv_reader_open(stream, name, &reading, longest + LINE_LEAST, &reader.csv, error);
    if (status == PERCEPT_OK && reader.csv.columns > 0)
        status = find_columns(&reader, &reading, copy, copy_count, error);
    if (status == PERCEPT_OK)
        *out = reader;
    else
        row_reader_clear(&reader);
    return status;
}

/* Appends the texts of the copied columns, which csv_row_read has left as they are. */
static percept_status copy_cells(const RowReader *reader, const CsvRecord *record, Buffer *out, percept_error *error)
{
    const CsvDialect *dialect = &reader->csv.dialect;
    percept_status status = PERCEPT_OK;
    for (size_t k = 0; status == PERCEPT_OK && k < reader->copied.count; k++) {
        char *at = record->begin;
        CsvCell cell = {0};
        for (size_t c = 0; c <= reader->copied.columns[k] && at != NULL; c++)
            at = csv_cell_read(at, record->end, dialect, &cell);
        csv_cell_unescape(&cell);
        if (out->capacity - out->size <= cell.length)
            status = buffer_reserve(out, cell.length + COPIED_STEP + out->size, "the columns to copy", error);
        if (status != PERCEPT_OK)
            break;
        memcpy(out->bytes + out->size, cell.text, cell.length);
        out->bytes[out->size + cell.length] = '\0';
        out->size += cell.length + 1;
    }
    return status;
}

/* ---- Other data -------------------------------------------------------------------------------------------------- */

/* Refuses missing values or replaces them by zeros, if an option says so. */
static percept_status treat_missing(const percept_dataset *data, MissingKind missing, percept_error *error)
{
    percept_status status = missing == MISSING_ZERO ? storage_fill_with_zero(data->storage, error) : PERCEPT_OK;
    return status == PERCEPT_OK && !missing_is_kept(missing) ? storage_fill_missing(data->storage, error) : status;
}

percept_status row_reader_open(const char *name, const char *directory, const SourceOptions *options,
                               const percept_model *model, RowReader *out, percept_error *error)
{
    RowReader reader = {.model = model};
    SourceOptions features = *options;
    percept_dataset *test = NULL;
    source_read_for(&features, &model->schema);
    percept_status status = source_open(name, directory, &features, &reader.data, &test, error);
    if (status == PERCEPT_OK)
        status = treat_missing(reader.data, features.missing, error);
    if (status == PERCEPT_OK && reader.data->storage->width != percept_model_inputs(model))
        status = error_set(error, PERCEPT_ERROR_ARGUMENT, "'%.100s' has %zu features, but the model takes %zu", name,
                           reader.data->storage->width, percept_model_inputs(model));
    percept_dataset_free(test);
    if (status == PERCEPT_OK)
        *out = reader;
    else
        row_reader_clear(&reader);
    return status;
}

/* ---- Either ------------------------------------------------------------------------------------------------------- */

void row_reader_clear(RowReader *reader)
{
    csv_reader_clear(&reader->csv);
    row_state_clear(&reader->state);
    columns_clear(&reader->columns);
    memory_free(reader->copied.columns);
    memory_free(reader->copied.names);
    percept_dataset_free(reader->data);
    *reader = (RowReader){0};
}

percept_status row_reader_unknown(const RowReader *reader, char text[CATEGORIES_NOTE_SIZE], percept_error *error)
{
    size_t *unknown = NULL;
    text[0] = '\0';
    if (reader->data != NULL) {
        if (reader->data->storage->unknown != NULL)
            categories_describe_unknown(&reader->model->schema, reader->data->storage->unknown, text);
        return PERCEPT_OK;
    }
    percept_status status = csv_categories_count_unknown(&reader->state.categories, &unknown, error);
    if (unknown != NULL)
        categories_describe_unknown(&reader->model->schema, unknown, text);
    memory_free(unknown);
    return status;
}

void row_reader_unread(const RowReader *reader, char text[CSV_DATES_NOTE_SIZE])
{
    csv_dates_describe_unread(&reader->state.dates, text);
}

/* Numbers beyond float32 would have answers that are no numbers. Readers of whole files refuse them, too (values.h). */
static percept_status check_range(const RowReader *reader, size_t line, const double *row, percept_error *error)
{
    for (size_t c = 0; c < reader->columns.count; c++) {
        const Column *column = &reader->columns.list[c];
        char text[COLUMN_TEXT];
        if (column->role == COLUMN_FEATURE && !column->date && fabs(row[column->place]) > (double)FLT_MAX)
            return error_set(error, PERCEPT_ERROR_FORMAT,
                             "%.64s, line %zu, %s: the value %.6g is beyond the range of float32 (3.4e38); use a "
                             "smaller unit",
                             reader->csv.name, line, column_describe(c, reader->csv.names, text), row[column->place]);
    }
    return PERCEPT_OK;
}

percept_status row_reader_take(const RowReader *reader, RowState *state, const CsvRecord *record, double *row,
                               Buffer *copied, percept_error *error)
{
    CsvRow read = {.features = row, .categories = &state->categories, .dates = &state->dates};
    percept_status status = csv_row_read(&reader->csv, record, &reader->columns, reader->missing, &read, error);
    if (status == PERCEPT_OK)
        status = check_range(reader, record->line, row, error);
    return status == PERCEPT_OK ? copy_cells(reader, record, copied, error) : status;
}

percept_status row_reader_next(RowReader *reader, double *row, Buffer *copied, bool *end, percept_error *error)
{
    if (reader->data != NULL) {
        *end = reader->next == percept_dataset_count(reader->data);
        if (!*end)
            percept_dataset_features(reader->data, reader->next++, row);
        return PERCEPT_OK;
    }
    CsvRecord record;
    percept_status status = csv_reader_next(&reader->csv, &record, end, error);
    if (status != PERCEPT_OK || *end)
        return status;
    return row_reader_take(reader, &reader->state, &record, row, copied, error);
}
