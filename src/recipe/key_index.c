#include "recipe/key_index.h"

#include <assert.h>
#include <string.h>

/* FNV-1a (G. Fowler, L. Noll, K. Vo, 1991), whose upper half mixes best. */
static size_t slot_of(const char *name)
{
    uint64_t hash = 0xcbf29ce484222325;
    for (; *name != '\0'; name++)
        hash = (hash ^ (unsigned char)*name) * 0x100000001b3;
    return (size_t)(hash >> 32) % KEY_INDEX_SLOTS;
}

void key_index_fill(KeyIndex *index)
{
    assert(2 * recipe_key_count() <= KEY_INDEX_SLOTS);
    for (size_t i = 0; i < recipe_key_count(); i++) {
        size_t slot = slot_of(recipe_key_at(i)->name);
        while (index->rows[slot] != 0)
            slot = (slot + 1) % KEY_INDEX_SLOTS;
        index->rows[slot] = (uint16_t)(i + 1);
    }
}

const Key *key_index_find(const KeyIndex *index, const char *name)
{
    for (size_t slot = slot_of(name); index->rows[slot] != 0; slot = (slot + 1) % KEY_INDEX_SLOTS) {
        const Key *key = recipe_key_at(index->rows[slot] - 1u);
        if (strcmp(key->name, name) == 0)
            return key;
    }
    return NULL;
}
