/* Memory that runs out on demand: the library's allocations (base/memory.c) come here, because a program's own
 * aligned_alloc goes before the system's. To be included once, by a test program's only file. */
#ifndef TESTS_FAILING_MEMORY_H
#define TESTS_FAILING_MEMORY_H

#include <stdlib.h>

/* Allocations that still succeed; negative: all of them. */
static long memory_left = -1;

void *aligned_alloc(size_t alignment, size_t size)
{
    void *block = NULL;
    if (memory_left == 0)
        return NULL;
    if (memory_left > 0)
        memory_left--;
    return posix_memalign(&block, alignment, size) == 0 ? block : NULL;
}

#endif
