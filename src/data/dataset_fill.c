/* Missing features of datasets: counted, and filled. */
#include <string.h>

#include "base/memory.h"
#include "data/dataset.h"

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
        status = storage_learn_fills(storage, data->train, false, error);
    for (size_t p = 0; status == PERCEPT_OK && p < sizeof parts / sizeof parts[0]; p++)
        if (parts[p] != NULL)
            status = dataset_fill_from(parts[p], &storage->schema, error);
    return status;
}

size_t percept_dataset_unknown(const percept_dataset *dataset, size_t j)
{
    if (dataset == NULL || j >= dataset->storage->width || dataset->storage->unknown == NULL)
        return 0;
    return dataset->storage->unknown[j];
}
