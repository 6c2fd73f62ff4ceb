/* Pictures inside a page, as data: URIs. An SVG in an <img> is a separate document: its ids cannot clash with those of
 * another picture (gnuplot gives all its charts the same ids), it can neither load nor run anything, and it stays
 * sharp. */
#ifndef REPORT_PICTURE_H
#define REPORT_PICTURE_H

#include <stdbool.h>

#include "report/html.h"

/* Appends <img> for folder/NAME.svg or folder/NAME.png, as page_picture (report/page.h) chooses, with its size and
 * `words` as alternative text. */
void picture_write(Html *html, const char *folder, const char *name, const char *words);

bool picture_exists(const char *folder, const char *name);

#endif
