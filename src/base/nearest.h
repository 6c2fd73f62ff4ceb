/* Suggestions for misspelled words. */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include <stddef.h>

/* The candidate nearest to `word` when letters are inserted, dropped, replaced or swapped with their neighbour (F.
 * Damerau, 1964; the restricted distance, which edits no letter twice), ignoring upper and lower case; NULL if none is
 * near: more than a third of the longer word's letters (at least one) would have to change. A tie goes to the first. If
 * none is near, a word of at least three letters matches the only candidate that begins with it ("eval"). Words of more
 * than 63 bytes match nothing. */
const char *nearest_word(const char *word, const char *const *candidates, size_t count);

#endif
