#include "data/packed_store.h"

#include <float.h>
#include <math.h>

#include "base/memory.h"
#include "data/packed_row.h"
#include "data/row_store.h"

/* Rows of the first block, and bytes of the largest: the system takes a released block of this size back. */
#define FIRST_ROWS ((size_t)256)
#define LARGEST_BLOCK ((size_t)64 << 20)
/* Bytes of a block that are released together while its rows move. */
#define RELEASED_BYTES ((size_t)4 << 20)
/* A matrix is packed if this saves at least a quarter. */
#define SAVED_SHARE 4
#define LARGEST_POWER 1e9
/* Of a block that is given up for one with wider columns. */
#define FEW_ROWS 64
#define FIRST_BLOCKS 16

struct PackedBlock {
    Packing packing;
    size_t count, capacity;
    char *rows;
};

/* ---- Forms ----------------------------------------------------------------------------------------------------- */

/* Chooses the least form of a column that holds this value, and all before it. */
static void widen(PackedColumn *column, double value, double largest)
{
    char place[sizeof(double)];
    PackedColumn tried = *column;
    tried.offset = 0;
    for (;;) {
        if (tried.form == PACKED_DECIMAL && tried.power < LARGEST_POWER &&
            largest * tried.power * 10 <= PACKED_DECIMAL_MOST)
            tried.power *= 10;
        else if (tried.form == PACKED_DECIMAL)
            tried.form = column->floats ? PACKED_FLOAT : PACKED_DOUBLE;
        else
            tried.form = tried.form < PACKED_DOUBLE ? tried.form + 1 : PACKED_DOUBLE;
        if (tried.form == PACKED_FLOAT ? column->floats : packed_write(&tried, value, place))
            break;
    }
    column->form = tried.form;
    column->power = tried.power;
}

/* Learns from a row what types hold its values. */
static void look_at(PackedStore *store, const double *restrict row)
{
    double *restrict largest = store->largest;
    for (size_t j = 0; j < store->width; j++) {
        const double size = fabs(row[j]);
        largest[j] = size > largest[j] ? size : largest[j];
    }
    for (size_t k = 0; k < store->open_count; k++) {
        const size_t j = store->open[k];
        PackedColumn *column = &store->packing.columns[j];
        const double x = row[j];
        column->floats &= (double)(float)x == x || x != x;
        column->bytes &= x >= 0 && x <= UINT8_MAX && (double)(uint8_t)x == x;
        if (!column->floats && !column->bytes)
            store->open[k--] = store->open[--store->open_count];
    }
}

bool packed_store_within_floats(const PackedStore *store)
{
    size_t j = 0;
    while (store->largest != NULL && j < store->width && store->largest[j] <= (double)FLT_MAX)
        j++;
    return j == store->width;
}

percept_type packing_type(const Packing *packing, size_t width, percept_type least)
{
    percept_type type = least;
    for (size_t j = 0; j < width; j++) {
        const percept_type needed = packing->columns[j].bytes    ? PERCEPT_UINT8
                                    : packing->columns[j].floats ? PERCEPT_FLOAT32
                                                                 : PERCEPT_FLOAT64;
        type = needed > type ? needed : type;
    }
    return type;
}

/* ---- Blocks ---------------------------------------------------------------------------------------------------- */

static percept_status begin(PackedStore *store, percept_error *error)
{
    percept_status status = packing_create(store->width, &store->packing, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(store->width, sizeof *store->largest, "the columns", &store->largest, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(store->width, sizeof *store->open, "the columns", &store->open, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(store->width, sizeof *store->row, "a row", &store->row, error);
    for (size_t j = 0; status == PERCEPT_OK && j < store->width; j++)
        store->open[store->open_count++] = j;
    return status;
}

static void release_block(PackedBlock *block)
{
    packing_clear(&block->packing);
    memory_free(block->rows);
    *block = (PackedBlock){0};
}

static percept_status make_room(PackedStore *store, percept_error *error)
{
    if (store->blocks != NULL && store->block_count < store->block_capacity)
        return PERCEPT_OK;
    const size_t capacity = store->block_capacity > 0 ? 2 * store->block_capacity : FIRST_BLOCKS;
    percept_status status = memory_grow(&store->blocks, store->block_count * sizeof *store->blocks, capacity,
                                        sizeof *store->blocks, "the rows of a table", error);
    store->block_capacity = status == PERCEPT_OK ? capacity : store->block_capacity;
    return status;
}

static size_t choose_capacity(const PackedStore *store, size_t row_size)
{
    const size_t most = LARGEST_BLOCK / row_size > 0 ? LARGEST_BLOCK / row_size : 1;
    const size_t wanted = store->count > FIRST_ROWS ? store->count : FIRST_ROWS;
    return wanted < most ? wanted : most;
}

static bool same_forms(const PackedColumn *a, const PackedColumn *b, size_t width)
{
    size_t j = 0;
    while (j < width && a[j].form == b[j].form && a[j].power == b[j].power)
        j++;
    return j == width;
}

/* Rows first … first+count-1 of a block to `to`, as the packing says, or as `type` where it has no columns. */
static void move_rows(const PackedBlock *block, size_t first, size_t count, size_t width, const Packing *packing,
                      percept_type type, double *row, char *to)
{
    const size_t size = packing->columns != NULL ? packing->row_size : width * storage_item_size(type);
    const char *from = block->rows + first * block->packing.row_size;
    if (packing->columns != NULL && same_forms(block->packing.columns, packing->columns, width)) {
        memcpy(to, from, count * size);
        return;
    }
    for (size_t i = 0; i < count; i++, from += block->packing.row_size, to += size) {
        packed_read_row(&block->packing, from, 0, width, row);
        for (size_t j = 0; packing->columns != NULL && j < width; j++)
            packed_write(&packing->columns[j], row[j], to);
        if (packing->columns == NULL)
            row_store_convert(row, width, type, to);
    }
}

/* All rows of a block, which is released as it empties. Returns the place behind them. */
static char *empty_block(PackedStore *store, PackedBlock *block, const Packing *packing, percept_type type, char *to)
{
    const size_t some = RELEASED_BYTES / block->packing.row_size + 1;
    for (size_t first = 0, count = 0; first < block->count; first += count) {
        count = block->count - first < some ? block->count - first : some;
        move_rows(block, first, count, store->width, packing, type, store->row, to);
        memory_discard(block->rows, (first + count) * block->packing.row_size);
        to += count * packing->row_size;
    }
    release_block(block);
    return to;
}

/* A block with the present forms of the columns, for as many rows as there are already. */
static percept_status add_block(PackedStore *store, percept_error *error)
{
    PackedBlock block = {0};
    percept_status status = make_room(store, error);
    if (status == PERCEPT_OK)
        status = packing_create(store->width, &block.packing, error);
    if (status != PERCEPT_OK)
        return status;
    memcpy(block.packing.columns, store->packing.columns, store->width * sizeof *block.packing.columns);
    packing_arrange(&block.packing, store->width);
    block.capacity = choose_capacity(store, block.packing.row_size);
    status = memory_allocate(block.capacity, block.packing.row_size, "the rows of a table", &block.rows, error);
    if (status == PERCEPT_OK)
        store->blocks[store->block_count++] = block;
    else
        release_block(&block);
    return status;
}

/* The same after a column was widened. The last block's rows move to the new one where they are few. */
static percept_status renew_block(PackedStore *store, percept_error *error)
{
    percept_status status = add_block(store, error);
    if (status != PERCEPT_OK)
        return status;
    PackedBlock *new = &store->blocks[store->block_count - 1], *old = new - 1;
    if (old->count > FEW_ROWS || old->count >= new->capacity)
        return PERCEPT_OK;
    move_rows(old, 0, old->count, store->width, &new->packing, PERCEPT_FLOAT64, store->row, new->rows);
    new->count = old->count;
    release_block(old);
    *old = *new;
    store->block_count--;
    return PERCEPT_OK;
}

/* Writes a row behind the last block's; false if a value does not fit. Its column is then widened. */
static bool write_row(PackedStore *store, const double *row)
{
    const PackedBlock *block = &store->blocks[store->block_count - 1];
    char *to = block->rows + block->count * block->packing.row_size;
    bool fits = true;
    for (size_t j = 0; j < store->width; j++) {
        const PackedColumn *column = &block->packing.columns[j];
        if (column->run > 1 && packed_write_decimals(&block->packing, j, column->run, row + j, to)) {
            j += column->run - 1;
            continue;
        }
        if (packed_write(column, row[j], to) && (column->form != PACKED_FLOAT || store->packing.columns[j].floats))
            continue;
        widen(&store->packing.columns[j], row[j], store->largest[j]);
        fits = false;
    }
    return fits;
}

percept_status packed_store_append(PackedStore *store, const double *row, percept_error *error)
{
    percept_status status = store->packing.columns == NULL ? begin(store, error) : PERCEPT_OK;
    if (status != PERCEPT_OK)
        return status;
    look_at(store, row);
    const PackedBlock *last = store->block_count > 0 ? &store->blocks[store->block_count - 1] : NULL;
    if (last == NULL || last->count == last->capacity)
        status = add_block(store, error);
    while (status == PERCEPT_OK && !write_row(store, row))
        status = renew_block(store, error);
    if (status != PERCEPT_OK)
        return status;
    store->blocks[store->block_count - 1].count++;
    store->count++;
    return PERCEPT_OK;
}

/* ---- The matrix ------------------------------------------------------------------------------------------------ */

/* Chooses the forms of the matrix; true if it is to be packed. */
static bool choose_forms(PackedStore *store, percept_type type, Packing *packing)
{
    for (size_t j = 0; store->plain != NULL && j < store->width; j++)
        if (store->plain[j])
            store->packing.columns[j].form = type == PERCEPT_FLOAT64 ? PACKED_DOUBLE : PACKED_FLOAT;
    packing_arrange(packing, store->width);
    const size_t plain = store->width * storage_item_size(type);
    return type != PERCEPT_UINT8 && packing->row_size <= plain - plain / SAVED_SHARE;
}

percept_status packed_store_finish(PackedStore *store, Storage **out, percept_error *error)
{
    Storage *storage = NULL;
    Packing packing = store->packing;
    void *block = NULL;
    size_t bytes = 0;
    const percept_type type = packing_type(&packing, store->width, store->least);
    if (!choose_forms(store, type, &packing))
        packing = (Packing){.row_size = store->width * storage_item_size(type)};
    if (__builtin_mul_overflow(store->count, packing.row_size, &bytes))
        return error_set(error, PERCEPT_ERROR_MEMORY, "%zu rows of %zu values are more than can be addressed",
                         store->count, store->width);
    percept_status status = memory_allocate(bytes, 1, "the rows of a table", &block, error);
    if (status == PERCEPT_OK)
        status = storage_adopt(type, store->count, store->width, 0, block, block, &storage, error);
    if (status != PERCEPT_OK) {
        memory_free(block);
        return status;
    }
    char *to = block;
    for (size_t b = 0; b < store->block_count; b++)
        to = empty_block(store, &store->blocks[b], &packing, type, to);
    if (packing.columns != NULL) {
        storage->packing = packing;
        store->packing = (Packing){0};
    }
    packed_store_clear(store);
    *out = storage;
    return PERCEPT_OK;
}

void packed_store_clear(PackedStore *store)
{
    for (size_t b = 0; b < store->block_count; b++)
        release_block(&store->blocks[b]);
    memory_free(store->blocks);
    packing_clear(&store->packing);
    memory_free(store->largest);
    memory_free(store->open);
    memory_free(store->row);
    memory_free(store->plain);
    *store = (PackedStore){.width = store->width, .least = store->least};
}
