#include "data/identifiers.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"

/* Fewer rows are no sign of anything; fewer than the second number, only with a name that says so. */
#define FEWEST_ROWS 4
#define FEWEST_UNNAMED 20
/* Values of the beginning, which usually show that some repeat: a few, then more. */
#define FEW 16
#define SAMPLE 256
/* By chance, n of R integers are all different with a probability of about e^(-n²/2R). */
#define LEAST_EXPONENT 30.0
/* A table of bits has at most so many for each row; else values are sorted. */
#define BITS_PER_ROW 64.0

bool identifiers_have_name(const char *name)
{
    static const char *const words[] = {"id", "index", "idx", "uuid", "guid", "rowid", "row_number", "rownum"};
    const size_t length = strlen(name);
    for (size_t w = 0; w < sizeof words / sizeof words[0]; w++)
        if (strcasecmp(name, words[w]) == 0)
            return true;
    if (length < 3 || tolower((unsigned char)name[length - 2]) != 'i' ||
        tolower((unsigned char)name[length - 1]) != 'd')
        return false;
    const char before = name[length - 3];
    const bool upper = name[length - 2] == 'I';
    return strchr("_.- ", before) != NULL || (upper && islower((unsigned char)before)) ||
           (upper && name[length - 1] == 'D' && isupper((unsigned char)before) && length <= 4);
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* True if the first few values are integers that are all different, which most columns are not. */
static bool begins_well(const Storage *storage, size_t j)
{
    const size_t count = storage->count < FEW ? storage->count : FEW;
    double values[FEW];
    for (size_t i = 0; i < count; i++) {
        values[i] = storage_value(storage, i, j);
        if (!(values[i] == floor(values[i])))
            return false;
        for (size_t before = 0; before < i; before++)
            if (values[before] == values[i])
                return false;
    }
    return true;
}

/* Sorts the first `count` values to see whether they are all different. */
static percept_status sort_values(const Storage *storage, size_t j, size_t count, bool *different, percept_error *error)
{
    double *values = NULL;
    percept_status status = memory_allocate(count, sizeof *values, "the values of a column", &values, error);
    if (status != PERCEPT_OK)
        return status;
    for (size_t i = 0; i < count; i++)
        values[i] = storage_value(storage, i, j);
    qsort(values, count, sizeof *values, compare);
    *different = true;
    for (size_t i = 1; i < count && *different; i++)
        *different = values[i] != values[i - 1];
    memory_free(values);
    return PERCEPT_OK;
}

/* The same of all values by a table of bits, one for each integer from low to high. */
static percept_status mark_values(const Storage *storage, size_t j, double low, double high, bool *different,
                                  percept_error *error)
{
    unsigned char *seen = NULL;
    percept_status status =
        memory_allocate_zeroed((size_t)(high - low) / 8 + 1, 1, "the values of a column", &seen, error);
    *different = status == PERCEPT_OK;
    for (size_t i = 0; i < storage->count && *different; i++) {
        const size_t place = (size_t)(storage_value(storage, i, j) - low);
        *different = (seen[place / 8] & (1U << place % 8)) == 0;
        seen[place / 8] |= (unsigned char)(1U << place % 8);
    }
    memory_free(seen);
    return status;
}

/* True if all values are integers; *steps: each is the one before and 1. */
static bool are_integers(const Storage *storage, size_t j, double *low, double *high, bool *steps)
{
    const double first = storage_value(storage, 0, j);
    *low = *high = first;
    *steps = true;
    for (size_t i = 0; i < storage->count; i++) {
        const double x = storage_value(storage, i, j);
        if (!(x == floor(x)))
            return false;
        *low = x < *low ? x : *low;
        *high = x > *high ? x : *high;
        *steps = *steps && x == first + (double)i;
    }
    return true;
}

percept_status identifiers_find(const Storage *storage, size_t j, const char *name, Numbering *out,
                                percept_error *error)
{
    const double count = (double)storage->count;
    const size_t sample = storage->count < SAMPLE ? storage->count : SAMPLE;
    const bool named = identifiers_have_name(name);
    double low = 0, high = 0;
    bool steps = false, different = false;
    *out = NUMBERING_NONE;
    if (storage->count < FEWEST_ROWS || !begins_well(storage, j))
        return PERCEPT_OK;
    percept_status status = sort_values(storage, j, sample, &different, error);
    if (status != PERCEPT_OK || !different || !are_integers(storage, j, &low, &high, &steps))
        return status;
    const bool enough = named || storage->count >= FEWEST_UNNAMED;
    if (steps) {
        *out = enough && (low == 0 || low == 1 || named) ? NUMBERING_ROWS : NUMBERING_STEPS;
        return PERCEPT_OK;
    }
    const bool dense = count * count / (2 * (high - low + 1)) > LEAST_EXPONENT;
    if (!named && !(enough && dense))
        return PERCEPT_OK;
    status = high - low < BITS_PER_ROW * count ? mark_values(storage, j, low, high, &different, error)
                                               : sort_values(storage, j, storage->count, &different, error);
    if (status == PERCEPT_OK && different)
        *out = NUMBERING_UNIQUE;
    return status;
}
