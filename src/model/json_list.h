/* Lists as JSON text, for the metadata of a model file, which hold only strings. */
#ifndef MODEL_JSON_LIST_H
#define MODEL_JSON_LIST_H

#include <stddef.h>

#include "base/error.h"

/* ["relu","softmax"] and [0,0.0001] in a new string, released with memory_free. Numbers take the fewest digits that read
 * back as the same value. Texts must be UTF-8. */
percept_status json_list_of_texts(const char *const *texts, size_t count, char **out, percept_error *error);
percept_status json_list_of_numbers(const double *numbers, size_t count, char **out, percept_error *error);

/* The reverse. The texts (and the array of them) lie in one block; both are released with memory_free. Anything but a
 * list of strings, or of numbers, is PERCEPT_ERROR_FORMAT; the message names it `what`. */
percept_status json_list_read_texts(const char *json, const char *what, char ***out, size_t *count,
                                    percept_error *error);
percept_status json_list_read_numbers(const char *json, const char *what, double **out, size_t *count,
                                      percept_error *error);

#endif
