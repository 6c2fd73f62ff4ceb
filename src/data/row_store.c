#include "data/row_store.h"

#include <string.h>

#include "base/memory.h"

#define FIRST_ROWS 256

/* What an estimate of the rows may fall short by before the block must grow again: 1/8. Pages that are never written to
 * cost nothing. */
#define SLACK 8

percept_type row_store_type(const double *values, size_t count)
{
    bool bytes = true, floats = true;
    for (size_t i = 0; i < count; i++) {
        const double x = values[i];
        bytes &= x >= 0 && x <= UINT8_MAX;
        floats &= (double)(float)x == x || x != x; /* NaN stays NaN */
    }
    for (size_t i = 0; bytes && i < count; i++)
        bytes = (double)(uint8_t)values[i] == values[i];
    return bytes ? PERCEPT_UINT8 : floats ? PERCEPT_FLOAT32 : PERCEPT_FLOAT64;
}

void row_store_convert(const double *values, size_t count, percept_type type, void *to)
{
    if (type == PERCEPT_UINT8)
        for (size_t i = 0; i < count; i++)
            ((uint8_t *)to)[i] = (uint8_t)values[i];
    else if (type == PERCEPT_FLOAT32)
        for (size_t i = 0; i < count; i++)
            ((float *)to)[i] = (float)values[i];
    else
        memcpy(to, values, count * sizeof *values);
}

/* Copies what there is from one type to a larger one. */
static void widen(const RowStore *store, percept_type type, void *to)
{
    const size_t items = store->count * store->width;
    const uint8_t *bytes = store->block;
    const float *floats = store->block;
    if (store->type == type)
        memcpy(to, store->block, items * storage_item_size(type));
    else if (store->type == PERCEPT_UINT8 && type == PERCEPT_FLOAT32)
        for (size_t i = 0; i < items; i++)
            ((float *)to)[i] = bytes[i];
    else if (store->type == PERCEPT_UINT8)
        for (size_t i = 0; i < items; i++)
            ((double *)to)[i] = bytes[i];
    else
        for (size_t i = 0; i < items; i++)
            ((double *)to)[i] = (double)floats[i];
}

/* Moves the rows to a new block. */
static percept_status move(RowStore *store, percept_type type, size_t capacity, percept_error *error)
{
    size_t items = 0;
    void *block = NULL;
    if (__builtin_mul_overflow(capacity, store->width, &items))
        return error_set(error, PERCEPT_ERROR_MEMORY, "%zu rows of %zu values are more than can be addressed", capacity,
                         store->width);
    percept_status status = memory_allocate(items, storage_item_size(type), "the rows of a table", &block, error);
    if (status != PERCEPT_OK)
        return status;
    if (store->count > 0)
        widen(store, type, block);
    memory_free(store->block);
    store->block = block;
    store->type = type;
    store->capacity = capacity;
    return PERCEPT_OK;
}

static size_t next_capacity(const RowStore *store, size_t expected)
{
    if (store->count < FIRST_ROWS)
        return FIRST_ROWS;
    if (expected > store->count)
        return expected + expected / SLACK + 1;
    return store->count + store->count / 2;
}

percept_status row_store_append(RowStore *store, const double *row, size_t expected, percept_error *error)
{
    percept_type type = store->type;
    if (type != PERCEPT_FLOAT64) {
        const percept_type needed = row_store_type(row, store->width);
        type = needed > type ? needed : type;
    }
    if (store->count == store->capacity || type != store->type) {
        const size_t capacity = store->count == store->capacity ? next_capacity(store, expected) : store->capacity;
        percept_status status = move(store, type, capacity, error);
        if (status != PERCEPT_OK)
            return status;
    }
    row_store_convert(row, store->width, type,
                      (char *)store->block + store->count * store->width * storage_item_size(type));
    store->count++;
    return PERCEPT_OK;
}

void row_store_clear(RowStore *store)
{
    memory_free(store->block);
    *store = (RowStore){.type = store->type, .width = store->width};
}
