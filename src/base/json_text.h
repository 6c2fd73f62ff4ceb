/* JSON values as text. */
#ifndef BASE_JSON_TEXT_H
#define BASE_JSON_TEXT_H

#include <jansson.h>

#include "base/error.h"

/* The text of a value (flags: jansson's JSON_…) in a new string, released with memory_free. A value of NULL, which is what
 * jansson's makers give where memory is short, is PERCEPT_ERROR_MEMORY too; the message names `what`. This is for
 * json_dumps, which (to 2.14 at least) leaves a key out and says nothing if it cannot get memory just then. */
percept_status json_text(const json_t *value, size_t flags, const char *what, char **out, percept_error *error);

#endif
