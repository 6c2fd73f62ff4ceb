#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Blocks from here on are made of huge pages where the system gives them when asked: a five-hundredth of the page faults
 * while they are filled, and of the page table that scattered reads go through. Without them nothing changes. */
#define HUGE_PAGE ((size_t)2 << 20)

percept_status memory_allocate(size_t count, size_t size, const char *what, void *out, percept_error *error)
{
    void *block = NULL;
    size_t bytes = 0;
    memcpy(out, &block, sizeof block); /* out is a pointer to a pointer of any type */
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX - HUGE_PAGE)
        return error_set(error, PERCEPT_ERROR_MEMORY,
                         "%s would need %zu items of %zu bytes, more than can be addressed", what, count, size);
    /* aligned_alloc wants a multiple of the alignment; 0 bytes become one line. */
    const size_t alignment = bytes < HUGE_PAGE ? MEMORY_ALIGNMENT : HUGE_PAGE;
    const size_t pieces = bytes > 0 ? (bytes - 1) / alignment + 1 : 1;
    block = aligned_alloc(alignment, pieces * alignment);
    if (block == NULL)
        return error_set(error, PERCEPT_ERROR_MEMORY, "not enough memory for %s (%zu bytes)", what, bytes);
    if (alignment == HUGE_PAGE)
        (void)madvise(block, pieces * alignment, MADV_HUGEPAGE);
    memcpy(out, &block, sizeof block);
    return PERCEPT_OK; /* cppcheck-suppress memleak ; *out holds the block */
}

percept_status memory_allocate_zeroed(size_t count, size_t size, const char *what, void *out, percept_error *error)
{
    percept_status status = memory_allocate(count, size, what, out, error);
    if (status == PERCEPT_OK) {
        void *block = NULL;
        memcpy(&block, out, sizeof block);
        memset(block, 0, count * size);
    }
    return status;
}

percept_status memory_grow(void *block, size_t kept, size_t count, size_t size, const char *what, percept_error *error)
{
    void *old = NULL, *grown = NULL;
    percept_status status = memory_allocate(count, size, what, &grown, error);
    if (status != PERCEPT_OK)
        return status;
    memcpy(&old, block, sizeof old);
    if (kept > 0)
        memcpy(grown, old, kept);
    memory_free(old);
    memcpy(block, &grown, sizeof grown);
    return PERCEPT_OK;
}

percept_status memory_copy_string(const char *text, char **out, percept_error *error)
{
    size_t size = strlen(text) + 1;
    percept_status status = memory_allocate(size, 1, "a text", out, error);
    if (status == PERCEPT_OK)
        memcpy(*out, text, size);
    return status;
}

void memory_free(void *block)
{
    free(block);
}

void memory_discard(void *begin, size_t bytes)
{
    const uintptr_t address = (uintptr_t)begin;
    const size_t before = (HUGE_PAGE - address % HUGE_PAGE) % HUGE_PAGE;
    if (bytes >= before + HUGE_PAGE)
        (void)madvise((char *)begin + before, (bytes - before) / HUGE_PAGE * HUGE_PAGE, MADV_DONTNEED);
}
