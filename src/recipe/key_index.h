/* A hash table over the names of keys. A recipe has one, since a training reads hundreds of keys of its recipe, and a
 * search has thousands of recipes. */
#ifndef RECIPE_KEY_INDEX_H
#define RECIPE_KEY_INDEX_H

#include <stdint.h>

#include "recipe/keys.h"

#define KEY_INDEX_SLOTS 1024 /* a power of two, at least twice the number of keys */

typedef struct KeyIndex {
    uint16_t rows[KEY_INDEX_SLOTS]; /* the index of a row plus 1; 0: free */
} KeyIndex;

/* Fills a zeroed index with all keys. */
void key_index_fill(KeyIndex *index);

/* The same row as recipe_key_find(name), or NULL. */
const Key *key_index_find(const KeyIndex *index, const char *name);

#endif
