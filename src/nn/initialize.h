/* Initial parameters: a table of initializers. Values are drawn in float64, layer by layer, and rounded to the run's
 * precision afterwards. Biases are 0. */
#ifndef NN_INITIALIZE_H
#define NN_INITIALIZE_H

#include <stdbool.h>

#include "base/random.h"
#include "nn/network.h"

/* What a weight draws from its stream: nothing, or one value of random_unit or of random_normal. */
typedef enum DrawKind { DRAW_NONE, DRAW_UNIFORM, DRAW_NORMAL } DrawKind;

typedef struct Initializer {
    const char *name;
    const char *formula;
    DrawKind kind;
    /* One weight of a layer with these sizes; scale is the σ or a of the recipe, gain the activation's. */
    double (*draw)(RandomStream *stream, size_t fan_in, size_t fan_out, double scale, double gain);
} Initializer;

/* Row `index` of the table, or NULL past its end; the index of a name, or -1. */
const Initializer *initializer_at(size_t index);
int initializer_find(const char *name);

/* Fills parameters (parameter_count float64 values). names: one initializer a layer, or one for all. W is drawn row by
 * row as (outputs × inputs), or with by_input as (inputs × outputs), the order of some notebooks. */
percept_status network_initialize(const Network *network, const char *const *names, size_t name_count, double scale,
                                  bool by_input, RandomStream *stream, double *parameters, percept_error *error);

/* Fills the stages' tensors; to be called after network_initialize, whose draws stay as they are without stages. features:
 * scaled features of training examples (rows × network_inputs), or NULL. */
percept_status network_initialize_stages(const Network *network, const StageData *features, RandomStream *stream,
                                         double *parameters, percept_error *error);

/* Values taken from a stream one after the other. */
typedef struct InitializerDraws {
    DrawKind kind; /* not DRAW_NONE */
    uint64_t count;
} InitializerDraws;

/* The draws of network_initialize with these names, in order, with neighbours of one kind combined: fills at most
 * `depth` entries and returns their number. The names must be valid for network_initialize. */
size_t network_draws(const Network *network, const char *const *names, size_t name_count, InitializerDraws *draws);

/* The name of a kind, "uniform" or "normal"; DRAW_NONE if a name of `length` letters is neither. The last function
 * takes `count` values of a kind from a stream, to move it to where another initialization left it. */
const char *draw_kind_name(DrawKind kind);
DrawKind draw_kind_find(const char *name, size_t length);
void draw_skip(RandomStream *stream, DrawKind kind, uint64_t count);

#endif
