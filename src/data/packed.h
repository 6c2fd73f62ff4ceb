/* Rows of a table in which each column has the smallest form that gives all of its values back to the bit: codes and small
 * integers take one or two bytes, decimals such as 12.34 four (as 1234, and 100 for the column), other values a float32 or
 * a float64. */
#ifndef DATA_PACKED_H
#define DATA_PACKED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/error.h"

typedef enum PackedForm {
    PACKED_BYTE,  /* integers from 0 to 254 */
    PACKED_SHORT, /* integers from 0 to 65534 */
    PACKED_DECIMAL, /* an int32 divided by a power of ten: the quotient is the decimal number, rounded as when it was read */
    PACKED_FLOAT,  /* float32 */
    PACKED_DOUBLE, /* float64 */
} PackedForm;

/* What integers stand for a value that is missing, and for -0. */
#define PACKED_BYTE_ABSENT UINT8_MAX
#define PACKED_SHORT_ABSENT UINT16_MAX
#define PACKED_DECIMAL_ABSENT INT32_MIN
#define PACKED_DECIMAL_MINUS (INT32_MIN + 1)
/* Decimals are from -PACKED_DECIMAL_MOST to PACKED_DECIMAL_MOST. */
#define PACKED_DECIMAL_MOST (INT32_MAX - 1)

typedef struct PackedColumn {
    PackedForm form;
    bool bytes, floats; /* all values are integers from 0 to 255; float32 holds all of them */
    size_t offset;      /* in bytes, from the beginning of a row */
    size_t run;         /* columns of PACKED_DECIMAL from here on, without others between; 0 for another form */
    double power;       /* of PACKED_DECIMAL: 1 … 10⁹ */
    double absent;      /* what missing values are read as: NaN, until they are filled */
} PackedColumn;

/* The columns of a row, in the order of the features, without gaps between them. */
typedef struct Packing {
    PackedColumn *columns; /* NULL: rows are not packed */
    double *powers;        /* those of the columns, one beside the other; in the same block */
    size_t row_size;       /* bytes, a multiple of 4 */
} Packing;

/* Allocates `width` columns that hold nothing yet but bytes. Released with packing_clear. */
percept_status packing_create(size_t width, Packing *out, percept_error *error);
void packing_clear(Packing *packing);

/* Bytes of a value. */
size_t packed_size(PackedForm form);

/* Sets all that follows from the forms and powers of `width` columns. */
void packing_arrange(Packing *packing, size_t width);

/* Writes a value to its column; false if it does not fit, and nothing is then written. Floats are rounded: a column that
 * must not lose anything has another form. */
bool packed_write(const PackedColumn *column, double value, void *row);

/* The same for columns first … first+count-1, which are all PACKED_DECIMAL; if one of the values does not fit, the row is
 * undefined there. */
bool packed_write_decimals(const Packing *packing, size_t first, size_t count, const double *values, void *row);

/* The value of a column. */
static inline double packed_read(const PackedColumn *column, const void *row)
{
    const char *at = (const char *)row + column->offset;
    double value = 0;
    float single = 0;
    int32_t decimal = 0;
    uint16_t two = 0;
    switch (column->form) {
    case PACKED_BYTE:
        value = (uint8_t)*at;
        return value == PACKED_BYTE_ABSENT ? column->absent : value;
    case PACKED_SHORT:
        memcpy(&two, at, sizeof two);
        return two == PACKED_SHORT_ABSENT ? column->absent : two;
    case PACKED_DECIMAL:
        memcpy(&decimal, at, sizeof decimal);
        if (decimal <= PACKED_DECIMAL_MINUS)
            return decimal == PACKED_DECIMAL_MINUS ? -0.0 : column->absent;
        return decimal / column->power;
    case PACKED_FLOAT:
        memcpy(&single, at, sizeof single);
        value = (double)single;
        break;
    default:
        memcpy(&value, at, sizeof value);
        break;
    }
    return value == value ? value : column->absent;
}

#endif
