#include "data/column_stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* Slots of the table of values; a power of two, and well above COLUMN_DISTINCT. */
#define SLOTS 4096

typedef struct Slot {
    double value;
    size_t count; /* 0: free */
} Slot;

/* The numbers of a column: of feature `column`, or of a target. */
typedef struct Series {
    const Storage *storage;
    size_t count, column;
    bool target;
} Series;

static double value_at(const Series *series, size_t i)
{
    const Storage *storage = series->storage;
    return series->target ? storage->targets[i * storage->target_width + series->column]
                          : storage_value(storage, i, series->column);
}

static size_t slot_of(const Slot *slots, double value)
{
    uint64_t bits = 0;
    memcpy(&bits, &value, sizeof bits);
    size_t slot = (size_t)((bits * 0x9e3779b97f4a7c15) >> 40) & (SLOTS - 1);
    while (slots[slot].count > 0 && slots[slot].value != value)
        slot = (slot + 1) & (SLOTS - 1);
    return slot;
}

static void count_value(Slot *slots, double value, ColumnStats *stats)
{
    if (stats->distinct > COLUMN_DISTINCT)
        return;
    Slot *slot = &slots[slot_of(slots, value)];
    stats->distinct += slot->count == 0;
    slot->value = value;
    slot->count++;
}

/* Puts a value among the most frequent ones, if it is one of them. */
static void rank(ColumnStats *stats, const Slot *slot)
{
    size_t place = stats->listed;
    while (place > 0 && (slot->count > stats->counts[place - 1] ||
                         (slot->count == stats->counts[place - 1] && slot->value < stats->values[place - 1])))
        place--;
    if (place == COLUMN_FREQUENT)
        return;
    stats->listed += stats->listed < COLUMN_FREQUENT;
    for (size_t p = stats->listed - 1; p > place; p--) {
        stats->values[p] = stats->values[p - 1];
        stats->counts[p] = stats->counts[p - 1];
    }
    stats->values[place] = slot->value;
    stats->counts[place] = slot->count;
}

/* Counts the values in bins; stats has all else. */
static void make_bins(const Series *series, bool integers, ColumnStats *stats)
{
    const double range = stats->high - stats->low;
    if (stats->count == 0)
        return;
    stats->bin_width = integers ? ceil((range + 1) / COLUMN_BINS) : range / COLUMN_BINS;
    const double count = integers ? ceil((range + 1) / stats->bin_width) : COLUMN_BINS;
    stats->bin_count = !(range > 0) || !isfinite(range) ? 1 : count < COLUMN_BINS ? (size_t)count : COLUMN_BINS;
    for (size_t i = 0; i < series->count; i++) {
        const double x = value_at(series, i);
        const double bin = stats->bin_count > 1 && !isnan(x) ? floor((x - stats->low) / stats->bin_width) : 0;
        if (!isnan(x)) /* the last bin has its upper end, too */
            stats->bins[bin < (double)stats->bin_count ? (size_t)bin : stats->bin_count - 1]++;
    }
    if (stats->bin_count == 1)
        stats->bin_width = 0;
}

static int more_first(const void *a, const void *b)
{
    const size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x < y) - (x > y);
}

static percept_status make_stats(const Series *series, ColumnStats *out, percept_error *error)
{
    ColumnStats stats = {.low = NAN, .high = NAN, .mean = NAN};
    Slot *slots = NULL;
    double sum = 0;
    bool integers = true;
    percept_status status = memory_allocate_zeroed(SLOTS, sizeof *slots, "the values of a column", &slots, error);
    if (status != PERCEPT_OK)
        return status;
    for (size_t i = 0; i < series->count; i++) {
        const double x = value_at(series, i) + 0.0; /* -0 is 0 */
        if (isnan(x)) {
            stats.missing++;
            continue;
        }
        integers = integers && x == floor(x);
        stats.low = fmin(stats.low, x);
        stats.high = fmax(stats.high, x);
        sum += x;
        stats.count++;
        count_value(slots, x, &stats);
    }
    if (stats.count > 0)
        stats.mean = sum / (double)stats.count;
    for (size_t s = 0; s < SLOTS && stats.distinct <= COLUMN_DISTINCT; s++)
        if (slots[s].count > 0)
            rank(&stats, &slots[s]);
    memory_free(slots);
    make_bins(series, integers, &stats);
    *out = stats;
    return PERCEPT_OK;
}

/* Codes are counted each, however many there are. */
static percept_status make_category_stats(const Series *series, size_t codes, ColumnStats *out, percept_error *error)
{
    ColumnStats stats = {.low = NAN, .high = NAN, .mean = NAN};
    size_t *counts = NULL;
    percept_status status = memory_allocate_zeroed(codes, sizeof *counts, "the values of a column", &counts, error);
    for (size_t i = 0; status == PERCEPT_OK && i < series->count; i++) {
        const double code = value_at(series, i);
        if (code >= 0 && code < (double)codes)
            counts[(size_t)code]++;
        else
            stats.missing++;
    }
    for (size_t c = 0; status == PERCEPT_OK && c < codes; c++) {
        stats.distinct += counts[c] > 0;
        stats.count += counts[c];
        if (counts[c] > 0)
            rank(&stats, &(Slot){(double)c, counts[c]});
    }
    if (status == PERCEPT_OK) {
        qsort(counts, codes, sizeof *counts, more_first);
        for (size_t c = 0; c < codes && c < COLUMN_BINS && counts[c] > 0; c++)
            stats.bins[stats.bin_count++] = counts[c];
    }
    memory_free(counts);
    *out = stats;
    return status;
}

percept_status column_stats_feature(const Storage *storage, size_t j, ColumnStats *out, percept_error *error)
{
    const Schema *schema = &storage->schema;
    const Series series = {storage, storage->count, j, false};
    return schema_is_category(schema, j) ? make_category_stats(&series, schema->vocabularies[j].count, out, error)
                                         : make_stats(&series, out, error);
}

percept_status column_stats_target(const Storage *storage, size_t t, ColumnStats *out, percept_error *error)
{
    return make_stats(&(Series){storage, storage->count, t, true}, out, error);
}
