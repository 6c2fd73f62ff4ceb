/* How a page looks: one style sheet, light and dark, for screens and paper. */
#ifndef REPORT_STYLE_H
#define REPORT_STYLE_H

/* The style sheet in pieces, ended by NULL: compilers need not accept longer strings. */
extern const char *const page_style[];

#endif
