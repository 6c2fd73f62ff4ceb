/* How an item of an array is read; for the files that read arrays. */
#ifndef DATA_NPY_TYPE_H
#define DATA_NPY_TYPE_H

#include "data/npy.h"

struct NpyType {
    size_t size;       /* bytes; 0 for texts, whose size is the array's */
    percept_type type; /* the narrowest that holds every value */
    char letter;       /* NumPy's kind */
    /* An item in the machine's byte order; NULL for texts. */
    double (*value)(const uint8_t *item);
};

/* Bytes of the largest number. */
#define NPY_LARGEST_ITEM 16

/* Copies a number in the machine's byte order. */
void npy_load(const NpyArray *array, const uint8_t *from, uint8_t item[NPY_LARGEST_ITEM]);

#endif
