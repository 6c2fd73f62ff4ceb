#include "data/dataset.h"

#include <stdbool.h>
#include <string.h>

#include "base/memory.h"
#include "data/packed_row.h"

/* A view with room for `count` rows, and for labels if there are classes. */
static percept_status view_create(Storage *storage, size_t count, size_t class_count, char *const *class_names,
                                  percept_dataset **out, percept_error *error)
{
    if (count == 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "a dataset must have at least one example");
    if (count > UINT32_MAX)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "%zu examples are more than the %u that a dataset can hold",
                         count, UINT32_MAX);
    percept_dataset *view = NULL;
    percept_status status = memory_allocate_zeroed(1, sizeof *view, "a dataset", &view, error);
    if (status != PERCEPT_OK)
        return status;
    view->storage = storage_retain(storage);
    view->count = count;
    view->class_count = class_count;
    status = memory_allocate(count, sizeof *view->rows, "the rows of a dataset", &view->rows, error);
    if (status == PERCEPT_OK && class_count > 0)
        status = memory_allocate(count, sizeof *view->labels, "the labels", &view->labels, error);
    if (status == PERCEPT_OK && class_count > 0)
        status = class_names_copy((const char *const *)class_names, class_count, &view->class_names, error);
    if (status != PERCEPT_OK)
        percept_dataset_free(view);
    else
        *out = view;
    return status;
}

percept_status dataset_view(Storage *storage, size_t first, size_t count, percept_dataset **out, percept_error *error)
{
    if (first > storage->count || count > storage->count - first)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "%zu rows from row %zu on do not exist: there are %zu", count,
                         first, storage->count);
    percept_dataset *view = NULL;
    percept_status status = view_create(storage, count, storage->class_count, storage->class_names, &view, error);
    if (status != PERCEPT_OK)
        return status;
    for (size_t i = 0; i < count; i++)
        view->rows[i] = (uint32_t)(first + i);
    if (view->labels != NULL)
        memcpy(view->labels, storage->labels + first, count * sizeof *view->labels);
    *out = view;
    return PERCEPT_OK;
}

percept_status dataset_subset(const percept_dataset *data, const uint32_t *rows, size_t count, percept_dataset **out,
                              percept_error *error)
{
    for (size_t i = 0; i < count; i++)
        if (rows[i] >= data->count)
            return error_set(error, PERCEPT_ERROR_ARGUMENT, "row %u does not exist: there are %zu", rows[i],
                             data->count);
    percept_dataset *view = NULL;
    percept_status status = view_create(data->storage, count, data->class_count, data->class_names, &view, error);
    if (status != PERCEPT_OK)
        return status;
    for (size_t i = 0; i < count; i++)
        view->rows[i] = data->rows[rows[i]];
    for (size_t i = 0; view->labels != NULL && i < count; i++)
        view->labels[i] = data->labels[rows[i]];
    *out = view;
    return PERCEPT_OK;
}

percept_status dataset_join(const percept_dataset *a, const percept_dataset *b, percept_dataset **out,
                            percept_error *error)
{
    bool same = a->storage == b->storage && a->class_count == b->class_count;
    for (size_t k = 0; same && k < a->class_count; k++)
        same = strcmp(a->class_names[k], b->class_names[k]) == 0;
    if (!same)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "only parts of one dataset with the same classes can be joined");
    size_t count = a->count + b->count; /* each below 2^32 */
    percept_dataset *view = NULL;
    percept_status status = view_create(a->storage, count, a->class_count, a->class_names, &view, error);
    if (status != PERCEPT_OK)
        return status;
    memcpy(view->rows, a->rows, a->count * sizeof *view->rows);
    memcpy(view->rows + a->count, b->rows, b->count * sizeof *view->rows);
    if (view->labels != NULL) {
        memcpy(view->labels, a->labels, a->count * sizeof *view->labels);
        memcpy(view->labels + a->count, b->labels, b->count * sizeof *view->labels);
    }
    *out = view;
    return PERCEPT_OK;
}

percept_status dataset_count_classes(const percept_dataset *data, size_t **counts, percept_error *error)
{
    percept_status status = memory_allocate_zeroed(data->class_count, sizeof **counts, "the classes", counts, error);
    for (size_t i = 0; status == PERCEPT_OK && data->labels != NULL && i < data->count; i++)
        (*counts)[data->labels[i]]++;
    return status;
}

/* ---- Public -------------------------------------------------------------------------------------------------- */

void percept_dataset_free(percept_dataset *dataset)
{
    if (dataset == NULL)
        return;
    storage_release(dataset->storage);
    memory_free(dataset->rows);
    memory_free(dataset->labels);
    memory_free(dataset->class_names);
    memory_free(dataset);
}

void percept_data_free(percept_data *data)
{
    if (data == NULL)
        return;
    percept_dataset_free(data->train);
    percept_dataset_free(data->valid);
    percept_dataset_free(data->test);
    *data = (percept_data){NULL, NULL, NULL};
}

size_t percept_dataset_count(const percept_dataset *dataset)
{
    return dataset != NULL ? dataset->count : 0;
}

size_t percept_dataset_width(const percept_dataset *dataset)
{
    return dataset != NULL ? dataset->storage->width : 0;
}

size_t percept_dataset_classes(const percept_dataset *dataset)
{
    return dataset != NULL ? dataset->class_count : 0;
}

const char *percept_dataset_class_name(const percept_dataset *dataset, size_t k)
{
    return dataset != NULL && k < dataset->class_count ? dataset->class_names[k] : NULL;
}

int32_t percept_dataset_label(const percept_dataset *dataset, size_t i)
{
    return dataset != NULL && dataset->labels != NULL && i < dataset->count ? dataset->labels[i] : -1;
}

void percept_dataset_features(const percept_dataset *dataset, size_t i, double *features)
{
    if (dataset == NULL || features == NULL || i >= dataset->count)
        return;
    size_t width = dataset->storage->width;
    const void *row = dataset_row(dataset, i);
    if (storage_is_packed(dataset->storage))
        packed_read_row(&dataset->storage->packing, row, 0, width, features);
    else if (dataset->storage->type == PERCEPT_UINT8)
        for (size_t j = 0; j < width; j++)
            features[j] = ((const uint8_t *)row)[j];
    else if (dataset->storage->type == PERCEPT_FLOAT32)
        for (size_t j = 0; j < width; j++)
            features[j] = (double)((const float *)row)[j];
    else
        memcpy(features, row, width * sizeof *features);
}

void percept_dataset_copy_features(const percept_dataset *dataset, double *features)
{
    if (dataset == NULL || features == NULL)
        return;
    for (size_t i = 0; i < dataset->count; i++)
        percept_dataset_features(dataset, i, features + i * dataset->storage->width);
}

const char *percept_dataset_note(const percept_dataset *dataset, size_t i)
{
    size_t seen = 0;
    if (dataset == NULL)
        return NULL;
    const Notes *notes = &dataset->storage->notes;
    for (size_t n = 0; n < notes->count; n++)
        if (notes->list[n].kind == NOTE_WARNING && seen++ == i)
            return notes->list[n].text;
    return NULL;
}
