/* All memory of the library is allocated here: aligned, and with sizes checked for overflow. */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>

#include "base/error.h"

/* Alignment of every block in bytes: one cache line, one AVX-512 register. */
#define MEMORY_ALIGNMENT 64

/* Allocates count × size bytes (zeroed by memory_allocate_zeroed) and stores the address in *out. A product
 * of 0 gives a valid block. On failure *out is NULL and PERCEPT_ERROR_MEMORY is returned, with a message
 * that names `what` ("the gradient", …). The caller releases it with memory_free. */
percept_status memory_allocate(size_t count, size_t size, const char *what, void *out, percept_error *error);
percept_status memory_allocate_zeroed(size_t count, size_t size, const char *what, void *out, percept_error *error);

/* Grows the block *block to count × size bytes, keeping its first `kept` bytes. On failure *block stays valid. */
percept_status memory_grow(void *block, size_t kept, size_t count, size_t size, const char *what, percept_error *error);

/* Copy of a string, released with memory_free. */
percept_status memory_copy_string(const char *text, char **out, percept_error *error);

/* Gives memory inside a block back to the system, but for parts of pages at its ends; what it held is lost. For a large block
 * that is emptied from its beginning, before it is released. */
void memory_discard(void *begin, size_t bytes);

/* Releases a block; NULL is allowed. */
void memory_free(void *block);

#endif
