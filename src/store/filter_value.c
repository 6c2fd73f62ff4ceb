#include "store/filter_value.h"

#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "base/number.h"
#include "store/recipe_json.h"

static percept_status refuse(const char *name, const char *text, const char *wanted, percept_error *error)
{
    char quoted[QUOTED_SIZE];
    return error_set(error, PERCEPT_ERROR_ARGUMENT, "%s is compared with %s, not with %s", name, wanted,
                     quote_text(text, quoted));
}

static percept_status set_text(const char *text, Cell *out, percept_error *error)
{
    char *copy = NULL;
    percept_status status = memory_copy_string(text, &copy, error);
    if (status == PERCEPT_OK)
        *out = TEXT_CELL(copy);
    return status;
}

static percept_status set_number(const char *name, const char *text, Cell *out, percept_error *error)
{
    double value = 0;
    if (!number_parse(text, &value))
        return refuse(name, text, "a number", error);
    *out = REAL_CELL(value);
    return PERCEPT_OK;
}

/* Seconds since 1970, or a day, or a minute of a day, as clocks show it here. */
static percept_status set_time(const char *name, const char *text, Cell *out, percept_error *error)
{
    static const char *const forms[] = {"%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"};
    for (size_t f = 0; f < sizeof forms / sizeof *forms; f++) {
        struct tm facts = {.tm_isdst = -1};
        const char *end = strptime(text, forms[f], &facts);
        if (end != NULL && *end == '\0') {
            *out = REAL_CELL((double)mktime(&facts));
            return PERCEPT_OK;
        }
    }
    return strchr(text + (text[0] != '\0'), '-') != NULL ? refuse(name, text, "a time such as 2026-01-31T12:00", error)
                                                         : set_number(name, text, out, error);
}

static percept_status set_column(const RunColumn *column, const char *text, Cell *out, FilterKind *kind,
                                 percept_error *error)
{
    switch (column->type) {
    case COLUMN_TEXT:
    case COLUMN_STATE:
    case COLUMN_REQUEST:
        return set_text(text, out, error);
    case COLUMN_TIME:
        *kind = FILTER_COUNT;
        return set_time(column->name, text, out, error);
    default:
        *kind = column->type == COLUMN_REAL ? FILTER_REAL : FILTER_COUNT;
        return set_number(column->name, text, out, error);
    }
}

/* As recipe_json writes it: true and false are 1 and 0 to SQLite, a list is its text. */
static percept_status set_key(const Key *key, const char *text, Cell *out, FilterKind *kind, percept_error *error)
{
    Value value = {0};
    char *json = NULL;
    if (!key->list && (key->type == KEY_NUMBER || key->type == KEY_INTEGER)) {
        *kind = key->type == KEY_NUMBER ? FILTER_REAL : FILTER_COUNT;
        return set_number(key->name, text, out, error); /* of any size: it need not be a value of the key */
    }
    percept_status status = value_parse(key, text, &value, error);
    if (status != PERCEPT_OK)
        return status;
    if (key->list) {
        status = value_json(key, &value, &json, error);
        if (status == PERCEPT_OK)
            *out = TEXT_CELL(json);
    } else if (key->type == KEY_BOOLEAN) {
        *out = INTEGER_CELL(value.items.integers[0]);
    } else {
        status = set_text(value.items.texts[0], out, error);
    }
    value_clear(&value);
    return status;
}

percept_status filter_value(const char *name, const char *text, bool piece, Cell *out, FilterKind *kind,
                            percept_error *error)
{
    const RunColumn *column = run_column_find(name);
    *kind = FILTER_TEXT;
    if (piece)
        return set_text(text, out, error);
    return column != NULL ? set_column(column, text, out, kind, error)
                          : set_key(recipe_key_find(name), text, out, kind, error);
}
