/* One self-contained HTML page: text, tables and pictures in one file that needs no network, is light or dark as the
 * reader's system is, reads on a phone and prints. Only a page with a sortable table has a script, and is read without it.
 *
 * Things appear in the order of the calls. All text is UTF-8 and is escaped here: names may hold <, > and &; what is no
 * UTF-8 becomes U+FFFD. Nothing fails until page_write: the first failure (a picture that cannot be read, memory) is
 * kept, what comes after it does nothing, and page_write tells it. */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

typedef struct Page Page;

/* How a cell, a row, a tile or a notice is meant. Colour is never alone: good ones carry a ✓, bad ones a ✗, quiet ones are
 * of less interest. */
typedef enum PageTone { PAGE_PLAIN, PAGE_GOOD, PAGE_BAD, PAGE_QUIET } PageTone;

/* Starts a page. The title is also the window's; subtitle may be NULL. Released with page_free. */
percept_status page_create(const char *title, const char *subtitle, Page **out, percept_error *error);
void page_free(Page *page); /* NULL is allowed */

/* Writes the page to `path`, whole or not at all, with a list of contents where it has four headings or more; or tells
 * what failed before. The page may go on and be written again. */
percept_status page_write(Page *page, const char *path, percept_error *error);

/* Keeps a failure of the caller's, so that page_write tells it, unless one is kept already. */
void page_fail(Page *page, const percept_error *error);

/* ---- Text -------------------------------------------------------------------------------------------------------- */

/* A section (in the list of contents), and a part of one (not there). */
void page_heading(Page *page, const char *text);
void page_subheading(Page *page, const char *text);

/* A paragraph. */
void page_text(Page *page, const char *paragraph);
void page_text_format(Page *page, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A line in a box that nobody overlooks: "18 of 18 figures agree", "this run is not finished". */
void page_notice(Page *page, PageTone tone, const char *text);

/* A recipe, a program's output: as it is, in a box that scrolls where its lines are too long. */
void page_code(Page *page, const char *text);

/* A block that is folded until the reader opens it; printed open. May lie in another one. */
void page_details_begin(Page *page, const char *summary);
void page_details_end(Page *page);

/* ---- Facts and figures ------------------------------------------------------------------------------------------- */

/* Names and values below each other: "network", "784-64-10". */
void page_facts_begin(Page *page);
void page_fact(Page *page, const char *name, const char *value);
void page_facts_end(Page *page);

/* A row of large figures: "89.80 %", "test accuracy". note may be NULL. */
void page_tiles_begin(Page *page);
void page_tile(Page *page, const char *value, const char *label, const char *note, PageTone tone);
void page_tiles_end(Page *page);

/* ---- Tables ------------------------------------------------------------------------------------------------------ */

/* A table of `count` columns; a wide one scrolls in its box. caption may be NULL; numeric (NULL: none) tells which
 * columns are numbers: these stand to the right, with digits of one width. */
void page_table_begin(Page *page, const char *caption, const char *const *columns, size_t count, const bool *numeric);

/* The same, for a long one that scrolls in its box and whose rows a reader sorts by a column: a small script in the page
 * does that; without it the rows stay as they were added. */
void page_table_begin_sortable(Page *page, const char *caption, const char *const *columns, size_t count,
                               const bool *numeric);

/* A row of as many cells as there are columns; NULL is an empty one. */
void page_table_row(Page *page, const char *const *cells);

/* The same with the row marked, and (unless marks is NULL) each of its cells. */
void page_table_row_marked(Page *page, const char *const *cells, PageTone row, const PageTone *marks);
void page_table_end(Page *page);

/* A confusion matrix, count × count: a row a label, a column a prediction; darker is a greater share of the row. */
void page_matrix(Page *page, const char *caption, const char *const *names, size_t count, const uint64_t *cells);

/* ---- Pictures ---------------------------------------------------------------------------------------------------- */

/* Puts folder/NAME.svg into the page (sharp at every size), or folder/NAME.png where there is no SVG, or where that has
 * over a mebibyte and more than the PNG. The caption (NULL: none) is also what is read to those who cannot see it.
 * PERCEPT_ERROR_IO if there is neither. */
void page_picture(Page *page, const char *folder, const char *name, const char *caption);

/* True if page_picture would find one. */
bool page_picture_exists(const char *folder, const char *name);

#endif
