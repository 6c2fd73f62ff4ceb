#include "plot/terminal.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#define USUAL_WIDTH 80

/* ---- The terminal ------------------------------------------------------------------------------------------------ */

static bool is_set(const char *variable)
{
    const char *value = getenv(variable);
    return value != NULL && value[0] != '\0';
}

/* The locale's name, not nl_langinfo: the program may never have called setlocale. */
static bool speaks_utf8(void)
{
    static const char *const variables[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
        const char *value = getenv(variables[i]);
        if (value != NULL && value[0] != '\0')
            return strcasestr(value, "utf-8") != NULL || strcasestr(value, "utf8") != NULL;
    }
    return false;
}

Terminal terminal_open(FILE *stream, bool terminal)
{
    const char *kind = getenv("TERM");
    const bool live = terminal && (kind == NULL || strcmp(kind, "dumb") != 0);
    return (Terminal){stream, live, live && !is_set("NO_COLOR"), speaks_utf8()};
}

size_t terminal_width(const Terminal *terminal)
{
    struct winsize size;
    const int file = fileno(terminal->stream);
    if (file >= 0 && ioctl(file, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    const char *columns = getenv("COLUMNS");
    const long width = columns != NULL ? strtol(columns, NULL, 10) : 0;
    return width > 0 && width < LINE_SIZE ? (size_t)width : USUAL_WIDTH;
}

void terminal_show(const Terminal *terminal, const Line *line)
{
    (void)fwrite(line->text, 1, line->length, terminal->stream);
    (void)fflush(terminal->stream);
}

/* ---- Lines ------------------------------------------------------------------------------------------------------- */

void line_add(Line *line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(line->text + line->length, LINE_SIZE - line->length, format, arguments);
    va_end(arguments);
    if (length > 0 && line->length + (size_t)length < LINE_SIZE)
        line->length += (size_t)length;
}

void line_add_coloured(Line *line, const Terminal *terminal, const char *code, const char *text)
{
    if (terminal->colour)
        line_add(line, "\033[%sm%s\033[0m", code, text);
    else
        line_add(line, "%s", text);
}

void line_add_bar(Line *line, const Terminal *terminal, size_t width, double done)
{
    const char *full = terminal->unicode ? "━" : "#", *half = terminal->unicode ? "╸" : "";
    const char *empty = terminal->unicode ? "─" : ".";
    const size_t halves = (size_t)(fmin(fmax(done, 0), 1) * 2 * (double)width), filled = halves / 2;
    const bool odd = halves % 2 == 1 && terminal->unicode;
    if (terminal->colour)
        line_add(line, "\033[36m");
    for (size_t i = 0; i < filled; i++)
        line_add(line, "%s", full);
    if (odd)
        line_add(line, "%s", half);
    if (terminal->colour)
        line_add(line, "\033[0m\033[2m");
    for (size_t i = filled + odd; i < width; i++)
        line_add(line, "%s", empty);
    if (terminal->colour)
        line_add(line, "\033[0m");
}
