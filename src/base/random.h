/* Random streams, equal to NumPy's to the last bit.
 *
 *   RANDOM_PCG64    numpy.random.default_rng(seed): PCG64 seeded through SeedSequence (M. E. O'Neill, 2014)
 *   RANDOM_MT19937  numpy.random.seed(seed): the Mersenne Twister (M. Matsumoto, T. Nishimura, 1998) seeded by
 *                   the single-integer rule, with RandomState's own distributions
 *
 * The same calls serve both; each draws by the rules of its NumPy class. */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

typedef enum RandomKind { RANDOM_PCG64, RANDOM_MT19937 } RandomKind;

/* State of a stream, all of it: copying the struct copies the stream. */
typedef struct RandomStream {
    RandomKind kind;
    uint64_t pcg_state[2], pcg_increment[2]; /* 128-bit numbers, low word first */
    bool has_half;                           /* PCG64: half of a 64-bit word is left for the next 32-bit draw */
    uint32_t half;
    uint32_t mt_key[624];
    int32_t mt_position;
    bool has_gauss; /* MT19937: the second value of the last polar pair is left */
    double gauss;
} RandomStream;

/* numpy.random.default_rng(seed). Any 64-bit seed. */
void random_default_rng(RandomStream *stream, uint64_t seed);

/* default_rng(SeedSequence(seed).spawn(child + 1)[child]): an independent child stream. */
void random_spawn(RandomStream *stream, uint64_t seed, uint32_t child);

/* numpy.random.seed(seed); seed < 2^32, or PERCEPT_ERROR_ARGUMENT and *stream stays as it was. */
percept_status random_legacy_seed(RandomStream *stream, uint64_t seed, percept_error *error);

/* The whole state as 64-bit words, to be stored, and back. Words that are not the state of any stream are
 * PERCEPT_ERROR_FORMAT. The words mean the same in every release. */
#define RANDOM_STATE_WORDS (10 + 624) /* the Twister's key and ten words more */
void random_state_write(const RandomStream *stream, uint64_t words[RANDOM_STATE_WORDS]);
percept_status random_state_read(const uint64_t words[RANDOM_STATE_WORDS], RandomStream *stream, percept_error *error);

/* random(): uniform in [0, 1) with 53 bits. */
double random_unit(RandomStream *stream);

/* uniform(low, high): low + (high - low) * random(). */
double random_uniform(RandomStream *stream, double low, double high);

/* normal(mean, deviation): PCG64 by the ziggurat, MT19937 by the polar method. The last bits of values from the
 * ziggurat's tail and of all polar values depend on log1p and log of the C library, as in NumPy. */
double random_normal(RandomStream *stream, double mean, double deviation);

/* One integer in [0, bound), bound ≥ 1. PCG64: Generator.integers(bound), by D. Lemire's multiplication; MT19937:
 * RandomState.randint(bound), by masked rejection, which is also the draw that RandomState's shuffle uses. */
uint64_t random_below(RandomStream *stream, uint64_t bound);

/* Generator.integers(low, high, size=count), dtype int64. high > low. For this dtype NumPy draws an array as it
 * draws single values one after the other; for narrower ones it does not. PCG64 only. */
void random_integers(RandomStream *stream, int64_t low, int64_t high, int64_t *values, size_t count);

/* shuffle(values): in place, as both of NumPy's classes shuffle a one-dimensional array of any type. */
void random_shuffle(RandomStream *stream, uint32_t *values, size_t count);

/* permutation(count): fills values with a permutation of 0 … count-1; count ≤ 2^32. */
void random_permutation(RandomStream *stream, uint32_t *values, size_t count);

/* PCG64.advance(draws): the state after that many 64-bit words (random_unit takes one each). A stored half word is
 * dropped. The time is logarithmic in `draws`. PCG64 only. */
void random_advance(RandomStream *stream, uint64_t draws);

/* Fills a table (rows × columns, rows `stride` apart) with values of random_unit: row i begins with draw number first +
 * i · step, counted from 0 from the current position of the stream, and is contiguous in the stream. The stream does
 * not move, so any part of a larger table can be computed by itself. PCG64 only. */
void random_unit_table(const RandomStream *stream, uint64_t first, uint64_t step, size_t rows, size_t columns,
                       double *values, size_t stride);

#endif
