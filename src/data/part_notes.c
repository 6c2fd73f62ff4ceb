#include "data/part_notes.h"

#include "base/memory.h"

/* Letters of a class's name that a note shows. */
#define SHOWN "%.32s"

/* Which classes a part has; *out is released with memory_free. */
static percept_status find_classes(const percept_dataset *part, bool **out, percept_error *error)
{
    percept_status status = memory_allocate_zeroed(part->class_count, sizeof **out, "the classes", out, error);
    for (size_t i = 0; status == PERCEPT_OK && i < part->count; i++)
        (*out)[part->labels[i]] = true;
    return status;
}

/* The number of classes that one part has and the other lacks, and the first of them. */
static size_t count_lacking(const bool *these, const bool *those, size_t classes, size_t *first)
{
    size_t count = 0;
    for (size_t c = classes; c-- > 0;) {
        if (these[c] && !those[c]) {
            *first = c;
            count++;
        }
    }
    return count;
}

static percept_status add(Notes *notes, const percept_dataset *part, const char *what, size_t count, size_t first,
                          const char *then, percept_error *error)
{
    const char *name = part->class_names[first];
    if (count == 1)
        return notes_add(notes, NOTE_WARNING, error, "the %s set has no example of class '" SHOWN "'%s", what, name,
                         then);
    return notes_add(notes, NOTE_WARNING, error,
                     "the %s set has no example of %zu of the %zu classes, such as '" SHOWN "'%s", what, count,
                     part->class_count, name, then);
}

static percept_status compare(const percept_dataset *train, const percept_dataset *part, const char *what,
                              bool shuffled, Notes *notes, percept_error *error)
{
    bool *in_train = NULL, *in_part = NULL;
    size_t first = 0;
    percept_status status = find_classes(train, &in_train, error);
    if (status == PERCEPT_OK)
        status = find_classes(part, &in_part, error);
    if (status == PERCEPT_OK) {
        const char *then = shuffled ? "" : "; data.shuffle true mixes the rows before they are cut";
        const size_t count = count_lacking(in_train, in_part, part->class_count, &first);
        if (count > 0)
            status = add(notes, part, what, count, first, then, error);
        const size_t unlearned = count_lacking(in_part, in_train, part->class_count, &first);
        if (status == PERCEPT_OK && unlearned > 0)
            status = add(notes, part, "training", unlearned, first, ", so it cannot be learned", error);
    }
    memory_free(in_train);
    memory_free(in_part);
    return status;
}

/* Warns of targets of the training part that have a single value. */
static percept_status review_targets(const percept_dataset *train, Notes *notes, percept_error *error)
{
    const Storage *storage = train->storage;
    const size_t width = storage->target_width;
    percept_status status = PERCEPT_OK;
    for (size_t t = 0; status == PERCEPT_OK && train->count > 1 && t < width; t++) {
        char text[SCHEMA_NAME_SIZE];
        const double first = storage->targets[train->rows[0] * width + t];
        size_t same = 1;
        while (same < train->count && storage->targets[train->rows[same] * width + t] == first)
            same++;
        if (same == train->count)
            status = notes_add(notes, NOTE_WARNING, error,
                               "%.64s is %.6g in all rows of the training set, so there is nothing to learn",
                               schema_target_name(&storage->schema, t, text), first);
    }
    return status;
}

percept_status part_notes_add(const percept_data *data, bool shuffled, Notes *notes, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    if (data->train->class_count == 0)
        return review_targets(data->train, notes, error);
    if (data->valid != NULL)
        status = compare(data->train, data->valid, "validation", shuffled, notes, error);
    if (status == PERCEPT_OK && data->test != NULL)
        status = compare(data->train, data->test, "test", shuffled, notes, error);
    return status;
}
