#include "base/sized.h"

#include <string.h>

percept_status sized_check(const char *function, const char *argument, const char *type, size_t given, size_t least,
                           percept_error *error)
{
    if (given >= least)
        return PERCEPT_OK;
    return error_set(error, PERCEPT_ERROR_ARGUMENT,
                     "%s: struct_size of %s is %zu; set it to sizeof(%s) before the call", function, argument, given,
                     type);
}

/* struct_size, the first member. */
static size_t size_of(const void *sized)
{
    size_t size = 0;
    memcpy(&size, sized, sizeof size);
    return size;
}

void sized_give(const void *from, size_t size, void *to)
{
    const size_t room = size_of(to), known = room < size ? room : size;
    if (known > sizeof room)
        memcpy((char *)to + sizeof room, (const char *)from + sizeof room, known - sizeof room);
}

void sized_take(const void *from, size_t size, void *to)
{
    const size_t given = size_of(from);
    memset(to, 0, size);
    memcpy(to, from, given < size ? given : size);
}

void sized_clear(void *of_caller, size_t size)
{
    const size_t given = size_of(of_caller), known = given < size ? given : size;
    if (known > sizeof given)
        memset((char *)of_caller + sizeof given, 0, known - sizeof given);
}
