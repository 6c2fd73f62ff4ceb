/* From a seed to a stream: NumPy's SeedSequence for PCG64 (after M. E. O'Neill's seed_seq_fe, 2015), the
 * single-integer rule for the Mersenne Twister. */
#include <inttypes.h>
#include <string.h>

#include "base/random_words.h"

enum { POOL = 4 }; /* words in a SeedSequence's pool */

/* Hashes one word; the multiplier moves on with every call, so that no two calls hash alike. */
static uint32_t hash_word(uint32_t word, uint32_t *multiplier)
{
    word ^= *multiplier;
    *multiplier *= 0x931e8875;
    word *= *multiplier;
    return word ^ (word >> 16);
}

static uint32_t mix_words(uint32_t left, uint32_t right)
{
    uint32_t mixed = 0xca01f9dd * left - 0x4973f715 * right;
    return mixed ^ (mixed >> 16);
}

/* The pool of SeedSequence(seed, spawn_key=key[0 … keys-1]). A seed shorter than the pool is filled up with zeros,
 * which is what NumPy does too, whether there is a key or not. */
static void fill_pool(uint32_t pool[POOL], uint64_t seed, const uint32_t *key, size_t keys)
{
    uint32_t multiplier = 0x43b0d7e5;
    const uint32_t entropy[POOL] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
    for (int i = 0; i < POOL; i++)
        pool[i] = hash_word(entropy[i], &multiplier);
    for (int source = 0; source < POOL; source++)
        for (int i = 0; i < POOL; i++)
            if (i != source)
                pool[i] = mix_words(pool[i], hash_word(pool[source], &multiplier));
    for (size_t k = 0; k < keys; k++)
        for (int i = 0; i < POOL; i++)
            pool[i] = mix_words(pool[i], hash_word(key[k], &multiplier));
}

/* SeedSequence.generate_state(4, uint64): each word from two draws on the pool, the low half first. */
static void draw_state(const uint32_t pool[POOL], uint64_t state[4])
{
    uint32_t multiplier = 0x8b51f9dd;
    for (int i = 0; i < 4; i++) {
        uint64_t halves[2];
        for (int h = 0; h < 2; h++) {
            uint32_t word = pool[(2 * i + h) % POOL] ^ multiplier;
            multiplier *= 0x58f38ded;
            word *= multiplier;
            halves[h] = word ^ (word >> 16);
        }
        state[i] = (halves[1] << 32) | halves[0];
    }
}

/* PCG64 from a pool: the four words are the start and the number of the stream, high halves first. The stream's
 * number becomes an odd increment. */
static void seed_pcg(RandomStream *stream, const uint32_t pool[POOL])
{
    uint64_t words[4];
    draw_state(pool, words);
    RandomWide start = ((RandomWide)words[0] << 64) | words[1];
    RandomWide number = ((RandomWide)words[2] << 64) | words[3];

    memset(stream, 0, sizeof *stream);
    stream->kind = RANDOM_PCG64;
    random_split((number << 1) | 1, stream->pcg_increment);
    random_pcg_step(stream);
    random_split(random_join(stream->pcg_state) + start, stream->pcg_state);
    random_pcg_step(stream);
}

void random_default_rng(RandomStream *stream, uint64_t seed)
{
    uint32_t pool[POOL];
    fill_pool(pool, seed, NULL, 0);
    seed_pcg(stream, pool);
}

void random_spawn(RandomStream *stream, uint64_t seed, uint32_t child)
{
    uint32_t pool[POOL];
    fill_pool(pool, seed, &child, 1);
    seed_pcg(stream, pool);
}

percept_status random_legacy_seed(RandomStream *stream, uint64_t seed, percept_error *error)
{
    if (seed > UINT32_MAX)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "seed %" PRIu64 " is too large for numpy.random.seed: choose one from 0 to 4294967295", seed);
    memset(stream, 0, sizeof *stream);
    stream->kind = RANDOM_MT19937;
    uint32_t word = (uint32_t)seed;
    for (uint32_t i = 0; i < RANDOM_MT_WORDS; i++) {
        stream->mt_key[i] = word;
        word = 1812433253 * (word ^ (word >> 30)) + i + 1; /* D. E. Knuth, TAOCP 2, 3rd edition, p. 106 */
    }
    stream->mt_position = RANDOM_MT_WORDS;
    return PERCEPT_OK;
}
