/* Writes a large table as CSV: six categories of 3 to 400 texts, fourteen numbers with decimals, and a label of two classes
 * that depends on all of them.
 *     build/release/bench/large_table ROWS FILE.csv [DECIMALS [NUMBERS]] */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"

#define CATEGORIES 6
#define NUMBERS 14

static const unsigned category_sizes[CATEGORIES] = {3, 8, 24, 60, 150, 400};

static void write_header(FILE *file, size_t numbers)
{
    for (size_t k = 0; k < CATEGORIES; k++)
        fprintf(file, "kind%zu,", k + 1);
    for (size_t j = 0; j < numbers; j++)
        fprintf(file, "number%zu,", j + 1);
    fprintf(file, "answer\n");
}

/* Number j is normal, of a spread between 1 and 100. */
static void write_row(FILE *file, RandomStream *stream, size_t numbers, int decimals)
{
    double sum = 0;
    for (size_t k = 0; k < CATEGORIES; k++) {
        const double share = random_uniform(stream, 0, 1); /* small codes are more frequent */
        const unsigned code = (unsigned)(share * share * category_sizes[k]);
        sum += sin((double)(code * (k + 1)));
        fprintf(file, "%c%u,", (char)('a' + k), code);
    }
    for (size_t j = 0; j < numbers; j++) {
        const double x = random_normal(stream, 0, 1);
        sum += j % 2 == 0 ? x / 3 : cos(2 * x) / 3;
        fprintf(file, "%.*f,", decimals, x * pow(100, (double)(j % NUMBERS) / NUMBERS));
    }
    fprintf(file, "%s\n", sum + random_normal(stream, 0, 1) > 0 ? "yes" : "no");
}

int main(int count, char **arguments)
{
    RandomStream stream;
    if (count < 3) {
        fprintf(stderr, "usage: large_table ROWS FILE.csv [DECIMALS [NUMBERS]]\n");
        return EXIT_FAILURE;
    }
    const size_t rows = strtoull(arguments[1], NULL, 10);
    const int decimals = count > 3 ? (int)strtol(arguments[3], NULL, 10) : 4;
    const size_t numbers = count > 4 ? strtoull(arguments[4], NULL, 10) : NUMBERS;
    FILE *file = fopen(arguments[2], "w");
    if (file == NULL) {
        fprintf(stderr, "%s: %s\n", arguments[2], strerror(errno));
        return EXIT_FAILURE;
    }
    random_default_rng(&stream, 1);
    write_header(file, numbers);
    for (size_t i = 0; i < rows; i++)
        write_row(file, &stream, numbers, decimals);
    if (fclose(file) != 0) {
        fprintf(stderr, "%s: %s\n", arguments[2], strerror(errno));
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
