/* Builds a row of a table in a report, cell by cell. */
#ifndef STUDY_CELLS_H
#define STUDY_CELLS_H

#include "report/page.h"

#define CELLS_MOST 16
#define CELL_SIZE 96

/* Zeroed: an empty row. */
typedef struct Cells {
    size_t count;
    char text[CELLS_MOST][CELL_SIZE];
} Cells;

/* Adds a cell; too many cells are ignored, a text that is too long is cut. */
void cells_add(Cells *cells, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Adds a number with this many significant digits; values that are not finite as nan, inf or -inf. */
void cells_number(Cells *cells, double value, int digits);

/* Adds a small difference, such as 1.2e-16, or 0. */
void cells_apart(Cells *cells, double value);

/* Puts the row into the table and empties it. */
void cells_row(Cells *cells, Page *page, PageTone tone);

/* Starts a table whose first `words` columns are texts, the others numbers. */
void cells_table(Page *page, const char *caption, const char *const *columns, size_t count, size_t words);

#endif
