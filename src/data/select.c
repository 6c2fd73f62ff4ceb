/* Choosing examples by their class, and naming classes anew. */
#include <stdbool.h>
#include <string.h>

#include "base/memory.h"
#include "data/class_names.h"
#include "data/dataset.h"

static percept_status check_classes(const percept_dataset *data, const int32_t *classes, size_t count,
                                    percept_error *error)
{
    if (data->labels == NULL)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "the data have no classes to choose from");
    for (size_t c = 0; c < count; c++)
        if (classes[c] < 0 || (size_t)classes[c] >= data->class_count)
            return error_set(error, PERCEPT_ERROR_ARGUMENT, "there is no class %d; classes are 0 to %zu", classes[c],
                             data->class_count - 1);
    bool *seen = NULL;
    percept_status status = memory_allocate_zeroed(data->class_count, sizeof *seen, "the classes", &seen, error);
    for (size_t c = 0; status == PERCEPT_OK && c < count; c++) {
        if (seen[classes[c]])
            status = error_set(error, PERCEPT_ERROR_ARGUMENT, "class %d is given twice", classes[c]);
        seen[classes[c]] = true;
    }
    memory_free(seen);
    return status;
}

/* new_label[k]: position of class k in the list, -1 if it is not there; without a list, k. */
static percept_status map_classes(const percept_dataset *data, const int32_t *classes, size_t count,
                                  int32_t **new_label, percept_error *error)
{
    percept_status status = check_classes(data, classes, count, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(data->class_count, sizeof **new_label, "the classes", new_label, error);
    if (status != PERCEPT_OK)
        return status;
    for (size_t k = 0; k < data->class_count; k++)
        (*new_label)[k] = count == 0 ? (int32_t)k : -1;
    for (size_t c = 0; c < count; c++)
        (*new_label)[classes[c]] = (int32_t)c;
    return PERCEPT_OK;
}

/* Collects the rows to keep: those with a new label, at most per_class (if > 0) of each class. */
static percept_status collect_rows(const percept_dataset *data, const int32_t *new_label, size_t per_class,
                                   uint32_t **rows, size_t *count, percept_error *error)
{
    size_t *taken = NULL;
    percept_status status = memory_allocate(data->count, sizeof **rows, "the rows of a selection", rows, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(data->class_count, sizeof *taken, "the classes", &taken, error);
    *count = 0;
    for (size_t i = 0; status == PERCEPT_OK && i < data->count; i++) {
        int32_t label = data->labels[i];
        if (new_label[label] < 0 || (per_class > 0 && taken[label] >= per_class))
            continue;
        taken[label]++;
        (*rows)[(*count)++] = (uint32_t)i;
    }
    memory_free(taken);
    return status;
}

/* Puts the new labels and class names on a fresh selection. */
static percept_status relabel(percept_dataset *view, const int32_t *classes, size_t class_count,
                              const int32_t *new_label, percept_error *error)
{
    if (class_count == 0)
        return PERCEPT_OK;
    const char **picked = NULL;
    char **names = NULL;
    percept_status status = memory_allocate(class_count, sizeof *picked, "the class names", &picked, error);
    for (size_t c = 0; status == PERCEPT_OK && c < class_count; c++)
        picked[c] = view->class_names[classes[c]];
    if (status == PERCEPT_OK)
        status = class_names_copy(picked, class_count, &names, error);
    memory_free(picked);
    if (status != PERCEPT_OK)
        return status;
    memory_free(view->class_names);
    view->class_names = names;
    view->class_count = class_count;
    for (size_t i = 0; i < view->count; i++)
        view->labels[i] = new_label[view->labels[i]];
    return PERCEPT_OK;
}

percept_status dataset_select(const percept_dataset *data, const int32_t *classes, size_t class_count, size_t per_class,
                              percept_dataset **out, percept_error *error)
{
    int32_t *new_label = NULL;
    uint32_t *rows = NULL;
    size_t count = 0;
    percept_dataset *view = NULL;
    percept_status status = map_classes(data, classes, class_count, &new_label, error);
    if (status == PERCEPT_OK)
        status = collect_rows(data, new_label, per_class, &rows, &count, error);
    if (status == PERCEPT_OK && count == 0)
        status = error_set(error, PERCEPT_ERROR_ARGUMENT, "no example has one of the requested classes");
    if (status == PERCEPT_OK)
        status = dataset_subset(data, rows, count, &view, error);
    if (status == PERCEPT_OK)
        status = relabel(view, classes, class_count, new_label, error);
    memory_free(new_label);
    memory_free(rows);
    if (status != PERCEPT_OK)
        percept_dataset_free(view);
    else
        *out = view;
    return status;
}

/* The names of the classes whose is_positive is `wanted`, joined by "|". */
static percept_status join_names(const percept_dataset *data, const bool *is_positive, bool wanted, char **out,
                                 percept_error *error)
{
    size_t size = 1;
    for (size_t k = 0; k < data->class_count; k++)
        size += strlen(data->class_names[k]) + 1;
    percept_status status = memory_allocate(size, 1, "a class name", out, error);
    if (status != PERCEPT_OK)
        return status;
    char *end = *out;
    for (size_t k = 0; k < data->class_count; k++) {
        if (is_positive[k] != wanted)
            continue;
        if (end != *out)
            *end++ = '|';
        size_t length = strlen(data->class_names[k]);
        memcpy(end, data->class_names[k], length);
        end += length;
    }
    *end = '\0';
    return PERCEPT_OK;
}

static percept_status name_two_classes(percept_dataset *data, const bool *is_positive, percept_error *error)
{
    char *joined[2] = {NULL, NULL};
    char **names = NULL;
    percept_status status = join_names(data, is_positive, false, &joined[0], error);
    if (status == PERCEPT_OK)
        status = join_names(data, is_positive, true, &joined[1], error);
    if (status == PERCEPT_OK)
        status = class_names_copy((const char *const[]){joined[0], joined[1]}, 2, &names, error);
    memory_free(joined[0]);
    memory_free(joined[1]);
    if (status != PERCEPT_OK)
        return status;
    memory_free(data->class_names);
    data->class_names = names;
    data->class_count = 2;
    return PERCEPT_OK;
}

percept_status dataset_mark_positive(percept_dataset *data, const int32_t *positive, size_t count, bool one_kind,
                                     percept_error *error)
{
    percept_status status = check_classes(data, positive, count, error);
    if (status != PERCEPT_OK)
        return status;
    if (!one_kind && (count == 0 || count == data->class_count))
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "%s of the %zu classes would be positive; both kinds are needed", count == 0 ? "none" : "all",
                         data->class_count);
    bool *is_positive = NULL;
    status = memory_allocate_zeroed(data->class_count, sizeof *is_positive, "the classes", &is_positive, error);
    if (status != PERCEPT_OK)
        return status;
    for (size_t c = 0; c < count; c++)
        is_positive[positive[c]] = true;
    status = name_two_classes(data, is_positive, error);
    for (size_t i = 0; status == PERCEPT_OK && i < data->count; i++)
        data->labels[i] = is_positive[data->labels[i]];
    memory_free(is_positive);
    return status;
}

/* ---- Classes of another file ----------------------------------------------------------------------------------- */

/* Refuses a class that the model does not have. */
static percept_status refuse_class(const char *name, const char *const *names, size_t count, percept_error *error)
{
    char list[CLASS_LIST_SIZE];
    class_names_list(names, count, list);
    return error_set(error, PERCEPT_ERROR_ARGUMENT,
                     "the data have a class '%.64s', which the model does not know; its classes are %s", name, list);
}

static bool all_found(const int32_t *places, size_t count)
{
    bool all = true;
    for (size_t k = 0; k < count; k++)
        all = all && places[k] >= 0;
    return all;
}

/* Where none of the names is a class of the model, but all are with the dot at their ends cut off, as in UCI's adult.test,
 * they are meant without it: *places is replaced. */
static percept_status match_without_dots(percept_dataset *data, const char *const *names, size_t count,
                                         int32_t **places, percept_error *error)
{
    char **bare = NULL;
    int32_t *found = NULL;
    bool dots = true;
    for (size_t k = 0; k < data->class_count; k++) {
        const size_t length = strlen(data->class_names[k]);
        dots = dots && length > 1 && data->class_names[k][length - 1] == '.' && (*places)[k] < 0;
    }
    if (!dots)
        return PERCEPT_OK;
    percept_status status = class_names_copy((const char *const *)data->class_names, data->class_count, &bare, error);
    for (size_t k = 0; status == PERCEPT_OK && k < data->class_count; k++)
        bare[k][strlen(bare[k]) - 1] = '\0';
    if (status == PERCEPT_OK)
        status = class_names_match(names, count, (const char *const *)bare, data->class_count, &found, error);
    if (status == PERCEPT_OK && all_found(found, data->class_count)) {
        int32_t *none = *places;
        *places = found;
        found = none;
    }
    memory_free(bare);
    memory_free(found);
    return status;
}

percept_status dataset_match_classes(percept_dataset *data, const char *const *names, size_t count,
                                     percept_error *error)
{
    int32_t *new_label = NULL;
    char **copy = NULL;
    if (data->labels == NULL || count == 0)
        return PERCEPT_OK;
    percept_status status =
        class_names_match(names, count, (const char *const *)data->class_names, data->class_count, &new_label, error);
    if (status == PERCEPT_OK)
        status = match_without_dots(data, names, count, &new_label, error);
    for (size_t k = 0; status == PERCEPT_OK && k < data->class_count; k++)
        if (new_label[k] < 0)
            status = refuse_class(data->class_names[k], names, count, error);
    if (status == PERCEPT_OK)
        status = class_names_copy(names, count, &copy, error);
    if (status == PERCEPT_OK) {
        for (size_t i = 0; i < data->count; i++)
            data->labels[i] = new_label[data->labels[i]];
        memory_free(data->class_names);
        data->class_names = copy;
        data->class_count = count;
    }
    memory_free(new_label);
    return status;
}

percept_status dataset_rename_classes(percept_dataset *data, const char *const *names, percept_error *error)
{
    char **copy = NULL;
    percept_status status = class_names_copy(names, data->class_count, &copy, error);
    if (status != PERCEPT_OK)
        return status;
    memory_free(data->class_names);
    data->class_names = copy;
    return PERCEPT_OK;
}
