#include "export/import_network.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "nn/activation.h"

ImportLayer *import_add_layer(ImportNetwork *network, size_t inputs, size_t outputs)
{
    OnnxGraph *memory = &network->memory;
    if (network->depth == network->room) {
        const size_t room = network->room > 0 ? 2 * network->room : 8;
        ImportLayer *layers = onnx_allocate(memory, room, sizeof *layers);
        if (layers == NULL)
            return NULL;
        if (network->depth > 0)
            memcpy(layers, network->layers, network->depth * sizeof *layers);
        network->layers = layers;
        network->room = room;
    }
    ImportLayer *layer = &network->layers[network->depth];
    *layer = (ImportLayer){.inputs = inputs, .outputs = outputs};
    layer->b = onnx_allocate(memory, outputs, sizeof *layer->b);
    if (layer->b == NULL)
        return NULL;
    network->depth++;
    return layer;
}

void import_network_clear(ImportNetwork *network)
{
    onnx_graph_clear(&network->memory);
    *network = (ImportNetwork){0};
}

/* ---- To a model --------------------------------------------------------------------------------------------------- */

static const char *loss_for(const char *output)
{
    return strcmp(output, "softmax") == 0   ? "cross-entropy"
           : strcmp(output, "sigmoid") == 0 ? "binary-cross-entropy"
                                            : "mean-squared-error";
}

static percept_status choose_activations(const ImportNetwork *network, const ImportOptions *options, const char **names,
                                         percept_error *error)
{
    const size_t last = network->depth - 1;
    for (size_t l = 0; l < network->depth; l++) {
        const char *own = network->layers[l].activation;
        names[l] = own != NULL ? own : l < last ? options->activation : options->output;
        if (l < last && names[l] == NULL)
            return error_set(error, PERCEPT_ERROR_ARGUMENT,
                             "the file does not say what follows its layers; give --activation, such as relu");
        if (names[l] == NULL)
            names[l] = "identity";
    }
    if (options->output != NULL && strcmp(names[last], options->output) != 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "--output %.40s: the file's network ends with %s already",
                         options->output, names[last]);
    return PERCEPT_OK;
}

static percept_status make_network(const ImportNetwork *from, const char *const *activations, Network *out,
                                   percept_error *error)
{
    uint64_t *sizes = NULL;
    const size_t depth = from->depth;
    percept_status status = memory_allocate(depth + 1, sizeof *sizes, "the layer sizes", &sizes, error);
    if (status != PERCEPT_OK)
        return status;
    sizes[0] = from->layers[0].inputs;
    for (size_t l = 0; l < depth; l++)
        sizes[l + 1] = from->layers[l].outputs;
    const NetworkOptions options = {.sizes = sizes,
                                    .size_count = depth + 1,
                                    .hidden_activations = activations,
                                    .hidden_activation_count = depth - 1,
                                    .output_activation = activations[depth - 1],
                                    .loss = loss_for(activations[depth - 1])};
    status = network_create(&options, out, error);
    memory_free(sizes);
    return status;
}

/* x' = (x - mean) / deviation with deviation = 1 / scale and mean = -shift / scale. */
static percept_status make_scaler(const ImportNetwork *from, Scaler *out, percept_error *error)
{
    const size_t width = from->layers[0].inputs;
    *out = (Scaler){.kind = SCALER_NONE, .width = width, .divisor = 1};
    if (from->scale == NULL)
        return PERCEPT_OK;
    out->kind = SCALER_STANDARDIZE;
    percept_status status = memory_allocate(width, sizeof(double), "the scaling", &out->mean, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(width, sizeof(double), "the scaling", &out->deviation, error);
    for (size_t j = 0; j < width && status == PERCEPT_OK; j++) {
        out->deviation[j] = 1 / from->scale[j];
        out->mean[j] = -from->shift[j] / from->scale[j];
    }
    return status;
}

/* Names of the classes: given ones, those of the file, or numbers. */
static percept_status choose_classes(const ImportNetwork *from, const ImportOptions *options, const char *output,
                                     char ***names, size_t *count, percept_error *error)
{
    const size_t outputs = from->layers[from->depth - 1].outputs;
    const bool softmax = strcmp(output, "softmax") == 0, sigmoid = strcmp(output, "sigmoid") == 0 && outputs == 1;
    const char *const *given = options->classes != NULL ? options->classes : from->classes;
    const size_t given_count = options->classes != NULL ? options->class_count : from->class_count;
    const char **list = NULL;
    char(*numbers)[24] = NULL;
    *count = softmax ? outputs : sigmoid ? 2 : 0;
    if (options->classes != NULL && given_count != *count)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "--classes names %zu classes, but the network has %zu; networks that end with weighted sums "
                         "have classes with --output softmax or sigmoid",
                         given_count, *count);
    percept_status status = memory_allocate(*count, sizeof *list, "the classes", &list, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(*count, sizeof *numbers, "the classes", &numbers, error);
    for (size_t k = 0; k < *count && status == PERCEPT_OK; k++) {
        snprintf(numbers[k], sizeof numbers[k], "%zu", k);
        list[k] = given != NULL && given_count == *count ? given[k] : numbers[k];
    }
    if (status == PERCEPT_OK && *count > 0)
        status = names_copy(list, *count, names, error);
    memory_free(list);
    memory_free(numbers);
    return status;
}

/* The number as the model will hold it. */
static double as_held(const ImportNetwork *from, double value)
{
    return from->precision == PERCEPT_FLOAT32 ? (double)(float)value : value;
}

static percept_status set_parameters(const ImportNetwork *from, percept_model *model, percept_error *error)
{
    double *values = NULL;
    percept_status status =
        memory_allocate(model->network.value_count, sizeof *values, "the parameters", &values, error);
    for (size_t l = 0; l < from->depth && status == PERCEPT_OK; l++) {
        const ImportLayer *layer = &from->layers[l];
        memcpy(values + model->network.layers[l].weights, layer->W, layer->inputs * layer->outputs * sizeof *values);
        memcpy(values + model->network.layers[l].biases, layer->b, layer->outputs * sizeof *values);
    }
    for (size_t p = 0; p < model->network.value_count && status == PERCEPT_OK; p++)
        if (!isfinite(as_held(from, values[p])))
            status = error_set(error, PERCEPT_ERROR_FORMAT, "the weights hold numbers that are infinite or NaN");
    if (status == PERCEPT_OK)
        model_set_parameters(model, values);
    memory_free(values);
    return status;
}

static percept_status set_schema(const ImportNetwork *from, percept_model *model, percept_error *error)
{
    const Schema schema = {.width = from->layers[0].inputs, .names = (char **)from->features, .fills = from->fills};
    return model_set_schema(model, &schema, error);
}

percept_status import_network_model(const ImportNetwork *network, const ImportOptions *options, percept_model **out,
                                    percept_error *error)
{
    const char **activations = NULL;
    char **classes = NULL;
    size_t class_count = 0;
    Network own = {0};
    Scaler scaler = {0};
    percept_model *model = NULL;
    percept_status status = memory_allocate(network->depth, sizeof(char *), "the activations", &activations, error);
    if (status == PERCEPT_OK)
        status = choose_activations(network, options, activations, error);
    if (status == PERCEPT_OK)
        status = choose_classes(network, options, activations[network->depth - 1], &classes, &class_count, error);
    if (status == PERCEPT_OK)
        status = make_network(network, activations, &own, error);
    if (status == PERCEPT_OK)
        status = make_scaler(network, &scaler, error);
    if (status == PERCEPT_OK)
        status = model_create(&own, network->precision, &scaler, class_count, classes, &model, error);
    if (status == PERCEPT_OK)
        status = set_parameters(network, model, error);
    if (status == PERCEPT_OK)
        status = set_schema(network, model, error);
    memory_free(activations);
    memory_free(classes);
    network_clear(&own);
    scaler_clear(&scaler);
    if (status == PERCEPT_OK)
        *out = model;
    else
        percept_model_free(model);
    return status;
}
