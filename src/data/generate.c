#include "data/generate.h"

#include <math.h>
#include <string.h>

#include "base/random.h"

#define INNER_RADIUS 0.5
#define FEATURES 2
/* As many classes as anybody would look at; blobs of more lie on one another. */
#define MOST_CLASSES 1000

/* ---- Places ---------------------------------------------------------------------------------------------------- */

static void set_polar(double radius, double angle, double point[2])
{
    point[0] = radius * cos(angle);
    point[1] = radius * sin(angle);
}

static void place_on_circles(double u, size_t k, const GeneratorOptions *options, double point[2])
{
    (void)options;
    set_polar(k == 0 ? 1 : INNER_RADIUS, 2 * M_PI * u, point);
}

/* The second moon is the first under (x, y) → (1 - x, 1/2 - y). */
static void place_on_moons(double u, size_t k, const GeneratorOptions *options, double point[2])
{
    (void)options;
    set_polar(1, M_PI * u, point);
    if (k == 1) {
        point[0] = 1 - point[0];
        point[1] = 0.5 - point[1];
    }
}

/* The root makes points about as dense everywhere on the arm, whose length grows as the square of the radius. */
static void place_on_spirals(double u, size_t k, const GeneratorOptions *options, double point[2])
{
    const double radius = sqrt(u);
    set_polar(radius, 2 * M_PI * (options->turns * radius + (double)k / (double)options->classes), point);
}

static void place_in_blobs(double u, size_t k, const GeneratorOptions *options, double point[2])
{
    (void)u;
    set_polar(1, 2 * M_PI * (double)k / (double)options->classes, point);
}

/* ---- The table ------------------------------------------------------------------------------------------------- */

static const Generator generator_table[] = {
    {.name = "circles",
     .summary = "points on two rings, one inside the other",
     .count = 1100,
     .noise = 0.1,
     .classes = 2,
     .on_curve = true,
     .place = place_on_circles},
    {.name = "moons",
     .summary = "points on two interleaving half circles",
     .count = 1000,
     .noise = 0.1,
     .classes = 2,
     .on_curve = true,
     .place = place_on_moons},
    {.name = "spirals",
     .summary = "points on the arms of a spiral, one class per arm",
     .count = 1000,
     .noise = 0.02,
     .classes = 2,
     .any_classes = true,
     .any_turns = true,
     .on_curve = true,
     .place = place_on_spirals},
    {.name = "blobs",
     .summary = "points around centres on a circle, one class per centre",
     .count = 1000,
     .noise = 0.2,
     .classes = 3,
     .any_classes = true,
     .place = place_in_blobs},
};

#define GENERATORS (sizeof generator_table / sizeof generator_table[0])

const Generator *generators(size_t *count)
{
    *count = GENERATORS;
    return generator_table;
}

const Generator *generator_find(const char *name)
{
    for (size_t g = 0; g < GENERATORS; g++)
        if (strcmp(generator_table[g].name, name) == 0)
            return &generator_table[g];
    return NULL;
}

/* ---- Drawing --------------------------------------------------------------------------------------------------- */

/* Sets the defaults and checks the rest. */
static percept_status complete(const Generator *generator, const GeneratorOptions *given, GeneratorOptions *out,
                               percept_error *error)
{
    *out = *given;
    if (out->count == 0)
        out->count = generator->count;
    if (out->classes == 0)
        out->classes = generator->classes;
    if (!out->has_noise)
        out->noise = generator->noise;
    if (out->turns == 0)
        out->turns = 1;
    else if (!generator->any_turns)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "%s make no turns; leave the number of turns out",
                         generator->name);
    if (!(out->noise >= 0 && isfinite(out->noise)))
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "noise is %g; give a finite number ≥ 0", out->noise);
    if (!generator->any_classes && out->classes != generator->classes)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "%s have %zu classes, not %zu", generator->name,
                         generator->classes, out->classes);
    if (out->classes > MOST_CLASSES)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "%zu classes are more than the %d that %s can have",
                         out->classes, MOST_CLASSES, generator->name);
    if (out->count < out->classes)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "%zu classes of %s need as many examples at least, not %zu",
                         out->classes, generator->name, out->count);
    return PERCEPT_OK;
}

percept_status generator_draw(const Generator *generator, const GeneratorOptions *options, Storage **out,
                              percept_error *error)
{
    GeneratorOptions complete_options;
    Storage *made = NULL;
    percept_status status = complete(generator, options, &complete_options, error);
    if (status == PERCEPT_OK)
        status =
            storage_create(PERCEPT_FLOAT64, complete_options.count, FEATURES, complete_options.classes, &made, error);
    if (status != PERCEPT_OK)
        return status;
    RandomStream stream;
    random_default_rng(&stream, complete_options.seed);
    double(*points)[FEATURES] = made->features;
    for (size_t i = 0; i < made->count; i++) {
        const size_t k = i % made->class_count;
        generator->place(generator->on_curve ? random_unit(&stream) : 0, k, &complete_options, points[i]);
        for (size_t j = 0; j < FEATURES; j++)
            points[i][j] += random_normal(&stream, 0, complete_options.noise);
        made->labels[i] = (int32_t)k;
    }
    *out = made;
    return PERCEPT_OK;
}
