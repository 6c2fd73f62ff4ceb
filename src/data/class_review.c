#include "data/class_review.h"

#include <strings.h>

#include "data/class_names.h"

/* Names of classes are compared pairwise for up to this many classes. */
#define MOST_COMPARED 256

/* From this many classes on, labels are suspected to be no classes if there are fewer examples of each on average. */
static const struct {
    size_t classes, examples;
} suspicions[] = {{4, 2}, {11, 10}};

static bool is_suspicious(size_t classes, size_t count)
{
    for (size_t s = 0; s < sizeof suspicions / sizeof suspicions[0]; s++)
        if (classes >= suspicions[s].classes && count / classes < suspicions[s].examples)
            return true;
    return false;
}

/* Warns of two classes whose names differ in the case of letters only, such as Yes and yes. */
static percept_status review_case(Storage *storage, percept_error *error)
{
    if (storage->class_count > MOST_COMPARED)
        return PERCEPT_OK;
    for (size_t k = 1; k < storage->class_count; k++)
        for (size_t before = 0; before < k; before++)
            if (strcasecmp(storage->class_names[before], storage->class_names[k]) == 0)
                return notes_add(&storage->notes, NOTE_WARNING, error,
                                 "classes '%.32s' and '%.32s' differ in upper and lower case only; if they are one "
                                 "class, write them alike",
                                 storage->class_names[before], storage->class_names[k]);
    return PERCEPT_OK;
}

percept_status class_review(Storage *storage, const char *column, percept_error *error)
{
    const size_t classes = storage->class_count;
    if (classes == 1)
        return notes_add(&storage->notes, NOTE_WARNING, error,
                         "all labels (column %.32s) are '%.32s'; --label first or --label NAME takes another column",
                         column, storage->class_names[0]);
    percept_status status = review_case(storage, error);
    if (status != PERCEPT_OK || !is_suspicious(classes, storage->count))
        return status;
    const double each = (double)storage->count / (double)classes;
    if (class_names_are_integers(storage))
        return notes_add(&storage->notes, NOTE_WARNING, error,
                         "column %.32s holds %zu different whole numbers, about %.3g of each; to learn numbers "
                         "instead of classes add --targets %.32s",
                         column, classes, each, column);
    return notes_add(&storage->notes, NOTE_WARNING, error,
                     "column %.32s holds %zu different labels, about %.3g of each; if these are no classes, --label "
                     "NAME takes another column",
                     column, classes, each);
}
