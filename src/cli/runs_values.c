/* What a run has under a name: as text, and as JSON. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "base/number.h"
#include "cli/json.h"
#include "cli/runs.h"
#include "cli/text.h"
#include "recipe/recipe.h"
#include "store/run_columns.h"

#define DIGITS 12
#define NUMBER_ROOM 64

/* ---- Columns ------------------------------------------------------------------------------------------------------ */

static bool ends_with(const char *text, const char *ending)
{
    const size_t length = strlen(text), tail = strlen(ending);
    return length >= tail && strcmp(text + length - tail, ending) == 0;
}

/* A value for a table, with few digits. */
static void write_real(const char *name, double value, bool people, char text[NUMBER_ROOM])
{
    if (isnan(value))
        text[0] = '\0';
    else if (people && ends_with(name, "accuracy"))
        snprintf(text, NUMBER_ROOM, "%s", text_percent(value).text);
    else if (people && ends_with(name, "loss"))
        snprintf(text, NUMBER_ROOM, "%s", text_loss(value).text);
    else if (people)
        snprintf(text, NUMBER_ROOM, "%.1f", value);
    else
        number_format_digits(value, DIGITS, text);
}

static void write_time(double value, bool people, char text[NUMBER_ROOM])
{
    const time_t seconds = (time_t)value;
    struct tm facts;
    text[0] = '\0';
    if (people && !isnan(value) && localtime_r(&seconds, &facts) != NULL)
        strftime(text, NUMBER_ROOM, "%Y-%m-%d %H:%M", &facts);
    else if (!isnan(value))
        snprintf(text, NUMBER_ROOM, "%.3f", value);
}

static void write_integer(long long value, bool nothing, char text[NUMBER_ROOM])
{
    text[0] = '\0';
    if (!nothing)
        snprintf(text, NUMBER_ROOM, "%lld", value);
}

/* Columns about the search, for a run without one. */
static bool is_foreign(const RunRow *row, const RunColumn *column)
{
    return row->search == 0 &&
           (column->offset == offsetof(RunRow, trial) || column->offset == offsetof(RunRow, repeat));
}

/* The text of a column; it lies in the row, or in `buffer`. */
static const char *column_value(const RunRow *row, const RunColumn *column, bool people, char buffer[NUMBER_ROOM])
{
    const void *field = (const char *)row + column->offset;
    const int64_t *id = field;
    const long *epoch = field;
    switch (column->type) {
    case COLUMN_TEXT:
        return *(char *const *)field != NULL ? *(char *const *)field : "";
    case COLUMN_STATE:
        return run_state_name(row->state);
    case COLUMN_REQUEST:
        return row->request == REQUEST_PAUSE ? "pause" : row->request == REQUEST_STOP ? "stop" : "";
    case COLUMN_ID:
        write_integer(*id, *id == 0, buffer);
        return buffer;
    case COLUMN_COUNT:
        write_integer((long long)*(const size_t *)field, is_foreign(row, column), buffer);
        return buffer;
    case COLUMN_EPOCH:
        write_integer(*epoch, *epoch < 0, buffer);
        return buffer;
    case COLUMN_TIME:
        write_time(*(const double *)field, people, buffer);
        return buffer;
    default:
        write_real(column->name, *(const double *)field, people, buffer);
        return buffer;
    }
}

/* ---- Keys of recipes ---------------------------------------------------------------------------------------------- */

static const char *item_value(const json_t *item, char buffer[NUMBER_ROOM])
{
    buffer[0] = '\0';
    if (json_is_string(item))
        return json_string_value(item);
    if (json_is_boolean(item))
        return json_is_true(item) ? "true" : "false";
    if (json_is_integer(item))
        snprintf(buffer, NUMBER_ROOM, "%lld", (long long)json_integer_value(item));
    else if (json_is_real(item))
        number_format(json_real_value(item), buffer);
    return buffer;
}

/* Items with the separator of the command line. */
static percept_status list_value(const json_t *list, const char *name, char **out, percept_error *error)
{
    const Key *key = recipe_key_find(name);
    char buffer[NUMBER_ROOM];
    size_t size = 1;
    for (size_t i = 0; i < json_array_size(list); i++)
        size += strlen(item_value(json_array_get(list, i), buffer)) + 1;
    percept_status status = memory_allocate(size, 1, "a value", out, error);
    char *to = *out;
    for (size_t i = 0; i < json_array_size(list) && status == PERCEPT_OK; i++)
        to += sprintf(to, "%s%s",
                      i == 0                       ? ""
                      : key != NULL && key->dashes ? "-"
                                                   : ",",
                      item_value(json_array_get(list, i), buffer));
    if (status == PERCEPT_OK)
        *to = '\0';
    return status;
}

percept_status runs_value(const RunRow *row, const json_t *recipe, const char *name, bool people, char **out,
                          percept_error *error)
{
    const RunColumn *column = run_column_find(name);
    const json_t *item = json_object_get(recipe, name);
    char buffer[NUMBER_ROOM];
    if (column != NULL)
        return memory_copy_string(column_value(row, column, people, buffer), out, error);
    if (json_is_array(item))
        return list_value(item, name, out, error);
    return memory_copy_string(item_value(item, buffer), out, error);
}

/* ---- JSON --------------------------------------------------------------------------------------------------------- */

json_t *runs_recipe(const RunRow *row)
{
    json_t *recipe = row->recipe != NULL ? json_loads(row->recipe, 0, NULL) : NULL;
    if (recipe != NULL && !json_is_object(recipe)) {
        json_decref(recipe);
        recipe = NULL;
    }
    return recipe != NULL ? recipe : json_object();
}

static json_t *column_json(const RunRow *row, const RunColumn *column)
{
    const void *field = (const char *)row + column->offset;
    char buffer[NUMBER_ROOM];
    switch (column->type) {
    case COLUMN_COUNT:
        return is_foreign(row, column) ? json_null() : json_count(*(const size_t *)field);
    case COLUMN_ID:
        return *(const int64_t *)field == 0 ? json_null() : json_integer(*(const int64_t *)field);
    case COLUMN_EPOCH:
        return *(const long *)field < 0 ? json_null() : json_integer(*(const long *)field);
    case COLUMN_REAL:
    case COLUMN_TIME:
        return json_figure(*(const double *)field);
    case COLUMN_TEXT:
        return json_words(*(char *const *)field);
    case COLUMN_REQUEST:
        return row->request == REQUEST_NONE ? json_null() : json_words(column_value(row, column, false, buffer));
    default:
        return json_words(column_value(row, column, false, buffer));
    }
}

json_t *runs_json(const RunRow *row)
{
    json_t *object = json_object();
    bool good = object != NULL;
    for (size_t c = 0; run_column_at(c) != NULL && good; c++) {
        const RunColumn *column = run_column_at(c);
        const bool recipe = strcmp(column->name, "recipe") == 0;
        good = json_object_set_new(object, column->name, recipe ? runs_recipe(row) : column_json(row, column)) == 0;
    }
    if (good)
        return object;
    json_decref(object);
    return NULL;
}
