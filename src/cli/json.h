/* JSON on standard output, a line a value: keys sorted, so that equal answers are equal bytes.
 *
 * The makers below return NULL for lack of memory, as jansson's do; jansson's containers refuse a NULL, so that the
 * whole is NULL if any part is, and json_print says so. */
#ifndef CLI_JSON_H
#define CLI_JSON_H

#include <jansson.h>

#include "base/error.h"

/* Significant digits of figures. */
#define JSON_DIGITS 12

/* A number, or null for what is not finite. */
json_t *json_figure(double value);

/* A count. */
json_t *json_count(uint64_t count);

/* A text, or null for NULL; each byte that is not UTF-8 becomes U+FFFD. */
json_t *json_words(const char *text);

/* Prints the value on a line of its own, numbers with so many significant digits, and releases it. */
percept_status json_print(json_t *value, size_t digits, percept_error *error);

#endif
