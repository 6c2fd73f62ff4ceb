#include "study/layers.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "engine/kinds.h"

/* ---- Arrays ------------------------------------------------------------------------------------------------------ */

/* An array that must have this shape; a single row is accepted as a single column. */
static percept_status check_shape(const DrawnArray *array, size_t rows, size_t columns, percept_error *error)
{
    const bool vector = array->rows == 1 && columns == 1 && array->columns == rows;
    if (vector || (array->rows == rows && array->columns == columns))
        return PERCEPT_OK;
    return error_set(error, PERCEPT_ERROR_ARGUMENT, "'%s' is %zu x %zu, but %zu x %zu is needed", array->name,
                     array->rows, array->columns, rows, columns);
}

/* True for x, labels, targets, W1 … W<depth>, b1 … b<depth>. */
static bool is_known(const char *name, size_t depth)
{
    if (strcmp(name, "x") == 0 || strcmp(name, "labels") == 0 || strcmp(name, "targets") == 0)
        return true;
    if ((name[0] != 'W' && name[0] != 'b') || !isdigit((unsigned char)name[1]))
        return false;
    char *end = NULL;
    const unsigned long layer = strtoul(name + 1, &end, 10);
    return *end == '\0' && layer >= 1 && layer <= depth;
}

static percept_status check_names(const Draws *draws, size_t depth, percept_error *error)
{
    for (size_t i = 0; i < draws->count; i++)
        if (!is_known(draws->arrays[i].name, depth))
            return error_set(error, PERCEPT_ERROR_ARGUMENT,
                             "'%.64s' is no array of this network; there are x, labels, targets, W1, b1, up to b%zu",
                             draws->arrays[i].name, depth);
    return PERCEPT_OK;
}

/* W (outputs × inputs) of a layer. */
static percept_status fill_weights(const Layer *layer, const DrawnArray *array, bool by_input, double *W,
                                   percept_error *error)
{
    const size_t inputs = layer->inputs, outputs = layer->outputs;
    percept_status status = PERCEPT_OK;
    if (array != NULL)
        status = by_input ? check_shape(array, inputs, outputs, error) : check_shape(array, outputs, inputs, error);
    else if (inputs != outputs)
        status = error_set(error, PERCEPT_ERROR_ARGUMENT, "a layer of %zu inputs and %zu outputs needs its weights",
                           inputs, outputs);
    for (size_t j = 0; status == PERCEPT_OK && j < outputs; j++)
        for (size_t i = 0; i < inputs; i++)
            W[j * inputs + i] = array == NULL ? (i == j ? 1 : 0)
                                : by_input    ? array->values[i * outputs + j]
                                              : array->values[j * inputs + i];
    return status;
}

static percept_status fill_parameters(Layers *layers, const Draws *draws, bool by_input, percept_error *error)
{
    const Network *network = &layers->network;
    percept_status status = memory_allocate_zeroed(network->parameter_count, sizeof *layers->parameters,
                                                   "the parameters", &layers->parameters, error);
    for (size_t l = 0; status == PERCEPT_OK && l < network->depth; l++) {
        const Layer *layer = &network->layers[l];
        char weights[32], biases[32];
        snprintf(weights, sizeof weights, "W%zu", l + 1);
        snprintf(biases, sizeof biases, "b%zu", l + 1);
        status = fill_weights(layer, draws_find(draws, weights), by_input, layers->parameters + layer->weights, error);
        const DrawnArray *b = draws_find(draws, biases);
        if (status == PERCEPT_OK && b != NULL)
            status = check_shape(b, 1, layer->outputs, error);
        if (status == PERCEPT_OK && b != NULL)
            memcpy(layers->parameters + layer->biases, b->values, layer->outputs * sizeof *b->values);
    }
    return status;
}

/* ---- Data -------------------------------------------------------------------------------------------------------- */

static percept_status read_labels(const DrawnArray *array, size_t examples, size_t classes, int32_t *labels,
                                  percept_error *error)
{
    percept_status status = check_shape(array, examples, 1, error);
    for (size_t i = 0; status == PERCEPT_OK && i < examples; i++) {
        const double value = array->values[i];
        if (!(value >= 0 && value < (double)classes) || value != (double)(int32_t)value)
            return error_set(error, PERCEPT_ERROR_ARGUMENT, "label %zu is %g; there are %zu classes, from 0", i, value,
                             classes);
        labels[i] = (int32_t)value;
    }
    return status;
}

/* x and the labels; targets come later. */
static percept_status make_data(Layers *layers, const Draws *draws, percept_error *error)
{
    const DrawnArray *x = draws_find(draws, "x"), *given = draws_find(draws, "labels");
    const size_t inputs = network_inputs(&layers->network), outputs = network_outputs(&layers->network);
    const size_t classes = outputs == 1 ? 2 : outputs;
    int32_t *labels = NULL;
    if (x == NULL)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "there is no array x");
    layers->examples = x->rows;
    percept_status status = check_shape(x, x->rows, inputs, error);
    if (status == PERCEPT_OK && given != NULL)
        status = memory_allocate(x->rows, sizeof *labels, "the labels", &labels, error);
    if (status == PERCEPT_OK && given != NULL)
        status = read_labels(given, x->rows, classes, labels, error);
    if (status == PERCEPT_OK)
        status = percept_dataset_create(PERCEPT_FLOAT64, x->rows, inputs, x->values, labels,
                                        given != NULL ? classes : 0, NULL, &layers->data, error);
    memory_free(labels);
    return status;
}

/* Gives the data targets: those drawn, or with dL/da = 1 in mind (the squared error Σ_j (a_j - t_j)² / k has the
 * derivative 2 (a_j - t_j) / k) the outputs less k/2. */
static percept_status add_targets(Layers *layers, const DrawnArray *given, percept_error *error)
{
    Storage *storage = layers->data->storage;
    const size_t width = network_outputs(&layers->network), count = layers->examples * width;
    percept_status status = given != NULL ? check_shape(given, layers->examples, width, error) : PERCEPT_OK;
    if (status == PERCEPT_OK)
        status = memory_allocate(count, sizeof *storage->targets, "the targets", &storage->targets, error);
    if (status != PERCEPT_OK)
        return status;
    storage->target_width = width;
    for (size_t i = 0; i < count; i++)
        storage->targets[i] = given != NULL ? given->values[i] : layers->outputs[i] - (double)width / 2;
    return PERCEPT_OK;
}

/* ---- Computing --------------------------------------------------------------------------------------------------- */

static percept_status make_network(const LayersOptions *options, Network *out, percept_error *error)
{
    static const char *const relu[] = {"relu"};
    const NetworkOptions network = {
        .sizes = options->sizes,
        .size_count = options->size_count,
        .hidden_activations = options->hidden_count > 0 ? options->hidden : relu,
        .hidden_activation_count = options->hidden_count > 0 ? options->hidden_count : 1,
        .output_activation = options->output,
        .loss = options->loss != NULL ? options->loss : "mean-squared-error",
        .sum = true,
    };
    return network_create(&network, out, error);
}

static percept_status make_engine(const LayersOptions *options, const Layers *layers, Team *team, Engine **out,
                                  percept_error *error)
{
    const EngineKind *kind = engine_kind_find(options->engine);
    const EngineConfig config = {.network = &layers->network,
                                 .precision = PERCEPT_FLOAT64,
                                 .batch_capacity = layers->examples,
                                 .training = true,
                                 .team = team};
    if (kind == NULL)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "there is no engine '%.64s'", options->engine);
    return engine_create(kind, &config, out, error);
}

static percept_status check_all(Layers *layers, Engine *engine, const Batch *batch, Team *team, percept_error *error)
{
    const CheckSubject subject = {engine, layers->parameters, batch, team};
    const CheckSelection selection = {.inputs = true};
    CheckOptions options = {.inputs = true};
    RandomStream stream; /* of a selection that draws nothing */
    uint8_t *chosen = NULL;
    random_default_rng(&stream, 0);
    percept_status status = check_select(&subject, &selection, &stream, &chosen, error);
    options.chosen = chosen;
    if (status == PERCEPT_OK)
        status = check_gradient(&subject, &options, &layers->report, error);
    memory_free(chosen);
    return status;
}

/* Outputs, then targets, which may follow from them, then the gradient. */
static percept_status compute(const LayersOptions *options, const Draws *draws, Team *team, Layers *layers,
                              percept_error *error)
{
    const DrawnArray *targets = draws_find(draws, "targets"), *labels = draws_find(draws, "labels");
    const bool answered = options->loss == NULL ? targets == NULL && labels == NULL : !targets != !labels;
    Engine *engine = NULL;
    if (!answered)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "%s",
                         options->loss != NULL ? "the loss needs either labels or targets"
                                               : "without a loss there is nothing to compare labels or targets with");
    percept_status status = memory_allocate(layers->examples * network_outputs(&layers->network),
                                            sizeof *layers->outputs, "the outputs", &layers->outputs, error);
    if (status == PERCEPT_OK)
        status = make_engine(options, layers, team, &engine, error);
    if (status == PERCEPT_OK) {
        const Batch batch = {.data = layers->data, .count = layers->examples};
        engine_predict(engine, layers->parameters, &batch, layers->outputs);
        if (labels == NULL)
            status = add_targets(layers, targets, error);
        if (status == PERCEPT_OK)
            status = check_all(layers, engine, &batch, team, error);
    }
    engine_free(engine);
    return status;
}

percept_status layers_compute(const LayersOptions *options, const Draws *draws, Team *team, Layers *out,
                              percept_error *error)
{
    percept_status status = make_network(options, &out->network, error);
    if (status == PERCEPT_OK)
        status = check_names(draws, out->network.depth, error);
    if (status == PERCEPT_OK)
        status = fill_parameters(out, draws, options->by_input, error);
    if (status == PERCEPT_OK)
        status = make_data(out, draws, error);
    return status == PERCEPT_OK ? compute(options, draws, team, out, error) : status;
}

void layers_clear(Layers *layers)
{
    check_report_clear(&layers->report);
    percept_dataset_free(layers->data);
    network_clear(&layers->network);
    memory_free(layers->parameters);
    memory_free(layers->outputs);
    *layers = (Layers){0};
}

const CheckEntry *layers_input_gradient(const Layers *layers)
{
    return layers->report.entries + layers->network.parameter_count;
}
