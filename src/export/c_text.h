/* C as text in memory: it grows as it is written. */
#ifndef EXPORT_C_TEXT_H
#define EXPORT_C_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

/* A failure (only memory can be short) is kept in *error and reported by whoever uses the text, so calls need not be
 * checked one by one. All zero but for the error is an empty text. Released with buffer_clear. */
typedef struct CText {
    Buffer buffer;
    percept_status status;
    percept_error *error;
} CText;

void c_put(CText *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void c_put_bytes(CText *text, const char *bytes, size_t size);

/* Appends the whole of another text. */
void c_put_text(CText *text, const CText *other);

/* A text from outside inside a comment: it cannot end the comment, and what is no letter to compilers becomes '?'. */
void c_put_comment(CText *text, const char *words);

/* A text from outside as a string literal of ASCII, quotes included. */
void c_put_string(CText *text, const char *words);

/* A text from outside as part of a name: letters, digits and '_'. */
void c_put_name(CText *text, const char *words);

/* A finite number as a literal of type float (nine significant digits) or double (17). */
#define C_NUMBER_SIZE 40
const char *c_number(bool wide, double value, char literal[C_NUMBER_SIZE]);

#endif
