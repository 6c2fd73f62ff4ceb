#include "data/answers.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* Up to here every whole number is a float64. */
#define LARGEST_WHOLE 9007199254740992.0

/* Integers of 17 digits at most, with sign. */
#define NAME_SIZE 24

void answers_clear(Answers *answers)
{
    memory_free(answers->labels);
    memory_free(answers->class_names);
    memory_free(answers->targets);
    *answers = (Answers){0};
}

/* ---- What they are --------------------------------------------------------------------------------------------- */

static bool are_whole(const double *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (values[i] != floor(values[i]) || fabs(values[i]) > LARGEST_WHOLE)
            return false;
    return true;
}

/* Each row has one 1 and zeros. */
static bool are_one_hot(const double *values, size_t count, size_t width)
{
    for (size_t i = 0; i < count; i++) {
        size_t ones = 0;
        for (size_t j = 0; j < width; j++) {
            const double value = values[i * width + j];
            if (value != 0 && value != 1)
                return false;
            ones += value == 1;
        }
        if (ones != 1)
            return false;
    }
    return true;
}

/* ---- Labels ---------------------------------------------------------------------------------------------------- */

static percept_status allocate_labels(Answers *out, percept_error *error)
{
    return memory_allocate(out->count, sizeof *out->labels, "the labels", &out->labels, error);
}

static percept_status take_one_hot(const double *values, size_t width, Answers *out, percept_error *error)
{
    percept_status status = allocate_labels(out, error);
    for (size_t i = 0; status == PERCEPT_OK && i < out->count; i++)
        for (size_t j = 0; j < width; j++)
            if (values[i * width + j] == 1)
                out->labels[i] = (int32_t)j;
    out->class_count = width;
    return status;
}

/* The values are the numbers of the classes. */
static percept_status take_numbers(const double *values, size_t class_count, const char *source, Answers *out,
                                   percept_error *error)
{
    percept_status status = allocate_labels(out, error);
    for (size_t i = 0; status == PERCEPT_OK && i < out->count; i++) {
        if (!(values[i] >= 0 && values[i] < (double)class_count && values[i] == floor(values[i])))
            return error_set(error, PERCEPT_ERROR_FORMAT, "'%s', row %zu: the label is %g, but classes are 0 to %zu",
                             source, i + 1, values[i], class_count - 1);
        out->labels[i] = (int32_t)values[i];
    }
    out->class_count = class_count;
    return status;
}

static int compare(const void *a, const void *b)
{
    double left = 0, right = 0;
    memcpy(&left, a, sizeof left);
    memcpy(&right, b, sizeof right);
    return (left > right) - (left < right);
}

/* Sorts values and drops repeated ones; returns how many are left. */
static size_t keep_different(double *values, size_t count)
{
    size_t kept = 0;
    qsort(values, count, sizeof *values, compare);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || values[i] != values[kept - 1])
            values[kept++] = values[i];
    return kept;
}

static percept_status name_classes(const double *different, Answers *out, percept_error *error)
{
    char(*texts)[NAME_SIZE] = NULL;
    const char **names = NULL;
    percept_status status = memory_allocate(out->class_count, sizeof *texts, "the class names", &texts, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(out->class_count, sizeof *names, "the class names", &names, error);
    for (size_t k = 0; status == PERCEPT_OK && k < out->class_count; k++) {
        snprintf(texts[k], sizeof texts[k], "%.0f", different[k] + 0.0); /* + 0: no class "-0" */
        names[k] = texts[k];
    }
    if (status == PERCEPT_OK)
        status = class_names_copy(names, out->class_count, &out->class_names, error);
    memory_free(texts);
    memory_free(names);
    return status;
}

/* The classes are the different values. `different` has room for all values. */
static percept_status take_values(const double *values, double *different, const char *source, Answers *out,
                                  percept_error *error)
{
    memcpy(different, values, out->count * sizeof *values);
    out->class_count = keep_different(different, out->count);
    if (out->class_count > ANSWERS_MOST_CLASSES)
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "'%.100s' holds %zu different whole numbers, more than the %d classes there may be; for "
                         "regression add --targets y",
                         source, out->class_count, ANSWERS_MOST_CLASSES);
    percept_status status = allocate_labels(out, error);
    for (size_t i = 0; status == PERCEPT_OK && i < out->count; i++) {
        const double *found = bsearch(&values[i], different, out->class_count, sizeof *different, compare);
        out->labels[i] = (int32_t)(found - different);
    }
    return status == PERCEPT_OK ? name_classes(different, out, error) : status;
}

/* ---- Deciding -------------------------------------------------------------------------------------------------- */

static void take_targets(double **values, size_t width, Answers *out)
{
    out->targets = *values;
    out->target_width = width;
    *values = NULL;
}

/* With *values NULL afterwards where they have become the targets. */
static percept_status decide(double **values, size_t width, const AnswersWanted *wanted, Answers *out,
                             percept_error *error)
{
    const size_t count = out->count, class_count = wanted->class_count;
    double *different = NULL;
    if (wanted->targets) {
        take_targets(values, width, out);
        return PERCEPT_OK;
    }
    if (width > 1 && are_one_hot(*values, count, width) && (class_count == 0 || class_count == width))
        return take_one_hot(*values, width, out, error);
    if (class_count > 0 && width > 1)
        return error_set(error, PERCEPT_ERROR_FORMAT, "'%s' has %zu answers per example where one label is expected",
                         wanted->source, width);
    if (class_count > 0)
        return take_numbers(*values, class_count, wanted->source, out, error);
    if (width > 1 || !are_whole(*values, count)) {
        take_targets(values, width, out);
        return PERCEPT_OK;
    }
    percept_status status = memory_allocate(count, sizeof *different, "the labels", &different, error);
    if (status == PERCEPT_OK)
        status = take_values(*values, different, wanted->source, out, error);
    memory_free(different);
    return status;
}

percept_status answers_decide(double *values, size_t count, size_t width, const AnswersWanted *wanted, Answers *out,
                              percept_error *error)
{
    Answers made = {.count = count};
    percept_status status = decide(&values, width, wanted, &made, error);
    memory_free(values);
    if (status != PERCEPT_OK)
        answers_clear(&made);
    else
        *out = made;
    return status;
}

percept_status answers_give(Answers *answers, Storage *storage, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    if (answers->class_names != NULL)
        status = storage_name_classes(storage, (const char *const *)answers->class_names, error);
    if (status != PERCEPT_OK)
        return status;
    if (answers->labels != NULL)
        memcpy(storage->labels, answers->labels, answers->count * sizeof *answers->labels);
    storage->targets = answers->targets;
    storage->target_width = answers->target_width;
    answers->targets = NULL;
    return PERCEPT_OK;
}
