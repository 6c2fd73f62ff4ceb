/* The features of a table that is read for a model, or like other data. */
#include <string.h>

#include "base/memory.h"
#include "base/nearest.h"
#include "base/quote.h"
#include "data/table_sources.h"

static percept_status refuse_missing(const Arrangement *all, const Schema *schema, size_t j, const char *const *names,
                                     percept_error *error)
{
    char quoted[QUOTED_SIZE], other[QUOTED_SIZE];
    const char *nearest = nearest_word(schema->names[j], names, table_columns(all->table));
    quote_text(schema->names[j], quoted);
    if (nearest != NULL)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "the table has no column %s, but %s; name its columns as in "
                         "training",
                         quoted, quote_text(nearest, other));
    return error_set(error, PERCEPT_ERROR_ARGUMENT, "the table has no column %s, which the model was trained with",
                     quoted);
}

static percept_status find_by_name(Arrangement *all, const Schema *schema, percept_error *error)
{
    const size_t count = table_columns(all->table);
    const char **names = NULL;
    size_t *places = NULL, missing = SCHEMA_NONE;
    percept_status status = memory_allocate(count, sizeof *names, "the names", &names, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(count, sizeof *places, "the columns", &places, error);
    for (size_t c = 0; status == PERCEPT_OK && c < count; c++)
        names[c] = table_name(all->table, c);
    if (status == PERCEPT_OK)
        status = schema_match(schema, names, count, NULL, places, &missing, error);
    if (status == PERCEPT_OK && missing != SCHEMA_NONE)
        status = refuse_missing(all, schema, missing, names, error);
    for (size_t c = 0; status == PERCEPT_OK && c < count; c++)
        if (places[c] != SCHEMA_NONE)
            all->sources[places[c]].column = c;
    memory_free(names);
    memory_free(places);
    return status;
}

static percept_status find_in_order(Arrangement *all, const Schema *schema, percept_error *error)
{
    const size_t count = table_columns(all->table);
    if (count != schema_columns(schema))
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "the table has %zu columns, but the model was trained with %zu; give the same, in their order",
                         count, schema_columns(schema));
    for (size_t j = 0; j < schema->width; j++)
        all->sources[j].column = schema->places != NULL ? schema->places[j] : j;
    return PERCEPT_OK;
}

/* What feature j is for a model, and what the column in its place is: why they do not fit, or NULL. */
static const char *misfit(const Arrangement *all, const Schema *schema, size_t j)
{
    const size_t c = all->sources[j].column;
    const TableColumn *added = table_added(all->table, c);
    const bool worded = added != NULL && added->worded;
    const bool told = added != NULL && added->kind == FEATURE_DATE && !added->any;
    if (schema_is_date(schema, j)) {
        const DateForm form = schema->dates[j].form;
        const bool numbers = added != NULL && (form == DATE_EPOCH || form == DATE_COMPACT);
        return worded || numbers ? NULL
                                 : "is one of numbers, but the model was trained with dates there; add it as a "
                                   "PERCEPT_DATE";
    }
    if (told)
        return schema_is_category(schema, j) ? "has dates, but the model was trained with categories there; give texts"
                                             : "has dates, but the model was trained with numbers there; give numbers";
    if (schema_is_category(schema, j))
        return worded ? NULL
                      : "is one of numbers, but the model was trained with texts there; add it as a PERCEPT_CATEGORY";
    return !worded || (added->any && added->spelled)
               ? NULL
               : "is a category, but the model was trained with numbers there; add it as a PERCEPT_NUMBER";
}

static percept_status check_kinds(const Arrangement *all, const Schema *schema, percept_error *error)
{
    char name[SCHEMA_NAME_SIZE], quoted[QUOTED_SIZE];
    for (size_t j = 0; j < schema->width; j++) {
        const char *why = misfit(all, schema, j);
        if (why != NULL)
            return error_set(error, PERCEPT_ERROR_ARGUMENT, "column %s %s",
                             quote_text(schema_feature_name(schema, j, name), quoted), why);
    }
    return PERCEPT_OK;
}

percept_status table_sources_match(Arrangement *all, const Schema *schema, percept_error *error)
{
    const bool by_name = table_has_names(all->table) && schema->names != NULL;
    percept_status status = by_name ? find_by_name(all, schema, error) : find_in_order(all, schema, error);
    for (size_t j = 1; j < schema->width; j++)
        if (!schema_leads(schema, j)) /* another part of the same date */
            all->sources[j].column = all->sources[j - 1].column;
    if (status == PERCEPT_OK)
        status = check_kinds(all, schema, error);
    if (status == PERCEPT_OK)
        status = schema_copy(schema, &all->made.schema, error);
    all->made.schema.width = all->made.width;
    return status;
}
