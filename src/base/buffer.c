#include "base/buffer.h"

#include "base/memory.h"

percept_status buffer_reserve(Buffer *buffer, size_t extra, const char *what, percept_error *error)
{
    if (buffer->capacity - buffer->size >= extra)
        return PERCEPT_OK;
    size_t capacity = 0;
    if (__builtin_add_overflow(buffer->size, extra, &capacity))
        return error_set(error, PERCEPT_ERROR_MEMORY, "%s would need more bytes than can be addressed", what);
    percept_status status = memory_grow(&buffer->bytes, buffer->size, capacity, 1, what, error);
    if (status == PERCEPT_OK)
        buffer->capacity = capacity;
    return status;
}

void buffer_clear(Buffer *buffer)
{
    memory_free(buffer->bytes);
    *buffer = (Buffer){0};
}
