/* A small network over given arrays: its outputs, and its gradient compared with differences. */
#ifndef STUDY_LAYERS_H
#define STUDY_LAYERS_H

#include "check/check.h"
#include "study/draws.h"

/* The network. Arrays: x (examples × inputs); W1 (outputs × inputs, or with by_input inputs × outputs, for the
 * convention x·W), b1, W2, …: a missing weight matrix is the identity, a missing bias 0; labels (examples) or targets
 * (examples × outputs). */
typedef struct LayersOptions {
    const uint64_t *sizes;
    size_t size_count;
    const char *const *hidden; /* activations: size_count - 2, or one for all; count 0: relu */
    size_t hidden_count;
    const char *output; /* activation */
    const char *loss;   /* NULL: L is the sum of all outputs, so that dL/da = 1 for each of them */
    bool by_input;
    const char *engine; /* variable of the gradient */
} LayersOptions;

typedef struct Layers {
    Network network;
    percept_dataset *data;
    size_t examples;
    double *parameters; /* network.parameter_count */
    double *outputs;    /* examples × outputs */
    CheckReport report; /* of all parameters, then x; the loss is summed over examples */
} Layers;

/* Computes outputs and gradients. PERCEPT_ERROR_ARGUMENT for arrays that are missing, of another shape, or of an
 * unknown name. Zeroed before; released with layers_clear, also on failure. */
percept_status layers_compute(const LayersOptions *options, const Draws *draws, Team *team, Layers *out,
                              percept_error *error);
void layers_clear(Layers *layers);

/* dL/dx of the engine (examples × inputs): the entries' gradient. */
const CheckEntry *layers_input_gradient(const Layers *layers);

#endif
