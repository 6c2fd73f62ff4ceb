/* Runs that differ only in their seed, one row per group:
 *
 *   seeds: {figure: final valid_accuracy, runs: [NAME, …], diverged_below: 0.5, grid: mean}
 *
 * With `grid: mean` there is one row per entry of `runs`, and the value of a seed is the mean over the entry's grid (such
 * as the folds of a cross-validation).
 *
 * Runs whose result is below `diverged_below`, or NaN, are counted and named, and excluded from the median, which
 * becomes the group's result "median FIGURE". */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "study/part_runs.h"

#define DIGITS 5
#define NAMES_SIZE 400

typedef struct Options {
    const char *figure, *caption, *grid;
    FieldTexts runs;
    double diverged_below;
} Options;

/* A group as it is gathered. */
typedef struct Group {
    const char *name;
    double *values; /* of the runs that converged, in rising order at the end */
    size_t converged, diverged;
    char names[NAMES_SIZE]; /* of those that diverged */
} Group;

static int compare(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* The row of a run. */
static const char *row_of(const Options *options, const StudyRun *run)
{
    return options->grid != NULL ? run->entry : run->group;
}

/* The value of run `at`; with grid: mean, the mean over the runs of its row that have its seed. *counts is false if such a mean is
 * that of an earlier run, too, or if a value is missing. */
static double value_of(const StudyWork *work, const Options *options, const size_t *indices, size_t count, size_t at,
                       bool *counts)
{
    const StudyRun *run = &work->study->runs[indices[at]];
    double sum = 0;
    size_t runs = 0;
    *counts = true;
    for (size_t i = 0; i < count; i++) {
        const StudyRun *other = &work->study->runs[indices[i]];
        const bool same = options->grid == NULL
                              ? i == at
                              : strcmp(row_of(options, other), row_of(options, run)) == 0 &&
                                    recipe_integer(other->recipe, "seed") == recipe_integer(run->recipe, "seed");
        const double *value = same ? results_find(&work->results, other->name, RESULT_WHOLE, options->figure) : NULL;
        if (same && (i < at || value == NULL))
            *counts = false;
        if (value != NULL) {
            sum += *value;
            runs++;
        }
    }
    return sum / (double)runs;
}

static void gather(const StudyWork *work, const Options *options, const size_t *indices, size_t count, Group *group)
{
    for (size_t i = 0; i < count; i++) {
        const StudyRun *run = &work->study->runs[indices[i]];
        bool counts = strcmp(row_of(options, run), group->name) == 0;
        const double value = counts ? value_of(work, options, indices, count, i, &counts) : NAN;
        if (!counts)
            continue;
        if (value >= options->diverged_below) {
            group->values[group->converged++] = value;
            continue;
        }
        const size_t length = strlen(group->names);
        snprintf(group->names + length, NAMES_SIZE - length, "%s%s", group->diverged > 0 ? ", " : "",
                 run->name + strlen(group->name) + (run->name[strlen(group->name)] == '_'));
        group->diverged++;
    }
    qsort(group->values, group->converged, sizeof *group->values, compare);
}

static percept_status add_group(StudyWork *work, const Options *options, const Group *group, percept_error *error)
{
    char numbers[5][NUMBER_SIZE] = {"", "", "", "", ""}, name[128];
    const size_t n = group->converged;
    percept_status status = PERCEPT_OK;
    snprintf(numbers[0], NUMBER_SIZE, "%zu", n);
    if (n > 0) {
        const double median = (group->values[(n - 1) / 2] + group->values[n / 2]) / 2;
        number_format_digits(median, DIGITS, numbers[1]);
        number_format_digits(group->values[0], DIGITS, numbers[2]);
        number_format_digits(group->values[n - 1], DIGITS, numbers[3]);
        snprintf(name, sizeof name, "median %s", options->figure);
        status = results_add(&work->results, group->name, RESULT_WHOLE, name, median, error);
    }
    snprintf(numbers[4], NUMBER_SIZE, "%zu", group->diverged);
    const char *const cells[] = {group->name, numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], group->names};
    page_table_row(work->page, cells);
    if (status == PERCEPT_OK)
        status = results_add(&work->results, group->name, RESULT_WHOLE, "diverged", (double)group->diverged, error);
    return status;
}

static percept_status add_groups(StudyWork *work, const Options *options, const size_t *indices, size_t count,
                                 percept_error *error)
{
    const StudyRun *runs = work->study->runs;
    double *values = NULL;
    percept_status status = memory_allocate(count, sizeof *values, "the figures", &values, error);
    for (size_t i = 0; status == PERCEPT_OK && i < count; i++) {
        bool seen = false;
        for (size_t j = 0; j < i; j++)
            seen = seen || strcmp(row_of(options, &runs[indices[j]]), row_of(options, &runs[indices[i]])) == 0;
        if (seen)
            continue;
        Group group = {.name = row_of(options, &runs[indices[i]]), .values = values};
        gather(work, options, indices, count, &group);
        status = add_group(work, options, &group, error);
    }
    memory_free(values);
    return status;
}

percept_status part_seeds(StudyWork *work, const Part *part, percept_error *error)
{
    static const char *const columns[] = {"run", "converged", "median", "least", "most", "diverged", "which"};
    static const bool numeric[] = {false, true, true, true, true, true, false};
    static const Options all = {.diverged_below = -INFINITY};
    Options options = all;
    size_t *indices = NULL, count = 0;
    const Field fields[] = {
        {"figure", &options.figure, FIELD_TEXT, true},
        {"runs", &options.runs, FIELD_TEXTS, false},
        {"diverged_below", &options.diverged_below, FIELD_NUMBER, false},
        {"grid", &options.grid, FIELD_TEXT, false},
        {"caption", &options.caption, FIELD_TEXT, false},
    };
    percept_status status = part_read(work, part, fields, sizeof fields / sizeof fields[0], error);
    if (status == PERCEPT_OK && options.grid != NULL && strcmp(options.grid, "mean") != 0)
        status = part_refuse(work, part, error, "grid: expected mean, found '%.40s'", options.grid);
    if (status == PERCEPT_OK)
        status = part_runs(work, part, &options.runs, &indices, &count, error);
    if (status != PERCEPT_OK)
        return status;
    page_table_begin(work->page, options.caption, columns, sizeof columns / sizeof columns[0], numeric);
    status = add_groups(work, &options, indices, count, error);
    page_table_end(work->page);
    memory_free(indices);
    return status;
}
