#include "data/class_names.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/nearest.h"
#include "base/number.h"
#include "base/quote.h"
#include "data/label_integer.h"
#include "data/label_table.h"

/* ---- Many names at once ---------------------------------------------------------------------------------------- */

/* Puts the names into a table; first[n] is the place of the first name that got the number n. */
static percept_status fill_table(const char *const *names, size_t count, LabelTable *table, int32_t *first,
                                 percept_error *error)
{
    percept_status status = PERCEPT_OK;
    for (size_t k = 0; status == PERCEPT_OK && k < count; k++) {
        const size_t before = table->count;
        int32_t number = 0;
        status = label_table_add(table, names[k], strlen(names[k]), &number, error);
        if (status == PERCEPT_OK && table->count > before)
            first[number] = (int32_t)k;
    }
    return status;
}

percept_status class_names_match(const char *const *names, size_t count, const char *const *wanted, size_t wanted_count,
                                 int32_t **places, percept_error *error)
{
    LabelTable table = {0};
    int32_t *first = NULL, *found = NULL;
    percept_status status = memory_allocate(count, sizeof *first, "the classes", &first, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(wanted_count, sizeof *found, "the classes", &found, error);
    if (status == PERCEPT_OK)
        status = fill_table(names, count, &table, first, error);
    for (size_t w = 0; status == PERCEPT_OK && w < wanted_count; w++) {
        const int32_t number = label_table_find(&table, wanted[w], strlen(wanted[w]));
        found[w] = number >= 0 ? first[number] : -1;
    }
    label_table_clear(&table);
    memory_free(first);
    if (status == PERCEPT_OK)
        *places = found;
    else
        memory_free(found);
    return status;
}

/* ---- Names that people type ------------------------------------------------------------------------------------ */

void class_names_list(const char *const *names, size_t count, char text[CLASS_LIST_SIZE])
{
    enum { ENDING = 32 }; /* ", ... (4294967295 in all)" */
    size_t used = 0, k = 0;
    text[0] = '\0';
    for (; k < count; k++) {
        const size_t needed = strlen(names[k]) + (k > 0 ? 2 : 0);
        if (used + needed >= CLASS_LIST_SIZE - ENDING)
            break;
        used += (size_t)snprintf(text + used, CLASS_LIST_SIZE - used, "%s%s", k > 0 ? ", " : "", names[k]);
    }
    if (k < count)
        snprintf(text + used, CLASS_LIST_SIZE - used, "%s... (%zu in all)", k > 0 ? ", " : "", count);
}

static percept_status refuse(const Storage *storage, const char *word, percept_error *error)
{
    const char *const *names = (const char *const *)storage->class_names;
    const char *nearest = nearest_word(word, names, storage->class_count);
    char list[CLASS_LIST_SIZE];
    class_names_list(names, storage->class_count, list);
    return error_set(error, PERCEPT_ERROR_ARGUMENT, "there is no class '%.32s'%s%.32s%s; the classes are %s", word,
                     nearest != NULL ? "; did you mean '" : "", nearest != NULL ? nearest : "",
                     nearest != NULL ? "'?" : "", list);
}

bool class_names_are_integers(const Storage *storage)
{
    LabelInteger integer;
    for (size_t k = 0; k < storage->class_count; k++)
        if (!label_integer_parse(storage->class_names[k], &integer))
            return false;
    return true;
}

/* The shortest form of a word that is a whole number, or NULL; released with memory_free. */
static percept_status respell(const char *word, char **out, percept_error *error)
{
    LabelInteger integer;
    *out = NULL;
    if (!label_integer_parse_loosely(word, &integer))
        return PERCEPT_OK;
    percept_status status = memory_allocate(integer.length + 2, 1, "a class name", out, error);
    if (status == PERCEPT_OK)
        label_integer_write(&integer, *out);
    return status;
}

/* Finds a word that is no class's name: by its value, or as the number of a label. */
static percept_status find_number(const Storage *storage, const char *word, int32_t *class, percept_error *error)
{
    char *number = NULL;
    int32_t *place = NULL;
    int64_t label = 0;
    percept_status status = PERCEPT_OK;
    if (storage->numbered) {
        if (integer_parse(word, &label) == INTEGER_OK && label >= 0 && (uint64_t)label < storage->class_count)
            *class = (int32_t)label;
    } else if (class_names_are_integers(storage)) {
        status = respell(word, &number, error);
        if (number != NULL)
            status = class_names_match((const char *const *)storage->class_names, storage->class_count,
                                       (const char *const *)&number, 1, &place, error);
        if (place != NULL)
            *class = *place;
    }
    memory_free(number);
    memory_free(place);
    if (status == PERCEPT_OK && *class < 0)
        status = refuse(storage, word, error);
    return status;
}

/* Refuses a class that is there twice. */
static percept_status check_once(const Storage *storage, const int32_t *classes, size_t count, percept_error *error)
{
    bool *seen = NULL;
    percept_status status = memory_allocate_zeroed(storage->class_count, sizeof *seen, "the classes", &seen, error);
    for (size_t c = 0; status == PERCEPT_OK && c < count; c++) {
        if (seen[classes[c]])
            status = error_set(error, PERCEPT_ERROR_ARGUMENT, "class '%.64s' is given twice",
                               storage->class_names[classes[c]]);
        seen[classes[c]] = true;
    }
    memory_free(seen);
    return status;
}

percept_status class_names_find(const Storage *storage, const char *const *words, size_t count, int32_t **classes,
                                percept_error *error)
{
    int32_t *found = NULL;
    if (storage->class_count == 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "the data have no classes to choose from");
    percept_status status =
        class_names_match((const char *const *)storage->class_names, storage->class_count, words, count, &found, error);
    for (size_t w = 0; status == PERCEPT_OK && w < count; w++)
        if (found[w] < 0)
            status = find_number(storage, words[w], &found[w], error);
    if (status == PERCEPT_OK)
        status = check_once(storage, found, count, error);
    if (status == PERCEPT_OK)
        *classes = found;
    else
        memory_free(found);
    return status;
}
