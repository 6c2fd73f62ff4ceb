#include "data/narrow.h"

#include <string.h>

#include "base/memory.h"
#include "data/packed_store.h"
#include "data/row_store.h"

/* Places of the columns that keep a feature, without gaps, in the same order. */
static percept_status close_gaps(Schema *schema, const bool *left, percept_error *error)
{
    size_t *place_of = NULL, next = 0;
    if (schema->places == NULL)
        return PERCEPT_OK;
    percept_status status = memory_allocate_zeroed(schema->width, sizeof *place_of, "the columns", &place_of, error);
    for (size_t j = 0; status == PERCEPT_OK && j < schema->width; j++)
        place_of[schema->places[j]] += !left[j];
    for (size_t p = 0; status == PERCEPT_OK && p < schema->width; p++) {
        const bool kept = place_of[p] > 0;
        place_of[p] = next;
        next += kept;
    }
    for (size_t j = 0; status == PERCEPT_OK && j < schema->width; j++)
        schema->places[j] = place_of[schema->places[j]];
    memory_free(place_of);
    return status;
}

static void swap(Vocabulary *a, Vocabulary *b)
{
    const Vocabulary kept = *a;
    *a = *b;
    *b = kept;
}

/* Moves what the schema knows of feature `from` to feature `to` <= from. */
static void move(Schema *schema, size_t from, size_t to)
{
    if (schema->kinds != NULL)
        schema->kinds[to] = schema->kinds[from];
    if (schema->vocabularies != NULL)
        swap(&schema->vocabularies[to], &schema->vocabularies[from]);
    if (schema->dates != NULL)
        schema->dates[to] = schema->dates[from];
    if (schema->places != NULL)
        schema->places[to] = schema->places[from];
}

/* The columns of which no feature stays. */
static percept_status ignore_columns(Schema *schema, const bool *left, percept_error *error)
{
    const char **list = NULL;
    char *block = NULL, *end = NULL;
    size_t count = 0, size = 0;
    for (size_t j = 0; j < schema->width; j++)
        size += left[j] ? schema_column_length(schema, j) + 1 : 0;
    percept_status status = memory_allocate(schema->width, sizeof *list, "the names", &list, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(size, 1, "the names", &block, error);
    end = block;
    for (size_t first = 0, next = 0; status == PERCEPT_OK && first < schema->width; first = next) {
        bool stays = !left[first];
        for (next = first + 1; next < schema->width && !schema_leads(schema, next); next++)
            stays = stays || !left[next];
        const size_t length = schema_column_length(schema, first);
        if (stays)
            continue;
        list[count++] = memcpy(end, schema->names[first], length);
        end[length] = '\0';
        end += length + 1;
    }
    if (status == PERCEPT_OK)
        status = schema_ignore(schema, list, count, error);
    memory_free(list);
    memory_free(block);
    return status;
}

static percept_status narrow_schema(Schema *schema, const bool *left, size_t kept, percept_error *error)
{
    const char **names = NULL;
    char **copy = NULL;
    size_t to = 0;
    percept_status status = memory_allocate(kept, sizeof *names, "the names", &names, error);
    for (size_t j = 0; status == PERCEPT_OK && schema->names != NULL && j < schema->width; j++)
        if (!left[j])
            names[to++] = schema->names[j];
    if (status == PERCEPT_OK && schema->names != NULL)
        status = names_copy(names, kept, &copy, error);
    memory_free(names);
    if (status == PERCEPT_OK && schema->names != NULL)
        status = ignore_columns(schema, left, error);
    if (status == PERCEPT_OK)
        status = close_gaps(schema, left, error);
    if (status != PERCEPT_OK) {
        memory_free(copy);
        return status;
    }
    memory_free(schema->names);
    schema->names = copy;
    to = 0;
    for (size_t j = 0; j < schema->width; j++)
        if (!left[j])
            move(schema, j, to++);
    for (size_t j = kept; schema->vocabularies != NULL && j < schema->width; j++)
        memory_free(schema->vocabularies[j].values);
    schema->width = kept;
    return PERCEPT_OK;
}

/* Moves the features that stay together. */
static void narrow_rows(Storage *storage, const bool *left, size_t kept)
{
    const size_t item = storage_item_size(storage->type);
    char *to = storage->features;
    const char *from = storage->features;
    for (size_t i = 0; i < storage->count; i++)
        for (size_t j = 0; j < storage->width; j++, from += item)
            if (!left[j]) {
                memmove(to, from, item);
                to += item;
            }
    storage->width = kept;
}

/* The smallest type that features of this schema may have: codes and dates are never bytes. */
static percept_type least_type(const Schema *schema)
{
    percept_type type = schema_categories(schema) > 0 ? PERCEPT_FLOAT32 : PERCEPT_UINT8;
    for (size_t j = 0; j < schema->width; j++)
        type = schema_is_date(schema, j) ? PERCEPT_FLOAT32 : type;
    return type;
}

/* Stores the features in the smallest type that holds them, in place: a feature that was left out may have needed a larger
 * one, and a file without it must be read to the same storage. */
static void shrink_type(Storage *storage)
{
    const size_t width = storage->width, items = storage->count * width;
    percept_type type = least_type(&storage->schema);
    for (size_t place = 0; type < storage->type && place < items; place++) {
        const double x = feature_read(storage->type, storage->features, place);
        const percept_type needed = row_store_type(&x, 1);
        type = needed > type ? needed : type;
    }
    for (size_t place = 0; type < storage->type && place < items; place++) {
        const double x = feature_read(storage->type, storage->features, place);
        row_store_convert(&x, 1, type, (char *)storage->features + place * storage_item_size(type));
    }
    storage->type = type < storage->type ? type : storage->type;
}

/* ---- Packed rows ----------------------------------------------------------------------------------------------- */

/* Bytes are not packed: the rows become smaller once more. */
static void unpack_bytes(Storage *storage)
{
    uint8_t *to = storage->features;
    for (size_t i = 0; i < storage->count; i++)
        for (size_t j = 0; j < storage->width; j++)
            *to++ = (uint8_t)storage_value(storage, i, j);
    packing_clear(&storage->packing);
    storage->type = PERCEPT_UINT8;
}

/* The same as narrow_rows and shrink_type. */
static percept_status narrow_packed(Storage *storage, const bool *left, size_t kept, percept_error *error)
{
    Packing packing = {0};
    size_t to = 0;
    percept_type type = least_type(&storage->schema);
    percept_status status = packing_create(kept, &packing, error);
    if (status != PERCEPT_OK)
        return status;
    for (size_t j = 0; j < storage->width; j++)
        if (!left[j])
            packing.columns[to++] = storage->packing.columns[j];
    packing_arrange(&packing, kept);
    char *row = storage->features;
    for (size_t i = 0; i < storage->count; i++, row += packing.row_size) {
        const char *from = storage_packed_row(storage, i);
        to = 0;
        for (size_t j = 0; j < storage->width; j++)
            if (!left[j]) {
                const PackedColumn *column = &packing.columns[to++];
                memmove(row + column->offset, from + storage->packing.columns[j].offset, packed_size(column->form));
            }
    }
    packing_clear(&storage->packing);
    storage->packing = packing;
    storage->width = kept;
    storage->type = packing_type(&packing, kept, type);
    if (storage->type == PERCEPT_UINT8)
        unpack_bytes(storage);
    return PERCEPT_OK;
}

percept_status storage_narrow(Storage *storage, const bool *left, percept_error *error)
{
    size_t kept = 0;
    for (size_t j = 0; j < storage->width; j++)
        kept += !left[j];
    if (kept == storage->width)
        return PERCEPT_OK;
    percept_status status = narrow_schema(&storage->schema, left, kept, error);
    if (status == PERCEPT_OK && storage_is_packed(storage))
        return narrow_packed(storage, left, kept, error);
    if (status == PERCEPT_OK) {
        narrow_rows(storage, left, kept);
        shrink_type(storage);
    }
    return status;
}
