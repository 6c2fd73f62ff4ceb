/* Named arrays of numbers, drawn one after the other from a NumPy stream, or given:
 *
 *   generator: 12345                                numpy.random.default_rng(12345)
 *   draw:                                           in this order
 *     x: {uniform: [-10, 10], shape: [3, 5]}        generator.uniform(-10, 10, size=(3, 5))
 *     w: {normal: [0, 1], shape: 5}                 mean and deviation
 *     y: {integers: [0, 2], shape: 5}               from 0, below 2
 *     t: {values: [1, 0.5, 2]}                      not drawn
 *     z: {uniform: [0, 1], generator: 12345}        from a fresh stream, which those below go on with; without a shape
 *                                                   one number
 *
 * Numbers may be formulas: uniform: [-sqrt(6/35), sqrt(6/35)]. */
#ifndef STUDY_DRAWS_H
#define STUDY_DRAWS_H

#include "base/random.h"
#include "recipe/fields.h"

#define DRAWS_MOST 16

/* An array; one row if the shape is a single number. */
typedef struct DrawnArray {
    const char *name; /* lives as long as the document */
    size_t rows, columns;
    double *values; /* rows × columns */
} DrawnArray;

/* Zeroed: none. Released with draws_clear. */
typedef struct Draws {
    size_t count;
    DrawnArray arrays[DRAWS_MOST];
} Draws;

/* Reads `draw`, a mapping, and draws. */
percept_status draws_read(const FieldSource *source, const yaml_node_t *node, uint64_t generator, Draws *out,
                          percept_error *error);
void draws_clear(Draws *draws);

/* The same for a single array, {uniform: [-10, 10], shape: 5}; out->values is released with memory_free. */
percept_status draws_read_one(const FieldSource *source, const yaml_node_t *node, uint64_t generator, DrawnArray *out,
                              percept_error *error);

/* The array of this name, or NULL. */
const DrawnArray *draws_find(const Draws *draws, const char *name);

/* The ways to draw. `count` values from the stream; a and b are the bounds, or mean and deviation. */
typedef struct DrawRule {
    const char *name; /* "uniform" */
    void (*draw)(RandomStream *stream, double a, double b, double *values, size_t count);
    bool whole; /* a and b are integers, a < b */
} DrawRule;

/* The rule of this name, or NULL. */
const DrawRule *draw_rule_find(const char *name);

#endif
