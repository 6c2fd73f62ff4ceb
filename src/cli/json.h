/* JSON on standard output, one line per value, with sorted keys, so equal values are equal bytes. Control characters
 * are escaped, so none reaches a terminal. */
#ifndef CLI_JSON_H
#define CLI_JSON_H

#include <stdio.h>

#include "base/error.h"
#include "base/json_value.h"

/* Significant digits of metrics. */
#define JSON_DIGITS 12

/* Prints the value on its own line, numbers with this many significant digits, and releases it. */
percept_status json_print(json_t *value, size_t digits, percept_error *error);

/* The same to another stream. */
percept_status json_print_to(FILE *stream, json_t *value, size_t digits, percept_error *error);

/* Prints JSON text on its own line. */
void json_print_text(const char *text);

#endif
