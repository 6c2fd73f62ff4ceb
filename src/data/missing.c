/* Filling in what is missing. */
#include <math.h>

#include "base/memory.h"
#include "data/dataset.h"

/* Feature j of a row of the storage. Bytes are never missing. */
static double value_at(const Storage *storage, size_t row, size_t j)
{
    const size_t place = row * storage->width + j;
    return storage->type == PERCEPT_FLOAT64 ? ((const double *)storage->features)[place]
                                            : (double)((const float *)storage->features)[place];
}

/* mean_j over the rows that have feature j. */
static percept_status fit_means(const percept_dataset *train, double *mean, size_t *present, percept_error *error)
{
    const Storage *storage = train->storage;
    for (size_t i = 0; i < train->count; i++)
        for (size_t j = 0; j < storage->width; j++) {
            const double x = value_at(storage, train->rows[i], j);
            if (isnan(x))
                continue;
            mean[j] += x;
            present[j]++;
        }
    for (size_t j = 0; j < storage->width; j++) {
        if (present[j] == 0)
            return error_set(error, PERCEPT_ERROR_ARGUMENT,
                             "feature %zu is missing in all %zu examples of the training part; leave it out with "
                             "data.drop, or fill with data.missing=zero",
                             j, train->count);
        mean[j] /= (double)present[j];
    }
    return PERCEPT_OK;
}

static void fill(Storage *storage, const double *mean)
{
    for (size_t i = 0; i < storage->count; i++)
        for (size_t j = 0; j < storage->width; j++) {
            const size_t place = i * storage->width + j;
            if (!isnan(value_at(storage, i, j)))
                continue;
            if (storage->type == PERCEPT_FLOAT64)
                ((double *)storage->features)[place] = mean[j];
            else
                ((float *)storage->features)[place] = (float)mean[j];
        }
    storage->missing = 0;
}

percept_status storage_fill_missing(Storage *storage, const percept_dataset *train, percept_error *error)
{
    double *mean = NULL;
    size_t *present = NULL;
    if (storage->missing == 0)
        return PERCEPT_OK;
    percept_status status = memory_allocate_zeroed(storage->width, sizeof *mean, "the means", &mean, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(storage->width, sizeof *present, "the means", &present, error);
    if (status == PERCEPT_OK)
        status = fit_means(train, mean, present, error);
    if (status == PERCEPT_OK)
        fill(storage, mean);
    memory_free(mean);
    memory_free(present);
    return status;
}
