/* The two generators behind random.h: streams of 32-bit and 64-bit words, before any distribution.
 * Only the files random*.c include this. */
#ifndef BASE_RANDOM_WORDS_H
#define BASE_RANDOM_WORDS_H

#include "base/random.h"

/* Words of state of the Mersenne Twister; mt_position = RANDOM_MT_WORDS asks for a refill. */
#define RANDOM_MT_WORDS 624

__extension__ typedef unsigned __int128 RandomWide;

static inline RandomWide random_join(const uint64_t words[2])
{
    return ((RandomWide)words[1] << 64) | words[0];
}

static inline void random_split(RandomWide value, uint64_t words[2])
{
    words[0] = (uint64_t)value;
    words[1] = (uint64_t)(value >> 64);
}

/* Of the step of PCG64: state ← state · multiplier + increment (mod 2^128). */
static inline RandomWide random_pcg_multiplier(void)
{
    const uint64_t multiplier[2] = {0x4385df649fccf645, 0x2360ed051fc65da4};
    return random_join(multiplier);
}

/* One step of a stream. Returns the new state. */
static inline RandomWide random_pcg_step(RandomStream *stream)
{
    RandomWide state = random_join(stream->pcg_state) * random_pcg_multiplier() + random_join(stream->pcg_increment);
    random_split(state, stream->pcg_state);
    return state;
}

/* The output of a new state, XSL-RR: the halves xored, then rotated by the six top bits. */
static inline uint64_t random_pcg_output(RandomWide state)
{
    uint64_t folded = (uint64_t)(state >> 64) ^ (uint64_t)state;
    unsigned turn = (unsigned)(state >> 122);
    return (folded >> turn) | (folded << (-turn & 63));
}

static inline uint64_t random_pcg_next(RandomStream *stream)
{
    return random_pcg_output(random_pcg_step(stream));
}

/* The next 624 words of the Mersenne Twister. */
void random_mt_refill(RandomStream *stream);

static inline uint32_t random_mt_next(RandomStream *stream)
{
    if (stream->mt_position >= RANDOM_MT_WORDS)
        random_mt_refill(stream);
    uint32_t word = stream->mt_key[stream->mt_position++];
    word ^= word >> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return word ^ (word >> 18);
}

/* PCG64 splits a 64-bit word into two 32-bit words, the low half first. It keeps the high half until the next 32-bit
 * draw, whatever is drawn in between. */
static inline uint32_t random_next32(RandomStream *stream)
{
    if (stream->kind == RANDOM_MT19937)
        return random_mt_next(stream);
    if (stream->has_half) {
        stream->has_half = false;
        return stream->half;
    }
    uint64_t word = random_pcg_next(stream);
    stream->has_half = true;
    stream->half = (uint32_t)(word >> 32);
    return (uint32_t)word;
}

/* The Mersenne Twister joins two of its words, the high half first. */
static inline uint64_t random_next64(RandomStream *stream)
{
    if (stream->kind == RANDOM_PCG64)
        return random_pcg_next(stream);
    uint64_t high = random_mt_next(stream);
    return (high << 32) | random_mt_next(stream);
}

/* [0, 1) in steps of 2^-53: the top 53 bits of a word. */
static inline double random_unit_of(uint64_t word)
{
    return (double)(int64_t)(word >> 11) * 0x1p-53;
}

/* The same of the next word of PCG64; of 27 and 26 bits of two Mersenne Twister words. */
static inline double random_next_unit(RandomStream *stream)
{
    if (stream->kind == RANDOM_PCG64)
        return random_unit_of(random_pcg_next(stream));
    uint64_t high = random_mt_next(stream) >> 5;
    uint64_t low = random_mt_next(stream) >> 6;
    return (double)(int64_t)((high << 26) | low) * 0x1p-53;
}

#endif
