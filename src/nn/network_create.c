#include "nn/network.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "nn/activation.h"
#include "nn/loss.h"
#include "nn/members.h"
#include "nn/network_stages.h"

/* Entry l of a list that holds one entry for all layers, or one for each. */
static size_t list_index(size_t count, size_t l)
{
    return count == 1 ? 0 : l;
}

static percept_status check_counts(const NetworkOptions *options, percept_error *error)
{
    if (options->size_count < 2)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "a network needs at least two layer sizes (input and output), not %zu", options->size_count);
    const size_t depth = options->size_count - 1;
    if (depth > 1 && options->hidden_activation_count != 1 && options->hidden_activation_count != depth - 1)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "%zu hidden activations for %zu hidden layers; give one for all or one for each",
                         options->hidden_activation_count, depth - 1);
    const size_t penalty_counts[] = {options->l1_count, options->l2_count};
    for (size_t p = 0; p < 2; p++)
        if (penalty_counts[p] > 1 && penalty_counts[p] != depth)
            return error_set(error, PERCEPT_ERROR_ARGUMENT,
                             "%zu values of l%zu for %zu layers; give one for all or one for each", penalty_counts[p],
                             p + 1, depth);
    if (depth > 1 && options->dropout_count > 1 && options->dropout_count != depth - 1)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "%zu values of dropout for %zu hidden layers; give one for all or one for each",
                         options->dropout_count, depth - 1);
    return PERCEPT_OK;
}

/* Dropout of a hidden layer. */
static percept_status set_dropout(const NetworkOptions *options, Network *network, size_t l, percept_error *error)
{
    Layer *layer = &network->layers[l];
    layer->dropout = options->dropout_count > 0 ? options->dropout[list_index(options->dropout_count, l)] : 0;
    if (!(layer->dropout >= 0 && layer->dropout < 1))
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "dropout of layer %zu must lie in [0, 1), but is %g", l + 1,
                         layer->dropout);
    layer->dropout_offset = network->dropout_units;
    if (layer->dropout > 0)
        network->dropout_units += layer->units;
    return PERCEPT_OK;
}

static percept_status find_activation(const char *name, size_t *index, percept_error *error)
{
    int found = activation_find(name);
    if (found < 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "unknown activation '%s'", name);
    *index = (size_t)found;
    return PERCEPT_OK;
}

static percept_status fill_layer(const NetworkOptions *options, Network *network, size_t l, percept_error *error)
{
    Layer *layer = &network->layers[l];
    const bool last = l + 1 == network->depth;
    const char *activation = last ? options->output_activation
                                  : options->hidden_activations[list_index(options->hidden_activation_count, l)];
    layer->inputs = options->sizes[l];
    layer->outputs = options->sizes[l + 1];
    layer->l1 = options->l1_count > 0 ? options->l1[list_index(options->l1_count, l)] : 0;
    layer->l2 = options->l2_count > 0 ? options->l2[list_index(options->l2_count, l)] : 0;
    if (layer->inputs == 0 || layer->outputs == 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "layer size %zu is 0; every layer needs at least one unit",
                         layer->inputs == 0 ? l : l + 1);
    if (!(layer->l1 >= 0 && isfinite(layer->l1) && layer->l2 >= 0 && isfinite(layer->l2)))
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "the penalties of layer %zu must be finite and not negative",
                         l + 1);
    layer->units = layer->outputs;
    return find_activation(activation, &layer->activation, error);
}

/* ---- Tensors ----------------------------------------------------------------------------------------------------- */

static percept_status place_weights(Network *network, size_t l, percept_error *error)
{
    Layer *layer = &network->layers[l];
    size_t weights = 0;
    layer->weights = network->dense_count;
    if (__builtin_mul_overflow(layer->inputs, layer->outputs, &weights) ||
        __builtin_add_overflow(layer->weights, weights, &layer->biases) ||
        __builtin_add_overflow(layer->biases, layer->outputs, &network->dense_count) ||
        network->dense_count > SIZE_MAX / 64)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "layer %zu (%zu × %zu) has more weights than can be addressed",
                         l + 1, layer->outputs, layer->inputs);
    NetworkTensor *tensor = &network->tensors[network->tensor_count];
    tensor[0] = (NetworkTensor){
        .role = ROLE_WEIGHT, .side = l + 1, .offset = layer->weights, .rows = layer->outputs, .columns = layer->inputs};
    tensor[1] = (NetworkTensor){.role = ROLE_BIAS, .side = l + 1, .offset = layer->biases, .rows = layer->outputs};
    snprintf(tensor[0].name, TENSOR_NAME_SIZE, "layers.%zu.weight", l);
    snprintf(tensor[1].name, TENSOR_NAME_SIZE, "layers.%zu.bias", l);
    network->tensor_count += 2;
    return PERCEPT_OK;
}

static percept_status place_tensors(Network *network, percept_error *error)
{
    percept_status status = memory_allocate_zeroed(2 * network->depth + network_count_stage_tensors(network),
                                                   sizeof *network->tensors, "the tensors", &network->tensors, error);
    for (size_t l = 0; l < network->depth && status == PERCEPT_OK; l++)
        status = place_weights(network, l, error);
    size_t used = network->dense_count;
    if (status == PERCEPT_OK)
        status = network_add_stage_tensors(network, true, &used, error);
    network->parameter_count = used;
    if (status == PERCEPT_OK)
        status = network_add_stage_tensors(network, false, &used, error);
    network->value_count = used;
    return status;
}

static const char *const role_names[TENSOR_ROLES] = {"weight", "bias", "scale", "shift", "table", "slope", "statistic"};

const char *tensor_role_name(TensorRole role)
{
    return role_names[role];
}

/* ------------------------------------------------------------------------------------------------------------------ */

static percept_status set_intervals(const NetworkOptions *options, Network *network, percept_error *error)
{
    const double coverage = options->intervals;
    if (coverage == 0)
        return PERCEPT_OK;
    if (!(coverage > 0 && coverage < 1))
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "intervals for a fraction of %g of the targets; give 0 to 1",
                         coverage);
    if (strcmp(options->loss, "quantile") != 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "intervals need the loss quantile, not %s", options->loss);
    if (options->sizes[options->size_count - 1] % 3 != 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "intervals need three outputs for each target, but there are %zu outputs",
                         (size_t)options->sizes[options->size_count - 1]);
    network->intervals = coverage;
    network->levels[0] = NAN;
    network->levels[1] = (1 - coverage) / 2;
    network->levels[2] = (1 + coverage) / 2;
    return PERCEPT_OK;
}

size_t network_outputs_of_target(const Network *network)
{
    return network->intervals > 0 ? 3 : 1;
}

const double *network_levels(const Network *network, size_t j)
{
    return network->intervals > 0 ? &network->levels[j % 3] : NULL;
}

static percept_status set_loss(const NetworkOptions *options, Network *network, percept_error *error)
{
    int found = loss_find(options->loss);
    if (found < 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "unknown loss '%s'", options->loss);
    network->loss = (size_t)found;
    network->sum = options->sum;
    network->label_smoothing = options->label_smoothing;
    if (!(options->label_smoothing >= 0 && options->label_smoothing < 1))
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "label smoothing must lie in [0, 1), but is %g",
                         options->label_smoothing);
    const char *needed = loss_at_f64(network->loss)->output;
    if (needed != NULL && strcmp(needed, options->output_activation) != 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "the loss %s needs the output activation %s, not %s",
                         options->loss, needed, options->output_activation);
    return PERCEPT_OK;
}

percept_status network_create(const NetworkOptions *options, Network *out, percept_error *error)
{
    Network network = {0};
    percept_status status = check_counts(options, error);
    if (status != PERCEPT_OK)
        return status;
    network.depth = options->size_count - 1;
    status = memory_allocate_zeroed(network.depth, sizeof *network.layers, "the layers", &network.layers, error);
    for (size_t l = 0; l < network.depth && status == PERCEPT_OK; l++)
        status = fill_layer(options, &network, l, error);
    if (status == PERCEPT_OK) {
        network.features = network.layers[0].inputs;
        status = network_place_stages(options, &network, error);
    }
    if (status == PERCEPT_OK)
        status = place_tensors(&network, error);
    for (size_t l = 0; l + 1 < network.depth && status == PERCEPT_OK; l++)
        status = set_dropout(options, &network, l, error);
    if (status == PERCEPT_OK)
        status = network_add_members(&network, options->members > 0 ? options->members : 1, error);
    if (status == PERCEPT_OK)
        status = set_loss(options, &network, error);
    if (status == PERCEPT_OK)
        status = set_intervals(options, &network, error);
    if (status == PERCEPT_OK)
        *out = network;
    else
        network_clear(&network);
    return status;
}

void network_clear(Network *network)
{
    network_clear_stages(network);
    memory_free(network->tensors);
    memory_free(network->layers);
    memset(network, 0, sizeof *network);
}

size_t network_inputs(const Network *network)
{
    return network->features;
}

size_t network_outputs(const Network *network)
{
    return network->layers[network->depth - 1].outputs;
}

size_t network_side_width(const Network *network, size_t l)
{
    return l == 0 ? network->features : network->layers[l - 1].outputs;
}

size_t network_side_output(const Network *network, size_t l)
{
    return l < network->depth ? network->layers[l].inputs : network_outputs(network);
}

bool network_side_is_staged(const Network *network, size_t l)
{
    for (size_t s = 0; s < network->stage_count; s++)
        if (network->stages[s].side == l || (network->stages[s].kind->links && network->stages[s].from == l))
            return true;
    return false;
}

size_t network_output_activation(const Network *network)
{
    return network->layers[network->depth - 1].activation;
}

const NetworkTensor *network_tensor_find(const Network *network, const char *name)
{
    for (size_t t = 0; t < network->tensor_count; t++)
        if (strcmp(network->tensors[t].name, name) == 0)
            return &network->tensors[t];
    return NULL;
}

size_t network_widest(const Network *network)
{
    size_t widest = 0;
    for (size_t l = 1; l <= network->depth; l++)
        if (network_side_width(network, l) > widest)
            widest = network_side_width(network, l);
    for (size_t s = 0; s < network->stage_count; s++) {
        const Stage *stage = &network->stages[s];
        const size_t wider = stage->width_in > stage->width_out ? stage->width_in : stage->width_out;
        if (wider > widest)
            widest = wider;
    }
    return widest;
}

bool network_has_penalty(const Network *network)
{
    for (size_t l = 0; l < network->depth; l++)
        if (network->layers[l].l1 > 0 || network->layers[l].l2 > 0)
            return true;
    return false;
}
