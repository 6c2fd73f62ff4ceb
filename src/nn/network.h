/* A Network is shapes and names, no numbers: layers in a row over one flat parameter vector.
 *
 * Layer l maps A_{l-1} (n × inputs) to Z_l = A_{l-1} · W_lᵀ + b_l (n × outputs) and A_l = f_l(Z_l). In the flat
 * vector lie W_1 (outputs × inputs, row-major), b_1 (outputs), W_2, b_2, … without gaps. Gradients and optimizer
 * state have the same layout. */
#ifndef NN_NETWORK_H
#define NN_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

typedef struct Layer {
    size_t inputs, outputs;
    size_t activation;     /* index into the activation table */
    double l1, l2;         /* penalties λ‖W‖₁ + λ‖W‖₂² per example; biases are free */
    double dropout;        /* p in [0, 1): in training, chance that an output becomes 0 (dropout.h); the last layer 0 */
    size_t dropout_offset; /* place of the layer's first unit among the network's dropout_units */
    size_t weights, biases; /* offsets into the flat vector */
} Layer;

typedef struct Network {
    size_t depth; /* layers of weights */
    Layer *layers;
    size_t loss;            /* index into the loss table */
    bool sum;               /* the loss of a batch is the sum over its examples, not the mean */
    double label_smoothing; /* s in [0, 1): in training, targets made of labels are (1 - s)·onehot + s/k (loss.h) */
    size_t parameter_count;
    size_t dropout_units; /* outputs of all layers with dropout */
} Network;

/* What a network is made from. Arrays hold one entry a layer, or a single entry for all layers. */
typedef struct NetworkOptions {
    const uint64_t *sizes; /* depth + 1 Layer sizes, input first */
    size_t size_count;
    const char *const *hidden_activations; /* depth - 1 names, or 1 for all hidden layers */
    size_t hidden_activation_count;
    const char *output_activation; /* "softmax", "sigmoid", "identity", … */
    const char *loss;              /* name in the loss table */
    bool sum;
    double label_smoothing;
    const double *l1, *l2; /* depth values, or 1 for all layers; NULL: none */
    size_t l1_count, l2_count;
    const double *dropout; /* depth - 1 values, or 1 for all hidden layers; NULL: none */
    size_t dropout_count;
} NetworkOptions;

/* Checks the options (sizes ≥ 1, products that do not overflow, names that exist, a loss that fits the output) and
 * allocates the layers. Released with network_clear. */
percept_status network_create(const NetworkOptions *options, Network *out, percept_error *error);
percept_status network_copy(const Network *from, Network *to, percept_error *error);
void network_clear(Network *network);

size_t network_inputs(const Network *network);
size_t network_outputs(const Network *network);

/* The widest layer's outputs: what a buffer for any activation of one example must hold. */
size_t network_widest(const Network *network);

/* True if some layer has a penalty. */
bool network_has_penalty(const Network *network);

#endif
