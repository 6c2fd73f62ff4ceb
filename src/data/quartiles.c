#include "data/quartiles.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

/* Columns that are read in one pass over the rows. */
#define COLUMNS_AT_ONCE 16

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Of sorted values. */
static double quantile(const double *values, size_t count, double part)
{
    const double position = (double)(count - 1) * part;
    const size_t below = (size_t)position, above = below + 1 < count ? below + 1 : below;
    return values[below] + (position - (double)below) * (values[above] - values[below]);
}

static void fit_column(const double *values, size_t count, double *center, double *distance)
{
    const double between = quantile(values, count, 0.75) - quantile(values, count, 0.25);
    const double range = values[count - 1] - values[0];
    *center = quantile(values, count, 0.5);
    *distance = between > 0 ? between : range > 0 ? range / 2 : 1;
}

/* The views, as one. */
typedef struct Parts {
    const percept_dataset *const *views; /* or NULL, each */
    size_t view_count, rows, width;
    double divisor;
    double *row; /* width values: an example */
} Parts;

/* Columns first … end-1 of all rows into `values`, `rows` apart; returns how many values each got. */
static size_t read_columns(const Parts *parts, size_t first, size_t end, double *values)
{
    size_t count = 0;
    for (size_t p = 0; p < parts->view_count; p++)
        for (size_t i = 0; parts->views[p] != NULL && i < parts->views[p]->count; i++) {
            if (!(dataset_weight(parts->views[p], i) > 0))
                continue;
            percept_dataset_features(parts->views[p], i, parts->row);
            for (size_t j = first; j < end; j++)
                values[(j - first) * parts->rows + count] = parts->row[j] / parts->divisor;
            count++;
        }
    return count;
}

static percept_status fit_columns(const Parts *parts, const Schema *schema, double *values, double *center,
                                  double *width, percept_error *error)
{
    for (size_t first = 0; first < parts->width; first += COLUMNS_AT_ONCE) {
        const size_t end = first + COLUMNS_AT_ONCE < parts->width ? first + COLUMNS_AT_ONCE : parts->width;
        const size_t count = read_columns(parts, first, end, values);
        if (count == 0)
            return error_set(error, PERCEPT_ERROR_ARGUMENT,
                             "every example of the training part has weight 0; give some of them a weight above 0");
        for (size_t j = first; j < end; j++) {
            double *column = values + (j - first) * parts->rows;
            center[j] = 0;
            width[j] = 1;
            if (schema_is_category(schema, j))
                continue;
            qsort(column, count, sizeof *column, compare);
            fit_column(column, count, &center[j], &width[j]);
            if (!isfinite(center[j]) || !isfinite(width[j]))
                return error_set(error, PERCEPT_ERROR_ARGUMENT,
                                 "feature %zu of the training part cannot be scaled: its quartiles are not finite", j);
        }
    }
    return PERCEPT_OK;
}

percept_status quartiles_fit(const percept_dataset *const *parts, size_t part_count, double divisor, double *center,
                             double *width, percept_error *error)
{
    const Storage *storage = parts[0]->storage;
    Parts all = {.views = parts, .view_count = part_count, .width = storage->width, .divisor = divisor};
    double *values = NULL;
    for (size_t p = 0; p < part_count; p++)
        all.rows += parts[p] != NULL ? parts[p]->count : 0;
    percept_status status = memory_allocate(all.width, sizeof *all.row, "a scaler", &all.row, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(all.rows, COLUMNS_AT_ONCE * sizeof *values, "a scaler", &values, error);
    if (status == PERCEPT_OK)
        status = fit_columns(&all, &storage->schema, values, center, width, error);
    memory_free(all.row);
    memory_free(values);
    return status;
}
