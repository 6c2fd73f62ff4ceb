/* A matrix that grows row by row, in the smallest type that holds every value so far exactly: bytes while all are whole
 * numbers from 0 to 255, then float32, then float64. NAN needs float32. */
#ifndef DATA_ROW_STORE_H
#define DATA_ROW_STORE_H

#include "data/dataset.h"

typedef struct RowStore {
    percept_type type;
    size_t width, count, capacity; /* rows in `block` */
    void *block;                   /* the caller may take it over and release it with memory_free */
} RowStore;

/* Begins as {.type = …, .width = …} with the smallest type that is wanted. Appends a row; when the block must grow, it is
 * to `expected` rows in all, if that is more than there are (0: unknown), and to not much more. */
percept_status row_store_append(RowStore *store, const double *row, size_t expected, percept_error *error);
void row_store_clear(RowStore *store);

/* The smallest of the types that holds all of the values exactly. */
percept_type row_store_type(const double *values, size_t count);

/* Writes values to `to` as `type`, which must hold them. */
void row_store_convert(const double *values, size_t count, percept_type type, void *to);

#endif
