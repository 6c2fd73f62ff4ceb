#include "data/class_review.h"

#include "data/label_integer.h"

/* Labels are suspected not to be classes from so many classes on where there are fewer examples of each on average. */
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

static bool are_integers(const Storage *storage)
{
    LabelInteger integer;
    for (size_t k = 0; k < storage->class_count; k++)
        if (!label_integer_parse(storage->class_names[k], &integer))
            return false;
    return true;
}

percept_status class_review(Storage *storage, const char *column, percept_error *error)
{
    const size_t classes = storage->class_count;
    if (classes == 1)
        return notes_add(
            &storage->notes, NOTE_WARNING, error,
            "all %zu labels (column %.32s) are '%.32s'; --label first or --label NAME takes another column",
            storage->count, column, storage->class_names[0]);
    if (!is_suspicious(classes, storage->count))
        return PERCEPT_OK;
    const double each = (double)storage->count / (double)classes;
    if (are_integers(storage))
        return notes_add(&storage->notes, NOTE_WARNING, error,
                         "column %.32s holds %zu different whole numbers, about %.3g of each; to learn numbers "
                         "instead of classes add --targets %.32s",
                         column, classes, each, column);
    return notes_add(&storage->notes, NOTE_WARNING, error,
                     "column %.32s holds %zu different labels, about %.3g of each; if these are no classes, --label "
                     "NAME takes another column",
                     column, classes, each);
}
