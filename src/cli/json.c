#include "cli/json.h"

#include <stdio.h>

static int write_out(const char *bytes, size_t size, void *stream)
{
    return fwrite(bytes, 1, size, stream) == size ? 0 : -1;
}

percept_status json_print(json_t *value, size_t digits, percept_error *error)
{
    if (value == NULL)
        return error_set(error, PERCEPT_ERROR_MEMORY, "not enough memory for the answer as JSON");
    const bool written =
        json_dump_callback(value, write_out, stdout, JSON_SORT_KEYS | JSON_REAL_PRECISION(digits)) == 0;
    json_decref(value);
    if (!written && !ferror(stdout)) /* what standard output did not take is told at the program's end */
        return error_set(error, PERCEPT_ERROR_MEMORY, "not enough memory to print the answer as JSON");
    putchar('\n');
    return PERCEPT_OK;
}
