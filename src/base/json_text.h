/* JSON values as text. */
#ifndef BASE_JSON_TEXT_H
#define BASE_JSON_TEXT_H

#include <jansson.h>

#include "base/error.h"

/* The text of a value (flags: jansson's JSON_…) in a new string, released with memory_free. A value of NULL, which
 * jansson's constructors return if memory is short, is PERCEPT_ERROR_MEMORY, too; the message names `what`. The
 * function replaces json_dumps, which (at least up to 2.14) silently omits a key if memory is short. */
percept_status json_text(const json_t *value, size_t flags, const char *what, char **out, percept_error *error);

#endif
