/* Writes what was read from an NPY or NPZ file to standard output, for check_npy.py: as float64 in the machine's order,
 * for each part its number of examples, then all features, then the labels or targets.
 *
 *   npy FEATURES.npy [LABELS.npy]
 *   npy ARCHIVE.npz
 *
 * or writes features and labels as float64 and int32 arrays "x" and "y" into an archive:
 *
 *   npy FEATURES.npy LABELS.npy OUT.npz */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/npy.h"
#include "data/npz.h"
#include "data/npz_write.h"

static void write_number(double value)
{
    fwrite(&value, sizeof value, 1, stdout);
}

static double feature(const Storage *storage, size_t i)
{
    if (storage->type == PERCEPT_UINT8)
        return ((const uint8_t *)storage->features)[i];
    return storage->type == PERCEPT_FLOAT32 ? (double)((const float *)storage->features)[i]
                                            : ((const double *)storage->features)[i];
}

static percept_status copy(const Storage *storage, const char *path, percept_error *error)
{
    const size_t items = storage->count * storage->width;
    double *values = malloc(items * sizeof *values + 1);
    for (size_t i = 0; values != NULL && i < items; i++)
        values[i] = feature(storage, i);
    const NpzArray arrays[] = {{"x", NPZ_FLOAT64, storage->count, storage->width, values},
                               {"y", NPZ_INT32, storage->count, 0, storage->labels}};
    const percept_status status = npz_write(path, arrays, 2, error);
    free(values);
    return status;
}

int main(int argc, char **argv)
{
    Storage *storage = NULL;
    size_t counts[2] = {0, 0};
    percept_error error;
    if (argc < 2)
        return 2;
    const size_t length = strlen(argv[1]);
    const bool archive = length > 4 && strcmp(argv[1] + length - 4, ".npz") == 0;
    percept_status status =
        archive ? npz_read(argv[1], &(const SourceOptions){0}, 0, &storage, counts, &error)
                : npy_read(argv[1], argc > 2 ? argv[2] : NULL, &(const SourceOptions){0}, 0, &storage, &error);
    if (status == PERCEPT_OK && argc > 3)
        status = copy(storage, argv[3], &error);
    if (status != PERCEPT_OK) {
        fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    write_number((double)(archive ? counts[0] : storage->count));
    write_number((double)counts[1]);
    for (size_t i = 0; i < storage->count * storage->width; i++)
        write_number(feature(storage, i));
    for (size_t i = 0; storage->labels != NULL && i < storage->count; i++)
        write_number(storage->labels[i]);
    for (size_t i = 0; i < storage->count * storage->target_width; i++)
        write_number(storage->targets[i]);
    storage_release(storage);
    return ferror(stdout) != 0;
}
