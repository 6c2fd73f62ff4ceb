#include "base/random_words.h"

/* The twist of M. Matsumoto, T. Nishimura (1998): the top bit of one word and the other 31 of the next, shifted,
 * xored with the word `other` places on and, where the low bit is set, with the matrix's last row. */
static inline uint32_t twist(uint32_t word, uint32_t next, uint32_t other)
{
    uint32_t mixed = (word & 0x80000000) | (next & 0x7fffffff);
    return other ^ (mixed >> 1) ^ (-(mixed & 1) & 0x9908b0df);
}

void random_mt_refill(RandomStream *stream)
{
    enum { WORDS = RANDOM_MT_WORDS, AHEAD = 397, WRAP = WORDS - AHEAD };
    uint32_t *key = stream->mt_key;
    for (int i = 0; i < WRAP; i++)
        key[i] = twist(key[i], key[i + 1], key[i + AHEAD]);
    for (int i = WRAP; i < WORDS - 1; i++)
        key[i] = twist(key[i], key[i + 1], key[i - WRAP]);
    key[WORDS - 1] = twist(key[WORDS - 1], key[0], key[AHEAD - 1]);
    stream->mt_position = 0;
}
