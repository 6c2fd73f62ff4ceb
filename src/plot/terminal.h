/* The output for progress: a terminal whose lines can be redrawn in place, or a stream of plain lines. */
#ifndef PLOT_TERMINAL_H
#define PLOT_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

typedef struct Terminal {
    FILE *stream;
    bool live; /* lines can be redrawn */
    bool colour, unicode;
} Terminal;

/* Clears the line of the cursor. */
#define TERMINAL_CLEAR_LINE "\r\033[K"

/* terminal: the stream is one. It is live unless TERM is dumb, in colour unless NO_COLOR is set and not empty; Unicode
 * where LC_ALL, LC_CTYPE or LANG says UTF-8. */
Terminal terminal_open(FILE *stream, bool terminal);

/* The current number of columns: of the terminal, else $COLUMNS, else 80. */
size_t terminal_width(const Terminal *terminal);

/* A line under construction; text that does not fit is omitted. */
#define LINE_SIZE 1024
typedef struct Line {
    char text[LINE_SIZE];
    size_t length;
} Line;

void line_add(Line *line, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A text in a colour (an SGR code such as "33"), if the terminal has colours. */
void line_add_coloured(Line *line, const Terminal *terminal, const char *code, const char *text);

/* A bar of `width` columns, `done` of it full (0 to 1). */
void line_add_bar(Line *line, const Terminal *terminal, size_t width, double done);

/* Writes the line in one call, so that no other output comes in between. A failure to show progress is ignored. */
void terminal_show(const Terminal *terminal, const Line *line);

#endif
