#include "cli/json.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* U+0080 to U+009F, which terminals take for commands, are two bytes of which the first is this. */
#define C1_FIRST '\xC2'

/* Writes JSON in which such a character is an escape: no other value, for whoever reads it. *held: the first byte came. */
static int write_out(const char *bytes, size_t size, void *held)
{
    bool *first = held;
    for (size_t i = 0; i < size; i++) {
        const unsigned char byte = (unsigned char)bytes[i];
        if (*first && byte < 0xA0)
            printf("\\u%04x", byte);
        else if (*first)
            printf("%c%c", C1_FIRST, byte);
        else if (bytes[i] != C1_FIRST)
            putchar(byte);
        *first = !*first && bytes[i] == C1_FIRST;
    }
    return ferror(stdout) ? -1 : 0;
}

void json_print_text(const char *text)
{
    bool held = false;
    (void)write_out(text, strlen(text), &held); /* standard output is looked at in the end */
    putchar('\n');
}

percept_status json_print(json_t *value, size_t digits, percept_error *error)
{
    if (value == NULL)
        return error_set(error, PERCEPT_ERROR_MEMORY, "not enough memory for the answer as JSON");
    bool held = false;
    const bool written = json_dump_callback(value, write_out, &held, JSON_SORT_KEYS | JSON_REAL_PRECISION(digits)) == 0;
    json_decref(value);
    if (!written && !ferror(stdout)) /* what standard output did not take is told at the program's end */
        return error_set(error, PERCEPT_ERROR_MEMORY, "not enough memory to print the answer as JSON");
    putchar('\n');
    return PERCEPT_OK;
}
