/* Numbers or texts in an array of a caller, of any type and with any strides. */
#ifndef DATA_STRIDED_H
#define DATA_STRIDED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* rows × columns numbers: that of row i in column j lies i·row + j·column bytes from the first. */
typedef struct Strided {
    const void *values;
    percept_type type;
    size_t rows, columns;
    ptrdiff_t row, column;
} Strided;

/* Bytes of a value of any percept_type; 0 for what is no type. */
size_t strided_item_size(percept_type type);

/* True for the types of integers, and of all numbers. */
bool strided_holds_integers(percept_type type);
bool strided_holds_numbers(percept_type type);

/* Puts in the strides of an array without gaps where they are 0. */
void strided_complete(Strided *array);

/* True if the array is row-major without gaps. */
bool strided_is_dense(const Strided *array);

/* Copies to a row-major array of the same type. */
void strided_copy(const Strided *array, void *to);

/* The number in row i, column j; and all of them, row-major. Integers beyond 2^53 are rounded. */
double strided_at(const Strided *array, size_t i, size_t j);
void strided_widen(const Strided *array, double *to);

/* An integer in row i, column j, of an array of integers; those above INT64_MAX become INT64_MAX. */
int64_t strided_integer(const Strided *array, size_t i, size_t j);

/* The text in row i of an array of texts, which belongs to the caller; NULL where it is missing: NULL or "". */
const char *strided_text(const Strided *array, size_t i);

/* Writes the integer in row i of an array of integers in decimal digits. */
#define STRIDED_SPELLED 24
void strided_spell(const Strided *array, size_t i, char text[STRIDED_SPELLED]);

#endif
