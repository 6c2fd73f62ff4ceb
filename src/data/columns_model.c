/* The columns of a table that is read for a model. */
#include "data/columns.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/nearest.h"

#define COLUMN_NAME_SIZE 256

static size_t count_name(const char *name, char *const *names, size_t count)
{
    size_t found = 0;
    for (size_t n = 0; n < count; n++)
        found += strcmp(names[n], name) == 0;
    return found;
}

/* The columns of that name from which a model has its features. */
static size_t count_known(const char *name, const Schema *schema)
{
    size_t found = 0;
    for (size_t j = 0; j < schema->width; j++)
        found += schema_leads(schema, j) && schema_has_column(schema, j, name);
    return found;
}

/* Refuses a file that has the column `name` more or less often than the model, because the columns cannot be
 * matched. */
static percept_status refuse_repeated(const char *file, char *const *names, const Columns *columns,
                                      const Schema *schema, size_t c, const char *name, percept_error *error)
{
    const size_t found = count_name(name, names, columns->count);
    const size_t known = count_known(name, schema);
    if (found < known)
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "'%.64s' has %zu column%s '%.32s', but the model was trained on %zu of this name", file, found,
                         found == 1 ? "" : "s", name, known);
    return error_set(error, PERCEPT_ERROR_FORMAT,
                     "'%.64s' has %zu columns '%.32s', but the model was trained on %zu of this name; drop the "
                     "wrong one by its number: --drop %zu",
                     file, found, name, known, c + 1);
}

/* Refuses a file without the column that feature `missing` was. */
static percept_status refuse_missing_name(const char *file, char *const *names, const Columns *columns,
                                          const Schema *schema, size_t missing, size_t lacking, percept_error *error)
{
    char name[COLUMN_NAME_SIZE];
    snprintf(name, sizeof name, "%.*s", (int)schema_column_length(schema, missing), schema->names[missing]);
    const size_t found = count_name(name, names, columns->count);
    if (found >= count_known(name, schema))
        return error_set(
            error, PERCEPT_ERROR_ARGUMENT,
            "'%.64s': column '%.32s' is a feature of the model, but is dropped here, or taken for a label, "
            "target, weight or id",
            file, name);
    if (found > 0)
        return refuse_repeated(file, names, columns, schema, 0, name, error);
    const char *nearest = nearest_word(name, (const char *const *)names, columns->count);
    char others[48] = "";
    if (lacking > 1)
        snprintf(others, sizeof others, " and %zu more", lacking - 1);
    return error_set(error, PERCEPT_ERROR_FORMAT,
                     "'%.64s' has no column '%.32s'%s, which the model was trained on; %s'%.32s'", file, name, others,
                     nearest != NULL ? "the nearest is " : "its header begins with ",
                     nearest != NULL ? nearest : names[0]);
}

/* True for the label or a target of the model, which predictions do without, and for columns that training ignored, too. */
static bool is_expected(const Schema *schema, const char *name)
{
    bool expected = schema->label != NULL && strcmp(schema->label, name) == 0;
    for (size_t t = 0; schema->targets != NULL && t < schema->target_width; t++)
        expected = expected || strcmp(schema->targets[t], name) == 0;
    for (size_t i = 0; i < schema->ignored_count && !expected; i++)
        expected = strcmp(schema->ignored[i], name) == 0;
    return expected;
}

/* Gives column c its feature, or of a date its features, of which `first` is the first one. */
static void take_features(const Schema *schema, Columns *columns, size_t c, size_t first)
{
    Column *column = &columns->list[c];
    column->place = first;
    columns->features++;
    if (!schema_is_date(schema, first))
        return;
    column->date = true;
    column->form = schema->dates[first].form;
    for (size_t p = 0; p < DATE_PARTS; p++)
        column->parts->of[p] = SCHEMA_NONE;
    column->parts->of[schema->dates[first].part] = first;
    for (size_t j = first + 1; j < schema->width && !schema_leads(schema, j); j++, columns->features++)
        column->parts->of[schema->dates[j].part] = j;
}

static void leave_out(Columns *columns, size_t c, bool known)
{
    columns->list[c].role = COLUMN_UNUSED;
    if (known)
        columns->list[c].place = 0;
    else
        columns->first_extra = columns->extra++ == 0 ? c : columns->first_extra;
}

percept_status columns_place_by_name(const char *file, char *const *names, const Schema *schema, Columns *columns,
                                     percept_error *error)
{
    size_t *place = NULL, missing = SCHEMA_NONE, found = 0;
    bool *taken = NULL;
    percept_status status = memory_allocate(columns->count, sizeof *place, "the columns", &place, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(columns->count, sizeof *taken, "the columns", &taken, error);
    for (size_t c = 0; status == PERCEPT_OK && c < columns->count; c++)
        taken[c] = columns->list[c].role != COLUMN_FEATURE;
    if (status == PERCEPT_OK)
        status = schema_match(schema, (const char *const *)names, columns->count, taken, place, &missing, error);
    for (size_t c = 0; status == PERCEPT_OK && c < columns->count; c++) {
        if (columns->list[c].role != COLUMN_FEATURE)
            continue;
        columns->list[c].place = place[c];
        if (place[c] != SCHEMA_NONE)
            take_features(schema, columns, c, place[c]);
        found += place[c] != SCHEMA_NONE;
        if (place[c] == SCHEMA_NONE && missing == SCHEMA_NONE && count_known(names[c], schema) > 0)
            status = refuse_repeated(file, names, columns, schema, c, names[c], error);
        else if (place[c] == SCHEMA_NONE)
            leave_out(columns, c, is_expected(schema, names[c]));
    }
    if (status == PERCEPT_OK && missing != SCHEMA_NONE)
        status = refuse_missing_name(file, names, columns, schema, missing, schema_columns(schema) - found, error);
    memory_free(place);
    memory_free(taken);
    return status;
}

/* Numbers and all parts of dates, then categories. */
static void place_new(Columns *columns)
{
    for (int categories = 0; categories < 2; categories++)
        for (size_t c = 0; c < columns->count; c++) {
            Column *column = &columns->list[c];
            if (column->role != COLUMN_FEATURE || column->category != (categories == 1))
                continue;
            column->place = columns->features;
            columns->features += column->date ? DATE_PARTS : 1;
            for (size_t p = 0; column->date && p < DATE_PARTS; p++)
                column->parts->of[p] = column->place + p;
        }
}

/* The columns of features, as many as the model has, get their features in order. */
static percept_status place_as_before(const Schema *schema, Columns *columns, percept_error *error)
{
    size_t *feature_at = NULL, place = 0;
    percept_status status = memory_allocate(schema->width, sizeof *feature_at, "the columns", &feature_at, error);
    for (size_t j = schema->width; status == PERCEPT_OK && j-- > 0;)
        if (schema_leads(schema, j))
            feature_at[schema->places != NULL ? schema->places[j] : j] = j;
    for (size_t c = 0; status == PERCEPT_OK && c < columns->count; c++)
        if (columns->list[c].role == COLUMN_FEATURE)
            take_features(schema, columns, c, feature_at[place++]);
    memory_free(feature_at);
    return status;
}

percept_status columns_place_in_order(const char *file, const Schema *schema, Columns *columns, percept_error *error)
{
    size_t found = 0;
    if (schema == NULL) {
        place_new(columns);
        return PERCEPT_OK;
    }
    for (size_t c = 0; c < columns->count; c++)
        found += columns->list[c].role == COLUMN_FEATURE;
    const size_t known = schema_columns(schema);
    if (found == known)
        return place_as_before(schema, columns, error);
    return error_set(error, PERCEPT_ERROR_FORMAT, "%.64s, line 1: has %zu value%s%s, but the model takes %zu; %s", file,
                     found, found == 1 ? "" : "s", found < columns->count ? " for features" : "", known,
                     found == 1      ? "is this CSV?"
                     : found > known ? "--drop COLUMN leaves one out, such as the label"
                                     : "give one a feature");
}

/* ---- What the model does not know ------------------------------------------------------------------------------ */

void columns_use(Columns *columns, size_t c)
{
    if (columns->list[c].role == COLUMN_UNUSED && columns->list[c].place == SCHEMA_NONE) {
        columns->list[c].place = 0;
        columns->extra--;
    }
}

void columns_describe_extra(const Columns *columns, char *const *names, char text[COLUMNS_EXTRA_SIZE])
{
    size_t used = 0, shown = 0;
    text[0] = '\0';
    if (columns->extra == 0)
        return;
    used = (size_t)snprintf(text, COLUMNS_EXTRA_SIZE,
                            "left out %zu column%s that the model does not know: ", columns->extra,
                            columns->extra == 1 ? "" : "s");
    for (size_t c = columns->first_extra; c < columns->count && names != NULL && shown < columns->extra; c++) {
        if (columns->list[c].role != COLUMN_UNUSED || columns->list[c].place != SCHEMA_NONE)
            continue;
        char place[COLUMN_TEXT];
        const char *name = names[c][0] != '\0' ? names[c] : column_describe(c, NULL, place);
        const size_t room = COLUMNS_EXTRA_SIZE - used;
        const int length = snprintf(text + used, room, "%s%.32s", shown > 0 ? ", " : "", name);
        if (length < 0 || (size_t)length + sizeof ", …" > room) {
            snprintf(text + used, room, ", …");
            return;
        }
        used += (size_t)length;
        shown++;
    }
}
