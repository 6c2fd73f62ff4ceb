/* Writes augmented pictures with all that they were made from to standard output, as float64, for check_augment.py:
 *
 *   augment pictures SEED SIGMA ALPHA   the displacements before smoothing (2 × 28 × 28), the map (2 × 3), the picture,
 *                                       and what becomes of it in float and in double; for 20 examples
 *   augment time SECONDS SIGMA ALPHA    elastic deformations of 28 × 28 pixels a second, with one thread, as text */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "augment/augment.h"

enum { SIDE = 28, PIXELS = SIDE * SIDE, EXAMPLES = 20 };

static void write_picture(const Augment *augment, AugmentRoom *room, size_t example, RandomStream *stream)
{
    AugmentDraw draw;
    float narrow[PIXELS];
    double fields[2][PIXELS], map[6], picture[PIXELS], results[2][PIXELS];
    for (size_t k = 0; k < PIXELS; k++)
        narrow[k] = (float)(picture[k] = results[1][k] = (double)(float)random_unit(stream));
    augment_draw(augment, 1, example, room, &draw);
    for (size_t k = 0; k < PIXELS; k++) {
        fields[0][k] = (double)(int32_t)(uint32_t)(room->words[k] >> 32) / 2147483648.0;
        fields[1][k] = (double)(int32_t)(uint32_t)room->words[k] / 2147483648.0;
    }
    memcpy(map, draw.map, sizeof map);
    augment->apply[0](augment, &draw, room, narrow);
    augment->apply[1](augment, &draw, room, results[1]);
    for (size_t k = 0; k < PIXELS; k++)
        results[0][k] = (double)narrow[k];
    fwrite(fields, sizeof fields, 1, stdout);
    fwrite(map, sizeof map, 1, stdout);
    fwrite(picture, sizeof picture, 1, stdout);
    fwrite(results, sizeof results, 1, stdout);
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void measure(const Augment *augment, AugmentRoom *room, double seconds)
{
    static float picture[PIXELS];
    size_t done = 0;
    const double start = now();
    while (now() - start < seconds)
        for (size_t i = 0; i < 100; i++)
            augment_picture(augment, 0, done++, room, sizeof *picture, picture);
    printf("%.0f\n", (double)done / (now() - start));
}

int main(int argc, char **argv)
{
    if (argc != 5)
        return 2;
    const bool timed = strcmp(argv[1], "time") == 0;
    const PictureShape shape = {SIDE, SIDE, 1};
    AugmentOptions options = {.elastic_sigma = strtod(argv[3], NULL), .elastic = strtod(argv[4], NULL)};
    if (!timed) {
        options.rotation = 15;
        options.scale = 0.15;
        options.shear = 10;
        options.shift = 2;
        options.flip = 0.5;
    }
    RandomStream stream;
    Augment *augment = NULL;
    percept_error error;
    random_default_rng(&stream, timed ? 0 : strtoull(argv[2], NULL, 10));
    if (augment_create(&options, &shape, 60000, &stream, 1, &augment, &error) != PERCEPT_OK) {
        fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    AugmentRoom *room = augment_enter(augment);
    if (timed)
        measure(augment, room, strtod(argv[2], NULL));
    for (size_t i = 0; i < EXAMPLES && !timed; i++)
        write_picture(augment, room, i, &stream);
    augment_leave(room);
    augment_free(augment);
    return 0;
}
