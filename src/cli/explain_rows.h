/* `percept explain`: the rows whose answers are explained. */
#ifndef CLI_EXPLAIN_ROWS_H
#define CLI_EXPLAIN_ROWS_H

#include "cli/rows.h"
#include "explain/subject.h"

/* Rows counted from 1, both included. */
typedef struct RowRange {
    size_t first, last; /* last SIZE_MAX: to the end */
} RowRange;

/* Reads "3", "1:5" or "8:". */
percept_status row_range_parse(const char *text, RowRange *out, percept_error *error);

/* Reads rows of features, at most `most`, until the end: rows->numbers are those in the file, counted from 0. */
percept_status explain_rows_read(RowReader *reader, size_t most, ExplainRows *out, percept_error *error);

#endif
