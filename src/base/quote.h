/* Texts that come from outside: checked, and made fit for a message. */
#ifndef BASE_QUOTE_H
#define BASE_QUOTE_H

#include <stdbool.h>

/* What somebody wrote, fit for a message: quoted, cut if long, without control characters. */
#define QUOTED_SIZE 80
const char *quote_text(const char *text, char quoted[QUOTED_SIZE]);

/* True if text is well-formed UTF-8 (Unicode, table 3-7). */
bool text_is_utf8(const char *text);

#endif
