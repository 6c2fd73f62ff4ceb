#include "data/npy_type.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define OTHER_ORDER '>'
#else
#define OTHER_ORDER '<'
#endif

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

percept_status npy_type_find(const char *name, const char *description, NpyItem *out, percept_error *error)
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
            out->size = size;
            out->swap = order == OTHER_ORDER && size > 1;
            return PERCEPT_OK;
        }
    }
    for (size_t t = 0; whole && size > 0 && t < sizeof text_types / sizeof text_types[0]; t++) {
        const size_t unit = text_types[t].letter == 'U' ? UCS4 : 1;
        if (text_types[t].letter != (letter == 'a' ? 'S' : letter) || __builtin_mul_overflow(size, unit, &out->size))
            continue;
        out->type = &text_types[t];
        out->swap = order == OTHER_ORDER && unit > 1;
        return PERCEPT_OK;
    }
    return refuse_type(name, description, letter, error);
}

bool npy_type_is_x87(const NpyType *type)
{
    return type->value == value_of_x87;
}
