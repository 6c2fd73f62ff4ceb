#include "data/examples.h"

#include <string.h>

#include "base/memory.h"
#include "base/number.h"

/* Labels that room is made for at once. */
#define FIRST_LABELS 1024

void examples_create(size_t features, size_t targets, bool labels, bool weights, Examples *out)
{
    *out = (Examples){
        .rows = {.width = features, .least = PERCEPT_UINT8},
        .targets = {.type = PERCEPT_FLOAT64, .width = targets},
        .weights = {.type = PERCEPT_FLOAT64, .width = weights ? 1 : 0},
        .has_labels = labels,
    };
}

void examples_clear(Examples *examples)
{
    packed_store_clear(&examples->rows);
    row_store_clear(&examples->features);
    row_store_clear(&examples->targets);
    row_store_clear(&examples->weights);
    buffer_clear(&examples->label_numbers);
    label_table_clear(&examples->labels);
}

percept_status examples_append(Examples *examples, const double *features, const double *targets, double weight,
                               size_t expected, percept_error *error)
{
    if (examples->rows.count == UINT32_MAX)
        return error_set(error, PERCEPT_ERROR_FORMAT, "there are more than the %u examples that a dataset can hold",
                         UINT32_MAX);
    percept_status status = packed_store_append(&examples->rows, features, error);
    if (status == PERCEPT_OK && examples->targets.width > 0)
        status = row_store_append(&examples->targets, targets, expected, error);
    if (status == PERCEPT_OK && examples->weights.width > 0)
        status = row_store_append(&examples->weights, &weight, expected, error);
    return status;
}

percept_status examples_append_label(Examples *examples, const char *label, size_t length, size_t expected,
                                     percept_error *error)
{
    Buffer *numbers = &examples->label_numbers;
    int32_t number = 0;
    percept_status status = label_table_add(&examples->labels, label, length, &number, error);
    if (status == PERCEPT_OK && numbers->capacity - numbers->size < sizeof number) {
        const size_t count = numbers->size / sizeof number;
        const size_t more = expected > count ? expected - count + expected / 64 : count / 2;
        status =
            buffer_reserve(numbers, (more > FIRST_LABELS ? more : FIRST_LABELS) * sizeof number, "the labels", error);
    }
    if (status != PERCEPT_OK)
        return status;
    memcpy(numbers->bytes + numbers->size, &number, sizeof number);
    numbers->size += sizeof number;
    return PERCEPT_OK;
}

percept_status examples_learn_labels(Examples *examples, percept_error *error)
{
    const size_t count = examples->label_numbers.size / sizeof(int32_t);
    const int32_t *numbers = (const int32_t *)(const void *)examples->label_numbers.bytes;
    percept_status status = PERCEPT_OK;
    examples->targets = (RowStore){.type = PERCEPT_FLOAT64, .width = 1};
    for (size_t i = 0; status == PERCEPT_OK && i < count; i++) {
        double value = 0;
        number_parse(label_table_text(&examples->labels, (size_t)numbers[i]), &value);
        status = row_store_append(&examples->targets, &value, count, error);
    }
    examples->has_labels = false;
    return status;
}

/* Classes instead of labels. */
static percept_status set_classes(Examples *examples, const char *file, size_t wanted, Storage *storage,
                                  percept_error *error)
{
    int32_t *class_of = NULL;
    char **names = NULL;
    size_t classes = 0;
    const LabelSource source = {file, examples->label_column};
    percept_status status = label_table_classes(&examples->labels, &source, &class_of, &names, &classes, error);
    if (status == PERCEPT_OK && wanted > 0 && classes != wanted)
        status = error_set(error, PERCEPT_ERROR_FORMAT, "'%s' has %zu classes instead of %zu; get the file again", file,
                           classes, wanted);
    if (status == PERCEPT_OK) {
        /* The numbers' block becomes the labels'. */
        int32_t *labels = (int32_t *)(void *)examples->label_numbers.bytes;
        for (size_t i = 0; i < storage->count; i++)
            labels[i] = class_of[labels[i]];
        storage->labels = labels;
        examples->label_numbers = (Buffer){0};
        storage->class_count = classes;
        storage->class_names = names;
        names = NULL;
    }
    memory_free(class_of);
    memory_free(names);
    return status;
}

static double *take_doubles(RowStore *store)
{
    double *values = store->block;
    store->block = NULL;
    return values;
}

/* A storage of the features alone. */
static percept_status take_features(Examples *examples, Storage **out, percept_error *error)
{
    RowStore *features = &examples->features;
    if (examples->rows.count > 0)
        return packed_store_finish(&examples->rows, out, error);
    percept_status status = storage_adopt(features->type, features->count, features->width, 0, features->block,
                                          features->block, out, error);
    if (status == PERCEPT_OK)
        features->block = NULL;
    return status;
}

percept_status examples_finish(Examples *examples, const char *file, size_t class_count, Storage **out,
                               percept_error *error)
{
    Storage *storage = NULL;
    if (examples->features.count == 0 && examples->rows.count == 0)
        return error_set(error, PERCEPT_ERROR_FORMAT, "'%s' has no rows", file);
    percept_status status = take_features(examples, &storage, error);
    if (status != PERCEPT_OK)
        return status;
    storage->targets = take_doubles(&examples->targets);
    storage->target_width = examples->targets.width;
    storage->weights = take_doubles(&examples->weights);
    storage->missing = examples->missing;
    storage->divisor = 1;
    storage->table = true;
    if (examples->has_labels)
        status = set_classes(examples, file, class_count, storage, error);
    examples_clear(examples);
    if (status == PERCEPT_OK)
        *out = storage;
    else
        storage_release(storage);
    return status;
}
