/* Texts from outside: checked, and made safe for a message. */
#ifndef BASE_QUOTE_H
#define BASE_QUOTE_H

#include <stdbool.h>
#include <stddef.h>

/* A text from outside, for a message: quoted, cut if long, without control characters. */
#define QUOTED_SIZE 80
const char *quote_text(const char *text, char quoted[QUOTED_SIZE]);

/* Number of bytes of the character at `text`, which is not its end. *shown is false for characters that must not reach
 * a terminal: control characters (C0, DEL, and C1, of which U+009B begins a command) and invalid bytes, which count as
 * one character each. */
size_t text_character(const char *text, bool *shown);

/* Puts '?' in place of each character that must not be shown; in place, the text gets no longer. Returns it. */
char *text_make_plain(char *text);

/* True if text is well-formed UTF-8 (Unicode, table 3-7). */
bool text_is_utf8(const char *text);

/* Turns `size` bytes of Latin-1 (ISO 8859-1) into UTF-8, in place; there must be room for twice as many. Returns the
 * number of bytes of UTF-8. */
size_t text_from_latin1(char *text, size_t size);

#endif
