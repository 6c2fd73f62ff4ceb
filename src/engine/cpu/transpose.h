/* Transposition in registers: blocks of LANES × LANES. */
#ifndef ENGINE_CPU_TRANSPOSE_H
#define ENGINE_CPU_TRANSPOSE_H

#include "base/vector.h"

/* to (columns × rows) = fromᵀ, from (rows × columns); both counts are multiples of LANES, rows lie from_row and to_row
 * elements apart. */
void ISA(transpose)(size_t rows, size_t columns, const real *from, size_t from_row, real *to, size_t to_row);

#endif
