/* A Network describes shapes and names, without numbers: a sequence of dense layers, the stages between them
 * (nn/stage.h), and the table of their tensors in one flat parameter vector.
 *
 * Layer l maps the output of side l (n × inputs) to Z_l = A_l · W_lᵀ + b_l (n × outputs). Side l + 1 takes Z_l through
 * its stages and f_l to A_{l+1} (n × units, or what its last stage gives).
 *
 * In the flat vector lie W_0 (outputs × inputs, row-major), b_0 (outputs), W_1, b_1, … without gaps, then the stages' trained
 * tensors, then their statistics. Gradients and optimizer state have the layout of what is trained. */
#ifndef NN_NETWORK_H
#define NN_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "nn/stage.h"
#include "nn/tensor.h"

typedef struct Layer {
    size_t inputs, outputs; /* of the product */
    size_t units;          /* columns that the activation takes: outputs, unless stages before it change their number */
    size_t activation;     /* index into the activation table */
    double l1, l2;         /* penalties λ‖W‖₁ + λ‖W‖₂² per example; biases are free */
    double dropout;        /* p in [0, 1): probability that training drops an output (dropout.h); the last layer 0 */
    size_t dropout_offset; /* index of the layer's first unit among the network's dropout_units */
    size_t weights, biases; /* offsets into the flat vector */
} Layer;

/* The stages of one side, network->stages[first …]: `before` of them before the activation, then `after`. */
typedef struct SideStages {
    size_t first, before, after;
} SideStages;

typedef struct Network {
    size_t members;  /* networks in one (nn/members.h); all else but counts and tensors is that of one of them */
    size_t features; /* columns of the data that go in */
    size_t depth;    /* dense layers */
    Layer *layers;
    size_t stage_count;
    Stage *stages;
    SideStages *sides; /* depth + 1 */
    size_t tensor_count;
    NetworkTensor *tensors; /* by offset */
    size_t loss;            /* index into the loss table */
    bool sum;               /* the loss of a batch is the sum over its examples, not the mean */
    /* The fraction c of the targets that lies in intervals, or 0: none. Outputs 3t, 3t + 1 and 3t + 2 are then the mean of
     * target t and its quantiles (1 - c)/2 and (1 + c)/2; levels are those of the three: NaN and the two fractions. */
    double intervals, levels[3];
    double label_smoothing; /* s in [0, 1): in training, targets made of labels are (1 - s)·onehot + s/k (loss.h) */
    size_t dense_count;     /* elements of a member's dense layers, which come first */
    size_t parameter_count; /* … and of all that are trained */
    size_t value_count;     /* … and with the statistics: the flat vector */
    size_t dropout_units;   /* outputs of all layers with dropout */
} Network;

/* A stage of a network to be created. */
typedef struct StageOptions {
    const char *kind;
    size_t side;
    const double *settings; /* STAGE_SETTINGS of them, NAN: the kind's own; NULL: all are */
    size_t first, inputs;   /* of_columns: the columns of the side's matrix as it is there; inputs 0: all */
    const uint32_t *counts; /* of_columns: values of each of its columns, or NULL */
    size_t from;            /* links: the earlier side */
} StageOptions;

/* Most members that recipes and files may ask for. */
#define NETWORK_MOST_MEMBERS 1024

/* The options of a network. Arrays hold one entry for each layer, or a single entry for all layers. */
typedef struct NetworkOptions {
    const uint64_t *sizes; /* depth + 1: features, then what each layer's side gives to the next one */
    size_t size_count;
    const char *const *hidden_activations; /* depth - 1 names, or 1 for all hidden layers */
    size_t hidden_activation_count;
    const char *output_activation; /* "softmax", "sigmoid", "identity", … */
    const char *loss;              /* name in the loss table */
    bool sum;
    double label_smoothing;
    double intervals;      /* 0: none */
    const double *l1, *l2; /* depth values, or 1 for all layers; NULL: none */
    size_t l1_count, l2_count;
    const double *dropout; /* depth - 1 values, or 1 for all hidden layers; NULL: none */
    size_t dropout_count;
    const StageOptions *stages; /* by side, and in their order on it */
    size_t stage_count;
    size_t members; /* 0: one */
} NetworkOptions;

/* Checks the options (sizes ≥ 1, products that do not overflow, names that exist, a loss that fits the output) and
 * allocates the layers. Released with network_clear. */
percept_status network_create(const NetworkOptions *options, Network *out, percept_error *error);
void network_clear(Network *network);

size_t network_inputs(const Network *network);
size_t network_outputs(const Network *network);

/* Outputs for each target: 3 with intervals, else 1. */
size_t network_outputs_of_target(const Network *network);

/* The level of output j and of those behind it (REAL(Answers).levels), or NULL. */
const double *network_levels(const Network *network, size_t j);

/* Columns of side l's matrix where layer l - 1 (or the data) has made it, and where layer l reads it. */
size_t network_side_width(const Network *network, size_t l);
size_t network_side_output(const Network *network, size_t l);

/* True if side l has stages, or a stage behind it links to it. */
bool network_side_is_staged(const Network *network, size_t l);

/* Kind `index` of the network's stages, each kind once, in the order of their places; NULL past the last one. */
const StageKind *network_stage_kind(const Network *network, size_t index);

/* True if a stage behind layer l does what its activation would, which is the identity then. */
bool network_activation_is_replaced(const Network *network, size_t l);

/* Index of the output's activation; the tensor with this name, or NULL. */
size_t network_output_activation(const Network *network);
const NetworkTensor *network_tensor_find(const Network *network, const char *name);

/* The width of the widest matrix of any side: the size of a buffer for one example. */
size_t network_widest(const Network *network);

/* True if some layer has a penalty. */
bool network_has_penalty(const Network *network);

#endif
