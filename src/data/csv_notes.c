#include "data/csv_notes.h"

#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "data/csv_left.h"

#define LIST_SIZE 256

/* ---- The file ------------------------------------------------------------------------------------------------ */

static const char *describe_delimiter(const CsvDialect *dialect, char text[16])
{
    static const struct {
        char delimiter;
        const char *name;
    } usual[] = {{',', "commas"}, {';', "semicolons"}, {'\t', "tabs"}, {'|', "bars"}};
    if (dialect->blanks)
        return "spaces";
    for (size_t d = 0; d < sizeof usual / sizeof usual[0]; d++)
        if (usual[d].delimiter == dialect->delimiter)
            return usual[d].name;
    snprintf(text, 16, "'%c'", dialect->delimiter);
    return text;
}

static percept_status note_prelude(const CsvReader *reader, Notes *notes, percept_error *error)
{
    const CsvPrelude *prelude = &reader->start.prelude;
    percept_status status = PERCEPT_OK;
    if (prelude->comments > 0)
        status = notes_add(notes, NOTE_TAKEN, error, "skipped %zu comment line%s before the table", prelude->comments,
                           prelude->comments == 1 ? "" : "s");
    if (status == PERCEPT_OK && reader->classes != NULL)
        status = notes_add(notes, NOTE_TAKEN, error,
                           "the line before the table has counts and the names of %zu classes, from %.32s to %.32s",
                           reader->class_count, reader->classes[0], reader->classes[reader->class_count - 1]);
    return status;
}

percept_status csv_notes_start(const CsvReader *reader, Notes *notes, percept_error *error)
{
    char delimiter[16];
    const CsvDialect *dialect = &reader->dialect;
    percept_status status = notes_add(
        notes, NOTE_TAKEN, error, "CSV: %zu column%s%s%s%s; %s (%s)", reader->columns, reader->columns == 1 ? "" : "s",
        reader->columns > 1 ? " separated by " : "", reader->columns > 1 ? describe_delimiter(dialect, delimiter) : "",
        dialect->point == ',' ? ", numbers with a comma" : "",
        dialect->header ? "the first line is names" : "no header", reader->start.header.why);
    return status == PERCEPT_OK ? note_prelude(reader, notes, error) : status;
}

percept_status csv_notes_end(const CsvReader *reader, Notes *notes, percept_error *error)
{
    if (reader->blank_lines == 0)
        return PERCEPT_OK;
    return notes_add(notes, NOTE_WARNING, error, "skipped %zu blank line%s between rows, the first of them line %zu",
                     reader->blank_lines, reader->blank_lines == 1 ? "" : "s", reader->first_blank);
}

/* ---- The columns --------------------------------------------------------------------------------------------- */

/* Lists the columns of a role that identify rows, or that do not, and that are left out for such a reason: "column 1 (a),
 * column 2 (b), …". */
static void list_columns(const Columns *columns, char *const *names, ColumnRole role, bool id, ColumnLeft left,
                         char list[LIST_SIZE])
{
    size_t used = 0;
    list[0] = '\0';
    for (size_t c = 0; c < columns->count; c++) {
        char text[COLUMN_TEXT];
        if (columns->list[c].role != role || columns->list[c].id != id || columns->list[c].left != left ||
            (!id && (columns->list[c].group || columns->list[c].time)) ||
            (role == COLUMN_UNUSED && columns->list[c].place == SCHEMA_NONE))
            continue;
        if (used + 2 * COLUMN_TEXT > LIST_SIZE) {
            snprintf(list + used, LIST_SIZE - used, ", ...");
            return;
        }
        used += (size_t)snprintf(list + used, LIST_SIZE - used, "%s%s", used > 0 ? ", " : "",
                                 column_describe(c, names, text));
    }
}

static percept_status note_answers(const Columns *columns, char *const *names, Notes *notes, percept_error *error)
{
    char list[LIST_SIZE];
    list_columns(columns, names, columns->targets > 0 ? COLUMN_TARGET : COLUMN_LABEL, false, COLUMN_NOT_LEFT, list);
    if (list[0] == '\0')
        return PERCEPT_OK;
    if (columns->targets > 0)
        return notes_add(notes, NOTE_TAKEN, error, "target%s: %s", columns->targets == 1 ? "" : "s", list);
    return notes_add(notes, NOTE_TAKEN, error, "label: %s, %s", list, columns->label_why);
}

static percept_status note_left(const Columns *columns, char *const *names, Notes *notes, percept_error *error)
{
    static const char *const whys[] = {[COLUMN_ROW_NAMES] = "which holds the names of the rows",
                                       [COLUMN_ROW_NUMBERS] = "which has no name and numbers the rows",
                                       [COLUMN_EMPTY] = "which has neither a name nor values"};
    percept_status status = PERCEPT_OK;
    for (size_t c = 0; c < columns->count && status == PERCEPT_OK; c++) {
        char text[COLUMN_TEXT];
        if (columns->list[c].role == COLUMN_UNUSED && columns->list[c].left != COLUMN_NOT_LEFT)
            status = notes_add(notes, NOTE_TAKEN, error, "left out: %s, %s", column_describe(c, names, text),
                               whys[columns->list[c].left]);
    }
    return status;
}

percept_status csv_notes_columns(const Columns *columns, char *const *names, Notes *notes, percept_error *error)
{
    char ids[LIST_SIZE], dropped[LIST_SIZE], weight[LIST_SIZE];
    percept_status status = note_answers(columns, names, notes, error);
    list_columns(columns, names, COLUMN_WEIGHT, false, COLUMN_NOT_LEFT, weight);
    if (status == PERCEPT_OK && weight[0] != '\0')
        status = notes_add(notes, NOTE_TAKEN, error, "weight of each row: %s", weight);
    list_columns(columns, names, COLUMN_UNUSED, true, COLUMN_NOT_LEFT, ids);
    if (status == PERCEPT_OK && ids[0] != '\0')
        status = notes_add(notes, NOTE_TAKEN, error, "identifies rows, no feature: %s", ids);
    for (size_t c = 0; c < columns->count && status == PERCEPT_OK; c++) {
        char text[COLUMN_TEXT];
        const Column *column = &columns->list[c];
        if (column->group || column->time)
            status = notes_add(notes, NOTE_TAKEN, error, "%s, no feature: %s", column->group ? "groups" : "times",
                               column_describe(c, names, text));
    }
    if (status == PERCEPT_OK)
        status = note_left(columns, names, notes, error);
    if (status == PERCEPT_OK && names != NULL && !columns->for_model && columns->list[0].role == COLUMN_FEATURE &&
        names[0][0] == '\0')
        status =
            notes_add(notes, NOTE_WARNING, error, "column 1 has no name; if it is an index, leave it out: --drop 1");
    list_columns(columns, names, COLUMN_UNUSED, false, COLUMN_NOT_LEFT, dropped);
    if (status == PERCEPT_OK && dropped[0] != '\0')
        status = notes_add(notes, NOTE_TAKEN, error, "left out, as data.%s: %s",
                           columns->ignored ? "columns or data.drop says" : "drop says", dropped);
    return status;
}

percept_status csv_notes_codes(const CsvReader *reader, const Columns *columns, Notes *notes, percept_error *error)
{
    char list[LIST_SIZE] = "";
    size_t used = 0;
    for (size_t c = 0; c < columns->count; c++) {
        char text[COLUMN_TEXT];
        const Column *column = &columns->list[c];
        if (column->role != COLUMN_FEATURE || !column->category || !column->guessed || !csv_left_is_code(reader, c))
            continue;
        if (used + 2 * COLUMN_TEXT > LIST_SIZE) {
            snprintf(list + used, LIST_SIZE - used, ", ...");
            break;
        }
        used += (size_t)snprintf(list + used, LIST_SIZE - used, "%s%s", used > 0 ? ", " : "",
                                 column_describe(c, reader->names, text));
    }
    return used == 0
               ? PERCEPT_OK
               : notes_add(notes, NOTE_TAKEN, error,
                           "codes, since they have leading zeros (--columns NAME=number reads numbers): %s", list);
}

percept_status csv_notes_categories(Storage *storage, percept_error *error)
{
    const Schema *schema = &storage->schema;
    const size_t count = schema_categories(schema);
    char list[LIST_SIZE] = "", name[SCHEMA_NAME_SIZE];
    size_t used = 0;
    for (size_t j = 0; count > 0 && j < schema->width; j++) {
        const size_t values = schema_is_category(schema, j) ? schema->vocabularies[j].count : 0;
        if (!schema_is_category(schema, j))
            continue;
        if (count == 1)
            return notes_add(&storage->notes, NOTE_TAKEN, error, "%.64s: %zu categor%s",
                             schema_feature_name(schema, j, name), values, values == 1 ? "y" : "ies");
        if (used + 2 * COLUMN_TEXT > LIST_SIZE) {
            snprintf(list + used, LIST_SIZE - used, ", ...");
            break;
        }
        used += (size_t)snprintf(list + used, LIST_SIZE - used, "%s%.32s (%zu)", used > 0 ? ", " : "",
                                 schema_feature_name(schema, j, name), values);
    }
    return count == 0 ? PERCEPT_OK
                      : notes_add(&storage->notes, NOTE_TAKEN, error, "%zu columns hold categories: %s", count, list);
}

percept_status csv_notes_classes(Storage *storage, percept_error *error)
{
    bool whole = true;
    for (size_t k = 0; k < storage->class_count && whole; k++) {
        int64_t number = 0;
        whole = integer_parse(storage->class_names[k], &number) == INTEGER_OK;
    }
    return notes_add(&storage->notes, NOTE_TAKEN, error, "%zu class%s: the labels are %s", storage->class_count,
                     storage->class_count == 1 ? "" : "es",
                     whole ? "whole numbers (--targets learns them as numbers)" : "words");
}
