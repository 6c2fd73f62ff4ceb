/* Items of an array as texts: labels. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/quote.h"
#include "data/npy.h"

/* Up to here every whole number is a float64. */
#define LARGEST_WHOLE 9007199254740992.0

/* Bytes of UTF-8 that a code point takes. */
#define LARGEST_POINT 4

/* Digits of the largest number, its sign, and a final 0. */
#define INTEGER_SIZE 24

bool npy_has_large_integers(const NpyArray *array)
{
    const NpyType *type = array->item.type;
    if ((type->letter != 'i' && type->letter != 'u') || type->size < sizeof(int64_t))
        return false;
    for (size_t i = 0; i < array->shape[0] * array->width; i++) {
        uint8_t item[NPY_LARGEST_ITEM];
        npy_load(array, array->items + i * array->item.size, item);
        if (fabs(type->value(item)) >= LARGEST_WHOLE)
            return true;
    }
    return false;
}

/* Appends a code point as UTF-8; there is room. Invalid code points become invalid UTF-8. */
static void append_point(Buffer *text, uint32_t point)
{
    uint8_t *to = text->bytes + text->size;
    if (point < 0x80) {
        to[0] = (uint8_t)point;
        text->size += 1;
    } else if (point < 0x800) {
        to[0] = (uint8_t)(0xc0 | point >> 6);
        to[1] = (uint8_t)(0x80 | (point & 0x3f));
        text->size += 2;
    } else if (point < 0x10000) {
        to[0] = (uint8_t)(0xe0 | point >> 12);
        to[1] = (uint8_t)(0x80 | (point >> 6 & 0x3f));
        to[2] = (uint8_t)(0x80 | (point & 0x3f));
        text->size += 3;
    } else {
        to[0] = (uint8_t)(0xf0 | (point >> 18 < 0x0f ? point >> 18 : 0x0f));
        to[1] = (uint8_t)(0x80 | (point >> 12 & 0x3f));
        to[2] = (uint8_t)(0x80 | (point >> 6 & 0x3f));
        to[3] = (uint8_t)(0x80 | (point & 0x3f));
        text->size += 4;
    }
}

static void append_points(const NpyArray *array, const uint8_t *item, Buffer *text)
{
    for (size_t at = 0; at < array->item.size; at += sizeof(uint32_t)) {
        uint8_t bytes[sizeof(uint32_t)];
        uint32_t point = 0;
        for (size_t b = 0; b < sizeof bytes; b++)
            bytes[b] = item[at + (array->item.swap ? sizeof bytes - 1 - b : b)];
        memcpy(&point, bytes, sizeof point);
        append_point(text, point);
    }
}

static void append_integer(const NpyArray *array, const uint8_t *from, Buffer *text)
{
    uint8_t item[NPY_LARGEST_ITEM];
    int64_t whole = 0;
    uint64_t natural = 0;
    char *to = (char *)text->bytes;
    npy_load(array, from, item);
    if (array->item.type->letter == 'u' && array->item.size == sizeof natural) {
        memcpy(&natural, item, sizeof natural);
        text->size = (size_t)snprintf(to, INTEGER_SIZE, "%" PRIu64, natural);
    } else if (array->item.type->letter == 'i' && array->item.size == sizeof whole) {
        memcpy(&whole, item, sizeof whole);
        text->size = (size_t)snprintf(to, INTEGER_SIZE, "%" PRId64, whole);
    } else {
        text->size = (size_t)snprintf(to, INTEGER_SIZE, "%.0f", array->item.type->value(item));
    }
}

percept_status npy_text(const NpyArray *array, size_t i, bool latin1, Buffer *text, percept_error *error)
{
    const uint8_t *item = array->items + i * array->item.size;
    const size_t most = LARGEST_POINT * array->item.size + INTEGER_SIZE;
    text->size = 0;
    if (text->capacity < most) {
        percept_status status = buffer_reserve(text, most, "a label", error);
        if (status != PERCEPT_OK)
            return status;
    }
    if (!npy_is_text(array)) {
        append_integer(array, item, text);
    } else if (array->item.type->letter == 'U') {
        append_points(array, item, text);
    } else {
        memcpy(text->bytes, item, array->item.size);
        text->size = array->item.size;
    }
    while (text->size > 0 && text->bytes[text->size - 1] == '\0') /* NumPy pads with zeros */
        text->size--;
    if (latin1 && array->item.type->letter == 'S')
        text->size = text_from_latin1((char *)text->bytes, text->size);
    text->bytes[text->size] = '\0';
    if (memchr(text->bytes, '\0', text->size) != NULL)
        return error_set(error, PERCEPT_ERROR_FORMAT, "'%.100s', row %zu: the label has a zero byte within",
                         array->name, i + 1);
    if (!text_is_utf8((const char *)text->bytes))
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "'%.100s', row %zu: the label is not UTF-8; save labels as y.astype(str), or add --encoding "
                         "latin1",
                         array->name, i + 1);
    return PERCEPT_OK;
}
