/* A growing HTML text. The first failure is kept, and later calls do nothing. An empty one is {0}. */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include "base/buffer.h"

typedef struct Html {
    Buffer buffer;
    percept_error error; /* of the first failure; status 0: none */
} Html;

/* Appends bytes as they are. */
void html_write(Html *html, const void *bytes, size_t size);
void html_markup(Html *html, const char *markup);
void html_format(Html *html, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Appends text, for use between tags and in quoted attributes: <, >, &, " and ' are escaped; invalid UTF-8 and
 * characters that HTML forbids (control characters other than tab and newline) become U+FFFD. */
void html_text(Html *html, const char *text);

/* Appends bytes as base64 (RFC 4648, section 4). */
void html_base64(Html *html, const uint8_t *bytes, size_t size);

/* Keeps a failure, unless one is kept already. */
void html_fail(Html *html, const percept_error *error);

void html_clear(Html *html);

#endif
