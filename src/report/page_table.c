/* Tables of a page. */
#include <string.h>

#include "base/memory.h"
#include "report/page_body.h"

/* A table of more columns may be wider than a phone: its box can then be reached from the keyboard. */
#define NARROW_COLUMNS 3

/* A table in a box in which it scrolls; the caption stays above. */
static void begin_box(Html *html, const char *caption, bool wide, bool tall)
{
    html_markup(html, "<figure class=\"table\">");
    if (caption != NULL)
        page_write_element(html, "figcaption", caption);
    html_markup(html, tall ? "<div class=\"box tall\"" : "<div class=\"box\"");
    if (wide) {
        html_markup(html, " role=\"region\" tabindex=\"0\" aria-label=\"");
        html_text(html, caption != NULL ? caption : "table");
        html_markup(html, "\"");
    }
    html_markup(html, ">\n");
}

/* Keeps which columns are numbers, for the rows. */
static void keep_columns(Page *page, size_t count, const bool *numeric)
{
    percept_error error;
    memory_free(page->numeric);
    page->numeric = NULL;
    page->columns = 0;
    if (memory_allocate_zeroed(count, sizeof *page->numeric, "a table", &page->numeric, &error) != PERCEPT_OK) {
        html_fail(&page->body, &error);
        return;
    }
    page->columns = count;
    if (numeric != NULL)
        memcpy(page->numeric, numeric, count * sizeof *numeric);
}

static void begin_table(Page *page, const char *caption, const char *const *columns, size_t count, const bool *numeric,
                        bool sortable)
{
    Html *html = &page->body;
    keep_columns(page, count, numeric);
    begin_box(html, caption, sortable || count > NARROW_COLUMNS, sortable);
    html_markup(html, sortable ? "<table class=\"sortable\">\n" : "<table>\n");
    page->sortable = page->sortable || sortable;
    html_markup(html, "<thead><tr>");
    for (size_t c = 0; c < page->columns; c++) {
        html_markup(html, page->numeric[c] ? "<th scope=\"col\" class=\"number\">" : "<th scope=\"col\">");
        html_text(html, columns[c]);
        html_markup(html, "</th>");
    }
    html_markup(html, "</tr></thead>\n<tbody>\n");
}

void page_table_begin(Page *page, const char *caption, const char *const *columns, size_t count, const bool *numeric)
{
    begin_table(page, caption, columns, count, numeric, false);
}

void page_table_begin_sortable(Page *page, const char *caption, const char *const *columns, size_t count,
                               const bool *numeric)
{
    begin_table(page, caption, columns, count, numeric, true);
}

void page_table_row_marked(Page *page, const char *const *cells, PageTone row, const PageTone *marks)
{
    Html *html = &page->body;
    html_format(html, "<tr class=\"%s\">", page_tones[row].name);
    for (size_t c = 0; c < page->columns; c++) {
        const PageTone tone = marks != NULL ? marks[c] : PAGE_PLAIN;
        html_format(html, "<td class=\"%s%s\">", page_tones[tone].name, page->numeric[c] ? " number" : "");
        html_markup(html, tone != PAGE_PLAIN ? page_tones[tone].sign : c == 0 ? page_tones[row].sign : "");
        html_text(html, cells[c] != NULL ? cells[c] : "");
        html_markup(html, "</td>");
    }
    html_markup(html, "</tr>\n");
}

void page_table_row(Page *page, const char *const *cells)
{
    page_table_row_marked(page, cells, PAGE_PLAIN, NULL);
}

void page_table_end(Page *page)
{
    html_markup(&page->body, "</tbody>\n</table></div></figure>\n");
    page->columns = 0;
}

/* A cell's shade is its share of the row; the diagonal, where label and prediction are the same, has another colour. */
static void write_matrix_row(Html *html, const char *name, size_t label, size_t count, const uint64_t *row)
{
    double sum = 0;
    for (size_t k = 0; k < count; k++)
        sum += (double)row[k];
    html_markup(html, "<tr><th scope=\"row\">");
    html_text(html, name);
    html_markup(html, "</th>");
    for (size_t k = 0; k < count; k++) {
        const double share = sum > 0 ? (double)row[k] / sum : 0;
        const int thousandths = (int)(1000 * share + 0.5); /* "%f" would write what the locale wants */
        html_format(html, "<td class=\"%s\" style=\"--share:%d.%03d\">%llu</td>",
                    row[k] == 0  ? "none"
                    : k == label ? "right"
                                 : "wrong",
                    thousandths / 1000, thousandths % 1000, (unsigned long long)row[k]);
    }
    html_markup(html, "</tr>\n");
}

void page_matrix(Page *page, const char *caption, const char *const *names, size_t count, const uint64_t *cells)
{
    Html *html = &page->body;
    begin_box(html, caption, true, false);
    html_markup(html, "<table class=\"matrix\">\n");
    html_markup(html, "<thead><tr><th scope=\"col\" class=\"corner\">label \\ prediction</th>");
    for (size_t k = 0; k < count; k++) {
        html_markup(html, "<th scope=\"col\">");
        html_text(html, names[k]);
        html_markup(html, "</th>");
    }
    html_markup(html, "</tr></thead>\n<tbody>\n");
    for (size_t k = 0; k < count; k++)
        write_matrix_row(html, names[k], k, count, cells + k * count);
    html_markup(html, "</tbody>\n</table></div></figure>\n");
}
