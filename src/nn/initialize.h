/* Initial parameters: a table of initializers. Values are drawn in float64, layer by layer, and rounded to the run's
 * precision afterwards. Biases are 0. */
#ifndef NN_INITIALIZE_H
#define NN_INITIALIZE_H

#include <stdbool.h>

#include "base/random.h"
#include "nn/network.h"

typedef struct Initializer {
    const char *name;
    const char *formula;
    /* One weight of a layer with these sizes; scale is the σ or a of the recipe, gain the activation's. */
    double (*draw)(RandomStream *stream, size_t fan_in, size_t fan_out, double scale, double gain);
} Initializer;

/* Row `index` of the table, or NULL past its end; the index of a name, or -1. */
const Initializer *initializer_at(size_t index);
int initializer_find(const char *name);

/* Fills parameters (parameter_count float64 values). names: one initializer a layer, or one for all. W is drawn row by
 * row as (outputs × inputs), or with by_input as (inputs × outputs), in which order some notebooks draw it. */
percept_status network_initialize(const Network *network, const char *const *names, size_t name_count, double scale,
                                  bool by_input, RandomStream *stream, double *parameters, percept_error *error);

#endif
