/* Which of a row's values are equal. */
#ifndef CHECK_CLASSES_H
#define CHECK_CLASSES_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* The different values of one row: values[of[i]] is the row's value i. */
typedef struct Classes {
    size_t count;
    double *values; /* ascending, -0 and 0 as one value; each NaN is a class by itself */
    uint32_t *of;   /* one for each value of the row */
} Classes;

/* Finds the classes of rows × width values, width below 2^32: `out` receives `rows` of them in one block, released with
 * memory_free. */
percept_status classes_create(const double *values, size_t rows, size_t width, Classes **out, percept_error *error);

#endif
