/* Numbers and permutations from a stream, by the rules of its NumPy class. */
#include <math.h>

#include "base/random_words.h"
#include "base/random_ziggurat.h"

double random_unit(RandomStream *stream)
{
    return random_next_unit(stream);
}

double random_uniform(RandomStream *stream, double low, double high)
{
    return low + (high - low) * random_next_unit(stream);
}

/* ---- Normal values ---------------------------------------------------------------------------------------------- */

/* A value beyond the ziggurat's edge (G. Marsaglia, 1964); log1p(-u) keeps u = 0 finite. */
static double normal_tail(RandomStream *stream)
{
    double beyond, height;
    do {
        beyond = -RANDOM_ZIGGURAT_INVERSE_EDGE * log1p(-random_next_unit(stream));
        height = -log1p(-random_next_unit(stream));
    } while (height + height <= beyond * beyond);
    return RANDOM_ZIGGURAT_EDGE + beyond;
}

/* Bits of a word, from the lowest: 8 of the layer, 1 of the sign, 52 of the column. */
static double normal_by_ziggurat(RandomStream *stream)
{
    for (;;) {
        uint64_t word = random_pcg_next(stream);
        const RandomZigguratLayer *layer = &random_ziggurat[word & 0xff];
        uint64_t column = (word >> 9) & 0xfffffffffffff;
        double x = (double)(int64_t)column * layer->scale;
        if ((word >> 8) & 1)
            x = -x;
        if (column < layer->inside)
            return x;
        if (layer == random_ziggurat) {
            double tail = normal_tail(stream);
            return ((column >> 8) & 1) ? -tail : tail; /* NumPy takes the tail's sign from the column */
        }
        /* The wedge between the layer's rectangle and the curve. */
        double height = (layer[-1].density - layer->density) * random_next_unit(stream) + layer->density;
        if (height < exp(-0.5 * x * x))
            return x;
    }
}

/* G. Marsaglia's polar method: two values from a point in the unit disc; NumPy returns the second one first. */
static double normal_by_polar(RandomStream *stream)
{
    if (stream->has_gauss) {
        double kept = stream->gauss;
        stream->has_gauss = false;
        stream->gauss = 0.0; /* one state, one set of bytes, as in NumPy */
        return kept;
    }
    double x, y, square;
    do {
        x = 2.0 * random_next_unit(stream) - 1.0;
        y = 2.0 * random_next_unit(stream) - 1.0;
        square = x * x + y * y;
    } while (square >= 1.0 || square == 0.0);
    double factor = sqrt(-2.0 * log(square) / square);
    stream->gauss = factor * x;
    stream->has_gauss = true;
    return factor * y;
}

double random_normal(RandomStream *stream, double mean, double deviation)
{
    double standard = stream->kind == RANDOM_PCG64 ? normal_by_ziggurat(stream) : normal_by_polar(stream);
    return mean + deviation * standard;
}

/* ---- Integers --------------------------------------------------------------------------------------------------- */

/* In [0, last], by masked rejection: words cut to the bits of `last` until one is not above it. */
static inline uint64_t draw_masked(RandomStream *stream, uint64_t last)
{
    if (last == 0)
        return 0;
    uint64_t mask = UINT64_MAX >> __builtin_clzll(last);
    uint64_t value;
    do
        value = (last <= UINT32_MAX ? random_next32(stream) : random_next64(stream)) & mask;
    while (value > last);
    return value;
}

/* In [0, last], by D. Lemire's multiplication (2019): the high half of word · (last + 1), drawn again where the low
 * half falls below 2^32 mod (last + 1), or 2^64 mod (last + 1). */
static uint64_t draw_multiplied32(RandomStream *stream, uint32_t last)
{
    uint32_t bound = last + 1;
    uint64_t product = (uint64_t)random_next32(stream) * bound;
    if ((uint32_t)product < bound) {
        uint32_t threshold = (UINT32_MAX - last) % bound;
        while ((uint32_t)product < threshold)
            product = (uint64_t)random_next32(stream) * bound;
    }
    return product >> 32;
}

static uint64_t draw_multiplied64(RandomStream *stream, uint64_t last)
{
    uint64_t bound = last + 1;
    RandomWide product = (RandomWide)random_next64(stream) * bound;
    if ((uint64_t)product < bound) {
        uint64_t threshold = (UINT64_MAX - last) % bound;
        while ((uint64_t)product < threshold)
            product = (RandomWide)random_next64(stream) * bound;
    }
    return (uint64_t)(product >> 64);
}

/* In [0, last], as Generator.integers draws int64: nothing for one possible value, a bare word where every word is
 * a value, 32 bits wherever they suffice. */
static uint64_t draw_multiplied(RandomStream *stream, uint64_t last)
{
    if (last == 0)
        return 0;
    if (last < UINT32_MAX)
        return draw_multiplied32(stream, (uint32_t)last);
    if (last == UINT32_MAX)
        return random_next32(stream);
    if (last == UINT64_MAX)
        return random_next64(stream);
    return draw_multiplied64(stream, last);
}

uint64_t random_below(RandomStream *stream, uint64_t bound)
{
    uint64_t last = bound - 1;
    return stream->kind == RANDOM_PCG64 ? draw_multiplied(stream, last) : draw_masked(stream, last);
}

void random_integers(RandomStream *stream, int64_t low, int64_t high, int64_t *values, size_t count)
{
    uint64_t offset = (uint64_t)low, last = (uint64_t)high - offset - 1;
    for (size_t i = 0; i < count; i++)
        values[i] = (int64_t)(offset + draw_multiplied(stream, last)); /* wraps, and so reaches negative values */
}

/* ---- Orders ----------------------------------------------------------------------------------------------------- */

/* One draw of a shuffle: exchanges values[last] with the drawn value and returns the next last, or changes nothing if the
 * draw is rejected. It does not branch: a quarter of all draws are rejected, which no processor predicts. */
static inline size_t exchange(uint32_t *values, size_t last, uint32_t drawn)
{
    const bool accepted = drawn <= last;
    const size_t other = accepted ? drawn : last;
    const uint32_t held = values[other];
    values[other] = values[last];
    values[last] = held;
    return last - accepted;
}

/* By words of PCG64, whose state stays in registers. Each word gives two draws (random_next32). */
static void shuffle_pcg(RandomStream *stream, uint32_t *values, size_t count)
{
    RandomWide state = random_join(stream->pcg_state);
    const RandomWide increment = random_join(stream->pcg_increment);
    bool has_half = stream->has_half;
    uint32_t half = stream->half;
    for (size_t last = count - 1; last > 0;) {
        const uint32_t mask = UINT32_MAX >> __builtin_clz((uint32_t)last);
        const size_t least = (size_t)(mask >> 1) + 1; /* of the values of `last` that have this mask */
        while (last >= least) {
            uint32_t word = half;
            has_half = !has_half;
            if (has_half) {
                state = state * random_pcg_multiplier() + increment;
                const uint64_t both = random_pcg_output(state);
                word = (uint32_t)both;
                half = (uint32_t)(both >> 32);
            }
            last = exchange(values, last, word & mask);
        }
    }
    random_split(state, stream->pcg_state);
    stream->has_half = has_half;
    stream->half = half;
}

/* Both of NumPy's classes shuffle from the end (R. Durstenfeld, 1964) by masked draws (draw_masked). */
void random_shuffle(RandomStream *stream, uint32_t *values, size_t count)
{
    if (stream->kind == RANDOM_PCG64 && count > 1) {
        shuffle_pcg(stream, values, count);
        return;
    }
    for (size_t last = count; last-- > 1;) {
        uint64_t other = draw_masked(stream, last);
        uint32_t held = values[other];
        values[other] = values[last];
        values[last] = held;
    }
}

void random_permutation(RandomStream *stream, uint32_t *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        values[i] = (uint32_t)i;
    random_shuffle(stream, values, count);
}
