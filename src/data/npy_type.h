/* The types of items that arrays hold. */
#ifndef DATA_NPY_TYPE_H
#define DATA_NPY_TYPE_H

#include <stdbool.h>

#include "base/error.h"

typedef struct NpyType {
    size_t size;       /* bytes; 0 for texts, whose size is the array's */
    percept_type type; /* the narrowest that holds every value */
    char letter;       /* NumPy's kind */
    /* An item in the machine's byte order; NULL for texts. */
    double (*value)(const uint8_t *item);
} NpyType;

/* The items of an array. */
typedef struct NpyItem {
    const NpyType *type;
    size_t size; /* bytes */
    bool swap;   /* they have the other byte order than this machine */
} NpyItem;

/* Bytes of the largest number. */
#define NPY_LARGEST_ITEM 16

/* Bytes of a long double of the x87; behind them is padding. */
#define NPY_X87_BYTES 10
bool npy_type_is_x87(const NpyType *type);

/* Finds the type that a header describes: "<f8", ">i4", "|u1", "?", … `name` is for messages. PERCEPT_ERROR_FORMAT if
 * items of that type are not read. */
percept_status npy_type_find(const char *name, const char *description, NpyItem *out, percept_error *error);

#endif
