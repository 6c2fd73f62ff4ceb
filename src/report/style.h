/* How a page looks: one style sheet, light and dark, for screens and paper. */
#ifndef REPORT_STYLE_H
#define REPORT_STYLE_H

/* The style sheet in pieces, NULL behind the last: a compiler need not take longer strings. */
extern const char *const page_style[];

#endif
