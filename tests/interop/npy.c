/* Writes what was read from an NPY or NPZ file to standard output, for check_npy.py: as float64 in the machine's order,
 * for each part its number of examples, then all features, then the labels or targets.
 *
 *   npy FEATURES.npy [LABELS.npy]
 *   npy ARCHIVE.npz */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/npy.h"
#include "data/npz.h"

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

int main(int argc, char **argv)
{
    Storage *storage = NULL;
    size_t counts[2] = {0, 0};
    percept_error error;
    if (argc < 2)
        return 2;
    const size_t length = strlen(argv[1]);
    const bool archive = length > 4 && strcmp(argv[1] + length - 4, ".npz") == 0;
    percept_status status = archive ? npz_read(argv[1], 0, &storage, counts, &error)
                                    : npy_read(argv[1], argc > 2 ? argv[2] : NULL, 0, &storage, &error);
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
