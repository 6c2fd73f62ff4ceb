/* A table that grows row by row, packed. The forms of its columns widen as values need it. Rows are kept in blocks, each with
 * the forms of its time, so that nothing is copied before the last row; then block after block moves into one matrix and is
 * released, so that memory holds the table once. */
#ifndef DATA_PACKED_STORE_H
#define DATA_PACKED_STORE_H

#include "data/dataset.h"

typedef struct PackedBlock PackedBlock;

typedef struct PackedStore {
    size_t width, count;
    percept_type least; /* the features are of no smaller type (Storage.type) */
    Packing packing;    /* as it must be to hold all rows so far */
    double *largest;    /* width absolute values, of all rows so far */
    size_t *open;       /* open_count columns that are still of bytes or floats */
    size_t open_count;
    double *row; /* room for one */
    bool *plain; /* width, or NULL: features that will be changed, and are stored as the type says; owned */
    PackedBlock *blocks;
    size_t block_count, block_capacity;
} PackedStore;

/* Begins as {.width = …, .least = …}. Appends a row. */
percept_status packed_store_append(PackedStore *store, const double *row, percept_error *error);

/* Turns the rows, of which there must be some, into a storage, and leaves the store empty. The storage's type is that of
 * row_store.h: bytes, float32 or float64, the smallest that holds every value. Features of bytes are never packed; others are
 * where that saves a quarter of the memory. */
percept_status packed_store_finish(PackedStore *store, Storage **out, percept_error *error);
void packed_store_clear(PackedStore *store);

/* True if no value so far is infinite or beyond the range of float32. */
bool packed_store_within_floats(const PackedStore *store);

/* The smallest type, but none below `least`, in which packed columns could be stored alike. */
percept_type packing_type(const Packing *packing, size_t width, percept_type least);

#endif
