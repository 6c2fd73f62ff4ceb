/* Raw words of a stream, many at once. */
#ifndef BASE_RANDOM_FILL_H
#define BASE_RANDOM_FILL_H

#include "base/random.h"

/* The next `count` 64-bit words of a PCG64 stream, those that random_unit takes its numbers from. PCG64 only. */
void random_fill(RandomStream *stream, uint64_t *words, size_t count);

#endif
