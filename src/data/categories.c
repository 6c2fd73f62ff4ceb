#include "data/categories.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* The categories while they are learned. They are the last `count` features, from `first` on. */
typedef struct Learning {
    Schema *schema;
    size_t first, count;
    size_t *starts;        /* count + 1: where the codes of each category begin in `codes` */
    int32_t *codes;        /* the new code of each old one; -1 for texts that the training part lacks */
    size_t *sizes;         /* count: texts that stay */
    size_t *order;         /* count: category order[p] comes to position p */
    size_t *unknown;       /* width: values that became unknown, by the old order */
    double *row;           /* count: values of an example */
    PackedColumn *columns; /* count: their columns where rows are packed, in the new order */
} Learning;

/* ---- Values ---------------------------------------------------------------------------------------------------- */

/* ---- New codes ------------------------------------------------------------------------------------------------- */

static percept_status begin(const percept_dataset *train, Learning *all, percept_error *error)
{
    const Schema *schema = &train->storage->schema;
    all->count = schema_categories(schema);
    all->first = schema->width - all->count;
    all->schema = &train->storage->schema;
    percept_status status =
        memory_allocate_zeroed(all->count + 1, sizeof *all->starts, "the categories", &all->starts, error);
    for (size_t k = 0; status == PERCEPT_OK && k < all->count; k++)
        all->starts[k + 1] = all->starts[k] + schema->vocabularies[all->first + k].count;
    if (status == PERCEPT_OK)
        status = memory_allocate(all->starts[all->count], sizeof *all->codes, "the categories", &all->codes, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(all->count, sizeof *all->sizes, "the categories", &all->sizes, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(all->count, sizeof *all->order, "the categories", &all->order, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(schema->width, sizeof *all->unknown, "the categories", &all->unknown, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(all->count, sizeof *all->row, "the categories", &all->row, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(all->count, sizeof *all->columns, "the categories", &all->columns, error);
    return status;
}

static void end(Learning *all)
{
    memory_free(all->starts);
    memory_free(all->codes);
    memory_free(all->sizes);
    memory_free(all->order);
    memory_free(all->unknown);
    memory_free(all->row);
    memory_free(all->columns);
}

/* Marks the codes that the training part has `least` times with 0, the others with -1. */
static void find_present(const percept_dataset *train, size_t least, Learning *all)
{
    for (size_t c = 0; c < all->starts[all->count]; c++)
        all->codes[c] = -(int32_t)least; /* the times that it still lacks */
    for (size_t i = 0; i < train->count; i++) {
        dataset_fetch(train, i + DATASET_AHEAD);
        for (size_t k = 0; dataset_weight(train, i) > 0 && k < all->count; k++) {
            const double code = storage_value(train->storage, train->rows[i], all->first + k);
            if (!isnan(code) && all->codes[all->starts[k] + (size_t)code] < 0)
                all->codes[all->starts[k] + (size_t)code]++;
        }
    }
    for (size_t c = 0; c < all->starts[all->count]; c++)
        all->codes[c] = all->codes[c] < 0 ? -1 : 0;
}

typedef struct Entry {
    const char *text;
    size_t code;
} Entry;

static int compare(const void *a, const void *b)
{
    return strcmp(((const Entry *)a)->text, ((const Entry *)b)->text);
}

/* Numbers the marked codes of category k by the order of their texts, and makes that its vocabulary. */
static percept_status number_codes(Learning *all, size_t k, percept_error *error)
{
    Vocabulary *vocabulary = &all->schema->vocabularies[all->first + k];
    int32_t *codes = all->codes + all->starts[k];
    Entry *entries = NULL;
    const char **texts = NULL;
    char **values = NULL;
    percept_status status = memory_allocate(vocabulary->count, sizeof *entries, "the categories", &entries, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(vocabulary->count, sizeof *texts, "the categories", &texts, error);
    for (size_t c = 0; status == PERCEPT_OK && c < vocabulary->count; c++)
        if (codes[c] == 0)
            entries[all->sizes[k]++] = (Entry){vocabulary->values[c], c};
    if (status == PERCEPT_OK)
        qsort(entries, all->sizes[k], sizeof *entries, compare);
    for (size_t n = 0; status == PERCEPT_OK && n < all->sizes[k]; n++) {
        codes[entries[n].code] = (int32_t)n;
        texts[n] = entries[n].text;
    }
    if (status == PERCEPT_OK)
        status = names_copy(texts, all->sizes[k], &values, error);
    if (status == PERCEPT_OK) {
        memory_free(vocabulary->values);
        *vocabulary = (Vocabulary){all->sizes[k], values};
    }
    memory_free(entries);
    memory_free(texts);
    return status;
}

/* ---- New order ------------------------------------------------------------------------------------------------- */

static void sort_by_size(Learning *all)
{
    for (size_t k = 0; k < all->count; k++) {
        size_t p = k;
        for (; p > 0 && all->sizes[all->order[p - 1]] > all->sizes[k]; p--)
            all->order[p] = all->order[p - 1];
        all->order[p] = k;
    }
}

/* Brings what the schema knows of the categories into the new order. */
static percept_status order_schema(const Learning *all, percept_error *error)
{
    Schema *schema = all->schema;
    Schema old = {0};
    percept_status status = schema_copy(schema, &old, error);
    for (size_t p = 0; status == PERCEPT_OK && p < all->count; p++) {
        const size_t from = all->first + all->order[p], to = all->first + p;
        schema->places[to] = old.places[from];
        memory_free(schema->vocabularies[to].values);
        schema->vocabularies[to] = old.vocabularies[from];
        old.vocabularies[from] = (Vocabulary){0};
    }
    if (status == PERCEPT_OK && schema->names != NULL) {
        char **names = schema->names;
        for (size_t p = 0; p < all->count; p++)
            old.names[all->first + p] = names[all->first + all->order[p]];
        memcpy(names + all->first, old.names + all->first, all->count * sizeof *names);
    }
    schema_clear(&old);
    return status;
}

/* The columns of packed categories in the new order, within the same bytes. */
static void order_columns(const Learning *all, const Storage *storage)
{
    if (!storage_is_packed(storage))
        return;
    const PackedColumn *old = storage->packing.columns + all->first;
    size_t offset = old[0].offset;
    for (size_t p = 0; p < all->count; p++) {
        all->columns[p] = old[all->order[p]];
        all->columns[p].offset = offset;
        offset += packed_size(all->columns[p].form);
    }
}

/* Gives the values of a storage their new codes and places, and counts those that became unknown. */
static void recode(const Learning *all, Storage *storage)
{
    const bool packed = storage_is_packed(storage);
    order_columns(all, storage);
    for (size_t i = 0; i < storage->count; i++) {
        for (size_t p = 0; p < all->count; p++) {
            const size_t k = all->order[p];
            const double old = storage_value(storage, i, all->first + k);
            const int32_t code = isnan(old) ? -1 : all->codes[all->starts[k] + (size_t)old];
            all->unknown[all->first + k] += !isnan(old) && code < 0;
            all->row[p] = code < 0 ? (double)NAN : (double)code;
        }
        for (size_t p = 0; p < all->count; p++)
            if (packed)
                packed_write(&all->columns[p], all->row[p], storage_packed_row(storage, i));
            else
                storage_set(storage, i, all->first + p, all->row[p]);
    }
    if (packed)
        memcpy(storage->packing.columns + all->first, all->columns, all->count * sizeof *all->columns);
    if (packed)
        packing_arrange(&storage->packing, storage->width);
}

static void add_unknown(const Storage *storage, size_t *unknown)
{
    for (size_t j = 0; storage != NULL && storage->unknown != NULL && j < storage->width; j++)
        unknown[j] += storage->unknown[j];
}

/* `least`: texts were to occur so often in the training part. */
static void describe_unknown(const Schema *schema, const size_t *unknown, size_t least, char text[CATEGORIES_NOTE_SIZE])
{
    char list[100] = "", name[SCHEMA_NAME_SIZE];
    size_t total = 0, columns = 0, used = 0, listed = 0;
    text[0] = '\0';
    for (size_t j = 0; j < schema->width; j++) {
        if (unknown[j] == 0)
            continue;
        total += unknown[j];
        columns++;
        if (used + SCHEMA_NAME_SIZE + 8 > sizeof list)
            continue;
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%.32s", listed > 0 ? ", " : "",
                                 schema_feature_name(schema, j, name));
        listed++;
    }
    if (columns > listed)
        snprintf(list + used, sizeof list - used, ", ...");
    if (total > 0 && least <= 1)
        snprintf(text, CATEGORIES_NOTE_SIZE, "%zu value%s of %s %s not in the training data and count%s as unknown",
                 total, total == 1 ? "" : "s", list, total == 1 ? "was" : "were", total == 1 ? "s" : "");
    else if (total > 0)
        snprintf(text, CATEGORIES_NOTE_SIZE,
                 "%zu value%s of %s count%s as unknown: texts that the training data have less than %zu times", total,
                 total == 1 ? "" : "s", list, total == 1 ? "s" : "", least);
}

percept_status categories_learn(const percept_dataset *train, size_t least, Storage *const *others, size_t other_count,
                                percept_error *error)
{
    Learning all = {0};
    char text[CATEGORIES_NOTE_SIZE];
    if (schema_categories(&train->storage->schema) == 0)
        return PERCEPT_OK;
    percept_status status = begin(train, &all, error);
    if (status == PERCEPT_OK)
        find_present(train, least, &all);
    for (size_t k = 0; status == PERCEPT_OK && k < all.count; k++)
        status = number_codes(&all, k, error);
    if (status == PERCEPT_OK) {
        sort_by_size(&all);
        recode(&all, train->storage);
        for (size_t s = 0; s < other_count; s++)
            if (others[s] != NULL) {
                recode(&all, others[s]);
                add_unknown(others[s], all.unknown);
            }
        describe_unknown(all.schema, all.unknown, least, text);
        status = order_schema(&all, error);
    }
    if (status == PERCEPT_OK && text[0] != '\0')
        status = notes_add(&train->storage->notes, NOTE_TAKEN, error, "%s", text);
    end(&all);
    return status;
}

/* ---- Unknown values -------------------------------------------------------------------------------------------- */

void categories_describe_unknown(const Schema *schema, const size_t *unknown, char text[CATEGORIES_NOTE_SIZE])
{
    describe_unknown(schema, unknown, 1, text);
}

percept_status categories_note_unknown(Storage *storage, Storage *const *others, size_t other_count,
                                       percept_error *error)
{
    size_t *unknown = NULL;
    char text[CATEGORIES_NOTE_SIZE];
    percept_status status = memory_allocate_zeroed(storage->width, sizeof *unknown, "the categories", &unknown, error);
    if (status != PERCEPT_OK)
        return status;
    add_unknown(storage, unknown);
    for (size_t s = 0; s < other_count; s++)
        add_unknown(others[s], unknown);
    categories_describe_unknown(&storage->schema, unknown, text);
    memory_free(unknown);
    return text[0] != '\0' ? notes_add(&storage->notes, NOTE_TAKEN, error, "%s", text) : PERCEPT_OK;
}
