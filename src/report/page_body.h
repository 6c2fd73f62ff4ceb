/* A page as the files that write its parts see it. */
#ifndef REPORT_PAGE_BODY_H
#define REPORT_PAGE_BODY_H

#include "report/html.h"
#include "report/page.h"

struct Page {
    char *title, *subtitle;
    Html body, contents;
    size_t headings;
    size_t columns; /* of the table that is being written */
    bool *numeric;  /* of these */
    bool sortable;  /* one of the tables */
};

/* The CSS class of a tone, and its sign, which does not depend on colour. */
typedef struct PageToneMark {
    const char *name, *sign;
} PageToneMark;

extern const PageToneMark page_tones[]; /* by PageTone */

/* <TAG>text</TAG>, on a line of its own. */
void page_write_element(Html *html, const char *tag, const char *text);

#endif
