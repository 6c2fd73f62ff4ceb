#include "data/strided.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

size_t strided_item_size(percept_type type)
{
    static const size_t sizes[] = {
        [PERCEPT_UINT8] = 1,
        [PERCEPT_FLOAT32] = 4,
        [PERCEPT_FLOAT64] = 8,
        [PERCEPT_INT32] = 4,
        [PERCEPT_INT64] = 8,
        [PERCEPT_INT8] = 1,
        [PERCEPT_INT16] = 2,
        [PERCEPT_UINT16] = 2,
        [PERCEPT_UINT32] = 4,
        [PERCEPT_UINT64] = 8,
        [PERCEPT_TEXT] = sizeof(char *),
    };
    return (size_t)type < sizeof sizes / sizeof sizes[0] ? sizes[type] : 0;
}

bool strided_holds_integers(percept_type type)
{
    return strided_holds_numbers(type) && type != PERCEPT_FLOAT32 && type != PERCEPT_FLOAT64;
}

bool strided_holds_numbers(percept_type type)
{
    return strided_item_size(type) > 0 && type != PERCEPT_TEXT;
}

void strided_complete(Strided *array)
{
    if (array->column == 0)
        array->column = (ptrdiff_t)strided_item_size(array->type);
    if (array->row == 0)
        array->row = (ptrdiff_t)((size_t)array->column * array->columns); /* too many columns are refused elsewhere */
}

bool strided_is_dense(const Strided *array)
{
    const size_t item = strided_item_size(array->type);
    return array->column == (ptrdiff_t)item && array->row == (ptrdiff_t)(item * array->columns);
}

static const char *place(const Strided *array, size_t i, size_t j)
{
    return (const char *)array->values + (ptrdiff_t)i * array->row + (ptrdiff_t)j * array->column;
}

void strided_copy(const Strided *array, void *to)
{
    const size_t item = strided_item_size(array->type), row = item * array->columns;
    char *next = to;
    if (strided_is_dense(array)) {
        memcpy(to, array->values, row * array->rows);
        return;
    }
    for (size_t i = 0; i < array->rows; i++) {
        if (array->column == (ptrdiff_t)item)
            memcpy(next, place(array, i, 0), row);
        else
            for (size_t j = 0; j < array->columns; j++)
                memcpy(next + j * item, place(array, i, j), item);
        next += row;
    }
}

/* A value at any address, as the type of its C variable. */
#define READ(c_type, from)                                                                                             \
    c_type value = 0;                                                                                                  \
    memcpy(&value, from, sizeof value)

double strided_at(const Strided *array, size_t i, size_t j)
{
    const char *from = place(array, i, j);
    if (array->type == PERCEPT_FLOAT32) {
        READ(float, from);
        return (double)value;
    }
    if (array->type == PERCEPT_FLOAT64) {
        READ(double, from);
        return value;
    }
    if (array->type == PERCEPT_UINT64) {
        READ(uint64_t, from);
        return (double)value;
    }
    return (double)strided_integer(array, i, j);
}

void strided_widen(const Strided *array, double *to)
{
    for (size_t i = 0; i < array->rows; i++)
        for (size_t j = 0; j < array->columns; j++)
            *to++ = strided_at(array, i, j);
}

static int64_t read_signed(percept_type type, const char *from)
{
    if (type == PERCEPT_INT8) {
        READ(int8_t, from);
        return value;
    }
    if (type == PERCEPT_INT16) {
        READ(int16_t, from);
        return value;
    }
    if (type == PERCEPT_INT32) {
        READ(int32_t, from);
        return value;
    }
    READ(int64_t, from);
    return value;
}

int64_t strided_integer(const Strided *array, size_t i, size_t j)
{
    const char *from = place(array, i, j);
    if (array->type == PERCEPT_UINT8) {
        READ(uint8_t, from);
        return value;
    }
    if (array->type == PERCEPT_UINT16) {
        READ(uint16_t, from);
        return value;
    }
    if (array->type == PERCEPT_UINT32) {
        READ(uint32_t, from);
        return value;
    }
    if (array->type == PERCEPT_UINT64) {
        READ(uint64_t, from);
        return value > INT64_MAX ? INT64_MAX : (int64_t)value;
    }
    return read_signed(array->type, from);
}

const char *strided_text(const Strided *array, size_t i)
{
    const char *text = NULL;
    memcpy(&text, place(array, i, 0), sizeof text);
    return text != NULL && text[0] != '\0' ? text : NULL;
}

void strided_spell(const Strided *array, size_t i, char text[STRIDED_SPELLED])
{
    if (array->type == PERCEPT_UINT64) {
        READ(uint64_t, place(array, i, 0));
        snprintf(text, STRIDED_SPELLED, "%" PRIu64, value);
    } else {
        snprintf(text, STRIDED_SPELLED, "%" PRId64, strided_integer(array, i, 0));
    }
}
