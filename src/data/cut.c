#include "data/cut.h"

#include <float.h>
#include <math.h>

#include "base/memory.h"

/* Sums of fractions such as 0.7 + 0.15 + 0.15 miss 1 by rounding; nobody means a difference as small as this. */
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

percept_status cut_rows(const percept_dataset *whole, size_t sizes[CUT_PARTS], bool shuffle, bool stratify,
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
    if (status == PERCEPT_OK && shuffle)
        random_permutation(stream, order, n);
    else
        for (size_t i = 0; status == PERCEPT_OK && i < n; i++)
            order[i] = (uint32_t)i;
    if (status == PERCEPT_OK && stratify && whole->labels != NULL)
        status = stratify_deal(whole, order, sizes, owner, error);
    else if (status == PERCEPT_OK)
        deal_in_order(n, order, sizes, owner);
    for (size_t p = 0; status == PERCEPT_OK && p < CUT_PARTS; p++)
        status = collect(whole, order, owner, p, rows, &sizes[p], &parts[p], error);
    memory_free(order);
    memory_free(rows);
    memory_free(owner);
    return status;
}
