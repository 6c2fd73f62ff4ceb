/* Models of every kind of stage with everything around the network, for the tests of exports. */
#ifndef TESTS_EXPORTS_H
#define TESTS_EXPORTS_H

#include <stdio.h>
#include <string.h>

#include "data/categories.h"
#include "model/model.h"
#include "stage_cases.h"

/* Random parameters: variances are positive, edges rise, and the last ones may be equal. */
static inline void set_random_parameters(percept_model *model, RandomStream *stream)
{
    const Network *network = &model->network;
    double *values = NULL;
    assert_ok(memory_allocate(network->value_count, sizeof *values, "parameters", &values, error));
    for (size_t p = 0; p < network->value_count; p++)
        values[p] = random_uniform(stream, -1, 1);
    for (size_t t = 0; t < network->tensor_count; t++) {
        const NetworkTensor *tensor = &network->tensors[t];
        double *own = values + tensor->offset;
        for (size_t k = 0; k < tensor_size(tensor) && strstr(tensor->name, "running_var") != NULL; k++)
            own[k] = random_uniform(stream, 0.5, 2);
        const bool rises = strstr(tensor->name, "edges") != NULL || strstr(tensor->name, "quantile-normal") != NULL;
        for (size_t k = 0; k < tensor_size(tensor) && rises; k++) {
            const bool first = k % tensor->columns == 0, repeated = k / tensor->columns == 1 && k % tensor->columns > 2;
            own[k] = first ? -1 - random_unit(stream) : own[k - 1] + (repeated ? 0 : 0.1 + random_unit(stream));
        }
    }
    model_set_parameters(model, values);
    memory_free(values);
}

/* A scaler with means and deviations; codes of categories stay as they are. */
static inline Scaler make_scaler(const Network *network, size_t width, bool features, RandomStream *stream)
{
    Scaler scaler = {.kind = SCALER_STANDARDIZE, .width = width, .divisor = 1};
    assert_ok(memory_allocate(width, sizeof(double), "means", &scaler.mean, error));
    assert_ok(memory_allocate(width, sizeof(double), "deviations", &scaler.deviation, error));
    for (size_t j = 0; j < width; j++) {
        const bool category = features && category_count(network, j) > 0;
        scaler.mean[j] = category ? 0 : random_uniform(stream, -5, 5);
        scaler.deviation[j] = category ? 1 : random_uniform(stream, 0.2, 4);
    }
    return scaler;
}

/* Names x0, x1, …, texts "a", "b", … of categories, and fills. */
static inline void set_schema(percept_model *model, RandomStream *stream)
{
    enum { MOST = 64, NAME = 16 };
    const Network *network = &model->network;
    const size_t width = network_inputs(network);
    char texts[MOST][NAME], names[MOST][NAME], *values[MOST], *name_list[MOST];
    FeatureKind kinds[MOST];
    Vocabulary vocabularies[MOST] = {{0}};
    double fills[MOST];
    size_t places[MOST];
    bool categories = false;
    assert_true(width < MOST);
    for (size_t k = 0; k < MOST; k++) {
        snprintf(texts[k], NAME, "%c\xc3\xa9 %zu", (char)('a' + k % 26), k);
        snprintf(names[k], NAME, "x%zu", k);
        values[k] = texts[k];
        name_list[k] = names[k];
    }
    for (size_t j = 0; j < width; j++) {
        const uint32_t count = category_count(network, j);
        places[j] = j;
        kinds[j] = count > 0 ? FEATURE_CATEGORY : FEATURE_NUMBER;
        vocabularies[j] = (Vocabulary){count, count > 0 ? values : NULL};
        fills[j] = count > 0 ? 0 : random_uniform(stream, -3, 3);
        categories = categories || count > 0;
    }
    const Schema schema = {.width = width,
                           .names = name_list,
                           .kinds = kinds,
                           .vocabularies = categories ? vocabularies : NULL,
                           .places = categories ? places : NULL,
                           .fills = fills};
    assert_ok(model_set_schema(model, &schema, error));
}

/* A model of the case: classes where the output is one of probabilities, else targets that are scaled. */
static inline percept_model *make_export_model(const StageCase *c, percept_type precision, size_t members,
                                               uint64_t seed)
{
    static char *names[] = {"no", "yes", "perhaps", "never", "4"};
    RandomStream stream;
    random_default_rng(&stream, seed);
    const Extras extras = {.stages = c->stages, .stage_count = c->stage_count, .members = members};
    Network network = make_network_with(&c->shape, &extras);
    const bool classes = strcmp(c->shape.output, "identity") != 0;
    const size_t outputs = network_outputs(&network), count = !classes ? 0 : outputs == 1 ? 2 : outputs;
    Scaler scaler = make_scaler(&network, network_inputs(&network), true, &stream);
    Scaler targets = make_scaler(&network, outputs, false, &stream);
    percept_model *model = NULL;
    assert_ok(model_create(&network, precision, &scaler, count, count > 0 ? names : NULL, &model, error));
    if (count == 0)
        model->target_scaler = targets;
    else
        scaler_clear(&targets);
    set_random_parameters(model, &stream);
    set_schema(model, &stream);
    return model;
}

#endif
