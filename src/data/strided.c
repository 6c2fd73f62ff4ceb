#include "data/strided.h"

#include <string.h>

size_t strided_item_size(percept_type type)
{
    switch (type) {
    case PERCEPT_UINT8:
        return 1;
    case PERCEPT_FLOAT32:
    case PERCEPT_INT32:
        return 4;
    case PERCEPT_FLOAT64:
    case PERCEPT_INT64:
        return 8;
    }
    return 0;
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

double strided_at(const Strided *array, size_t i, size_t j)
{
    const char *from = place(array, i, j);
    float narrow = 0;
    double wide = 0;
    if (array->type == PERCEPT_FLOAT32) {
        memcpy(&narrow, from, sizeof narrow);
        return (double)narrow;
    }
    if (array->type != PERCEPT_FLOAT64)
        return (double)strided_integer(array, i, j);
    memcpy(&wide, from, sizeof wide);
    return wide;
}

void strided_widen(const Strided *array, double *to)
{
    for (size_t i = 0; i < array->rows; i++)
        for (size_t j = 0; j < array->columns; j++)
            *to++ = strided_at(array, i, j);
}

int64_t strided_integer(const Strided *array, size_t i, size_t j)
{
    const char *from = place(array, i, j);
    int32_t narrow = 0;
    int64_t wide = 0;
    if (array->type == PERCEPT_UINT8)
        return *(const uint8_t *)from;
    if (array->type == PERCEPT_INT32) {
        memcpy(&narrow, from, sizeof narrow);
        return narrow;
    }
    memcpy(&wide, from, sizeof wide);
    return wide;
}
