/* Failure is a value: every call that can fail returns a percept_status and describes the failure in a
 * percept_error that the caller owns. Nothing here prints, exits or allocates. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include "percept/percept.h"

/* Stores status and the formatted message in *error (which may be NULL) and returns status, so that a
 * failing function can end with `return error_set(...)`. A message says what, where and what to do, in one
 * line without a final full stop or newline. A message too long for the struct is cut, and
 * control characters in it become '?'. */
percept_status error_set(percept_error *error, percept_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts "<prefix>: " in front of the existing message, so that a caller can add the place. Returns the status in
 * *error. */
percept_status error_prefix(percept_error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* For public functions: "FUNCTION: ARGUMENTS must not be NULL", PERCEPT_ERROR_ARGUMENT. */
percept_status error_null(percept_error *error, const char *function, const char *arguments);

#ifdef __clang_analyzer__
/* For the static analyzer, which does not see into error.c: error_set returns the status that it was given, and
 * error_prefix never returns success. Without this it treats failures as successes. */
static inline percept_status error_given(percept_status given, percept_status returned)
{
    (void)returned;
    return given;
}
static inline percept_status error_failed(percept_status returned)
{
    if (returned == PERCEPT_OK)
        __builtin_unreachable();
    return returned;
}
#define error_set(error, status, ...) error_given(status, error_set(error, status, __VA_ARGS__))
#define error_prefix(...) error_failed(error_prefix(__VA_ARGS__))
#endif

#endif
