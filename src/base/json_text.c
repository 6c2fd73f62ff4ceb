#include "base/json_text.h"

#include "base/memory.h"

percept_status json_text(const json_t *value, size_t flags, const char *what, char **out, percept_error *error)
{
    char *text = NULL;
    /* Twice into a buffer, first into none: a buffer is nothing that could fail. */
    const size_t length = value != NULL ? json_dumpb(value, NULL, 0, flags) : 0;
    percept_status status = PERCEPT_OK;
    if (length > 0)
        status = memory_allocate(length + 1, 1, what, &text, error);
    if (status != PERCEPT_OK)
        return status;
    if (length == 0 || json_dumpb(value, text, length, flags) != length) {
        memory_free(text);
        return error_set(error, PERCEPT_ERROR_MEMORY, "not enough memory for %s", what);
    }
    text[length] = '\0';
    *out = text;
    return PERCEPT_OK;
}
