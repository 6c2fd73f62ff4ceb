#include "cli/json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "model/json_list.h"

json_t *json_figure(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

json_t *json_count(uint64_t count)
{
    return json_integer((json_int_t)count);
}

/* Every byte past ASCII may be part of what is wrong: all of them are replaced. */
static json_t *repaired(const char *text)
{
    static const char unknown[] = "\xEF\xBF\xBD";
    char *clean = NULL, *end = NULL;
    if (memory_allocate(strlen(text) + 1, sizeof unknown, "a text", &clean, NULL) != PERCEPT_OK)
        return NULL;
    for (end = clean; *text != '\0'; text++)
        if ((unsigned char)*text < 0x80) {
            *end++ = *text;
        } else {
            memcpy(end, unknown, sizeof unknown - 1);
            end += sizeof unknown - 1;
        }
    *end = '\0';
    json_t *value = json_string(clean);
    memory_free(clean);
    return value;
}

json_t *json_words(const char *text)
{
    if (text == NULL)
        return json_null();
    return json_can_hold(text) ? json_string(text) : repaired(text);
}

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
