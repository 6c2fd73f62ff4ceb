/* Text that grows in memory. */
#ifndef SEARCH_TEXT_H
#define SEARCH_TEXT_H

#include "base/buffer.h"

/* Appends formatted text; the buffer always ends in a NUL that its size does not count. */
percept_status text_add(Buffer *buffer, percept_error *error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Appends a text in double quotes, as YAML reads it back. */
percept_status text_add_quoted(Buffer *buffer, const char *text, percept_error *error);

#endif
