#include "data/schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static const char *const kind_names[] = {[FEATURE_NUMBER] = "number",
                                         [FEATURE_BOOLEAN] = "boolean",
                                         [FEATURE_CATEGORY] = "category",
                                         [FEATURE_DATE] = "date"};

#define KINDS (sizeof kind_names / sizeof kind_names[0])

const char *feature_kind_name(size_t kind)
{
    return kind < KINDS ? kind_names[kind] : NULL;
}

int feature_kind_find(const char *name)
{
    for (size_t k = 0; k < KINDS; k++)
        if (strcmp(kind_names[k], name) == 0)
            return (int)k;
    return -1;
}

size_t schema_categories(const Schema *schema)
{
    size_t count = 0;
    for (size_t j = 0; j < schema->width; j++)
        count += schema_is_category(schema, j);
    return count;
}

bool schema_leads(const Schema *schema, size_t j)
{
    return schema->places == NULL || !schema_is_date(schema, j) || j == 0 || !schema_is_date(schema, j - 1) ||
           schema->places[j - 1] != schema->places[j];
}

size_t schema_columns(const Schema *schema)
{
    size_t columns = 0;
    for (size_t j = 0; j < schema->width; j++)
        columns += schema_leads(schema, j);
    return columns;
}

size_t schema_column_length(const Schema *schema, size_t j)
{
    const size_t length = strlen(schema->names[j]);
    return schema_is_date(schema, j) ? length - strlen(date_part_name(schema->dates[j].part)) - 1 : length;
}

bool schema_has_column(const Schema *schema, size_t j, const char *name)
{
    const size_t length = schema_column_length(schema, j);
    return strncmp(schema->names[j], name, length) == 0 && name[length] == '\0';
}

/* ---- Copies -------------------------------------------------------------------------------------------------- */

percept_status names_copy(const char *const *names, size_t count, char ***out, percept_error *error)
{
    char **copy = NULL;
    size_t text = 0, table = 0, bytes = 0;
    for (size_t n = 0; n < count; n++)
        text += strlen(names[n]) + 1;
    if (__builtin_mul_overflow(count, sizeof *copy, &table) || __builtin_add_overflow(table, text, &bytes))
        return error_set(error, PERCEPT_ERROR_MEMORY, "%zu names are more than can be addressed", count);
    percept_status status = memory_allocate(bytes, 1, "the names", &copy, error);
    if (status != PERCEPT_OK)
        return status;
    char *end = (char *)(copy + count);
    for (size_t n = 0; n < count; n++) {
        const size_t size = strlen(names[n]) + 1;
        copy[n] = memcpy(end, names[n], size);
        end += size;
    }
    *out = copy;
    return PERCEPT_OK;
}

static percept_status copy_names(char *const *names, size_t count, char ***out, percept_error *error)
{
    return names != NULL ? names_copy((const char *const *)names, count, out, error) : PERCEPT_OK;
}

static percept_status copy_block(const void *from, size_t count, size_t size, void *out, percept_error *error)
{
    void *copy = NULL;
    if (from == NULL)
        return PERCEPT_OK;
    percept_status status = memory_allocate(count, size, "what is known of the columns", &copy, error);
    if (status != PERCEPT_OK)
        return status;
    memcpy(copy, from, count * size);
    memcpy(out, &copy, sizeof copy);
    return PERCEPT_OK;
}

static percept_status copy_vocabularies(const Schema *from, Schema *to, percept_error *error)
{
    if (from->vocabularies == NULL)
        return PERCEPT_OK;
    percept_status status =
        memory_allocate_zeroed(from->width, sizeof *to->vocabularies, "the categories", &to->vocabularies, error);
    for (size_t j = 0; status == PERCEPT_OK && j < from->width; j++) {
        to->vocabularies[j].count = from->vocabularies[j].count;
        status =
            copy_names(from->vocabularies[j].values, from->vocabularies[j].count, &to->vocabularies[j].values, error);
    }
    return status;
}

percept_status schema_copy(const Schema *from, Schema *to, percept_error *error)
{
    Schema copy = {.width = from->width,
                   .target_width = from->target_width,
                   .id_count = from->id_count,
                   .ignored_count = from->ignored_count,
                   .missing_token_count = from->missing_token_count};
    percept_status status = copy_names(from->names, from->width, &copy.names, error);
    if (status == PERCEPT_OK)
        status = copy_block(from->kinds, from->width, sizeof *from->kinds, &copy.kinds, error);
    if (status == PERCEPT_OK)
        status = copy_vocabularies(from, &copy, error);
    if (status == PERCEPT_OK)
        status = copy_block(from->dates, from->width, sizeof *from->dates, &copy.dates, error);
    if (status == PERCEPT_OK)
        status = copy_block(from->places, from->width, sizeof *from->places, &copy.places, error);
    if (status == PERCEPT_OK)
        status = copy_block(from->fills, from->width, sizeof *from->fills, &copy.fills, error);
    if (status == PERCEPT_OK && from->label != NULL)
        status = memory_copy_string(from->label, &copy.label, error);
    if (status == PERCEPT_OK)
        status = copy_names(from->targets, from->target_width, &copy.targets, error);
    if (status == PERCEPT_OK)
        status = copy_names(from->ids, from->id_count, &copy.ids, error);
    if (status == PERCEPT_OK)
        status = copy_names(from->ignored, from->ignored_count, &copy.ignored, error);
    if (status == PERCEPT_OK)
        status = copy_names(from->missing_tokens, from->missing_token_count, &copy.missing_tokens, error);
    if (status == PERCEPT_OK)
        *to = copy;
    else
        schema_clear(&copy);
    return status;
}

percept_status schema_replace(const Schema *from, Schema *to, percept_error *error)
{
    Schema copy = {0};
    percept_status status = schema_copy(from, &copy, error);
    if (status != PERCEPT_OK)
        return status;
    schema_clear(to);
    *to = copy;
    return PERCEPT_OK;
}

percept_status schema_ignore(Schema *schema, const char *const *names, size_t count, percept_error *error)
{
    const size_t before = schema->ignored_count, all = before + count;
    const char **list = NULL;
    char **copy = NULL;
    if (count == 0)
        return PERCEPT_OK;
    percept_status status = memory_allocate(all, sizeof *list, "the names", &list, error);
    for (size_t n = 0; status == PERCEPT_OK && n < all; n++)
        list[n] = n < before ? schema->ignored[n] : names[n - before];
    if (status == PERCEPT_OK)
        status = names_copy(list, all, &copy, error);
    memory_free(list);
    if (status != PERCEPT_OK)
        return status;
    memory_free(schema->ignored);
    schema->ignored = copy;
    schema->ignored_count = all;
    return PERCEPT_OK;
}

void schema_clear(Schema *schema)
{
    memory_free(schema->names);
    memory_free(schema->kinds);
    for (size_t j = 0; schema->vocabularies != NULL && j < schema->width; j++)
        memory_free(schema->vocabularies[j].values);
    memory_free(schema->vocabularies);
    memory_free(schema->dates);
    memory_free(schema->places);
    memory_free(schema->fills);
    memory_free(schema->label);
    memory_free(schema->targets);
    memory_free(schema->ids);
    memory_free(schema->ignored);
    memory_free(schema->missing_tokens);
    *schema = (Schema){0};
}

/* ---- Names --------------------------------------------------------------------------------------------------- */

const char *schema_feature_name(const Schema *schema, size_t j, char text[SCHEMA_NAME_SIZE])
{
    if (schema->names != NULL && j < schema->width && schema->names[j][0] != '\0')
        return schema->names[j];
    if (j < schema->width && schema_is_date(schema, j))
        snprintf(text, SCHEMA_NAME_SIZE, "column %u:%s", (unsigned)schema->places[j] + 1,
                 date_part_name(schema->dates[j].part));
    else
        snprintf(text, SCHEMA_NAME_SIZE, "feature %zu", j + 1);
    return text;
}

const char *schema_target_name(const Schema *schema, size_t t, char text[SCHEMA_NAME_SIZE])
{
    if (schema->targets != NULL && t < schema->target_width && schema->targets[t][0] != '\0')
        return schema->targets[t];
    if (schema->target_width > 1)
        snprintf(text, SCHEMA_NAME_SIZE, "target %zu", t + 1);
    else
        snprintf(text, SCHEMA_NAME_SIZE, "target");
    return text;
}

/* ---- Matching ------------------------------------------------------------------------------------------------ */

/* A column of features in the order of the names. */
typedef struct Entry {
    const char *name;
    size_t length;         /* of the name */
    size_t feature, place; /* the first feature of the column, and its place in the file that the schema comes from */
    bool found;
} Entry;

static int compare_names(const char *a, size_t a_length, const char *b, size_t b_length)
{
    const int order = memcmp(a, b, a_length < b_length ? a_length : b_length);
    return order != 0 ? order : (a_length > b_length) - (a_length < b_length);
}

static int compare(const void *a, const void *b)
{
    const Entry *x = a, *y = b;
    const int order = compare_names(x->name, x->length, y->name, y->length);
    return order != 0 ? order : (x->place > y->place) - (x->place < y->place);
}

/* The first entry of that name that has not been found yet, or NULL. */
static Entry *find(Entry *entries, size_t count, const char *name)
{
    const size_t length = strlen(name);
    size_t low = 0, high = count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (compare_names(entries[middle].name, entries[middle].length, name, length) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    while (low < count && entries[low].found && strncmp(entries[low].name, name, entries[low].length) == 0 &&
           entries[low].length == length)
        low++;
    return low < count && compare_names(entries[low].name, entries[low].length, name, length) == 0 ? &entries[low]
                                                                                                   : NULL;
}

percept_status schema_match(const Schema *schema, const char *const *columns, size_t count, const bool *taken,
                            size_t *place_of, size_t *missing, percept_error *error)
{
    Entry *entries = NULL;
    size_t entry_count = 0;
    percept_status status = memory_allocate(schema->width, sizeof *entries, "the names", &entries, error);
    if (status != PERCEPT_OK)
        return status;
    for (size_t j = 0; j < schema->width; j++)
        if (schema_leads(schema, j))
            entries[entry_count++] = (Entry){schema->names[j], schema_column_length(schema, j), j,
                                             schema->places != NULL ? schema->places[j] : j, false};
    qsort(entries, entry_count, sizeof *entries, compare);
    for (size_t c = 0; c < count; c++) {
        Entry *entry = taken != NULL && taken[c] ? NULL : find(entries, entry_count, columns[c]);
        place_of[c] = entry != NULL ? entry->feature : SCHEMA_NONE;
        if (entry != NULL)
            entry->found = true;
    }
    *missing = SCHEMA_NONE;
    for (size_t e = 0; e < entry_count; e++)
        if (!entries[e].found && entries[e].feature < *missing)
            *missing = entries[e].feature;
    memory_free(entries);
    return PERCEPT_OK;
}
