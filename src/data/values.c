#include "data/values.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"

/* ---- Places ---------------------------------------------------------------------------------------------------- */

/* "'x.npz: x', row 3, column 2 (width)" */
#define WHERE_SIZE 200
static const char *describe(const Storage *storage, const char *source, size_t row, size_t column,
                            char text[WHERE_SIZE])
{
    const bool named = storage->schema.names != NULL && column < storage->schema.width;
    snprintf(text, WHERE_SIZE, "'%.80s', row %zu, column %zu%s%.32s%s", source, row + 1, column + 1, named ? " (" : "",
             named ? storage->schema.names[column] : "", named ? ")" : "");
    return text;
}

/* ---- Range ----------------------------------------------------------------------------------------------------- */

static bool is_beyond(double value)
{
    return fabs(value) > (double)FLT_MAX;
}

static percept_status refuse_value(const char *where, const char *what, double value, percept_error *error)
{
    char number[NUMBER_SIZE];
    number_format_digits(value, 6, number);
    if (isinf(value))
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "%s: the %s is infinite (%s); give a number, or NaN if it is "
                         "missing",
                         where, what, number);
    return error_set(error, PERCEPT_ERROR_FORMAT,
                     "%s: the %s %s is beyond the range of float32 (3.4e38); use a smaller unit", where, what, number);
}

/* The first of `count` doubles that is beyond the range; count if there is none. */
static size_t find_beyond(const double *values, size_t count)
{
    size_t i = 0;
    while (i < count && !is_beyond(values[i]))
        i++;
    return i;
}

percept_status values_check_answers(const Storage *storage, size_t first, size_t count, const char *source,
                                    percept_error *error)
{
    const size_t width = storage->target_width;
    char where[WHERE_SIZE], text[SCHEMA_NAME_SIZE];
    if (storage->targets != NULL) {
        const double *targets = storage->targets + first * width;
        const size_t found = find_beyond(targets, count * width);
        if (found < count * width) {
            snprintf(where, sizeof where, "'%.80s', row %zu, %.40s", source, found / width + 1,
                     schema_target_name(&storage->schema, found % width, text));
            return refuse_value(where, "target", targets[found], error);
        }
    }
    if (storage->weights != NULL) {
        const size_t found = find_beyond(storage->weights + first, count);
        if (found < count) {
            snprintf(where, sizeof where, "'%.80s', row %zu", source, found + 1);
            return refuse_value(where, "weight", storage->weights[first + found], error);
        }
    }
    return PERCEPT_OK;
}

percept_status values_check_features(const Storage *storage, size_t first, size_t count, const char *source,
                                     percept_error *error)
{
    char where[WHERE_SIZE];
    const size_t width = storage->width;
    for (size_t i = 0; storage->type != PERCEPT_UINT8 && i < count; i++) {
        bool beyond = false;
        for (size_t j = 0; j < width; j++)
            beyond |= is_beyond(storage_value(storage, first + i, j));
        for (size_t j = 0; beyond && j < width; j++) {
            const double x = storage_value(storage, first + i, j);
            if (is_beyond(x))
                return refuse_value(describe(storage, source, i, j, where), "value", x, error);
        }
    }
    return PERCEPT_OK;
}

percept_status values_check(const Storage *storage, size_t first, size_t count, const char *source,
                            percept_error *error)
{
    percept_status status = values_check_features(storage, first, count, source, error);
    return status == PERCEPT_OK ? values_check_answers(storage, first, count, source, error) : status;
}

/* ---- Missing ones ---------------------------------------------------------------------------------------------- */

percept_status values_take_missing(Storage *storage, size_t first, size_t count, const char *source,
                                   const SourceOptions *options, percept_error *error)
{
    char where[WHERE_SIZE];
    const size_t width = storage->width;
    const bool numbers = missing_tokens_have_numbers(&options->missing_tokens);
    for (size_t i = 0; storage->type != PERCEPT_UINT8 && i < count; i++)
        for (size_t j = 0; j < width; j++) {
            const double x = storage_value(storage, first + i, j);
            if (options->schema != NULL && schema_is_category(options->schema, j))
                continue; /* a code */
            if (!isnan(x) && !(numbers && missing_number(&options->missing_tokens, x)))
                continue;
            if (options->missing == MISSING_REFUSE)
                return error_set(error, PERCEPT_ERROR_FORMAT,
                                 "%s: the value is missing%s; --missing mean or zero fills such values",
                                 describe(storage, source, i, j, where), isnan(x) ? " (NaN)" : "");
            storage_set(storage, first + i, j, options->missing == MISSING_ZERO ? 0 : NAN);
            storage->missing += missing_is_kept(options->missing) ? 1 : 0;
        }
    return PERCEPT_OK;
}

/* ---- Rows ------------------------------------------------------------------------------------------------------ */

void values_drop_rows(Storage *storage, const bool *dropped)
{
    const size_t row = storage->width * storage_item_size(storage->type);
    char *features = storage->features;
    size_t kept = 0;
    for (size_t i = 0; i < storage->count; i++) {
        if (dropped[i])
            continue;
        memmove(features + kept * row, features + i * row, row);
        kept++;
    }
    storage->count = kept;
}
