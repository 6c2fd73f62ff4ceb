#include "report/page.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "report/html.h"
#include "report/picture.h"
#include "report/sort_script.h"
#include "report/style.h"
#include "store/leftovers.h"

/* A page with fewer headings needs no list of contents. */
#define CONTENTS_LEAST 4

/* A table of more columns may be wider than a phone: its box can then be reached from the keyboard. */
#define NARROW_COLUMNS 3

struct Page {
    char *title, *subtitle;
    Html body, contents;
    size_t headings;
    size_t columns; /* of the table that is being written */
    bool *numeric;  /* of these */
    bool sortable;  /* one of the tables */
};

/* The CSS class of a tone, and its sign, which does not depend on colour. */
static const struct {
    const char *name, *sign;
} tones[] = {
    [PAGE_PLAIN] = {"plain", ""},
    [PAGE_GOOD] = {"good", "<span class=\"sign\" role=\"img\" aria-label=\"good\">\xE2\x9C\x93</span> "},
    [PAGE_BAD] = {"bad", "<span class=\"sign\" role=\"img\" aria-label=\"bad\">\xE2\x9C\x97</span> "},
    [PAGE_QUIET] = {"quiet", ""},
};

/* ---- The page ---------------------------------------------------------------------------------------------------- */

percept_status page_create(const char *title, const char *subtitle, Page **out, percept_error *error)
{
    Page *page = NULL;
    percept_status status = memory_allocate_zeroed(1, sizeof *page, "the page", &page, error);
    if (status == PERCEPT_OK)
        status = memory_copy_string(title, &page->title, error);
    if (status == PERCEPT_OK && subtitle != NULL)
        status = memory_copy_string(subtitle, &page->subtitle, error);
    if (status == PERCEPT_OK)
        *out = page;
    else
        page_free(page);
    return status;
}

void page_free(Page *page)
{
    if (page == NULL)
        return;
    html_clear(&page->body);
    html_clear(&page->contents);
    memory_free(page->numeric);
    memory_free(page->title);
    memory_free(page->subtitle);
    memory_free(page);
}

static void write_head(const Page *page, Html *html)
{
    html_markup(html, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                      "<meta name=\"color-scheme\" content=\"light dark\">\n"
                      "<meta name=\"generator\" content=\"Percept " PERCEPT_VERSION "\">\n<title>");
    html_text(html, page->title);
    html_markup(html, "</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>\n");
    for (size_t i = 0; page_style[i] != NULL; i++)
        html_markup(html, page_style[i]);
    html_markup(html, "</style>\n</head>\n");
}

static void write_top(const Page *page, Html *html)
{
    const bool contents = page->headings >= CONTENTS_LEAST;
    html_markup(html, contents ? "<body class=\"long\">\n<header>\n<h1>" : "<body>\n<header>\n<h1>");
    html_text(html, page->title);
    html_markup(html, "</h1>\n");
    if (page->subtitle != NULL) {
        html_markup(html, "<p class=\"subtitle\">");
        html_text(html, page->subtitle);
        html_markup(html, "</p>\n");
    }
    html_markup(html, "</header>\n");
    if (contents) {
        html_markup(html, "<nav aria-label=\"Contents\">\n<ol>\n");
        html_write(html, page->contents.buffer.bytes, page->contents.buffer.size);
        html_markup(html, "</ol>\n</nav>\n");
    }
    html_markup(html, "<main>\n");
}

/* Of reports that were killed, in the folder that the page goes to. */
static percept_status clear_leftovers(const char *path, percept_error *error)
{
    char *folder = NULL;
    const char *slash = strrchr(path, '/');
    percept_status status = memory_copy_string(slash != NULL ? path : ".", &folder, error);
    if (status != PERCEPT_OK)
        return status;
    if (slash != NULL)
        folder[slash - path + 1] = '\0';
    status = leftovers_clear(folder, false, error);
    memory_free(folder);
    return status;
}

percept_status page_write(Page *page, const char *path, percept_error *error)
{
    Html top = {0};
    FileWriter *writer = NULL;
    percept_status status = PERCEPT_OK;
    html_fail(&page->body, &page->contents.error);
    write_head(page, &top);
    write_top(page, &top);
    html_fail(&top, &page->body.error);
    if (top.error.status != PERCEPT_OK)
        status = error_set(error, top.error.status, "%s", top.error.message);
    if (status == PERCEPT_OK)
        status = clear_leftovers(path, error);
    if (status == PERCEPT_OK)
        status = file_writer_open(path, &writer, error);
    if (status == PERCEPT_OK) {
        file_writer_write(writer, top.buffer.bytes, top.buffer.size);
        file_writer_write(writer, page->body.buffer.bytes, page->body.buffer.size);
        file_writer_print(writer,
                          "</main>\n<footer>Written by Percept " PERCEPT_VERSION "</footer>\n%s</body>\n</html>\n",
                          page->sortable ? page_sort_script : "");
        status = file_writer_commit(writer, error);
    }
    html_clear(&top);
    return status;
}

void page_fail(Page *page, const percept_error *error)
{
    html_fail(&page->body, error);
}

/* ---- Text -------------------------------------------------------------------------------------------------------- */

/* <TAG>text</TAG>, on a line of its own. */
static void write_element(Html *html, const char *tag, const char *text)
{
    html_format(html, "<%s>", tag);
    html_text(html, text);
    html_format(html, "</%s>\n", tag);
}

void page_heading(Page *page, const char *text)
{
    page->headings++;
    html_format(&page->body, "<h2 id=\"section-%zu\">", page->headings);
    html_text(&page->body, text);
    html_markup(&page->body, "</h2>\n");
    html_format(&page->contents, "<li><a href=\"#section-%zu\">", page->headings);
    html_text(&page->contents, text);
    html_markup(&page->contents, "</a></li>\n");
}

void page_subheading(Page *page, const char *text)
{
    write_element(&page->body, "h3", text);
}

void page_text(Page *page, const char *paragraph)
{
    write_element(&page->body, "p", paragraph);
}

void page_text_format(Page *page, const char *format, ...)
{
    va_list arguments;
    char *text = NULL;
    percept_error error;
    va_start(arguments, format);
    const int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0)
        return;
    if (memory_allocate((size_t)length + 1, 1, "a paragraph", &text, &error) != PERCEPT_OK) {
        html_fail(&page->body, &error);
        return;
    }
    va_start(arguments, format);
    vsnprintf(text, (size_t)length + 1, format, arguments);
    va_end(arguments);
    page_text(page, text);
    memory_free(text);
}

void page_notice(Page *page, PageTone tone, const char *text)
{
    html_format(&page->body, "<p class=\"notice %s\">%s", tones[tone].name, tones[tone].sign);
    html_text(&page->body, text);
    html_markup(&page->body, "</p>\n");
}

void page_code(Page *page, const char *text)
{
    html_markup(&page->body, "<pre tabindex=\"0\"><code>");
    html_text(&page->body, text);
    html_markup(&page->body, "</code></pre>\n");
}

void page_details_begin(Page *page, const char *summary)
{
    html_markup(&page->body, "<details>\n");
    write_element(&page->body, "summary", summary);
    html_markup(&page->body, "<div class=\"inside\">\n");
}

void page_details_end(Page *page)
{
    html_markup(&page->body, "</div>\n</details>\n");
}

/* ---- Facts and metrics ------------------------------------------------------------------------------------------- */

void page_facts_begin(Page *page)
{
    html_markup(&page->body, "<dl class=\"facts\">\n");
}

void page_fact(Page *page, const char *name, const char *value)
{
    html_markup(&page->body, "<div>");
    write_element(&page->body, "dt", name);
    write_element(&page->body, "dd", value);
    html_markup(&page->body, "</div>\n");
}

void page_facts_end(Page *page)
{
    html_markup(&page->body, "</dl>\n");
}

void page_tiles_begin(Page *page)
{
    html_markup(&page->body, "<ul class=\"tiles\">\n");
}

void page_tile(Page *page, const char *value, const char *label, const char *note, PageTone tone)
{
    Html *html = &page->body;
    html_format(html, "<li class=\"%s\"><span class=\"label\">", tones[tone].name);
    html_text(html, label);
    html_format(html, "</span><span class=\"value\">%s", tones[tone].sign);
    html_text(html, value);
    html_markup(html, "</span>");
    if (note != NULL) {
        html_markup(html, "<span class=\"note\">");
        html_text(html, note);
        html_markup(html, "</span>");
    }
    html_markup(html, "</li>\n");
}

void page_tiles_end(Page *page)
{
    html_markup(&page->body, "</ul>\n");
}

/* ---- Tables ------------------------------------------------------------------------------------------------------ */

/* A table in a box in which it scrolls; the caption stays above. */
static void begin_box(Html *html, const char *caption, bool wide, bool tall)
{
    html_markup(html, "<figure class=\"table\">");
    if (caption != NULL)
        write_element(html, "figcaption", caption);
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
    html_format(html, "<tr class=\"%s\">", tones[row].name);
    for (size_t c = 0; c < page->columns; c++) {
        const PageTone tone = marks != NULL ? marks[c] : PAGE_PLAIN;
        html_format(html, "<td class=\"%s%s\">", tones[tone].name, page->numeric[c] ? " number" : "");
        html_markup(html, tone != PAGE_PLAIN ? tones[tone].sign : c == 0 ? tones[row].sign : "");
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

/* ---- Pictures ---------------------------------------------------------------------------------------------------- */

/* On a narrow screen a picture is as large as its words need, and scrolls; a touch ticks the box, which fits it into the
 * width (style.c). */
void page_picture(Page *page, const char *folder, const char *name, const char *caption)
{
    Html *html = &page->body;
    html_markup(html, "<figure class=\"picture\"><label class=\"canvas\"><input type=\"checkbox\" aria-label=\"show "
                      "the whole picture\">");
    picture_write(html, folder, name, caption != NULL ? caption : name);
    html_markup(html, "</label>");
    if (caption != NULL)
        write_element(html, "figcaption", caption);
    html_markup(html, "</figure>\n");
}

bool page_picture_exists(const char *folder, const char *name)
{
    return picture_exists(folder, name);
}
