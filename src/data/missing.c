/* Replaces missing values. */
#include <float.h>
#include <math.h>
#include <stdio.h>

#include "base/memory.h"
#include "data/dataset.h"

/* Bytes of a list of columns, and of one that may still be added. */
#define LIST_SIZE 160
#define SHOWN 64

static void add_row(size_t width, double w, const double *restrict x, double *restrict sum, double *restrict weight)
{
    for (size_t j = 0; j < width; j++) {
        const bool absent = isnan(x[j]);
        sum[j] += absent ? 0 : w * x[j];
        weight[j] += absent ? 0 : w;
    }
}

/* Σ w x and Σ w over the rows that have feature j; row: room for one. */
static void add_up(const percept_dataset *train, double *row, double *sum, double *weight)
{
    for (size_t i = 0; i < train->count; i++) {
        const double w = dataset_weight(train, i);
        dataset_fetch(train, i + DATASET_AHEAD);
        percept_dataset_features(train, i, row);
        if (w > 0)
            add_row(train->storage->width, w, row, sum, weight);
    }
}

/* A mean that float32 can hold is one of its numbers, so that storages of all types are filled with the same value. */
static double storable(double mean)
{
    return fabs(mean) <= (double)FLT_MAX ? (double)(float)mean : mean;
}

/* Moves the mean of a column with gaps to one deviation below its least value. `mean`: width values. */
static percept_status move_below(const percept_dataset *train, double *mean, percept_error *error)
{
    const Storage *storage = train->storage;
    double *square = NULL, *weight = NULL, *least = NULL;
    percept_status status = memory_allocate_zeroed(storage->width, 3 * sizeof *square, "the fills", &square, error);
    if (status != PERCEPT_OK)
        return status;
    weight = square + storage->width;
    least = weight + storage->width;
    for (size_t j = 0; j < storage->width; j++)
        least[j] = INFINITY;
    bool *gaps = NULL;
    status = memory_allocate_zeroed(storage->width, sizeof *gaps, "the fills", &gaps, error);
    for (size_t i = 0; status == PERCEPT_OK && i < train->count; i++) {
        const double w = dataset_weight(train, i);
        for (size_t j = 0; w > 0 && j < storage->width; j++) {
            const double x = storage_value(storage, train->rows[i], j);
            gaps[j] = gaps[j] || isnan(x);
            if (isnan(x))
                continue;
            square[j] += w * (x - mean[j]) * (x - mean[j]);
            weight[j] += w;
            least[j] = fmin(least[j], x);
        }
    }
    for (size_t j = 0; status == PERCEPT_OK && j < storage->width; j++) {
        const double deviation = weight[j] > 0 ? sqrt(square[j] / weight[j]) : 0;
        if (gaps[j] && weight[j] > 0 && !schema_is_category(&storage->schema, j))
            mean[j] = storable(least[j] - (deviation > 0 ? deviation : 1));
    }
    memory_free(gaps);
    memory_free(square);
    return status;
}

percept_status storage_learn_fills(Storage *storage, const percept_dataset *train, bool below, percept_error *error)
{
    double *sum = NULL, *weight = NULL, *row = NULL;
    char name[SCHEMA_NAME_SIZE];
    percept_status status = memory_allocate_zeroed(storage->width, sizeof *sum, "the means", &sum, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(storage->width, sizeof *weight, "the means", &weight, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(storage->width, sizeof *row, "the means", &row, error);
    if (status == PERCEPT_OK)
        add_up(train, row, sum, weight);
    for (size_t j = 0; status == PERCEPT_OK && j < storage->width; j++) {
        const bool category = schema_is_category(&storage->schema, j);
        if (!category &&
            !(weight[j] > 0)) /* 0, then: the model must be able to take the feature, and learns nothing from it */
            status = notes_add(&storage->notes, NOTE_WARNING, error,
                               "%.64s has no value in the training part, and is filled with 0; --drop leaves it out",
                               schema_feature_name(&storage->schema, j, name));
        sum[j] = !category && weight[j] > 0 ? storable(sum[j] / weight[j]) : 0;
    }
    memory_free(weight);
    memory_free(row);
    if (status == PERCEPT_OK && below)
        status = move_below(train, sum, error);
    if (status != PERCEPT_OK) {
        memory_free(sum);
        return status;
    }
    memory_free(storage->schema.fills);
    storage->schema.fills = sum;
    storage->below = below;
    return PERCEPT_OK;
}

percept_status storage_fill_with_zero(Storage *storage, percept_error *error)
{
    double *zeros = NULL;
    percept_status status = memory_allocate_zeroed(storage->width, sizeof *zeros, "the fills", &zeros, error);
    if (status != PERCEPT_OK)
        return status;
    memory_free(storage->schema.fills);
    storage->schema.fills = zeros;
    return PERCEPT_OK;
}

static percept_status refuse(const Storage *storage, size_t row, size_t j, percept_error *error)
{
    char name[SCHEMA_NAME_SIZE];
    return error_set(error, PERCEPT_ERROR_ARGUMENT,
                     "row %zu, column '%.64s': the value is missing; --missing mean or zero fills such values", row + 1,
                     schema_feature_name(&storage->schema, j, name));
}

/* Notes how many values were filled in, and in which columns. */
static percept_status note_filled(Storage *storage, const size_t *filled, percept_error *error)
{
    char list[LIST_SIZE] = "", name[SCHEMA_NAME_SIZE];
    size_t total = 0, used = 0, columns = 0, listed = 0;
    bool zeros = true;
    for (size_t j = 0; j < storage->width; j++) {
        if (filled[j] == 0)
            continue;
        total += filled[j];
        columns++;
        zeros = zeros && storage->schema.fills[j] == 0;
        if (used + SHOWN > LIST_SIZE)
            continue;
        used += (size_t)snprintf(list + used, LIST_SIZE - used, "%s%.32s", listed > 0 ? ", " : "",
                                 schema_feature_name(&storage->schema, j, name));
        listed++;
    }
    if (total == 0)
        return PERCEPT_OK;
    if (columns > listed)
        snprintf(list + used, LIST_SIZE - used, " and %zu more", columns - listed);
    return notes_add(&storage->notes, NOTE_TAKEN, error, "filled %zu missing value%s in %s with %s", total,
                     total == 1 ? "" : "s", list,
                     zeros            ? "0"
                     : storage->below ? "a value below all others of the column"
                     : columns == 1   ? "its mean in the training part"
                                      : "their means in the training part");
}

/* Puts the fills in; filled[j] receives how many of feature j there were. */
static percept_status fill(Storage *storage, size_t *filled, percept_error *error)
{
    const double *fills = storage->schema.fills;
    for (size_t i = 0; i < storage->count; i++)
        for (size_t j = 0; j < storage->width; j++) {
            if (!isnan(storage_value(storage, i, j)) || schema_is_category(&storage->schema, j))
                continue;
            if (fills == NULL)
                return refuse(storage, i, j, error);
            if (!storage_is_packed(storage))
                storage_set(storage, i, j, fills[j]);
            filled[j]++;
        }
    for (size_t j = 0; storage_is_packed(storage) && j < storage->width; j++)
        if (filled[j] > 0)
            storage->packing.columns[j].absent = storage->type == PERCEPT_FLOAT32 ? (double)(float)fills[j] : fills[j];
    storage->missing = 0;
    return PERCEPT_OK;
}

percept_status storage_fill_missing(Storage *storage, percept_error *error)
{
    size_t *filled = NULL;
    if (storage->missing == 0)
        return PERCEPT_OK;
    percept_status status = memory_allocate_zeroed(storage->width, sizeof *filled, "the columns", &filled, error);
    if (status == PERCEPT_OK)
        status = fill(storage, filled, error);
    if (status == PERCEPT_OK)
        status = note_filled(storage, filled, error);
    memory_free(filled);
    return status;
}
