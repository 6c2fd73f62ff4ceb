#include "data/target_transform.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/normal_knots.h"

static const char *const names[] = {
    [TARGET_AS_IT_IS] = "none", [TARGET_LOG] = "log", [TARGET_LOG1P] = "log1p", [TARGET_QUANTILE] = "quantile"};

#define KINDS (sizeof names / sizeof names[0])

const char *target_transform_name(size_t kind)
{
    return kind < KINDS ? names[kind] : NULL;
}

int target_transform_find(const char *name)
{
    for (size_t k = 0; k < KINDS; k++)
        if (strcmp(names[k], name) == 0)
            return (int)k;
    return -1;
}

/* ---- Range --------------------------------------------------------------------------------------------------------- */

/* What targets must be above. */
static double floor_of(TargetTransformKind kind)
{
    return kind == TARGET_LOG ? 0 : kind == TARGET_LOG1P ? -1 : -INFINITY;
}

percept_status target_transform_check(TargetTransformKind kind, const percept_dataset *data, percept_error *error)
{
    const Storage *storage = data->storage;
    const double floor = floor_of(kind);
    char name[SCHEMA_NAME_SIZE];
    for (size_t i = 0; kind != TARGET_AS_IT_IS && i < data->count; i++)
        for (size_t j = 0; j < storage->target_width; j++) {
            const double t = storage->targets[data->rows[i] * storage->target_width + j];
            if (t > floor && isfinite(t))
                continue;
            return error_set(error, PERCEPT_ERROR_ARGUMENT,
                             "row %zu of the data: target %.48s is %g, but data.target_transform %s needs %s%s",
                             (size_t)data->rows[i] + 1, schema_target_name(&storage->schema, j, name), t, names[kind],
                             kind == TARGET_LOG     ? "targets above 0"
                             : kind == TARGET_LOG1P ? "targets above -1"
                                                    : "finite targets",
                             kind == TARGET_LOG && t > -1 ? "; try log1p" : "; choose another one");
        }
    return PERCEPT_OK;
}

/* ---- Fit ----------------------------------------------------------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Target j of the rows that count, sorted; returns how many. */
static size_t read_target(const percept_dataset *train, size_t j, double *values)
{
    const Storage *storage = train->storage;
    size_t count = 0;
    for (size_t i = 0; i < train->count; i++)
        if (dataset_weight(train, i) > 0)
            values[count++] = storage->targets[train->rows[i] * storage->target_width + j];
    qsort(values, count, sizeof *values, compare);
    return count;
}

static percept_status fit_quantiles(TargetTransform *out, const percept_dataset *train, percept_error *error)
{
    double *sorted = NULL;
    out->width = train->storage->target_width;
    out->knots = train->count < NORMAL_KNOTS ? train->count : NORMAL_KNOTS;
    const size_t all = out->width * out->knots;
    percept_status status = memory_allocate(train->count, sizeof *sorted, "the targets", &sorted, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(all, sizeof *out->values, "the quantiles", &out->values, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(all, sizeof *out->normals, "the quantiles", &out->normals, error);
    for (size_t j = 0; j < out->width && status == PERCEPT_OK; j++) {
        double *x = out->values + j * out->knots, *z = out->normals + j * out->knots;
        const size_t count = read_target(train, j, sorted);
        if (count == 0)
            status = error_set(error, PERCEPT_ERROR_ARGUMENT,
                               "every example of the training part has weight 0; give some of them a weight above 0");
        for (size_t k = count > 0 ? normal_knots(sorted, count, NORMAL_KNOTS, x, z) : 0; k > 0 && k < out->knots; k++) {
            x[k] = x[k - 1];
            z[k] = z[k - 1];
        }
    }
    memory_free(sorted);
    return status;
}

percept_status target_transform_fit(TargetTransform *out, TargetTransformKind kind, const percept_dataset *train,
                                    percept_error *error)
{
    TargetTransform fitted = {.kind = kind};
    percept_status status = target_transform_check(kind, train, error);
    if (status == PERCEPT_OK && kind == TARGET_QUANTILE)
        status = fit_quantiles(&fitted, train, error);
    if (status == PERCEPT_OK)
        *out = fitted;
    else
        target_transform_clear(&fitted);
    return status;
}

void target_transform_clear(TargetTransform *transform)
{
    memory_free(transform->values);
    memory_free(transform->normals);
    *transform = (TargetTransform){.kind = TARGET_AS_IT_IS};
}

percept_status target_transform_copy(const TargetTransform *from, TargetTransform *to, percept_error *error)
{
    const size_t count = from->values != NULL ? from->width * from->knots : 0;
    *to = *from;
    to->values = to->normals = NULL;
    if (count == 0)
        return PERCEPT_OK;
    percept_status status = memory_allocate(count, sizeof *to->values, "the quantiles", &to->values, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(count, sizeof *to->normals, "the quantiles", &to->normals, error);
    if (status != PERCEPT_OK) {
        target_transform_clear(to);
        return status;
    }
    memcpy(to->values, from->values, count * sizeof *to->values);
    memcpy(to->normals, from->normals, count * sizeof *to->normals);
    return PERCEPT_OK;
}

static bool is_same(const double *a, const double *b, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (a[i] < b[i] || a[i] > b[i])
            return false;
    return true;
}

bool target_transform_is_same(const TargetTransform *a, const TargetTransform *b)
{
    const size_t count = a->width * a->knots;
    if (a->kind != b->kind || (a->values == NULL) != (b->values == NULL))
        return false;
    return a->values == NULL || (a->width == b->width && a->knots == b->knots && is_same(a->values, b->values, count) &&
                                 is_same(a->normals, b->normals, count));
}

/* ---- Use ----------------------------------------------------------------------------------------------------------- */

double target_transform(const TargetTransform *transform, size_t j, double t)
{
    const size_t first = j * transform->knots;
    switch (transform->kind) {
    case TARGET_LOG:
        return log(t < DBL_MIN ? DBL_MIN : t);
    case TARGET_LOG1P:
        return log1p(t < -1 + DBL_EPSILON ? -1 + DBL_EPSILON : t);
    case TARGET_QUANTILE:
        return knots_map(transform->values + first, transform->normals + first, transform->knots, t);
    default:
        return t;
    }
}

double target_restore(const TargetTransform *transform, size_t j, double z)
{
    const size_t first = j * transform->knots;
    switch (transform->kind) {
    case TARGET_LOG:
        return exp(z);
    case TARGET_LOG1P:
        return expm1(z);
    case TARGET_QUANTILE:
        return knots_map(transform->normals + first, transform->values + first, transform->knots, z);
    default:
        return z;
    }
}

double target_slope(const TargetTransform *transform, size_t j, double t)
{
    const size_t first = j * transform->knots;
    switch (transform->kind) {
    case TARGET_LOG:
        return t;
    case TARGET_LOG1P:
        return 1 + t;
    case TARGET_QUANTILE:
        return knots_slope(transform->normals + first, transform->values + first, transform->knots, t);
    default:
        return 1;
    }
}
