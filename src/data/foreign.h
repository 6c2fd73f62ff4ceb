/* Files that people hand in and that are not read here: recognized, so that a message can say what they are and give the
 * one line that converts them. */
#ifndef DATA_FOREIGN_H
#define DATA_FOREIGN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* Refuses a file whose first bytes (inflated where it is gzip) are those of such a format: PERCEPT_ERROR_FORMAT, naming the
 * format and how to convert the file, in 200 characters at most. PERCEPT_OK for anything else. Text is looked at only where
 * a table never begins so. */
percept_status foreign_refuse_content(const char *path, const char *start, size_t size, percept_error *error);

/* The same by the ending of the file's name, for what its content does not tell. */
percept_status foreign_refuse_name(const char *path, percept_error *error);

#endif
