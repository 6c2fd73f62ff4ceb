/* Bytes in memory that grow at their end. An empty buffer is {0}. */
#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

typedef struct Buffer {
    uint8_t *bytes; /* the caller may take it over and release it with memory_free */
    size_t size;
    size_t capacity;
} Buffer;

/* Makes room for `extra` bytes behind the first `size`. If the buffer must grow, it grows to exactly this size: callers
 * that append piece by piece choose their own steps. `what` is named if memory is short. */
percept_status buffer_reserve(Buffer *buffer, size_t extra, const char *what, percept_error *error);

/* Releases the bytes; the buffer is empty and may be used again. */
void buffer_clear(Buffer *buffer);

#endif
