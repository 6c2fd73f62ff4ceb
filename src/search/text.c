#include "search/text.h"

#include <stdarg.h>
#include <stdio.h>

static percept_status make_room(Buffer *buffer, size_t extra, percept_error *error)
{
    if (buffer->capacity - buffer->size > extra)
        return PERCEPT_OK;
    return buffer_reserve(buffer, extra + buffer->size + 256, "a text", error);
}

percept_status text_add(Buffer *buffer, percept_error *error, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    const int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    percept_status status = length >= 0 ? make_room(buffer, (size_t)length, error)
                                        : error_set(error, PERCEPT_ERROR_MEMORY, "not enough memory for a text");
    if (status == PERCEPT_OK) {
        vsnprintf((char *)buffer->bytes + buffer->size, (size_t)length + 1, format, again);
        buffer->size += (size_t)length;
    }
    va_end(again);
    return status;
}

percept_status text_add_quoted(Buffer *buffer, const char *text, percept_error *error)
{
    percept_status status = text_add(buffer, error, "\"");
    for (; status == PERCEPT_OK && *text != '\0'; text++) {
        const unsigned char c = (unsigned char)*text;
        if (c < ' ' || c == 0x7f)
            status = text_add(buffer, error, "\\x%02x", c);
        else
            status = text_add(buffer, error, "%s%c", c == '"' || c == '\\' ? "\\" : "", c);
    }
    return status == PERCEPT_OK ? text_add(buffer, error, "\"") : status;
}
