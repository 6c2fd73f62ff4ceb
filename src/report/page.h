/* One self-contained HTML page: text, tables and pictures in one file that needs no network, is light or dark as the
 * reader's system is, reads on a phone and prints. Only a page with a sortable table has a script, and is readable
 * without it.
 *
 * The content appears in the order of the calls. All text is UTF-8 and is escaped here: names may contain <, > and &;
 * invalid UTF-8 becomes U+FFFD. Calls do not fail: the first failure (a picture that cannot be read, memory) is kept,
 * later calls do nothing, and page_write reports it. */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

typedef struct Page Page;

/* The meaning of a cell, a row, a tile or a notice. It never depends on colour alone: good ones have a ✓, bad ones a ✗,
 * quiet ones are less important. */
typedef enum PageTone { PAGE_PLAIN, PAGE_GOOD, PAGE_BAD, PAGE_QUIET } PageTone;

/* Starts a page. The title is also the window's; subtitle may be NULL. Released with page_free. */
percept_status page_create(const char *title, const char *subtitle, Page **out, percept_error *error);
void page_free(Page *page); /* NULL is allowed */

/* Writes the page to `path`, whole or not at all, with a list of contents if it has at least four headings; or reports
 * an earlier failure. The page may be extended and written again. */
percept_status page_write(Page *page, const char *path, percept_error *error);

/* Keeps a failure of the caller, unless there is an earlier one; page_write reports it. */
void page_fail(Page *page, const percept_error *error);

/* ---- Text -------------------------------------------------------------------------------------------------------- */

/* A section (in the list of contents), and a part of one (not there). */
void page_heading(Page *page, const char *text);
void page_subheading(Page *page, const char *text);

/* A paragraph. */
void page_text(Page *page, const char *paragraph);
void page_text_format(Page *page, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A highlighted line in a box: "18 of 18 results agree", "this run is not finished". */
void page_notice(Page *page, PageTone tone, const char *text);

/* A recipe or the output of a program: unchanged, in a box that scrolls if its lines are too long. */
void page_code(Page *page, const char *text);

/* A block that is folded until the reader opens it; printed open. May lie in another one. */
void page_details_begin(Page *page, const char *summary);
void page_details_end(Page *page);

/* ---- Facts and metrics ------------------------------------------------------------------------------------------- */

/* Names and values below each other: "network", "784-64-10". */
void page_facts_begin(Page *page);
void page_fact(Page *page, const char *name, const char *value);
void page_facts_end(Page *page);

/* A row of large numbers: "89.80 %", "test accuracy". note may be NULL. */
void page_tiles_begin(Page *page);
void page_tile(Page *page, const char *value, const char *label, const char *note, PageTone tone);
void page_tiles_end(Page *page);

/* ---- Tables ------------------------------------------------------------------------------------------------------ */

/* A table of `count` columns; a wide one scrolls in its box. caption may be NULL; numeric (NULL: none) marks the
 * columns of numbers, which are right-aligned, with digits of equal width. */
void page_table_begin(Page *page, const char *caption, const char *const *columns, size_t count, const bool *numeric);

/* The same, for a long table that scrolls in its box and can be sorted by a column. A small script in the page sorts;
 * without it the rows stay in their order. */
void page_table_begin_sortable(Page *page, const char *caption, const char *const *columns, size_t count,
                               const bool *numeric);

/* A row of as many cells as there are columns; NULL is an empty one. */
void page_table_row(Page *page, const char *const *cells);

/* The same with the row marked, and (unless marks is NULL) each of its cells. */
void page_table_row_marked(Page *page, const char *const *cells, PageTone row, const PageTone *marks);
void page_table_end(Page *page);

/* A confusion matrix, count × count: one row per label, one column per prediction; darker cells have a larger share of
 * the row. */
void page_matrix(Page *page, const char *caption, const char *const *names, size_t count, const uint64_t *cells);

/* ---- Pictures ---------------------------------------------------------------------------------------------------- */

/* Puts folder/NAME.svg into the page (sharp at every size), or folder/NAME.png if there is no SVG, or if the SVG is
 * larger than a mebibyte and than the PNG. The caption (NULL: none) is also the alternative text. PERCEPT_ERROR_IO if
 * there is neither. */
void page_picture(Page *page, const char *folder, const char *name, const char *caption);

/* True if page_picture would find one. */
bool page_picture_exists(const char *folder, const char *name);

#endif
