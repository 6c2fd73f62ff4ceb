#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/quote.h"

#undef error_set
#undef error_prefix

percept_status error_set(percept_error *error, percept_status status, const char *format, ...)
{
    if (error != NULL) {
        va_list arguments;
        va_start(arguments, format);
        error->status = status;
        vsnprintf(error->message, sizeof error->message, format, arguments);
        va_end(arguments);
        (void)text_make_plain(error->message);
    }
    return status;
}

percept_status error_null(percept_error *error, const char *function, const char *arguments)
{
    return error_set(error, PERCEPT_ERROR_ARGUMENT, "%s: %s must not be NULL", function, arguments);
}

percept_status error_prefix(percept_error *error, const char *format, ...)
{
    if (error == NULL)
        return PERCEPT_ERROR_ARGUMENT;
    char message[sizeof error->message];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    if (length < 0)
        return error->status;
    /* What no longer fits is cut, as is a prefix that fills the struct alone. */
    if ((size_t)length < sizeof message &&
        snprintf(message + length, sizeof message - (size_t)length, ": %s", error->message) < 0)
        message[length] = '\0';
    memcpy(error->message, message, sizeof message);
    (void)text_make_plain(error->message);
    return error->status;
}
