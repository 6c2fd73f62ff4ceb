#include "train/roc.h"

#include <math.h>
#include <string.h>

/* An integer that orders as the number does: the sign bit turned, all bits turned where it is negative. -0 becomes 0,
 * to which it is equal. */
static uint64_t order_key(double number)
{
    const double plain = number + 0.0;
    uint64_t bits = 0;
    memcpy(&bits, &plain, sizeof bits);
    return bits >> 63 != 0 ? ~bits : bits | (uint64_t)1 << 63;
}

/* Sorts by one byte after another, the lowest first; a byte that all keys share takes no pass, as the last three of
 * numbers that were float32. The keys end in `keys`. */
static void sort_keys(uint64_t *keys, uint64_t *spare, size_t count)
{
    uint64_t *from = keys, *to = spare;
    for (unsigned shift = 0; shift < 64; shift += 8) {
        size_t places[256] = {0}, before = 0;
        for (size_t i = 0; i < count; i++)
            places[from[i] >> shift & 0xFF]++;
        if (count == 0 || places[from[0] >> shift & 0xFF] == count)
            continue;
        for (size_t b = 0; b < 256; b++) {
            const size_t here = places[b];
            places[b] = before;
            before += here;
        }
        for (size_t i = 0; i < count; i++)
            to[places[from[i] >> shift & 0xFF]++] = from[i];
        uint64_t *sorted = to;
        to = from;
        from = sorted;
    }
    if (from != keys && count > 0)
        memcpy(keys, from, count * sizeof *keys);
}

/* Twice U: two for each pair in which the positive is higher, one for each tie. At most 2 · (2^31)^2. */
static uint64_t count_pairs(const uint64_t *positives, size_t positive_count, const uint64_t *negatives,
                            size_t negative_count)
{
    uint64_t twice = 0;
    size_t below = 0, up_to = 0; /* negatives lower than the positive, and not higher */
    for (size_t i = 0; i < positive_count; i++) {
        while (below < negative_count && negatives[below] < positives[i])
            below++;
        while (up_to < negative_count && negatives[up_to] <= positives[i])
            up_to++;
        twice += below + up_to;
    }
    return twice;
}

double roc_area(const double *scores, const int32_t *labels, size_t count, int32_t positive, uint64_t *scratch)
{
    size_t positives = 0, others = 0;
    for (size_t i = 0; i < count; i++) {
        if (isnan(scores[i]))
            return NAN;
        if (labels[i] == positive)
            scratch[positives++] = order_key(scores[i]);
        else
            scratch[count - ++others] = order_key(scores[i]);
    }
    if (positives == 0 || others == 0)
        return NAN;
    sort_keys(scratch, scratch + count, positives);
    sort_keys(scratch + positives, scratch + count, others);
    return (double)count_pairs(scratch, positives, scratch + positives, others) /
           (2 * (double)positives * (double)others);
}
