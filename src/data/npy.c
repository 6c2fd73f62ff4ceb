#include "data/npy.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* Rows whose items are gathered together from an array in Fortran order. */
#define ROWS_AT_ONCE 64

bool npy_is_floating(const NpyArray *array)
{
    return array->item.type->letter == 'f';
}

bool npy_is_text(const NpyArray *array)
{
    return array->item.type->value == NULL;
}

percept_type npy_feature_type(const NpyArray *array)
{
    return array->item.type->type;
}

/* ---- Parsing --------------------------------------------------------------------------------------------------- */

/* The item in the machine's byte order. */
void npy_load(const NpyArray *array, const uint8_t *from, uint8_t item[NPY_LARGEST_ITEM])
{
    const size_t size = array->item.size;
    for (size_t b = 0; b < size; b++)
        item[b] = from[array->item.swap ? size - 1 - b : b];
}

/* A long double of 16 bytes may also be the binary128 of other machines, under the same name. In those, what would be
 * the x87's leading one does not go with its exponent; or, where all are small whole numbers, all significands are 0,
 * but not all of the padding. */
static percept_status check_x87(const NpyArray *array, percept_error *error)
{
    static const uint8_t zeros[NPY_LARGEST_ITEM] = {0};
    bool numbers = false, padding = false, broken = false;
    for (size_t i = 0; i < array->shape[0] * array->width && !broken; i++) {
        uint8_t item[NPY_LARGEST_ITEM];
        npy_load(array, array->items + i * array->item.size, item);
        const bool has_exponent = (item[9] & 0x7f) != 0 || item[8] != 0, leading_one = (item[7] & 0x80) != 0;
        broken = has_exponent != leading_one;
        numbers = numbers || memcmp(item, zeros, NPY_X87_BYTES) != 0;
        padding = padding || memcmp(item + NPY_X87_BYTES, zeros, array->item.size - NPY_X87_BYTES) != 0;
    }
    if (broken || (padding && !numbers))
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "'%s' holds numpy.longdouble as another kind of machine has it; save it as float64, "
                         "X.astype('float64')",
                         array->name);
    return PERCEPT_OK;
}

/* Checks the sizes against the bytes that there are behind the header. */
static percept_status check_sizes(const NpyHeader *header, size_t size, NpyArray *out, percept_error *error)
{
    size_t bytes = out->item.size;
    if (header->dimensions == 0)
        return error_set(error, PERCEPT_ERROR_FORMAT, "'%s' holds a single number, not an array", out->name);
    out->width = 1;
    for (size_t d = 0; d < header->dimensions; d++) {
        if (header->shape[d] == 0)
            return error_set(error, PERCEPT_ERROR_FORMAT, "'%s' is empty: its dimension %zu is 0", out->name, d);
        if (__builtin_mul_overflow(bytes, header->shape[d], &bytes))
            return error_set(error, PERCEPT_ERROR_FORMAT,
                             "'%s' claims sizes whose product is more than can be addressed", out->name);
        out->shape[d] = header->shape[d];
        out->width *= d > 0 ? header->shape[d] : 1;
    }
    if (bytes != size - header->size)
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "'%s' holds %zu bytes behind its header, which promises %zu; get the file again", out->name,
                         size - header->size, bytes);
    return PERCEPT_OK;
}

percept_status npy_parse(const char *name, uint8_t *bytes, size_t size, NpyArray *out, percept_error *error)
{
    NpyHeader header;
    NpyArray parsed = {.bytes = bytes};
    percept_status status = memory_copy_string(name, &parsed.name, error);
    if (status == PERCEPT_OK)
        status = npy_header_read(name, bytes, size, &header, error);
    if (status == PERCEPT_OK)
        status = npy_type_find(name, header.description, &parsed.item, error);
    if (status == PERCEPT_OK)
        status = check_sizes(&header, size, &parsed, error);
    if (status == PERCEPT_OK) {
        parsed.items = bytes + header.size;
        parsed.dimensions = header.dimensions;
        parsed.fortran_order = header.fortran_order;
        if (npy_type_is_x87(parsed.item.type))
            status = check_x87(&parsed, error);
    }
    if (status != PERCEPT_OK)
        npy_clear(&parsed);
    else
        *out = parsed;
    return status;
}

void npy_clear(NpyArray *array)
{
    memory_free(array->name);
    memory_free(array->bytes);
    *array = (NpyArray){0};
}

/* ---- Converting ------------------------------------------------------------------------------------------------ */

static void store(percept_type type, void *out, size_t at, double value)
{
    if (type == PERCEPT_UINT8)
        ((uint8_t *)out)[at] = (uint8_t)value;
    else if (type == PERCEPT_FLOAT32)
        ((float *)out)[at] = (float)value;
    else
        ((double *)out)[at] = value;
}

/* Converts `count` items that lie one after another; the results lie `stride` elements apart from out[at] on. */
static void convert_run(const NpyArray *array, const uint8_t *items, size_t count, percept_type type, void *out,
                        size_t at, size_t stride)
{
    for (size_t i = 0; i < count; i++) {
        uint8_t item[NPY_LARGEST_ITEM];
        npy_load(array, items + i * array->item.size, item);
        store(type, out, at + i * stride, array->item.type->value(item));
    }
}

/* The place among an example's items in Fortran order (the first index runs fastest) of the one that is number
 * `feature` when the last index does. */
static size_t fortran_place(const NpyArray *array, size_t feature)
{
    size_t place = 0, step = array->width;
    for (size_t d = array->dimensions; d-- > 1;) {
        step /= array->shape[d];
        place += feature % array->shape[d] * step;
        feature /= array->shape[d];
    }
    return place;
}

void npy_convert(const NpyArray *array, percept_type type, void *out)
{
    const size_t count = array->shape[0], width = array->width;
    if (!array->fortran_order || width == 1) {
        convert_run(array, array->items, count * width, type, out, 0, 1);
        return;
    }
    for (size_t begin = 0; begin < count; begin += ROWS_AT_ONCE) {
        const size_t rows = count - begin < ROWS_AT_ONCE ? count - begin : ROWS_AT_ONCE;
        for (size_t j = 0; j < width; j++) {
            const size_t first = fortran_place(array, j) * count + begin;
            convert_run(array, array->items + first * array->item.size, rows, type, out, begin * width + j, width);
        }
    }
}

bool npy_is_ready(const NpyArray *array, percept_type type)
{
    const bool in_place = !array->item.swap && (!array->fortran_order || array->width == 1);
    const bool aligned = (size_t)(array->items - array->bytes) % array->item.size == 0;
    const bool same = npy_is_floating(array) || array->item.type->type == PERCEPT_UINT8;
    return in_place && aligned && same && array->item.type->type == type && array->item.size == storage_item_size(type);
}
