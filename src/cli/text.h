/* Text for a terminal. */
#ifndef CLI_TEXT_H
#define CLI_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/number_text.h"

/* The width of help and tables, in columns. */
#define TEXT_WIDTH 80

/* Columns that UTF-8 text takes, one for each code point. */
size_t text_columns(const char *text);

/* Bytes of the first `columns` code points of a text, all of it if it is shorter. */
size_t text_prefix(const char *text, size_t columns);

/* Writes at most `columns` columns of a text and fills up with spaces, to its right (text_left) or left. Control
 * characters become '?': names come from files and must not control the terminal. */
void text_left(FILE *stream, const char *text, size_t columns);
void text_right(FILE *stream, const char *text, size_t columns);

/* A path, a name or other text from outside, safe to be printed: `text_plain(folder).text`. */
typedef struct TextPlain {
    char text[4200]; /* the longest path, and more */
} TextPlain;
TextPlain text_plain(const char *text);

/* Writes words from column `indent`, the position of the cursor, and breaks lines before TEXT_WIDTH; ends with a
 * newline. */
void text_wrapped(FILE *stream, size_t indent, const char *text);

/* A cell of CSV, in quotes if RFC 4180 requires them. On a terminal control characters are replaced. */
void text_csv_cell(FILE *stream, const char *text);

/* The same, where the stream's text will go to a terminal, or not. */
void text_csv_cell_as(FILE *stream, bool terminal, const char *text);

#endif
