#include "explain/columns.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/nearest.h"

percept_status explain_columns_create(const Schema *schema, ExplainColumns *out, percept_error *error)
{
    ExplainColumns columns = {.count = schema->width};
    percept_status status =
        memory_allocate(schema->width, sizeof *columns.features, "the columns", &columns.features, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(schema->width + 1, sizeof *columns.first, "the columns", &columns.first, error);
    for (size_t j = 0; status == PERCEPT_OK && j < schema->width; j++)
        columns.features[j] = columns.first[j] = j;
    if (status == PERCEPT_OK) {
        columns.first[columns.count] = schema->width;
        *out = columns;
    } else {
        explain_columns_clear(&columns);
    }
    return status;
}

void explain_columns_clear(ExplainColumns *columns)
{
    memory_free(columns->features);
    memory_free(columns->first);
    *columns = (ExplainColumns){0};
}

void explain_column_copy(const ExplainColumns *columns, size_t c, const double *from, double *to)
{
    for (size_t at = columns->first[c]; at < columns->first[c + 1]; at++)
        to[columns->features[at]] = from[columns->features[at]];
}

const char *explain_column_name(const Schema *schema, const ExplainColumns *columns, size_t c,
                                char text[SCHEMA_NAME_SIZE])
{
    return schema_feature_name(schema, explain_column_feature(columns, c), text);
}

static percept_status refuse_name(const Schema *schema, const ExplainColumns *columns, const char *name,
                                  percept_error *error)
{
    const char **names = NULL;
    percept_status status =
        schema->names == NULL ? PERCEPT_OK : memory_allocate(columns->count, sizeof *names, "the names", &names, error);
    if (status != PERCEPT_OK)
        return status;
    for (size_t c = 0; names != NULL && c < columns->count; c++)
        names[c] = schema->names[explain_column_feature(columns, c)];
    const char *nearest = names != NULL ? nearest_word(name, names, columns->count) : NULL;
    status = nearest != NULL ? error_set(error, PERCEPT_ERROR_ARGUMENT,
                                         "the model has no column '%.60s'; did you mean '%.60s'?", name, nearest)
             : names != NULL
                 ? error_set(error, PERCEPT_ERROR_ARGUMENT, "the model has no column '%.60s'", name)
                 : error_set(error, PERCEPT_ERROR_ARGUMENT,
                             "the model has no column '%.60s'; its columns have no names: give a number, 1 to %zu",
                             name, columns->count);
    memory_free(names);
    return status;
}

percept_status explain_column_find(const Schema *schema, const ExplainColumns *columns, const char *name, size_t *out,
                                   percept_error *error)
{
    char text[SCHEMA_NAME_SIZE], number[SCHEMA_NAME_SIZE];
    for (size_t c = 0; c < columns->count; c++) {
        snprintf(number, sizeof number, "%zu", c + 1);
        if (strcmp(explain_column_name(schema, columns, c, text), name) == 0 ||
            (schema->names == NULL && strcmp(number, name) == 0)) {
            *out = c;
            return PERCEPT_OK;
        }
    }
    return refuse_name(schema, columns, name, error);
}

void explain_value_text(const Schema *schema, size_t j, double value, char text[EXPLAIN_VALUE_SIZE])
{
    const FeatureKind kind = schema->kinds != NULL ? schema->kinds[j] : FEATURE_NUMBER;
    if (isnan(value))
        snprintf(text, EXPLAIN_VALUE_SIZE, "%s", kind == FEATURE_CATEGORY ? "unknown" : "missing");
    else if (kind == FEATURE_CATEGORY && value >= 0 && value < (double)schema->vocabularies[j].count)
        snprintf(text, EXPLAIN_VALUE_SIZE, "%.60s", schema->vocabularies[j].values[(size_t)value]);
    else if (kind == FEATURE_BOOLEAN && (value == 0 || value == 1))
        snprintf(text, EXPLAIN_VALUE_SIZE, "%s", value == 1 ? "true" : "false");
    else
        snprintf(text, EXPLAIN_VALUE_SIZE, "%.6g", value);
}
