#include "data/csv.h"

#include <stdio.h>

#include "base/memory.h"
#include "base/quote.h"
#include "data/class_review.h"
#include "data/csv_labels.h"
#include "data/csv_left.h"
#include "data/csv_notes.h"
#include "data/csv_rows.h"
#include "data/table_review.h"
#include "data/values.h"

/* ---- Files --------------------------------------------------------------------------------------------------- */

/* Notes what the labels' column is called: its name, else its number. */
static void name_label(const CsvReader *reader, const Columns *columns, char name[EXAMPLES_NAME_SIZE])
{
    for (size_t c = 0; c < columns->count; c++) {
        if (columns->list[c].role != COLUMN_LABEL)
            continue;
        if (reader->names != NULL && reader->names[c][0] != '\0')
            snprintf(name, EXAMPLES_NAME_SIZE, "%s", reader->names[c]);
        else
            snprintf(name, EXAMPLES_NAME_SIZE, "%zu", c + 1);
    }
}

/* What a model is to know of the columns: their names, and the words for missing values if the usual ones are not meant. */
static percept_status describe_columns(CsvReading *all, const CsvReader *reader, percept_error *error)
{
    const MissingTokens *tokens = &all->options->missing_tokens;
    percept_status status = columns_describe(&all->columns, reader->names, &all->schema, error);
    if (status == PERCEPT_OK && tokens->count > 0)
        status = names_copy(tokens->list, tokens->count, &all->schema.missing_tokens, error);
    if (status == PERCEPT_OK)
        all->schema.missing_token_count = tokens->count;
    return status;
}

/* Bytes could not hold unknown values, which may come later; and parts of dates are settled behind the last row. */
static percept_status choose_storage(CsvReading *all, percept_error *error)
{
    const Columns *columns = &all->columns;
    PackedStore *rows = &all->examples.rows;
    if (columns->categories + columns->dates > 0)
        rows->least = PERCEPT_FLOAT32;
    if (columns->dates == 0)
        return PERCEPT_OK;
    percept_status status = memory_allocate_zeroed(rows->width, sizeof *rows->plain, "a row", &rows->plain, error);
    for (size_t c = 0; status == PERCEPT_OK && c < columns->count; c++)
        for (size_t p = 0; columns->list[c].role == COLUMN_FEATURE && columns->list[c].date && p < DATE_PARTS; p++)
            if (columns->list[c].parts->of[p] != SCHEMA_NONE)
                rows->plain[columns->list[c].parts->of[p]] = true;
    return status;
}

/* Settles the columns by the first file's header. */
static percept_status begin(CsvReading *all, CsvReader *reader, percept_error *error)
{
    percept_status status = csv_left_assign(reader, all->options, &all->columns, error);
    if (status == PERCEPT_OK)
        status = csv_notes_start(reader, &all->notes, error);
    if (status == PERCEPT_OK)
        status = csv_notes_columns(&all->columns, reader->names, &all->notes, error);
    if (status == PERCEPT_OK)
        status = csv_notes_codes(reader, &all->columns, &all->notes, error);
    if (status != PERCEPT_OK)
        return status;
    const Columns *columns = &all->columns;
    char extra[COLUMNS_EXTRA_SIZE];
    columns_describe_extra(columns, reader->names, extra);
    if (extra[0] != '\0')
        status = notes_add(&all->notes, NOTE_TAKEN, error, "%s", extra);
    if (status == PERCEPT_OK && all->options->schema != NULL)
        status = schema_copy(all->options->schema, &all->schema, error);
    else if (status == PERCEPT_OK)
        status = describe_columns(all, reader, error);
    if (status != PERCEPT_OK)
        return status;
    examples_create(columns->features, columns->targets, columns->label, columns->weight, &all->examples);
    status = choose_storage(all, error);
    if (status != PERCEPT_OK)
        return status;
    name_label(reader, columns, all->examples.label_column);
    status = csv_categories_create(columns, all->options->schema, &all->categories, error);
    if (status == PERCEPT_OK)
        status = csv_dates_create(reader, columns, &all->dates, error);
    if (status != PERCEPT_OK)
        return status;
    for (size_t c = 0; c < columns->count; c++)
        if (columns->list[c].time && (columns->list[c].form == DATE_MDY || columns->list[c].form == DATE_DMY)) {
            all->marks.form = columns->list[c].form;
            all->marks.fixed = true;
        }
    status = memory_allocate_zeroed(columns->features, sizeof(size_t), "a row", &all->booleans, error);
    all->classes = reader->classes;
    all->class_count = reader->class_count;
    reader->classes = NULL;
    return status;
}

static percept_status read_file(CsvReading *all, const char *path, size_t *count, percept_error *error)
{
    ByteStream *stream = NULL;
    CsvReader reader = {0};
    percept_status status = byte_stream_open(path, &stream, error);
    if (status == PERCEPT_OK)
        status = csv_reader_open(stream, path, all->options, CSV_LONGEST_LINE, &reader, error);
    if (status != PERCEPT_OK)
        return status;
    if (reader.columns == 0)
        status = error_set(error, PERCEPT_ERROR_FORMAT, "'%s' is empty", path);
    else if (all->columns.list == NULL)
        status = begin(all, &reader, error);
    else if (reader.columns != all->columns.count)
        status = error_set(error, PERCEPT_ERROR_FORMAT, "'%s' has %zu columns, but '%s' has %zu", path, reader.columns,
                           all->first_path, all->columns.count);
    if (status == PERCEPT_OK) {
        all->dots = csv_labels_have_dots(&reader, &all->columns);
        if (all->dots)
            status = notes_add(&all->notes, NOTE_TAKEN, error, "left out the dot at the end of each label");
    }
    if (status == PERCEPT_OK)
        status = csv_rows_read(all, &reader, count, error);
    if (status == PERCEPT_OK && !all->categories.known)
        status = csv_categories_judge(&all->categories, &reader, all->examples.rows.count, all->options->only_described,
                                      &all->columns, error);
    if (status == PERCEPT_OK)
        status = csv_notes_end(&reader, &all->notes, error);
    csv_reader_clear(&reader);
    return status;
}

/* The column that the label is in. */
static const Column *label_of(const Columns *columns)
{
    for (size_t c = 0; c < columns->count; c++)
        if (columns->list[c].role == COLUMN_LABEL)
            return &columns->list[c];
    return NULL;
}

/* True if the label's column holds numbers to predict, as data.columns says, or as they look. It needs a name, by which
 * data.targets can call it. */
static bool learns_numbers(const CsvReading *all)
{
    const Column *column = label_of(&all->columns);
    if (column == NULL || all->schema.label == NULL || all->options->schema != NULL || column->category)
        return false;
    return column->told || (all->options->decide_answers && label_table_has_measures(&all->examples.labels));
}

/* Makes the label's column the target if it holds numbers. */
static percept_status decide_answers(CsvReading *all, percept_error *error)
{
    Schema *schema = &all->schema;
    const LabelTable *labels = &all->examples.labels;
    const char *name = all->examples.label_column, *text = label_table_find_text(labels);
    if (!learns_numbers(all))
        return PERCEPT_OK;
    if (text != NULL)
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "'%.64s': column %.32s holds '%.32s', which is no number; remove it from data.columns",
                         all->first_path, name, text);
    const bool decimals = label_table_has_decimals(labels), told = label_of(&all->columns)->told;
    percept_status status = examples_learn_labels(&all->examples, error);
    if (status == PERCEPT_OK)
        status = names_copy((const char *const *)&schema->label, 1, &schema->targets, error);
    if (status != PERCEPT_OK)
        return status;
    schema->target_width = 1;
    memory_free(schema->label);
    schema->label = NULL;
    if (told)
        return PERCEPT_OK;
    if (decimals)
        return notes_add(&all->notes, NOTE_TAKEN, error, "column %.32s holds decimals: a number to predict", name);
    return notes_add(&all->notes, NOTE_TAKEN, error,
                     "column %.32s holds %zu different whole numbers: a number to predict; if they are classes, add "
                     "--columns %.32s=category",
                     name, labels->count, name);
}

/* Makes the storage, and looks at the table as a whole. */
static percept_status finish(CsvReading *all, size_t class_count, Storage **out, percept_error *error)
{
    Storage *storage = NULL;
    const bool within = packed_store_within_floats(&all->examples.rows);
    percept_status status = class_count == 0 ? decide_answers(all, error) : PERCEPT_OK;
    if (status == PERCEPT_OK)
        status = examples_finish(&all->examples, all->first_path, class_count, &storage, error);
    if (status != PERCEPT_OK)
        return status;
    if (!all->categories.known)
        status = csv_categories_describe(&all->categories, &all->schema, error);
    storage->schema = all->schema;
    storage->notes = all->notes;
    all->schema = (Schema){0};
    all->notes = (Notes){0};
    if (status == PERCEPT_OK && all->categories.known)
        status = csv_categories_count_unknown(&all->categories, &storage->unknown, error);
    if (status == PERCEPT_OK)
        status = row_marks_finish(&all->marks, storage, error);
    if (status == PERCEPT_OK && all->classes != NULL && storage->labels != NULL)
        status = csv_labels_rename(storage, all->classes, all->class_count, error);
    if (status == PERCEPT_OK && storage->labels != NULL && class_count == 0)
        status = csv_notes_classes(storage, error);
    if (status == PERCEPT_OK)
        status = csv_dates_settle(&all->dates, &all->columns, all->first_path, storage, error);
    if (status == PERCEPT_OK)
        status = (within ? values_check_answers : values_check)(storage, 0, storage->count, all->first_path, error);
    if (status == PERCEPT_OK && all->options->schema == NULL && class_count == 0 && storage->labels != NULL)
        status = class_review(storage, all->examples.label_column, error);
    if (status == PERCEPT_OK && all->options->schema == NULL)
        status = table_review_booleans(storage, &all->columns, all->booleans, all->first_path, error);
    if (status == PERCEPT_OK && all->options->schema == NULL && class_count == 0)
        status = table_review(storage, &all->columns, all->first_path, error);
    if (status == PERCEPT_OK && all->options->schema == NULL)
        status = csv_notes_categories(storage, error);
    if (status == PERCEPT_OK)
        *out = storage;
    else
        storage_release(storage);
    return status;
}

percept_status csv_read(const char *const paths[][SOURCE_FILES], size_t parts, const SourceOptions *options,
                        size_t class_count, Storage **out, size_t *counts, percept_error *error)
{
    CsvReading all = {.options = options, .first_path = paths[0][0]};
    percept_status status = PERCEPT_OK;
    for (size_t p = 0; p < parts && status == PERCEPT_OK; p++)
        status = read_file(&all, paths[p][0], &counts[p], error);
    if (status == PERCEPT_OK)
        status = unanswered_settle(&all.unanswered, options->missing_label, all.columns.label ? "label" : "target",
                                   all.columns.label ? all.examples.label_column : NULL, "line", &all.notes, error);
    if (status == PERCEPT_OK)
        status = finish(&all, class_count, out, error);
    schema_clear(&all.schema);
    notes_clear(&all.notes);
    examples_clear(&all.examples);
    row_marks_clear(&all.marks);
    csv_categories_clear(&all.categories);
    csv_dates_clear(&all.dates);
    columns_clear(&all.columns);
    memory_free(all.classes);
    memory_free(all.booleans);
    return status;
}

/* ---- Recognition --------------------------------------------------------------------------------------------- */

bool csv_recognize(const char *start, size_t size)
{
    bool cut = false;
    for (size_t i = 0; i < size; i++) {
        const unsigned char byte = (unsigned char)start[i];
        const bool space = byte == '\t' || byte == '\r' || byte == '\n';
        if ((byte < ' ' && !space) || byte == 0x7f)
            return false;
        cut |= byte == '\n' || byte == ',' || byte == ';' || byte == '\t';
    }
    return cut;
}
