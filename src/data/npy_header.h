/* The dictionary that an NPY file starts with: {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }. */
#ifndef DATA_NPY_HEADER_H
#define DATA_NPY_HEADER_H

#include <stdbool.h>

#include "base/error.h"

/* More dimensions than any example has. */
#define NPY_MOST_DIMENSIONS 8

#define NPY_DESCRIPTION_SIZE 16

typedef struct NpyHeader {
    char description[NPY_DESCRIPTION_SIZE]; /* "<f8"; "[" where it is a list, that of a record's fields */
    bool fortran_order;
    size_t dimensions; /* 0 … NPY_MOST_DIMENSIONS */
    size_t shape[NPY_MOST_DIMENSIONS];
    size_t size; /* bytes in front of the items */
} NpyHeader;

/* Reads the header at the start of a file. `name` is for messages. PERCEPT_ERROR_FORMAT if it is not one. */
percept_status npy_header_read(const char *name, const uint8_t *bytes, size_t size, NpyHeader *out,
                               percept_error *error);

#endif
