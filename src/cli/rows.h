/* Rows of numbers as CSV, read one at a time from a stream in constant memory. */
#ifndef CLI_ROWS_H
#define CLI_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/error.h"

typedef struct RowReader {
    FILE *stream;
    const char *name; /* of the stream, for messages */
    size_t width;     /* numbers that a row must have */
    size_t line;      /* of the file, from 1, last read */
    char *buffer;
    size_t capacity; /* of the buffer; a longer line is refused */
    bool begun;      /* the first line that is not blank was read */
} RowReader;

/* Prepares to read rows of `width` numbers. The stream stays the caller's. Released with row_reader_clear. */
percept_status row_reader_create(FILE *stream, const char *name, size_t width, RowReader *out, percept_error *error);
void row_reader_clear(RowReader *reader);

/* Reads the next row; *end is true, and the row untouched, if there is none. Blank lines are skipped, and a first line in
 * which nothing is a number: a header. Numbers are decimal and finite, with '.' for the point; spaces around them and
 * quotes do no harm. Errors name line and column. */
percept_status row_reader_next(RowReader *reader, double *row, bool *end, percept_error *error);

#endif
