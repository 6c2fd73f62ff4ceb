/* The terminal that text is written to. */
#ifndef BASE_TERMINAL_H
#define BASE_TERMINAL_H

#include <stddef.h>
#include <stdio.h>

/* Columns of a line: the terminal's, else $COLUMNS (at most 999), else 80. */
size_t terminal_columns(FILE *stream);

#endif
