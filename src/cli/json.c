#include "cli/json.h"

#include <stdbool.h>
#include <string.h>

/* U+0080 to U+009F, which terminals interpret as commands, are two bytes; this is the first one. */
#define C1_FIRST '\xC2'

/* JSON on its way out. */
typedef struct Writing {
    FILE *stream;
    bool held; /* C1_FIRST came last, and is not written yet */
} Writing;

/* Writes JSON with these characters escaped; the parsed value is the same. */
static int write_out(const char *bytes, size_t size, void *user)
{
    Writing *writing = user;
    for (size_t i = 0; i < size; i++) {
        const unsigned char byte = (unsigned char)bytes[i];
        if (writing->held && byte < 0xA0)
            fprintf(writing->stream, "\\u%04x", byte);
        else if (writing->held)
            fprintf(writing->stream, "%c%c", C1_FIRST, byte);
        else if (bytes[i] != C1_FIRST)
            fputc(byte, writing->stream);
        writing->held = !writing->held && bytes[i] == C1_FIRST;
    }
    return ferror(writing->stream) ? -1 : 0;
}

void json_print_text(const char *text)
{
    Writing writing = {stdout, false};
    (void)write_out(text, strlen(text), &writing); /* standard output is checked at the end */
    putchar('\n');
}

percept_status json_print(json_t *value, size_t digits, percept_error *error)
{
    return json_print_to(stdout, value, digits, error);
}

percept_status json_print_to(FILE *stream, json_t *value, size_t digits, percept_error *error)
{
    if (value == NULL)
        return error_set(error, PERCEPT_ERROR_MEMORY, "not enough memory for the answer as JSON");
    Writing writing = {stream, false};
    const bool written =
        json_dump_callback(value, write_out, &writing, JSON_SORT_KEYS | JSON_REAL_PRECISION(digits)) == 0;
    json_decref(value);
    if (!written && !ferror(stream)) /* what a stream did not take is reported when it is closed */
        return error_set(error, PERCEPT_ERROR_MEMORY, "not enough memory to print the answer as JSON");
    fputc('\n', stream);
    return PERCEPT_OK;
}
