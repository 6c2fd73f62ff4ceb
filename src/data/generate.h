/* Generators: classified points in the plane, drawn from formulas. A table (generate.c): a new one is one row.
 *
 *   circles   ring 0 has radius 1, ring 1 radius 1/2, both around the origin
 *   moons     two half circles of radius 1; one is the other rotated about (1/2, 1/4)
 *   spirals   arm k of K starts at the origin and makes one turn, or as many as asked for, out to radius 1;
 *             at radius r its angle is 2π (turns · r + k/K)
 *   blobs     K normal distributions around points evenly spaced on the circle of radius 1
 *
 * Example i has class i mod K, so any run of examples has as many of each class, to within one. For each example in
 * turn the stream default_rng(seed) gives one uniform number that places it on its class's curve (none for blobs), then
 * two normal ones, which times `noise` are added to x and y: the same seed with other noise moves the same points. */
#ifndef DATA_GENERATE_H
#define DATA_GENERATE_H

#include <stdbool.h>

#include "data/dataset.h"

/* What to draw. All zero: the defaults of the generator, with seed 0. */
typedef struct GeneratorOptions {
    size_t count;   /* examples; 0: the default of the generator */
    bool has_noise; /* false: the default of the generator */
    double noise;   /* deviation */
    size_t classes; /* 0: the default of the generator */
    double turns;   /* of spirals; 0: 1 */
    uint64_t seed;
} GeneratorOptions;

typedef struct Generator {
    const char *name;    /* "circles" */
    const char *summary; /* one line for lists */
    size_t count;        /* default number of examples */
    double noise;        /* default standard deviation of the noise added to x and y */
    size_t classes;      /* default */
    bool any_classes;    /* it can be changed */
    bool any_turns;      /* that of turns, too */
    bool on_curve;       /* one uniform number places an example on its curve */
    /* The place, without noise, of an example of class k at u in [0, 1) of its curve; options without defaults. */
    void (*place)(double u, size_t k, const GeneratorOptions *options, double point[2]);
} Generator;

/* The table; *count rows. */
const Generator *generators(size_t *count);
const Generator *generator_find(const char *name);

/* Draws the examples into a new storage: float64, two features, classes "0", "1", …. PERCEPT_ERROR_ARGUMENT for a
 * number of classes that the generator does not support, for fewer examples than classes, for noise that is
 * negative or not finite, and for turns of other points than spirals. */
percept_status generator_draw(const Generator *generator, const GeneratorOptions *options, Storage **out,
                              percept_error *error);

#endif
