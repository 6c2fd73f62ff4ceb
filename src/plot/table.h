/* A CSV file of numbers with a header: the data of a chart. */
#ifndef PLOT_TABLE_H
#define PLOT_TABLE_H

#include <stddef.h>

#include "base/error.h"

typedef struct Table {
    size_t rows, columns;
    char **names;   /* columns */
    double *values; /* rows × columns; nan and inf as they are in the file */
    char *text;     /* owns the names */
} Table;

/* Reads a file; PERCEPT_ERROR_FORMAT names the line of a cell that is no number, or with too many or too few cells. A
 * last line without newline is ignored: it is still being written. Released with table_clear. */
percept_status table_read(const char *path, Table *out, percept_error *error);
void table_clear(Table *table);

/* Index of the column with this name, or -1. */
int table_find(const Table *table, const char *name);

#endif
