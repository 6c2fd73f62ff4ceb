/* Writes draws of one kind to standard output, as bytes in the machine's order, for check_random.py:
 *
 *   random pcg64|mt19937|spawn:CHILD SEED KIND COUNT [LOW HIGH]
 *
 * KIND is unit, uniform, normal (LOW, HIGH: mean, deviation): float64; integers, below (LOW is ignored): int64;
 * permutation: uint32. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"

static bool seed_stream(RandomStream *stream, const char *name, const char *seed_text)
{
    uint64_t seed = strtoull(seed_text, NULL, 10);
    if (strcmp(name, "pcg64") == 0)
        random_default_rng(stream, seed);
    else if (strncmp(name, "spawn:", 6) == 0)
        random_spawn(stream, seed, (uint32_t)strtoul(name + 6, NULL, 10));
    else
        return strcmp(name, "mt19937") == 0 && random_legacy_seed(stream, seed, NULL) == PERCEPT_OK;
    return true;
}

static bool draw_reals(RandomStream *stream, const char *kind, double low, double high, double *values, size_t count)
{
    if (strcmp(kind, "unit") == 0)
        for (size_t i = 0; i < count; i++)
            values[i] = random_unit(stream);
    else if (strcmp(kind, "uniform") == 0)
        for (size_t i = 0; i < count; i++)
            values[i] = random_uniform(stream, low, high);
    else if (strcmp(kind, "normal") == 0)
        for (size_t i = 0; i < count; i++)
            values[i] = random_normal(stream, low, high);
    else
        return false;
    return true;
}

static bool draw_integers(RandomStream *stream, const char *kind, int64_t low, int64_t high, int64_t *values,
                          size_t count)
{
    if (strcmp(kind, "integers") == 0)
        random_integers(stream, low, high, values, count);
    else if (strcmp(kind, "below") == 0)
        for (size_t i = 0; i < count; i++)
            values[i] = (int64_t)random_below(stream, (uint64_t)high);
    else
        return false;
    return true;
}

int main(int argc, char **argv)
{
    RandomStream stream;
    if (argc < 5 || !seed_stream(&stream, argv[1], argv[2]))
        return 2;
    const char *kind = argv[3], *low = argc > 5 ? argv[5] : "0", *high = argc > 6 ? argv[6] : "1";
    size_t count = strtoull(argv[4], NULL, 10), size = 8;
    void *values = malloc(count * size + 1);
    if (values == NULL)
        return 1;
    bool known = true;
    if (strcmp(kind, "permutation") == 0) {
        size = sizeof(uint32_t);
        random_permutation(&stream, values, count);
    } else {
        known = draw_reals(&stream, kind, strtod(low, NULL), strtod(high, NULL), values, count) ||
                draw_integers(&stream, kind, strtoll(low, NULL, 10), strtoll(high, NULL, 10), values, count);
    }
    bool written = known && fwrite(values, size, count, stdout) == count;
    free(values);
    return written ? 0 : 1;
}
