/* Finds what is installed beside the program. */
#ifndef CLI_BESIDE_H
#define CLI_BESIDE_H

#include "base/error.h"

/* The folder NAME that belongs to the program: the value of the environment variable, else share/percept/NAME where the program
 * is installed, else `built`, as seen from the program in build/PRESET of a source tree. *out is released with memory_free;
 * PERCEPT_ERROR_IO if there is none. */
percept_status beside_find(const char *name, const char *variable, const char *built, char **out, percept_error *error);

#endif
