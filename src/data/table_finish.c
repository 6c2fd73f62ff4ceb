/* A table becomes a dataset. */
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "data/table.h"
#include "data/values.h"

static void *features_of(const percept_table *table)
{
    return table->block != NULL ? table->block : (void *)table->borrowed;
}

/* A storage as it will be, which owns nothing, to be checked. */
static Storage probe(const percept_table *table)
{
    return (Storage){.type = table->type,
                     .count = table->count,
                     .width = table->width,
                     .features = features_of(table),
                     .targets = table->answers.targets,
                     .target_width = table->answers.target_width,
                     .weights = table->weights,
                     .schema = {.width = table->width,
                                .names = table->names,
                                .kinds = table->kinds,
                                .target_width = table->target_names != NULL ? table->answers.target_width : 0,
                                .targets = table->target_names}};
}

/* Feature j of row i. */
static double feature_at(const Storage *storage, size_t i, size_t j)
{
    const size_t place = i * storage->width + j;
    if (storage->type == PERCEPT_UINT8)
        return ((const uint8_t *)storage->features)[place];
    return storage->type == PERCEPT_FLOAT64 ? ((const double *)storage->features)[place]
                                            : (double)((const float *)storage->features)[place];
}

static percept_status check_booleans(const Storage *storage, percept_error *error)
{
    char name[SCHEMA_NAME_SIZE];
    for (size_t j = 0; storage->schema.kinds != NULL && j < storage->width; j++)
        for (size_t i = 0; storage->schema.kinds[j] == FEATURE_BOOLEAN && i < storage->count; i++) {
            const double x = feature_at(storage, i, j);
            if (x != 0 && x != 1 && !isnan(x))
                return error_set(error, PERCEPT_ERROR_ARGUMENT,
                                 "features, row %zu, column %zu (%.64s): %g is not boolean; give 0 or 1, or make the "
                                 "column one of numbers",
                                 i + 1, j + 1, schema_feature_name(&storage->schema, j, name), x);
        }
    return PERCEPT_OK;
}

static percept_status check(const Storage *storage, percept_error *error)
{
    if (storage->width == 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "the table has no features; call percept_table_set_features first");
    percept_status status = values_check_features(storage, 0, storage->count, "features", error);
    if (status == PERCEPT_OK)
        status = values_check_answers(storage, 0, storage->count, "table", error);
    return status == PERCEPT_OK ? check_booleans(storage, error) : table_refuse(status, error);
}

/* Hands everything over to the storage. */
static void move(percept_table *table, Storage *storage)
{
    const Storage last = probe(table);
    storage->block = table->block;
    storage->features = last.features;
    storage->release = table->release;
    storage->user = table->user;
    storage->targets = last.targets;
    storage->target_width = last.target_width;
    storage->weights = last.weights;
    storage->schema = last.schema;
    storage->table = table->names != NULL;
    for (size_t i = 0; storage->type != PERCEPT_UINT8 && i < storage->count; i++)
        for (size_t j = 0; j < storage->width; j++)
            storage->missing += isnan(feature_at(storage, i, j)) ? 1 : 0;
    table->answers.targets = NULL;
    answers_clear(&table->answers);
    *table = (percept_table){.count = table->count};
}

percept_status percept_table_finish(percept_table *table, percept_dataset **out, percept_error *error)
{
    if (table == NULL || out == NULL)
        return error_null(error, "percept_table_finish", "table and out");
    const Storage last = probe(table);
    const Answers *answers = &table->answers;
    Storage *storage = NULL;
    percept_status status = check(&last, error);
    if (status == PERCEPT_OK)
        status =
            storage_adopt(table->type, table->count, table->width, answers->class_count, NULL, NULL, &storage, error);
    if (status == PERCEPT_OK && answers->class_names != NULL)
        status = storage_name_classes(storage, (const char *const *)answers->class_names, error);
    if (status == PERCEPT_OK && answers->labels != NULL)
        memcpy(storage->labels, answers->labels, table->count * sizeof *answers->labels);
    if (status == PERCEPT_OK)
        status = dataset_view(storage, 0, table->count, out, error);
    if (status == PERCEPT_OK)
        move(table, storage);
    storage_release(storage); /* the view has its own reference */
    return status;
}

percept_status percept_dataset_create(percept_type type, size_t count, size_t width, const void *features,
                                      const int32_t *labels, size_t class_count, const char *const *class_names,
                                      percept_dataset **out, percept_error *error)
{
    percept_table *table = NULL;
    if (features == NULL || out == NULL)
        return error_null(error, "percept_dataset_create", "features and out");
    if ((labels != NULL) != (class_count > 0))
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "labels and class_count must both be given, or neither");
    percept_status status = percept_table_create(count, &table, error);
    if (status == PERCEPT_OK)
        status = percept_table_set_features(table, type, features, width, 0, 0, error);
    if (status == PERCEPT_OK && labels != NULL)
        status = percept_table_set_labels(table, PERCEPT_INT32, labels, 0, class_count, class_names, error);
    if (status == PERCEPT_OK)
        status = percept_table_finish(table, out, error);
    percept_table_free(table);
    return status;
}

/* ---- Missing features ------------------------------------------------------------------------------------------------ */

size_t percept_dataset_missing(const percept_dataset *dataset)
{
    return dataset != NULL ? dataset->storage->missing : 0;
}

/* Puts the schema's fills in place of what is missing. */
static percept_status fill_from(const Schema *schema, Storage *storage, percept_error *error)
{
    double *fills = NULL;
    if (storage->schema.fills == NULL && schema->fills != NULL) {
        percept_status status = memory_allocate(storage->width, sizeof *fills, "the fills", &fills, error);
        if (status != PERCEPT_OK)
            return status;
        memcpy(fills, schema->fills, storage->width * sizeof *fills);
        storage->schema.fills = fills;
    }
    return storage_fill_missing(storage, error);
}

percept_status dataset_fill_from(percept_dataset *dataset, const Schema *schema, percept_error *error)
{
    Storage *storage = dataset->storage;
    if (storage->missing > 0 && schema->fills != NULL && schema->width != storage->width)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "the data have %zu features, but fills are known for %zu",
                         storage->width, schema->width);
    return fill_from(schema, storage, error);
}

percept_status percept_data_fill(percept_data *data, percept_error *error)
{
    if (data == NULL || data->train == NULL)
        return error_null(error, "percept_data_fill", "data and data->train");
    Storage *storage = data->train->storage;
    percept_dataset *const parts[] = {data->train, data->valid, data->test};
    percept_status status = PERCEPT_OK;
    if (storage->schema.fills == NULL)
        status = storage_learn_fills(storage, data->train, error);
    for (size_t p = 0; status == PERCEPT_OK && p < sizeof parts / sizeof parts[0]; p++)
        if (parts[p] != NULL)
            status = dataset_fill_from(parts[p], &storage->schema, error);
    return status;
}
