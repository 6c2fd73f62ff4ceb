#include "search/shared_data.h"

#include <pthread.h>
#include <string.h>

#include "base/memory.h"
#include "data/checksum.h"
#include "search/text.h"

/* Number of unused sets that are kept. */
#define MOST_KEPT 4

typedef struct Entry {
    DataSet set; /* first: a DataSet's entry has its address */
    char *keys;  /* what it was loaded by */
    size_t users;
    struct Entry *next; /* the one that was given back before it, or is in use */
} Entry;

struct SharedData {
    pthread_mutex_t mutex;
    Entry *entries; /* the last one used first */
};

percept_status shared_data_create(SharedData **out, percept_error *error)
{
    percept_status status = memory_allocate_zeroed(1, sizeof **out, "the datasets", out, error);
    if (status == PERCEPT_OK)
        pthread_mutex_init(&(*out)->mutex, NULL);
    return status;
}

static void free_entry(Entry *entry)
{
    percept_data_free(&entry->set.data);
    memory_free(entry->set.checksum);
    memory_free(entry->keys);
    memory_free(entry);
}

void shared_data_free(SharedData *shared)
{
    if (shared == NULL)
        return;
    while (shared->entries != NULL) {
        Entry *entry = shared->entries;
        shared->entries = entry->next;
        free_entry(entry);
    }
    pthread_mutex_destroy(&shared->mutex);
    memory_free(shared);
}

/* All keys that data depend on, as text. The seed counts where a permutation or folds are drawn from it; that it may also
 * count where it does not matter costs a copy, never a wrong one. */
static percept_status describe(const percept_recipe *recipe, Buffer *out, percept_error *error)
{
    const bool drawn = !recipe_is_set(recipe, "data.split_seed") || recipe_integer(recipe, "data.folds") > 0;
    const bool still = recipe_is_set(recipe, "data.shuffle") && !recipe_boolean(recipe, "data.shuffle") &&
                       recipe_integer(recipe, "data.folds") == 0;
    percept_status status = text_add(out, error, "%s", "");
    for (size_t i = 0; status == PERCEPT_OK && recipe_key_at(i) != NULL; i++) {
        const Key *key = recipe_key_at(i);
        char *value = NULL;
        const bool counts =
            strncmp(key->name, "data.", strlen("data.")) == 0 || (strcmp(key->name, "seed") == 0 && drawn && !still);
        if (!counts)
            continue;
        status = recipe_format(recipe, key->name, &value, error);
        if (status == PERCEPT_OK)
            status = text_add(out, error, "%s=%s\n", key->name, value);
        memory_free(value);
    }
    return status;
}

static Entry *find(const SharedData *shared, const char *keys)
{
    Entry *entry = shared->entries;
    while (entry != NULL && strcmp(entry->keys, keys) != 0)
        entry = entry->next;
    return entry;
}

static percept_status load(SharedData *shared, const percept_recipe *recipe, char *keys, Entry **out,
                           percept_error *error)
{
    Entry *entry = NULL;
    percept_status status = memory_allocate_zeroed(1, sizeof *entry, "a dataset", &entry, error);
    if (status == PERCEPT_OK)
        status = percept_data_load(recipe, &entry->set.data, error);
    if (status == PERCEPT_OK)
        status = data_checksum(&entry->set.data, &entry->set.checksum, error);
    if (status != PERCEPT_OK) {
        if (entry != NULL)
            free_entry(entry);
        return status;
    }
    entry->keys = keys;
    entry->next = shared->entries;
    shared->entries = entry;
    *out = entry;
    return PERCEPT_OK;
}

/* Frees unused sets, except the last few. */
static void clear_out(SharedData *shared)
{
    size_t kept = 0;
    for (Entry **at = &shared->entries; *at != NULL;) {
        Entry *entry = *at;
        if (entry->users == 0 && ++kept > MOST_KEPT) {
            *at = entry->next;
            free_entry(entry);
        } else {
            at = &entry->next;
        }
    }
}

percept_status shared_data_take(SharedData *shared, const percept_recipe *recipe, const DataSet **out,
                                percept_error *error)
{
    Buffer keys = {0};
    percept_status status = describe(recipe, &keys, error);
    if (status != PERCEPT_OK) {
        buffer_clear(&keys);
        return status;
    }
    pthread_mutex_lock(&shared->mutex);
    Entry *entry = find(shared, (const char *)keys.bytes);
    const bool found = entry != NULL;
    if (!found)
        status = load(shared, recipe, (char *)keys.bytes, &entry, error);
    if (status == PERCEPT_OK) {
        entry->users++;
        *out = &entry->set;
        clear_out(shared);
    }
    pthread_mutex_unlock(&shared->mutex);
    if (found || status != PERCEPT_OK)
        buffer_clear(&keys);
    return status;
}

void shared_data_give_back(SharedData *shared, const DataSet *set)
{
    if (set == NULL)
        return;
    pthread_mutex_lock(&shared->mutex);
    for (Entry *entry = shared->entries; entry != NULL; entry = entry->next)
        if (&entry->set == set)
            entry->users--;
    clear_out(shared);
    pthread_mutex_unlock(&shared->mutex);
}
