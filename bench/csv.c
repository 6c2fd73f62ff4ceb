/* Speed of reading tables: a million rows of CSV, plain and gzip, in megabytes of text a second of
 * one core's time; the time by the clock, which other programs have a part in, stands beside.
 *     build/release/bench/csv [ROWS [COLUMNS [DIGITS]]] */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <zlib.h>

#include "base/random.h"
#include "data/csv.h"

/* Readings, of which the fastest counts: other programs can only slow it down. */
#define READINGS 5

static double now(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* Writes the table, plain and packed; normal numbers with so many digits, and a label. Returns the bytes of text. */
static size_t write_table(const char *plain, const char *packed, size_t rows, size_t columns, int digits)
{
    RandomStream stream;
    size_t bytes = 0;
    FILE *file = fopen(plain, "w");
    gzFile archive = gzopen(packed, "w6");
    if (file == NULL || archive == NULL)
        exit(EXIT_FAILURE);
    random_default_rng(&stream, 1);
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j <= columns; j++) {
            char cell[64];
            const double x = random_normal(&stream, 0, 1);
            const int length = j < columns ? snprintf(cell, sizeof cell, "%.*g,", digits, x)
                                           : snprintf(cell, sizeof cell, "%d\n", x > 0);
            fwrite(cell, 1, (size_t)length, file);
            gzwrite(archive, cell, (unsigned)length);
            bytes += (size_t)length;
        }
    fclose(file);
    gzclose(archive);
    return bytes;
}

static void time_reading(const char *what, const char *path, size_t bytes)
{
    const char *const paths[1][SOURCE_FILES] = {{path}};
    const SourceOptions options = {0};
    double best = 0, best_clock = 0;
    for (int r = 0; r < READINGS; r++) {
        Storage *storage = NULL;
        percept_error error;
        size_t count = 0;
        const double begin = now(CLOCK_PROCESS_CPUTIME_ID), clock_begin = now(CLOCK_MONOTONIC);
        if (csv_read(paths, 1, &options, 0, &storage, &count, &error) != PERCEPT_OK) {
            fprintf(stderr, "%s\n", error.message);
            exit(EXIT_FAILURE);
        }
        const double seconds = now(CLOCK_PROCESS_CPUTIME_ID) - begin, clock = now(CLOCK_MONOTONIC) - clock_begin;
        best = r == 0 || seconds < best ? seconds : best;
        best_clock = r == 0 || clock < best_clock ? clock : best_clock;
        storage_release(storage);
    }
    printf("%-6s %8.1f MB of text  %6.3f s of a core (%.3f s by the clock)  %6.1f MB/s\n", what, (double)bytes / 1e6,
           best, best_clock, (double)bytes / best / 1e6);
}

int main(int argc, char **argv)
{
    const size_t rows = argc > 1 ? (size_t)strtoull(argv[1], NULL, 10) : 1000000;
    const size_t columns = argc > 2 ? (size_t)strtoull(argv[2], NULL, 10) : 20;
    const int digits = argc > 3 ? (int)strtol(argv[3], NULL, 10) : 6;
    char folder[] = "/tmp/percept-csv-XXXXXX", plain[64], packed[64];
    if (mkdtemp(folder) == NULL)
        return EXIT_FAILURE;
    snprintf(plain, sizeof plain, "%s/table.csv", folder);
    snprintf(packed, sizeof packed, "%s/table.csv.gz", folder);
    const size_t bytes = write_table(plain, packed, rows, columns, digits);
    printf("%zu rows of %zu numbers of %d digits and a label\n", rows, columns, digits);
    time_reading("plain", plain, bytes);
    time_reading("gzip", packed, bytes);
    remove(plain);
    remove(packed);
    rmdir(folder);
    return EXIT_SUCCESS;
}
