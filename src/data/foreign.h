/* Recognizes formats that Percept cannot read, so that a message can name the format and the command that converts the
 * file. */
#ifndef DATA_FOREIGN_H
#define DATA_FOREIGN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* Refuses a file with the first bytes (inflated if it is gzip) of such a format: PERCEPT_ERROR_FORMAT, naming the
 * format and how to convert the file, in at most 200 characters. PERCEPT_OK for anything else. Text is recognized only
 * if a table never begins like this. */
percept_status foreign_refuse_content(const char *path, const char *start, size_t size, percept_error *error);

/* The same by the extension of the file name, for formats that cannot be recognized by their content. */
percept_status foreign_refuse_name(const char *path, percept_error *error);

#endif
