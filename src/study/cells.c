#include "study/cells.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"

static void put(Cells *cells, const char text[CELL_SIZE])
{
    if (cells->count < CELLS_MOST)
        memcpy(cells->text[cells->count++], text, CELL_SIZE);
}

void cells_add(Cells *cells, const char *format, ...)
{
    char text[CELL_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    put(cells, text);
}

void cells_number(Cells *cells, double value, int digits)
{
    char text[CELL_SIZE], number[NUMBER_SIZE];
    number_format_digits(value, digits, number);
    snprintf(text, sizeof text, "%s", number);
    put(cells, text);
}

void cells_apart(Cells *cells, double value)
{
    char text[CELL_SIZE];
    snprintf(text, sizeof text, value == 0 ? "%.0f" : "%.1e", value);
    put(cells, text);
}

void cells_row(Cells *cells, Page *page, PageTone tone)
{
    const char *texts[CELLS_MOST];
    for (size_t c = 0; c < cells->count; c++)
        texts[c] = cells->text[c];
    page_table_row_marked(page, texts, tone, NULL);
    cells->count = 0;
}

void cells_table(Page *page, const char *caption, const char *const *columns, size_t count, size_t words)
{
    bool numeric[CELLS_MOST];
    for (size_t c = 0; c < CELLS_MOST; c++)
        numeric[c] = c >= words;
    page_table_begin(page, caption, columns, count, numeric);
}
