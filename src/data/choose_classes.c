#include "data/choose_classes.h"

#include "base/memory.h"
#include "data/class_names.h"

/* The classes that the options name, as labels of the storage. */
typedef struct Chosen {
    int32_t *classes;  /* class_count of them */
    int32_t *positive; /* positive_count of them, as labels that those of `classes` have become */
    size_t class_count, positive_count;
} Chosen;

static void chosen_clear(Chosen *chosen)
{
    memory_free(chosen->classes);
    memory_free(chosen->positive);
}

/* From labels of the storage to what they become when `classes` relabels. */
static percept_status map_positive(const Storage *storage, Chosen *chosen, percept_error *error)
{
    int32_t *place = NULL;
    percept_status status = memory_allocate(storage->class_count, sizeof *place, "the classes", &place, error);
    for (size_t k = 0; status == PERCEPT_OK && k < storage->class_count; k++)
        place[k] = chosen->class_count == 0 ? (int32_t)k : -1;
    for (size_t c = 0; status == PERCEPT_OK && c < chosen->class_count; c++)
        place[chosen->classes[c]] = (int32_t)c;
    for (size_t p = 0; status == PERCEPT_OK && p < chosen->positive_count; p++) {
        if (place[chosen->positive[p]] < 0)
            status = error_set(error, PERCEPT_ERROR_ARGUMENT, "class '%.64s' is left out by data.classes",
                               storage->class_names[chosen->positive[p]]);
        chosen->positive[p] = place[chosen->positive[p]];
    }
    memory_free(place);
    return status;
}

/* Finds the classes of a list. A file that is read for a model may lack some of them. */
static percept_status find_classes(const DataOptions *options, const Storage *storage, const char *const *words,
                                   size_t count, int32_t **classes, size_t *found, percept_error *error)
{
    *found = count;
    if (count == 0)
        return PERCEPT_OK;
    if (options->source.schema == NULL)
        return class_names_find(storage, words, count, classes, error);
    percept_status status = memory_allocate(count, sizeof **classes, "the classes", classes, error);
    *found = 0;
    for (size_t w = 0; status == PERCEPT_OK && w < count; w++) {
        int32_t *one = NULL;
        if (class_names_find(storage, &words[w], 1, &one, NULL) == PERCEPT_OK)
            (*classes)[(*found)++] = *one;
        memory_free(one);
    }
    return status;
}

static percept_status find_chosen(const DataOptions *options, const Storage *storage, Chosen *out, percept_error *error)
{
    percept_status status =
        find_classes(options, storage, options->classes, options->class_count, &out->classes, &out->class_count, error);
    if (status == PERCEPT_OK && options->class_count > 0 && out->class_count == 0)
        status = error_set(error, PERCEPT_ERROR_ARGUMENT, "no example has one of the requested classes");
    if (status != PERCEPT_OK) {
        error_prefix(error, "data.classes");
        return status;
    }
    status = find_classes(options, storage, options->positive, options->positive_count, &out->positive,
                          &out->positive_count, error);
    if (status == PERCEPT_OK)
        status = map_positive(storage, out, error);
    if (status != PERCEPT_OK)
        error_prefix(error, "data.positive");
    return status;
}

/* Replaces *part by its selection and marks its positive classes. */
static percept_status choose_examples(const DataOptions *options, const Chosen *chosen, size_t per_class,
                                      percept_dataset **part, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    if (chosen->class_count > 0 || per_class > 0) {
        percept_dataset *selected = NULL;
        status = dataset_select(*part, chosen->classes, chosen->class_count, per_class, &selected, error);
        if (status != PERCEPT_OK) {
            error_prefix(error, options->class_count > 0 ? "data.classes" : "data.per_class");
            return status;
        }
        percept_dataset_free(*part);
        *part = selected;
    }
    if (options->positive_count > 0)
        status = dataset_mark_positive(*part, chosen->positive, chosen->positive_count, options->source.schema != NULL,
                                       error);
    if (status != PERCEPT_OK)
        error_prefix(error, "data.positive");
    return status;
}

percept_status choose_classes(const DataOptions *options, percept_dataset **train, percept_dataset **valid,
                              percept_dataset **test, percept_error *error)
{
    Chosen chosen = {0};
    percept_status status = find_chosen(options, (*train)->storage, &chosen, error);
    if (status == PERCEPT_OK)
        status = choose_examples(options, &chosen, options->per_class, train, error);
    if (status == PERCEPT_OK && *valid != NULL)
        status = choose_examples(options, &chosen, 0, valid, error);
    if (status == PERCEPT_OK && *test != NULL)
        status = choose_examples(options, &chosen, options->limit_test ? options->per_class : 0, test, error);
    chosen_clear(&chosen);
    return status;
}
