#include "explain/columns.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/nearest.h"

/* The name of the column whose first feature is j, without its end. */
static const char *name_of(const Schema *schema, size_t j, char text[SCHEMA_NAME_SIZE], size_t *length)
{
    const char *name = schema_feature_name(schema, j, text);
    *length = schema->names != NULL ? schema_column_length(schema, j) : strlen(name);
    return name;
}

static percept_status copy_names(const Schema *schema, ExplainColumns *columns, percept_error *error)
{
    char text[SCHEMA_NAME_SIZE];
    size_t bytes = columns->count * sizeof *columns->names, length = 0;
    for (size_t c = 0; c < columns->count; c++) {
        (void)name_of(schema, columns->first[c], text, &length);
        bytes += length + 1;
    }
    percept_status status = memory_allocate(bytes, 1, "the names", &columns->names, error);
    char *to = status == PERCEPT_OK ? (char *)(columns->names + columns->count) : NULL;
    for (size_t c = 0; status == PERCEPT_OK && c < columns->count; c++) {
        const char *name = name_of(schema, columns->first[c], text, &length);
        columns->names[c] = memcpy(to, name, length);
        to[length] = '\0';
        to += length + 1;
    }
    return status;
}

percept_status explain_columns_create(const Schema *schema, ExplainColumns *out, percept_error *error)
{
    ExplainColumns columns = {0};
    percept_status status =
        memory_allocate(schema->width, sizeof *columns.features, "the columns", &columns.features, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(schema->width + 1, sizeof *columns.first, "the columns", &columns.first, error);
    for (size_t j = 0; status == PERCEPT_OK && j < schema->width; j++) {
        columns.features[j] = j;
        if (schema_leads(schema, j))
            columns.first[columns.count++] = j;
    }
    if (status == PERCEPT_OK) {
        columns.first[columns.count] = schema->width;
        status = copy_names(schema, &columns, error);
    }
    if (status == PERCEPT_OK)
        *out = columns;
    else
        explain_columns_clear(&columns);
    return status;
}

void explain_columns_clear(ExplainColumns *columns)
{
    memory_free(columns->features);
    memory_free(columns->first);
    memory_free(columns->names);
    *columns = (ExplainColumns){0};
}

void explain_column_copy(const ExplainColumns *columns, size_t c, const double *from, double *to)
{
    for (size_t at = columns->first[c]; at < columns->first[c + 1]; at++)
        to[columns->features[at]] = from[columns->features[at]];
}

static percept_status refuse_name(const Schema *schema, const ExplainColumns *columns, const char *name,
                                  percept_error *error)
{
    const char *nearest = nearest_word(name, (const char *const *)columns->names, columns->count);
    if (schema->names == NULL)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "the model has no column '%.60s'; its columns have no names: give a number, 1 to %zu", name,
                         columns->count);
    return nearest != NULL ? error_set(error, PERCEPT_ERROR_ARGUMENT,
                                       "the model has no column '%.60s'; did you mean '%.60s'?", name, nearest)
                           : error_set(error, PERCEPT_ERROR_ARGUMENT, "the model has no column '%.60s'", name);
}

percept_status explain_column_find(const Schema *schema, const ExplainColumns *columns, const char *name, size_t *out,
                                   percept_error *error)
{
    char number[SCHEMA_NAME_SIZE];
    for (size_t c = 0; c < columns->count; c++) {
        snprintf(number, sizeof number, "%zu", c + 1);
        if (strcmp(columns->names[c], name) == 0 || (schema->names == NULL && strcmp(number, name) == 0)) {
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

/* ---- Dates -------------------------------------------------------------------------------------------------------- */

/* Seconds from 1970 to 2000, both in UTC, and in a day. */
#define EPOCH_2000 946684800.0
#define DAY 86400.0

/* The parts that are features of a date; NaN: not a feature, or missing. */
typedef struct Parts {
    double of[DATE_PARTS];
} Parts;

static Parts parts_of(const Schema *schema, const ExplainColumns *columns, size_t c, const double *row)
{
    Parts parts;
    for (size_t p = 0; p < DATE_PARTS; p++)
        parts.of[p] = NAN;
    for (size_t at = columns->first[c]; at < columns->first[c + 1]; at++)
        parts.of[schema->dates[columns->features[at]].part] = row[columns->features[at]];
    return parts;
}

bool explain_column_is_date(const Schema *schema, const ExplainColumns *columns, size_t c)
{
    return schema_is_date(schema, explain_column_feature(columns, c));
}

double explain_column_key(const Schema *schema, const ExplainColumns *columns, size_t c, const double *row)
{
    const double first = row[explain_column_feature(columns, c)];
    if (!explain_column_is_date(schema, columns, c) || isnan(first))
        return first;
    const Parts parts = parts_of(schema, columns, c, row);
    if (!isnan(parts.of[DATE_TIME]))
        return parts.of[DATE_TIME];
    const double units[DATE_PARTS] = {[DATE_YEAR] = 372, [DATE_MONTH] = 31, [DATE_DAY] = 1, [DATE_HOUR] = 1.0 / 24};
    double key = 0;
    for (size_t p = 0; p < DATE_PARTS; p++)
        key += isnan(parts.of[p]) ? 0 : units[p] * parts.of[p];
    return key != 0 || isnan(parts.of[DATE_WEEKDAY]) ? key : parts.of[DATE_WEEKDAY];
}

/* "2024-05-31" from the time or from its parts; false where they do not tell the day. */
static bool write_day(const Parts *parts, char text[EXPLAIN_VALUE_SIZE], size_t *used)
{
    Moment moment = {.year = 0};
    if (!isnan(parts->of[DATE_TIME])) {
        date_of_seconds(EPOCH_2000 + parts->of[DATE_TIME] * DAY, &moment);
    } else if (!isnan(parts->of[DATE_YEAR] + parts->of[DATE_MONTH] + parts->of[DATE_DAY])) {
        moment.year = (int)parts->of[DATE_YEAR];
        moment.month = (int)parts->of[DATE_MONTH];
        moment.day = (int)parts->of[DATE_DAY];
    } else {
        return false;
    }
    *used = (size_t)snprintf(text, EXPLAIN_VALUE_SIZE, "%04d-%02d-%02d", moment.year, moment.month, moment.day);
    return true;
}

void explain_column_text(const Schema *schema, const ExplainColumns *columns, size_t c, const double *row,
                         char text[EXPLAIN_VALUE_SIZE])
{
    const size_t feature = explain_column_feature(columns, c);
    size_t used = 0;
    if (!explain_column_is_date(schema, columns, c) || isnan(row[feature])) {
        explain_value_text(schema, feature, row[feature], text);
        return;
    }
    const Parts parts = parts_of(schema, columns, c, row);
    const bool day = write_day(&parts, text, &used);
    for (size_t p = 0; !day && p < DATE_HOUR; p++)
        if (!isnan(parts.of[p]) && used < EXPLAIN_VALUE_SIZE)
            used += (size_t)snprintf(text + used, EXPLAIN_VALUE_SIZE - used, "%s%s %.0f", used > 0 ? ", " : "",
                                     date_part_name((DatePart)p), parts.of[p]);
    if (!isnan(parts.of[DATE_HOUR]) && used < EXPLAIN_VALUE_SIZE) {
        const long minutes = lround(60 * parts.of[DATE_HOUR]);
        snprintf(text + used, EXPLAIN_VALUE_SIZE - used, "%s%02ld:%02ld", used > 0 ? " " : "", minutes / 60,
                 minutes % 60);
    }
}
