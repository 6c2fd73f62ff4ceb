#include "base/terminal.h"

#include <stdlib.h>
#include <sys/ioctl.h>

#define USUAL 80
#define MOST 999

size_t terminal_columns(FILE *stream)
{
    struct winsize size;
    const int file = fileno(stream);
    if (file >= 0 && ioctl(file, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    const char *columns = getenv("COLUMNS");
    const long width = columns != NULL ? strtol(columns, NULL, 10) : 0;
    return width > 0 && width <= MOST ? (size_t)width : USUAL;
}
