/* Cells of a line of CSV (RFC 4180), and what else people separate cells by. Nothing is copied: a cell points into the
 * line, whose end may be any byte that no number has. */
#ifndef DATA_CSV_CELL_H
#define DATA_CSV_CELL_H

#include <stdbool.h>
#include <stddef.h>

#include "data/missing_tokens.h"

/* How a file writes its table. */
typedef struct CsvDialect {
    char delimiter; /* between cells */
    bool blanks;    /* instead: spaces and tabs, any number of them; quoted cells end on their line then */
    char line_end;  /* '\n', which takes a '\r' before it along; '\r' in files of old Macintoshes */
    char point;     /* of numbers: '.' or ',' */
    bool header;    /* the first record is names */
    MissingTokens missing;
    bool missing_numbers; /* some of these tokens are numbers */
} CsvDialect;

/* A cell, without spaces around it and without its quotes. */
typedef struct CsvCell {
    char *text;
    size_t length;
    bool quoted;
    bool escaped; /* has quotes that are written twice: see csv_cell_unescape */
    bool broken;  /* its closing quote is missing, or is followed by text */
} CsvCell;

/* Reads the cell at `at` in a line that ends at `end`. Returns where the next one begins, NULL after the last. */
char *csv_cell_read(char *at, char *end, const CsvDialect *dialect, CsvCell *cell);

/* Cells in a line. */
size_t csv_cell_count(char *at, char *end, const CsvDialect *dialect);

/* Takes one of each two quotes out of the cell, in place. */
void csv_cell_unescape(CsvCell *cell);

/* True if the whole cell is a finite number. */
bool csv_cell_number(const CsvCell *cell, const CsvDialect *dialect, double *number);

/* True if the cell is one of two values of which one is true, and gives it as 1 or 0: true and false, t and f, yes and no, y
 * and n, in any case of letters. */
bool csv_cell_boolean(const CsvCell *cell, double *number);

/* True if the cell is the word true or false. */
bool csv_cell_truth(const CsvCell *cell);

/* True if the cell says that its value is missing (missing_tokens.h). */
bool csv_cell_missing(const CsvCell *cell, const CsvDialect *dialect);

#endif
