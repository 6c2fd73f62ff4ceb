/* Sequences of draws as checksums, each one the C side of a field of random_vectors.h: a float counts as its bits, an
 * integer as 64 bits. The stream is a copy, so each sequence begins where the caller's stream stands. */
#ifndef TEST_RANDOM_HASH_H
#define TEST_RANDOM_HASH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"

enum { SHUFFLED = 60000 };

/* FNV-1a (G. Fowler, L. C. Noll, K.-P. Vo) over the bytes of 64-bit words, the lowest first. */
#define FNV_START 0xcbf29ce484222325

static void add_word(uint64_t *hash, uint64_t word)
{
    for (int i = 0; i < 8; i++)
        *hash = (*hash ^ (word >> 8 * i & 0xff)) * 0x100000001b3;
}

static uint64_t bits(double value)
{
    uint64_t word;
    memcpy(&word, &value, sizeof word);
    return word;
}

static void add_real(uint64_t *hash, double value)
{
    add_word(hash, bits(value));
}

static uint64_t hash_units(RandomStream r, int count)
{
    uint64_t hash = FNV_START;
    for (int i = 0; i < count; i++)
        add_real(&hash, random_unit(&r));
    return hash;
}

static uint64_t hash_uniforms(RandomStream r, double low, double high, int count)
{
    uint64_t hash = FNV_START;
    for (int i = 0; i < count; i++)
        add_real(&hash, random_uniform(&r, low, high));
    return hash;
}

static uint64_t hash_normals(RandomStream r, double mean, double deviation, int count)
{
    uint64_t hash = FNV_START;
    for (int i = 0; i < count; i++)
        add_real(&hash, random_normal(&r, mean, deviation));
    return hash;
}

static uint64_t hash_integers(RandomStream r, int64_t low, int64_t high)
{
    int64_t values[1001];
    uint64_t hash = FNV_START;
    random_integers(&r, low, high, values, 1001);
    for (int i = 0; i < 1001; i++)
        add_word(&hash, (uint64_t)values[i]);
    return hash;
}

/* Draws below first, first + step, … */
static uint64_t hash_below(RandomStream r, uint64_t first, uint64_t step, int count)
{
    uint64_t hash = FNV_START;
    for (int i = 0; i < count; i++)
        add_word(&hash, random_below(&r, first + step * (uint64_t)i));
    return hash;
}

/* Draws below 1, 2, 4, …, 2^63, twenty times over. */
static uint64_t hash_powers(RandomStream r)
{
    uint64_t hash = FNV_START;
    for (int i = 0; i < 20; i++)
        for (int k = 0; k < 64; k++)
            add_word(&hash, random_below(&r, (uint64_t)1 << k));
    return hash;
}

static void add_values(uint64_t *hash, const uint32_t *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        add_word(hash, values[i]);
}

static uint64_t hash_permutation(RandomStream r, size_t count)
{
    uint32_t *values = malloc(count * sizeof *values);
    assert_non_null(values);
    uint64_t hash = FNV_START;
    random_permutation(&r, values, count);
    add_values(&hash, values, count);
    free(values);
    return hash;
}

static uint64_t hash_shuffled_twice(RandomStream r)
{
    uint32_t *values = malloc(SHUFFLED * sizeof *values);
    assert_non_null(values);
    for (uint32_t i = 0; i < SHUFFLED; i++)
        values[i] = i;
    uint64_t hash = FNV_START;
    random_shuffle(&r, values, SHUFFLED);
    random_shuffle(&r, values, SHUFFLED);
    add_values(&hash, values, SHUFFLED);
    free(values);
    return hash;
}

static void add_permutation_of_five(uint64_t *hash, RandomStream *r)
{
    uint32_t values[5];
    random_permutation(r, values, 5);
    add_values(hash, values, 5);
}

static uint64_t hash_default_mixture(RandomStream r)
{
    uint64_t hash = FNV_START;
    for (int i = 0; i < 100; i++) {
        add_word(&hash, random_below(&r, 7));
        add_real(&hash, random_unit(&r));
        add_real(&hash, random_normal(&r, 0, 1));
        add_word(&hash, random_below(&r, 7));
        add_word(&hash, random_below(&r, (uint64_t)1 << 40));
        add_word(&hash, random_below(&r, 1));
        add_permutation_of_five(&hash, &r);
        add_real(&hash, random_uniform(&r, -1, 1));
        add_word(&hash, random_below(&r, (uint64_t)1 << 32));
    }
    return hash;
}

static uint64_t hash_legacy_mixture(RandomStream r)
{
    uint64_t hash = FNV_START;
    for (int i = 0; i < 100; i++) {
        add_real(&hash, random_normal(&r, 0, 1));
        add_word(&hash, random_below(&r, 7));
        add_real(&hash, random_unit(&r));
        add_real(&hash, random_normal(&r, 0, 1));
        add_permutation_of_five(&hash, &r);
        add_real(&hash, random_uniform(&r, -1, 1));
        add_word(&hash, random_below(&r, (uint64_t)1 << 40));
        add_word(&hash, random_below(&r, 1));
        add_real(&hash, random_normal(&r, 0, 1));
    }
    return hash;
}

#endif
