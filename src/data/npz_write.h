/* Writing NPZ archives that NumPy reads: numpy.load("x.npz")["features"]. */
#ifndef DATA_NPZ_WRITE_H
#define DATA_NPZ_WRITE_H

#include <stddef.h>

#include "base/error.h"

typedef enum NpzType { NPZ_UINT8, NPZ_INT32, NPZ_FLOAT32, NPZ_FLOAT64, NPZ_TEXT } NpzType;

/* An array in memory: rows × columns items in C order; columns 0: one dimension. Texts (dtype U) have one dimension: an item is
 * `columns` ≥ 1 code points of 32 bits, with zeros behind the text. */
typedef struct NpzArray {
    const char *name; /* without .npy */
    NpzType type;
    size_t rows, columns;
    const void *items;
} NpzArray;

/* Writes `count` arrays into the archive at path, not packed, whole or not at all. Equal arrays make equal files: the
 * files contain no time and nothing about the machine except the byte order of the items. */
percept_status npz_write(const char *path, const NpzArray *arrays, size_t count, percept_error *error);

#endif
