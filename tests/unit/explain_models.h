/* Models whose explanations are known, and rows for them. */
#ifndef TESTS_EXPLAIN_MODELS_H
#define TESTS_EXPLAIN_MODELS_H

#include "unit.h"

#include <string.h>

#include "networks.h"

#include "explain/subject.h"
#include "model/model.h"

/* A float64 model of a network with these parameters, without scaling. */
static inline percept_model *model_of(Network *network, size_t classes, const double *parameters)
{
    Scaler scaler = {.kind = SCALER_NONE, .width = network_inputs(network), .divisor = 1};
    const Schema schema = {.width = network_inputs(network)};
    char *names[] = {"0", "1", "2", "3"};
    percept_model *model = NULL;
    assert_ok(model_create(network, PERCEPT_FLOAT64, &scaler, classes, names, &model, error));
    assert_ok(model_set_schema(model, &schema, error));
    model_set_parameters(model, parameters);
    return model;
}

/* y = w · x + bias, or with two classes the sigmoid of it. */
static inline percept_model *linear_model(size_t inputs, const double *weights, double bias, bool classes)
{
    const uint64_t sizes[] = {inputs, 1};
    const NetworkOptions options = {.sizes = sizes,
                                    .size_count = 2,
                                    .output_activation = classes ? "sigmoid" : "identity",
                                    .loss = classes ? "binary-cross-entropy" : "mean-squared-error"};
    double parameters[64];
    Network network = {0};
    memcpy(parameters, weights, inputs * sizeof *weights);
    parameters[inputs] = bias;
    assert_ok(network_create(&options, &network, error));
    return model_of(&network, classes ? 2 : 0, parameters);
}

/* A network with two hidden layers and random parameters; outputs 1: of numbers. */
static inline percept_model *random_model(size_t inputs, size_t outputs, uint64_t seed)
{
    const Shape shape = {.sizes = {inputs, 9, 7, outputs},
                         .size_count = 4,
                         .hidden = "tanh",
                         .output = outputs > 1 ? "softmax" : "identity",
                         .loss = outputs > 1 ? "cross-entropy" : "mean-squared-error"};
    RandomStream stream;
    random_default_rng(&stream, seed);
    Network network = make_network(&shape);
    double *parameters = make_parameters(&network, &stream);
    for (size_t p = 0; p < network.parameter_count; p++)
        parameters[p] *= 3; /* far from linear */
    percept_model *model = model_of(&network, outputs > 1 ? outputs : 0, parameters);
    memory_free(parameters);
    return model;
}

/* Rows uniform in ± 1, with targets or labels that the caller sets. */
static inline ExplainRows make_rows(size_t count, size_t inputs, uint64_t seed)
{
    ExplainRows rows = {.count = count, .inputs = inputs};
    RandomStream stream;
    random_default_rng(&stream, seed);
    assert_ok(memory_allocate(count * inputs, sizeof *rows.features, "features", &rows.features, error));
    assert_ok(memory_allocate(count, sizeof *rows.numbers, "numbers", &rows.numbers, error));
    for (size_t i = 0; i < count * inputs; i++)
        rows.features[i] = random_uniform(&stream, -1, 1);
    for (size_t i = 0; i < count; i++)
        rows.numbers[i] = i;
    return rows;
}

/* Gives the rows the model's own answers as targets. */
static inline void answer_rows(ExplainSubject *subject, ExplainRows *rows)
{
    rows->target_width = subject->outputs;
    assert_ok(memory_allocate(rows->count, subject->outputs * sizeof(double), "targets", &rows->targets, error));
    explain_predict(subject, rows->features, rows->count, rows->targets);
}

#endif
