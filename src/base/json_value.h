/* Values of JSON. The constructors return NULL if memory is short, as jansson's do. jansson's containers refuse a NULL,
 * so the whole value is NULL if any part is, and json_text (base/json_text.h) reports it. */
#ifndef BASE_JSON_VALUE_H
#define BASE_JSON_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

/* A number, or null if it is not finite. */
json_t *json_figure(double value);

/* A count. */
json_t *json_count(uint64_t count);

/* A text, or null for NULL; each byte that is not UTF-8 becomes U+FFFD. */
json_t *json_words(const char *text);

/* False if the text is not UTF-8, which JSON cannot hold. */
bool json_can_hold(const char *text);

#endif
