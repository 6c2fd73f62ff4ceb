/* JSON on standard output, a line a value: keys sorted, so that equal answers are equal bytes. Control
 * characters stand in it as escapes: none reaches a terminal. */
#ifndef CLI_JSON_H
#define CLI_JSON_H

#include <stdio.h>

#include "base/error.h"
#include "base/json_value.h"

/* Significant digits of figures. */
#define JSON_DIGITS 12

/* Prints the value on a line of its own, numbers with so many significant digits, and releases it. */
percept_status json_print(json_t *value, size_t digits, percept_error *error);

/* The same to another stream. */
percept_status json_print_to(FILE *stream, json_t *value, size_t digits, percept_error *error);

/* Prints JSON that is text already, on a line of its own. */
void json_print_text(const char *text);

#endif
