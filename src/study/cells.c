#include "study/cells.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/number.h"

void cells_add(Cells *cells, const char *format, ...)
{
    va_list arguments;
    if (cells->count == CELLS_MOST)
        return;
    va_start(arguments, format);
    vsnprintf(cells->text[cells->count++], CELL_SIZE, format, arguments);
    va_end(arguments);
}

void cells_number(Cells *cells, double value, int digits)
{
    char text[NUMBER_SIZE];
    number_format_digits(value, digits, text);
    cells_add(cells, "%s", text);
}

void cells_apart(Cells *cells, double value)
{
    cells_add(cells, value == 0 ? "%.0f" : "%.1e", value);
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
