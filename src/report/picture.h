/* Pictures inside a page, as data: URIs. An SVG in an <img> is drawn by itself: its ids cannot clash with those of
 * another picture (gnuplot gives all of its charts the same), it can load and run nothing, and it stays sharp. */
#ifndef REPORT_PICTURE_H
#define REPORT_PICTURE_H

#include <stdbool.h>

#include "report/html.h"

/* Appends <img> for folder/NAME.svg or folder/NAME.png, as page_picture (report/page.h) chooses, with its size and
 * `words` for those who cannot see it. */
void picture_write(Html *html, const char *folder, const char *name, const char *words);

bool picture_exists(const char *folder, const char *name);

#endif
