/* Small random networks and data for tests of engines and of training. */
#ifndef TESTS_NETWORKS_H
#define TESTS_NETWORKS_H

#include "unit.h"

#include "base/memory.h"
#include "base/random.h"
#include "data/batch.h"
#include "nn/initialize.h"
#include "nn/network.h"

/* What a test network is. */
typedef struct Shape {
    uint64_t sizes[24];
    size_t size_count;
    const char *hidden, *output, *loss;
    double l1, l2;
    bool sum;
} Shape;

/* What training may do besides. */
typedef struct Extras {
    double dropout, label_smoothing;
    bool weights, class_weights; /* of examples and of classes */
    bool targets;                /* regression targets in place of labels */
    bool frozen;                 /* EngineConfig.frozen */
    const StageOptions *stages;
    size_t stage_count;
    size_t members; /* 0: one */
} Extras;

static inline Network make_network_with(const Shape *shape, const Extras *extras)
{
    Network network = {0};
    const NetworkOptions options = {.sizes = shape->sizes,
                                    .size_count = shape->size_count,
                                    .hidden_activations = &shape->hidden,
                                    .hidden_activation_count = 1,
                                    .output_activation = shape->output,
                                    .loss = shape->loss,
                                    .sum = shape->sum,
                                    .l1 = &shape->l1,
                                    .l1_count = 1,
                                    .l2 = &shape->l2,
                                    .l2_count = 1,
                                    .dropout = &extras->dropout,
                                    .dropout_count = 1,
                                    .label_smoothing = extras->label_smoothing,
                                    .stages = extras->stages,
                                    .stage_count = extras->stage_count,
                                    .members = extras->members};
    assert_ok(network_create(&options, &network, error));
    return network;
}

static inline Network make_network(const Shape *shape)
{
    return make_network_with(shape, &(Extras){0});
}

/* Number of values of column `column` of the features where a stage takes it as a category, else 0. */
static inline uint32_t category_count(const Network *network, size_t column)
{
    for (const Stage *stage = network->stages; stage < network->stages + network->sides[0].before; stage++) {
        const bool taken = column >= stage->first && column < stage->first + stage->inputs;
        if (taken && stage->kind->of_columns)
            return stage->kind->categories ? stage->counts[column - stage->first] : 0;
        if (column >= stage->first + stage->inputs)
            column += stage->outputs - stage->inputs;
    }
    return 0;
}

/* Turns features in ± 1 of category columns into codes, with unknown ones among them: the count, or NaN. */
static inline void make_codes(const Network *network, size_t rows, double *X)
{
    const size_t width = network_inputs(network);
    for (size_t j = 0; j < width && network->stage_count > 0; j++) {
        const uint32_t count = category_count(network, j);
        for (size_t i = 0; i < rows && count > 0; i++) {
            double *x = &X[i * width + j];
            *x = floor((*x + 1) / 2 * (count + 1));
            if (*x == count && i % 2 == 0)
                *x = NAN;
        }
    }
}

/* Tensors of stages: as they begin with features uniform in ± 1, and the trained ones moved from there. */
static inline void make_stage_parameters(const Network *network, RandomStream *stream, double *parameters)
{
    enum { ROWS = 60 };
    const size_t width = network_inputs(network);
    double *X = NULL;
    assert_ok(memory_allocate(ROWS * width, sizeof *X, "features", &X, error));
    for (size_t i = 0; i < ROWS * width; i++)
        X[i] = random_uniform(stream, -1, 1);
    make_codes(network, ROWS, X);
    assert_ok(network_initialize_stages(network, &(StageData){X, ROWS, width}, stream, parameters, error));
    memory_free(X);
    for (size_t p = network->dense_count; p < network->parameter_count; p++)
        parameters[p] += random_uniform(stream, -0.4, 0.4);
}

/* Parameters, biases too, uniform in ± 1/√fan_in; released with memory_free. */
static inline double *make_parameters(const Network *network, RandomStream *stream)
{
    double *parameters = NULL;
    assert_ok(memory_allocate(network->value_count, sizeof *parameters, "parameters", &parameters, error));
    for (size_t l = 0; l < network->depth; l++) {
        const Layer *layer = &network->layers[l];
        const double bound = 1 / sqrt((double)layer->inputs);
        for (size_t p = layer->weights; p < layer->biases + layer->outputs; p++)
            parameters[p] = random_uniform(stream, -bound, bound);
    }
    if (network->stage_count > 0)
        make_stage_parameters(network, stream, parameters);
    return parameters;
}

/* count examples with features uniform in ± 1 (or codes) and labels among the network's classes (0 and 1 with one output). */
static inline percept_dataset *make_data(const Network *network, size_t count, RandomStream *stream)
{
    const size_t width = network_inputs(network), outputs = network_outputs(network);
    const size_t classes = outputs == 1 ? 2 : outputs;
    double *features = NULL;
    int32_t *labels = NULL;
    percept_dataset *data = NULL;
    assert_ok(memory_allocate(count * width, sizeof *features, "features", &features, error));
    assert_ok(memory_allocate(count, sizeof *labels, "labels", &labels, error));
    for (size_t i = 0; i < count * width; i++)
        features[i] = random_uniform(stream, -1, 1);
    make_codes(network, count, features);
    for (size_t i = 0; i < count; i++)
        labels[i] = (int32_t)random_below(stream, classes);
    assert_ok(percept_dataset_create(PERCEPT_FLOAT64, count, width, features, labels, classes, NULL, &data, error));
    memory_free(features);
    memory_free(labels);
    return data;
}

/* Gives data from make_data the weights (uniform in 0 … 3, every fifth 0) and targets (uniform in ± 1) that extras ask
 * for. */
static inline void add_extras(percept_dataset *data, const Network *network, const Extras *extras, RandomStream *stream)
{
    Storage *storage = data->storage;
    const size_t width = network_outputs(network);
    if (extras->weights) {
        assert_ok(memory_allocate(storage->count, sizeof *storage->weights, "weights", &storage->weights, error));
        for (size_t i = 0; i < storage->count; i++)
            storage->weights[i] = i % 5 == 4 ? 0 : random_uniform(stream, 0, 3);
    }
    if (!extras->targets)
        return;
    assert_ok(memory_allocate(storage->count, width * sizeof *storage->targets, "targets", &storage->targets, error));
    for (size_t i = 0; i < storage->count * width; i++)
        storage->targets[i] = (double)(float)random_uniform(stream, -1, 1);
    storage->target_width = width;
    memory_free(data->labels);
    data->labels = NULL;
}

#endif
