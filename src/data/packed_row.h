/* Packed rows are read. In a header, so that files which are compiled for each instruction set read with its vectors. */
#ifndef DATA_PACKED_ROW_H
#define DATA_PACKED_ROW_H

#include "data/packed.h"

/* Neighbours that are decimals are read in a loop that the compiler can turn into vectors; then those that are none. */
static inline void packed_read_decimals(const Packing *packing, const char *row, size_t first, size_t count,
                                        double *restrict out)
{
    const double *restrict powers = packing->powers + first;
    const char *at = row + packing->columns[first].offset;
    int32_t special = 0;
    for (size_t j = 0; j < count; j++) {
        int32_t decimal = 0;
        memcpy(&decimal, at + j * sizeof decimal, sizeof decimal);
        special |= decimal <= PACKED_DECIMAL_MINUS;
        out[j] = decimal / powers[j];
    }
    for (size_t j = 0; special != 0 && j < count; j++)
        out[j] = packed_read(&packing->columns[first + j], row);
}

/* Columns first … first+count-1 of a row. */
static inline void packed_read_row(const Packing *packing, const void *row, size_t first, size_t count, double *out)
{
    for (size_t j = 0; j < count;) {
        const PackedColumn *column = &packing->columns[first + j];
        if (column->run > 1) {
            const size_t run = column->run < count - j ? column->run : count - j;
            packed_read_decimals(packing, row, first + j, run, out + j);
            j += run;
        } else {
            out[j++] = packed_read(column, row);
        }
    }
}

#endif
