/* A list of named arrays that grows, for npz_write. */
#ifndef EXPORT_NPZ_ARRAYS_H
#define EXPORT_NPZ_ARRAYS_H

#include "data/npz_write.h"

#define NPZ_ARRAYS_NAME_SIZE 96

/* Begins as {0}; released with npz_arrays_clear. */
typedef struct NpzArrays {
    NpzArray *list;
    void **blocks; /* items, owned */
    char (*names)[NPZ_ARRAYS_NAME_SIZE];
    size_t count, capacity;
} NpzArrays;

/* Room for `capacity` arrays. */
percept_status npz_arrays_create(size_t capacity, NpzArrays *out, percept_error *error);
void npz_arrays_clear(NpzArrays *arrays);

/* Appends numbers (columns 0: a vector), rounded to the type, which is NPZ_FLOAT32 or NPZ_FLOAT64. An array without items
 * is left out. */
percept_status npz_arrays_add(NpzArrays *arrays, const char *name, NpzType type, size_t rows, size_t columns,
                              const double *values, percept_error *error);

/* The same number `count` times, in float64. */
percept_status npz_arrays_add_constant(NpzArrays *arrays, const char *name, size_t count, double value,
                                       percept_error *error);

/* Appends texts in UTF-8; none are left out. */
percept_status npz_arrays_add_texts(NpzArrays *arrays, const char *name, size_t count, const char *const *texts,
                                    percept_error *error);

#endif
