#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "data/dataset.h"

/* Digits of the largest class number, and its final 0. */
#define NUMBER_SIZE 24

size_t storage_item_size(percept_type type)
{
    return type == PERCEPT_UINT8     ? sizeof(uint8_t)
           : type == PERCEPT_FLOAT32 ? sizeof(float)
           : type == PERCEPT_FLOAT64 ? sizeof(double)
                                     : 0; /* features are of no other type */
}

/* "0", "1", … */
static percept_status number_names(size_t count, char ***out, percept_error *error)
{
    const char **names = NULL;
    char(*texts)[NUMBER_SIZE] = NULL;
    percept_status status = memory_allocate(count, sizeof *names, "the class names", &names, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(count, sizeof *texts, "the class names", &texts, error);
    for (size_t k = 0; status == PERCEPT_OK && k < count; k++) {
        snprintf(texts[k], NUMBER_SIZE, "%zu", k);
        names[k] = texts[k];
    }
    if (status == PERCEPT_OK)
        status = names_copy(names, count, out, error);
    memory_free(names);
    memory_free(texts);
    return status;
}

percept_status class_names_copy(const char *const *names, size_t count, char ***out, percept_error *error)
{
    return names != NULL ? names_copy(names, count, out, error) : number_names(count, out, error);
}

/* A storage without features, its sizes checked. */
static percept_status create_frame(percept_type type, size_t count, size_t width, size_t class_count, Storage **out,
                                   percept_error *error)
{
    if (storage_item_size(type) == 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "type %d is none of uint8, float32 and float64", (int)type);
    if (count == 0 || width == 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "a dataset of %zu examples with %zu features holds nothing",
                         count, width);
    if (count > UINT32_MAX)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "%zu examples are more than the %u that a dataset can hold",
                         count, UINT32_MAX);
    if (class_count > INT32_MAX)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "%zu classes are too many", class_count);
    Storage *made = NULL;
    percept_status status = memory_allocate_zeroed(1, sizeof *made, "a dataset", &made, error);
    if (status != PERCEPT_OK)
        return status;
    made->references = 1;
    made->type = type;
    made->count = count;
    made->width = width;
    made->class_count = class_count;
    made->schema.width = width;
    made->divisor = type == PERCEPT_UINT8 ? UINT8_MAX : 1;
    if (class_count > 0) {
        status = memory_allocate(count, sizeof *made->labels, "the labels", &made->labels, error);
        if (status == PERCEPT_OK)
            status = class_names_copy(NULL, class_count, &made->class_names, error);
    }
    if (status != PERCEPT_OK)
        storage_release(made);
    else
        *out = made;
    return status;
}

percept_status storage_create(percept_type type, size_t count, size_t width, size_t class_count, Storage **out,
                              percept_error *error)
{
    Storage *made = NULL;
    percept_status status = create_frame(type, count, width, class_count, &made, error);
    if (status != PERCEPT_OK)
        return status;
    size_t items = 0;
    if (__builtin_mul_overflow(count, width, &items))
        status = error_set(error, PERCEPT_ERROR_MEMORY, "%zu examples of %zu features are more than can be addressed",
                           count, width);
    else
        status = memory_allocate(items, storage_item_size(type), "the features", &made->block, error);
    if (status != PERCEPT_OK) {
        storage_release(made);
        return status;
    }
    made->features = made->block;
    *out = made;
    return PERCEPT_OK;
}

percept_status storage_adopt(percept_type type, size_t count, size_t width, size_t class_count, void *block,
                             void *features, Storage **out, percept_error *error)
{
    percept_status status = create_frame(type, count, width, class_count, out, error);
    if (status == PERCEPT_OK) {
        (*out)->block = block;
        (*out)->features = features;
    }
    return status;
}

Storage *storage_retain(Storage *storage)
{
    __atomic_add_fetch(&storage->references, 1, __ATOMIC_RELAXED);
    return storage;
}

void storage_release(Storage *storage)
{
    if (storage == NULL || __atomic_sub_fetch(&storage->references, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    if (storage->release != NULL)
        storage->release(storage->user);
    memory_free(storage->block);
    packing_clear(&storage->packing);
    memory_free(storage->labels);
    memory_free(storage->targets);
    memory_free(storage->groups);
    memory_free(storage->times);
    memory_free(storage->weights);
    memory_free(storage->unknown);
    memory_free(storage->class_names);
    schema_clear(&storage->schema);
    notes_clear(&storage->notes);
    memory_free(storage);
}

percept_status storage_name_classes(Storage *storage, const char *const *names, percept_error *error)
{
    char **copy = NULL;
    percept_status status = class_names_copy(names, storage->class_count, &copy, error);
    if (status == PERCEPT_OK) {
        memory_free(storage->class_names);
        storage->class_names = copy;
    }
    return status;
}

percept_status storage_learn_labels(Storage *storage, percept_error *error)
{
    percept_status status =
        memory_allocate(storage->count, sizeof *storage->targets, "the targets", &storage->targets, error);
    if (status != PERCEPT_OK)
        return status;
    for (size_t i = 0; i < storage->count; i++)
        storage->targets[i] = storage->labels[i];
    storage->target_width = 1;
    storage->class_count = 0;
    memory_free(storage->labels);
    memory_free(storage->class_names);
    storage->labels = NULL;
    storage->class_names = NULL;
    return PERCEPT_OK;
}
