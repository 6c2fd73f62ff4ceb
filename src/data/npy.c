#include "data/npy.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/npy_header.h"
#include "data/npy_type.h"

/* Rows whose items are gathered together from an array in Fortran order. */
#define ROWS_AT_ONCE 64

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define OTHER_ORDER '>'
#else
#define OTHER_ORDER '<'
#endif

/* ---- Types of items -------------------------------------------------------------------------------------------- */

#define AS_NUMBER(name, ctype)                                                                                         \
    static double name(const uint8_t *item)                                                                            \
    {                                                                                                                  \
        ctype value;                                                                                                   \
        memcpy(&value, item, sizeof value);                                                                            \
        return (double)value;                                                                                          \
    }
AS_NUMBER(value_of_i1, int8_t)
AS_NUMBER(value_of_i2, int16_t)
AS_NUMBER(value_of_i4, int32_t)
AS_NUMBER(value_of_i8, int64_t)
AS_NUMBER(value_of_u1, uint8_t)
AS_NUMBER(value_of_u2, uint16_t)
AS_NUMBER(value_of_u4, uint32_t)
AS_NUMBER(value_of_u8, uint64_t)
AS_NUMBER(value_of_f4, float)
AS_NUMBER(value_of_f8, double)

static double value_of_bool(const uint8_t *item)
{
    return *item != 0;
}

/* IEEE 754 binary16: 1 sign, 5 exponent (bias 15), 10 fraction bits. */
static double value_of_f2(const uint8_t *item)
{
    uint16_t bits = 0;
    memcpy(&bits, item, sizeof bits);
    const int exponent = bits >> 10 & 0x1f, fraction = bits & 0x3ff;
    double value = 0;
    if (exponent == 0x1f)
        value = fraction == 0 ? INFINITY : NAN;
    else if (exponent == 0)
        value = ldexp(fraction, -24);
    else
        value = ldexp(fraction + 0x400, exponent - 25);
    return (bits & 0x8000) != 0 ? -value : value;
}

/* long double of the x87: 64 bits of significand with their leading one, 15 of exponent (bias 16383), 1 sign, padding. */
#define X87_BYTES 10

static double value_of_x87(const uint8_t *item)
{
    uint64_t significand = 0;
    uint16_t top = 0;
    memcpy(&significand, item, sizeof significand);
    memcpy(&top, item + sizeof significand, sizeof top);
    const int exponent = top & 0x7fff;
    double value = 0;
    if (exponent == 0x7fff)
        value = significand << 1 == 0 ? INFINITY : NAN;
    else
        value = ldexp((double)significand, exponent - (16383 + 63));
    return (top & 0x8000) != 0 ? -value : value;
}

static const NpyType types[] = {
    {1, PERCEPT_FLOAT32, 'b', value_of_bool}, /* not bytes, which are scaled from 0 … 255 */
    {1, PERCEPT_FLOAT32, 'i', value_of_i1},   {2, PERCEPT_FLOAT32, 'i', value_of_i2},
    {4, PERCEPT_FLOAT64, 'i', value_of_i4},   {8, PERCEPT_FLOAT64, 'i', value_of_i8},
    {1, PERCEPT_UINT8, 'u', value_of_u1},     {2, PERCEPT_FLOAT32, 'u', value_of_u2},
    {4, PERCEPT_FLOAT64, 'u', value_of_u4},   {8, PERCEPT_FLOAT64, 'u', value_of_u8},
    {2, PERCEPT_FLOAT32, 'f', value_of_f2},   {4, PERCEPT_FLOAT32, 'f', value_of_f4},
    {8, PERCEPT_FLOAT64, 'f', value_of_f8},
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    {12, PERCEPT_FLOAT64, 'f', value_of_x87}, {16, PERCEPT_FLOAT64, 'f', value_of_x87},
#endif
};

/* Texts: of UCS-4 and of bytes. An item's size is the array's. */
static const NpyType text_types[] = {{0, PERCEPT_FLOAT64, 'U', NULL}, {0, PERCEPT_FLOAT64, 'S', NULL}};
#define UCS4 ((size_t)4)

bool npy_is_floating(const NpyArray *array)
{
    return array->type->letter == 'f';
}

bool npy_is_text(const NpyArray *array)
{
    return array->type->value == NULL;
}

percept_type npy_feature_type(const NpyArray *array)
{
    return array->type->type;
}

/* ---- Parsing --------------------------------------------------------------------------------------------------- */

/* What the items are that are not read, by NumPy's kind. */
static const char *describe_kind(char letter)
{
    static const char *const kinds[] = {"ccomplex numbers", "Vrecords or raw bytes", "Mdates", "mtime spans",
                                        "[records"};
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
        if (kinds[k][0] == letter)
            return kinds[k] + 1;
    return NULL;
}

static percept_status refuse_type(const char *name, const char *description, char letter, percept_error *error)
{
    const char *kind = describe_kind(letter);
    if (letter == 'O')
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "'%.100s' holds Python objects; save labels as y.astype(str), numbers as x.astype('float32')",
                         name);
    if (kind != NULL)
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "'%s' holds %s, and only arrays of numbers are read; save it as such, for example "
                         "X.astype('float32')",
                         name, kind);
    return error_set(error, PERCEPT_ERROR_FORMAT, "'%s' holds items of the unknown type '%s'", name, description);
}

/* "<f8", ">i4", "|u1", "?", … */
static percept_status find_type(const char *description, NpyArray *out, percept_error *error)
{
    const char *letters = description;
    char order = '=';
    if (letters[0] != '\0' && strchr("<>=|", letters[0]) != NULL)
        order = *letters++;
    const char letter = letters[0] == '?' ? 'b' : letters[0];
    char *end = NULL;
    const unsigned long size = letters[0] == '?' ? 1 : letters[0] != '\0' ? strtoul(letters + 1, &end, 10) : 0;
    const bool whole = letters[0] == '?' ? letters[1] == '\0' : end != NULL && *end == '\0';
    for (size_t t = 0; whole && t < sizeof types / sizeof types[0]; t++) {
        if (types[t].letter == letter && types[t].size == size) {
            out->type = &types[t];
            out->item_size = size;
            out->swap = order == OTHER_ORDER && size > 1;
            return PERCEPT_OK;
        }
    }
    for (size_t t = 0; whole && size > 0 && t < sizeof text_types / sizeof text_types[0]; t++) {
        const size_t unit = text_types[t].letter == 'U' ? UCS4 : 1;
        if (text_types[t].letter != (letter == 'a' ? 'S' : letter) ||
            __builtin_mul_overflow(size, unit, &out->item_size))
            continue;
        out->type = &text_types[t];
        out->swap = order == OTHER_ORDER && unit > 1;
        return PERCEPT_OK;
    }
    return refuse_type(out->name, description, letter, error);
}

/* The item in the machine's byte order. */
void npy_load(const NpyArray *array, const uint8_t *from, uint8_t item[NPY_LARGEST_ITEM])
{
    const size_t size = array->item_size;
    for (size_t b = 0; b < size; b++)
        item[b] = from[array->swap ? size - 1 - b : b];
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
        npy_load(array, array->items + i * array->item_size, item);
        const bool has_exponent = (item[9] & 0x7f) != 0 || item[8] != 0, leading_one = (item[7] & 0x80) != 0;
        broken = has_exponent != leading_one;
        numbers = numbers || memcmp(item, zeros, X87_BYTES) != 0;
        padding = padding || memcmp(item + X87_BYTES, zeros, array->item_size - X87_BYTES) != 0;
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
    size_t bytes = out->item_size;
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
        status = find_type(header.description, &parsed, error);
    if (status == PERCEPT_OK)
        status = check_sizes(&header, size, &parsed, error);
    if (status == PERCEPT_OK) {
        parsed.items = bytes + header.size;
        parsed.dimensions = header.dimensions;
        parsed.fortran_order = header.fortran_order;
        if (parsed.type->value == value_of_x87)
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
        npy_load(array, items + i * array->item_size, item);
        store(type, out, at + i * stride, array->type->value(item));
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
            convert_run(array, array->items + first * array->item_size, rows, type, out, begin * width + j, width);
        }
    }
}

bool npy_is_ready(const NpyArray *array, percept_type type)
{
    const bool in_place = !array->swap && (!array->fortran_order || array->width == 1);
    const bool aligned = (size_t)(array->items - array->bytes) % array->item_size == 0;
    const bool same = npy_is_floating(array) || array->type->value == value_of_u1;
    return in_place && aligned && same && array->type->type == type && array->item_size == storage_item_size(type);
}
