/* Cells of a line of CSV (RFC 4180) or of a table with other delimiters. Nothing is copied: a cell points into the
 * line, which may end with any byte that cannot be part of a number. */
#ifndef DATA_CSV_CELL_H
#define DATA_CSV_CELL_H

#include <stdbool.h>
#include <stddef.h>

#include "data/missing_tokens.h"

/* The dialect of a file. */
typedef struct CsvDialect {
    char delimiter; /* between cells */
    bool blanks;    /* or any number of spaces and tabs; quoted cells then end on their line */
    char line_end;  /* '\n', including a '\r' before it; '\r' in files of old Macintoshes */
    char point;     /* of numbers: '.' or ',' */
    bool header;    /* the first record holds names */
    MissingTokens missing;
    bool missing_numbers; /* some of these tokens are numbers */
} CsvDialect;

/* A cell, without spaces around it and without its quotes. */
typedef struct CsvCell {
    char *text;
    size_t length;
    bool quoted;
    bool escaped; /* contains doubled quotes: see csv_cell_unescape */
    bool broken;  /* its closing quote is missing, or is followed by text */
} CsvCell;

/* Reads the cell at `at` in a line that ends at `end`. Returns the beginning of the next cell, or NULL after the
 * last. */
char *csv_cell_read(char *at, char *end, const CsvDialect *dialect, CsvCell *cell);

/* Cells in a line. */
size_t csv_cell_count(char *at, char *end, const CsvDialect *dialect);

/* Replaces doubled quotes in the cell by single ones, in place. */
void csv_cell_unescape(CsvCell *cell);

/* True if the whole cell is a finite number. */
bool csv_cell_number(const CsvCell *cell, const CsvDialect *dialect, double *number);

/* True if the cell is a whole number with leading zeros, such as 01234: a code, not a quantity. */
bool csv_cell_padded(const CsvCell *cell);

/* True if the cell is a boolean: true or false, t or f, yes or no, y or n, on or off, in upper or lower case. Returns it as 1 or
 * 0. */
bool csv_cell_boolean(const CsvCell *cell, double *number);

/* True if the cell is the word true or false. */
bool csv_cell_truth(const CsvCell *cell);

/* True if the cell says that its value is missing (missing_tokens.h). */
bool csv_cell_missing(const CsvCell *cell, const CsvDialect *dialect);

#endif
