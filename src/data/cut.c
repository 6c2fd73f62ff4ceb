#include "data/cut.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "data/group_deal.h"

/* Sums of fractions such as 0.7 + 0.15 + 0.15 miss 1 by rounding; a difference as small as this is not intended. */
#define SUM_TOLERANCE 1e-9

/* ---- Sizes --------------------------------------------------------------------------------------------------- */

size_t cut_share(double fraction, size_t n)
{
    size_t share = (size_t)floor(fraction * (double)n * (1 + 4 * DBL_EPSILON));
    return share < n ? share : n;
}

static void cut_fractions(const double *split, size_t count, double sum, size_t n, size_t *sizes)
{
    size_t taken = 0, last = 0;
    for (size_t s = 0; s < count; s++) {
        sizes[s] = cut_share(split[s], n);
        taken += sizes[s];
        if (split[s] > 0)
            last = s;
    }
    if (sum > 1 - SUM_TOLERANCE)
        sizes[last] += n - taken;
}

static percept_status cut_counts(const double *split, size_t count, double sum, size_t n, size_t *sizes,
                                 percept_error *error)
{
    if (sum > (double)n)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "data.split asks for %.0f examples, but there are %zu", sum, n);
    for (size_t s = 0; s < count; s++) {
        if (split[s] != floor(split[s]))
            return error_set(error, PERCEPT_ERROR_ARGUMENT,
                             "data.split has %g: its numbers must all be counts, or fractions whose sum is at most 1",
                             split[s]);
        sizes[s] = (size_t)split[s];
    }
    return PERCEPT_OK;
}

percept_status cut_sizes(const double *split, size_t count, size_t n, size_t *sizes, percept_error *error)
{
    double sum = 0, largest = 0;
    if (count < 2 || count > CUT_PARTS)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "data.split has %zu numbers; give 2 or 3", count);
    for (size_t s = 0; s < count; s++) {
        if (!(split[s] >= 0 && split[s] <= (double)UINT32_MAX))
            return error_set(error, PERCEPT_ERROR_ARGUMENT, "data.split has %g, which is no size", split[s]);
        sum += split[s];
        largest = split[s] > largest ? split[s] : largest;
    }
    percept_status status = PERCEPT_OK;
    if (largest <= 1 && sum <= 1 + SUM_TOLERANCE)
        cut_fractions(split, count, sum, n, sizes);
    else
        status = cut_counts(split, count, sum, n, sizes, error);
    if (status == PERCEPT_OK && sizes[0] == 0)
        status = error_set(error, PERCEPT_ERROR_ARGUMENT, "data.split leaves none of the %zu examples for training", n);
    return status;
}

/* ---- Rows ---------------------------------------------------------------------------------------------------- */

/* The first rows of the order are training, and so on. */
static void deal_in_order(size_t n, const uint32_t *order, const size_t sizes[CUT_PARTS], uint8_t *owner)
{
    size_t at = 0;
    for (size_t p = 0; p < CUT_PARTS; p++)
        for (size_t i = 0; i < sizes[p]; i++)
            owner[order[at++]] = (uint8_t)p;
    while (at < n)
        owner[order[at++]] = CUT_PARTS;
}

/* Makes a part of the rows that it owns, in the order; `rows` has room for all. */
static percept_status collect(const percept_dataset *whole, const uint32_t *order, const uint8_t *owner, size_t part,
                              uint32_t *rows, size_t *size, percept_dataset **out, percept_error *error)
{
    size_t count = 0;
    for (size_t i = 0; i < whole->count; i++)
        if (owner[order[i]] == part)
            rows[count++] = order[i];
    *size = count;
    return count > 0 ? dataset_subset(whole, rows, count, out, error) : PERCEPT_OK;
}

/* A row and its time. */
typedef struct Timed {
    double time;
    uint32_t row;
} Timed;

static int compare_times(const void *left, const void *right)
{
    const Timed *a = left, *b = right;
    if (a->time < b->time || a->time > b->time)
        return a->time < b->time ? -1 : 1;
    return a->row < b->row ? -1 : a->row > b->row;
}

/* Rows of one time keep their order. */
static percept_status order_by_time(const percept_dataset *whole, uint32_t *order, percept_error *error)
{
    Timed *timed = NULL;
    percept_status status = memory_allocate(whole->count, sizeof *timed, "the times", &timed, error);
    for (size_t i = 0; status == PERCEPT_OK && i < whole->count; i++)
        timed[i] = (Timed){whole->storage->times[whole->rows[i]], (uint32_t)i};
    if (status == PERCEPT_OK)
        qsort(timed, whole->count, sizeof *timed, compare_times);
    for (size_t i = 0; status == PERCEPT_OK && i < whole->count; i++)
        order[i] = timed[i].row;
    memory_free(timed);
    return status;
}

/* Whole groups, those of rows that are left over included. */
static percept_status deal_groups(const percept_dataset *whole, const uint32_t *order, const size_t sizes[CUT_PARTS],
                                  bool by_class, uint8_t *owner, percept_error *error)
{
    const size_t n = whole->count;
    const size_t all[CUT_PARTS + 1] = {sizes[CUT_TRAIN], sizes[CUT_VALID], sizes[CUT_TEST],
                                       n - sizes[CUT_TRAIN] - sizes[CUT_VALID] - sizes[CUT_TEST]};
    uint32_t *part = NULL;
    size_t groups = 0, training = 0;
    percept_status status = memory_allocate(n, sizeof *part, "the parts of the examples", &part, error);
    if (status == PERCEPT_OK)
        status = group_deal(whole, order, all, CUT_PARTS + 1, by_class, part, &groups, error);
    for (size_t i = 0; status == PERCEPT_OK && i < n; i++) {
        owner[i] = (uint8_t)part[i];
        training += owner[i] == CUT_TRAIN ? 1 : 0;
    }
    memory_free(part);
    if (status == PERCEPT_OK && (training == 0 || (groups < 2 && sizes[CUT_TRAIN] < n)))
        status = error_set(error, PERCEPT_ERROR_ARGUMENT,
                           "data.group has %zu value%s for all %zu examples, too few to cut them; leave it out, or set "
                           "data.validation and data.test to 0",
                           groups, groups == 1 ? "" : "s", n);
    return status;
}

static percept_status deal(const percept_dataset *whole, const uint32_t *order, const size_t sizes[CUT_PARTS],
                           const CutOptions *options, uint8_t *owner, percept_error *error)
{
    if (whole->storage->groups != NULL)
        return deal_groups(whole, order, sizes, options->stratify, owner, error);
    if (options->stratify && whole->labels != NULL)
        return stratify_deal(whole, order, sizes, owner, error);
    deal_in_order(whole->count, order, sizes, owner);
    return PERCEPT_OK;
}

static percept_status make_order(const percept_dataset *whole, const CutOptions *options, RandomStream *stream,
                                 uint32_t *order, percept_error *error)
{
    if (options->by_time && whole->storage->times != NULL)
        return order_by_time(whole, order, error);
    if (options->shuffle)
        random_permutation(stream, order, whole->count);
    for (size_t i = 0; !options->shuffle && i < whole->count; i++)
        order[i] = (uint32_t)i;
    return PERCEPT_OK;
}

percept_status cut_rows(const percept_dataset *whole, size_t sizes[CUT_PARTS], const CutOptions *options,
                        RandomStream *stream, percept_dataset *parts[CUT_PARTS], percept_error *error)
{
    const size_t n = whole->count;
    uint32_t *order = NULL, *rows = NULL;
    uint8_t *owner = NULL;
    percept_status status = memory_allocate(n, sizeof *order, "the order of the examples", &order, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(n, sizeof *rows, "the rows of a part", &rows, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(n, sizeof *owner, "the parts of the examples", &owner, error);
    if (status == PERCEPT_OK)
        status = make_order(whole, options, stream, order, error);
    if (status == PERCEPT_OK)
        status = deal(whole, order, sizes, options, owner, error);
    for (size_t p = 0; status == PERCEPT_OK && p < CUT_PARTS; p++)
        status = collect(whole, order, owner, p, rows, &sizes[p], &parts[p], error);
    memory_free(order);
    memory_free(rows);
    memory_free(owner);
    return status;
}
