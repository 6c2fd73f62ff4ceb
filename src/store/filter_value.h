/* The value on the right of a filter's operator, read by the type of the column or key on the left. */
#ifndef STORE_FILTER_VALUE_H
#define STORE_FILTER_VALUE_H

#include "store/run_columns.h"
#include "store/statements.h"

typedef enum FilterKind {
    FILTER_COUNT, /* whole numbers, times: compared as they are */
    FILTER_REAL,  /* numbers that are equal where they nearly are */
    FILTER_TEXT   /* no order */
} FilterKind;

/* Reads a value for a column or key of this name, which must be one; as a text where only a piece of it is meant. A text in
 * the cell is released with memory_free. */
percept_status filter_value(const char *name, const char *text, bool piece, Cell *out, FilterKind *kind,
                            percept_error *error);

#endif
