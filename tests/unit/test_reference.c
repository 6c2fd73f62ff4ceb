/* The oracle is checked against mathematics: its gradient is the derivative of its loss. */
#include "unit.h"

#include <complex.h>
#include <string.h>

#include "engine/reference/reference.h"
#include "networks.h"
#include "stage_cases.h"

#define STEP 1e-30

static const Shape shapes[] = {
    {{4, 3}, 2, "relu", "softmax", "cross-entropy", 0, 0, false},
    {{1, 1}, 2, "relu", "sigmoid", "binary-cross-entropy", 0, 0, false},
    {{5, 7, 1}, 3, "tanh", "sigmoid", "binary-cross-entropy", 0.01, 0.02, true},
    {{6, 5, 4, 3}, 4, "sigmoid", "softmax", "cross-entropy", 0.001, 0.003, false},
    {{6, 9, 3}, 3, "relu", "softmax", "mean-squared-error", 0, 0.1, false},
    {{3, 4, 4, 4, 4, 4, 4, 4, 4, 4, 2}, 11, "tanh", "softmax", "cross-entropy", 0, 0, true},
    {{3, 8, 2}, 3, "relu", "identity", "mean-squared-error", 0.05, 0, false},
    {{3, 8, 2}, 3, "leaky-relu", "softplus", "mean-squared-error", 0, 0, false},
    {{3, 8, 5, 2}, 4, "elu", "softmax", "cross-entropy", 0, 0.01, false},
    {{3, 8, 5, 2}, 4, "gelu", "gelu", "mean-squared-error", 0, 0, true},
    {{3, 8, 5, 2}, 4, "softplus", "identity", "mean-squared-error", 0.01, 0, false},
    {{3, 8, 5, 2}, 4, "selu", "silu", "mean-squared-error", 0, 0.01, false},
    {{3, 8, 5, 2}, 4, "silu", "mish", "mean-squared-error", 0.01, 0, true},
    {{3, 8, 5, 2}, 4, "mish", "softmax", "cross-entropy", 0, 0, false},
    {{3, 8, 2}, 3, "identity", "tanh", "mean-squared-error", 0, 0, false},
};

static Engine *make_engine_with(const Network *network, size_t count, bool frozen)
{
    const EngineConfig config = {
        .network = network, .precision = PERCEPT_FLOAT64, .batch_capacity = count, .training = true, .frozen = frozen};
    Engine *engine = NULL;
    assert_ok(reference_create_f64(&config, &engine, error));
    return engine;
}

static Engine *make_engine(const Network *network, size_t count)
{
    return make_engine_with(network, count, false);
}

/* Every parameter's gradient equals the complex step's to 1e-12, and the value equals the sums. */
static void check_gradient(const Shape *shape, const Extras *extras, uint64_t seed)
{
    enum { EXAMPLES = 5 };
    const double class_weights[] = {0.5, 2, 1.25};
    RandomStream stream;
    random_default_rng(&stream, seed);
    Network network = make_network_with(shape, extras);
    double *parameters = make_parameters(&network, &stream);
    percept_dataset *data = make_data(&network, EXAMPLES, &stream);
    add_extras(data, &network, extras, &stream);
    const Batch batch = {.data = data, .count = EXAMPLES};
    Engine *engine = make_engine_with(&network, EXAMPLES, extras->frozen), *complex_engine = NULL;
    engine->config.class_weights = extras->class_weights ? class_weights : NULL;
    engine->config.dropout = extras->dropout > 0 ? &stream : NULL;
    assert_ok(reference_create_c128(&engine->config, &complex_engine, error));
    double *gradient = NULL;
    complex_double *moved = NULL;
    assert_ok(memory_allocate(network.parameter_count, sizeof *gradient, "a gradient", &gradient, error));
    assert_ok(memory_allocate(network.value_count, sizeof *moved, "parameters", &moved, error));
    EngineSums sums;
    engine->methods->gradient(engine, parameters, &batch, gradient, NULL, &sums);
    for (size_t p = 0; p < network.value_count; p++)
        moved[p] = parameters[p];
    for (size_t p = 0; p < network.parameter_count; p++) {
        moved[p] = parameters[p] + I * STEP;
        assert_close(cimag(reference_loss_c128(complex_engine, moved, &batch)) / STEP, gradient[p], 1e-12);
        moved[p] = parameters[p];
    }
    const double scale = network.sum ? 1 : 1 / sums.weight;
    assert_close(reference_loss_f64(engine, parameters, &batch), scale * (sums.loss + sums.weight * sums.penalty),
                 1e-14);
    memory_free(moved);
    memory_free(gradient);
    engine->methods->free(engine);
    complex_engine->methods->free(complex_engine);
    percept_dataset_free(data);
    memory_free(parameters);
    network_clear(&network);
}

static void gradients_equal_the_complex_step(void **state)
{
    (void)state;
    for (size_t s = 0; s < sizeof shapes / sizeof shapes[0]; s++)
        check_gradient(&shapes[s], &(Extras){0}, s);
}

static void gradients_with_extras_equal_the_complex_step(void **state)
{
    (void)state;
    static const Extras extras[] = {
        {.dropout = 0.4},
        {.label_smoothing = 0.15},
        {.weights = true},
        {.class_weights = true},
        {.targets = true},
        {.dropout = 0.3, .label_smoothing = 0.2, .weights = true, .class_weights = true},
        {.dropout = 0.3, .weights = true, .targets = true},
    };
    for (size_t s = 0; s < sizeof shapes / sizeof shapes[0]; s++)
        for (size_t e = 0; e < sizeof extras / sizeof extras[0]; e++)
            check_gradient(&shapes[s], &extras[e], s + 100 * e);
}

static void gradients_with_stages_equal_the_complex_step(void **state)
{
    (void)state;
    for (size_t s = 0; s < STAGE_CASES; s++)
        for (int dropout = 0; dropout < 2; dropout++)
            for (int frozen = 0; frozen < 2; frozen++)
                check_gradient(&stage_cases[s].shape,
                               &(Extras){.dropout = dropout == 1 ? 0.3 : 0,
                                         .stages = stage_cases[s].stages,
                                         .stage_count = stage_cases[s].stage_count,
                                         .frozen = frozen == 1},
                               300 + s);
}

/* Two networks' worth of gradients of the same loss: a batch with weights 2, 0, 1, 3 and the batch of these examples so
 * often. With `sum` and penalties, so that these are weighted too. */
static void a_weight_counts_as_so_many_examples(void **state)
{
    (void)state;
    enum { EXAMPLES = 4, REPEATED = 6 };
    static const uint32_t rows[REPEATED] = {0, 0, 2, 3, 3, 3};
    static const double weights[EXAMPLES] = {2, 0, 1, 3}, class_weights[] = {1, 1, 1};
    for (int sum = 0; sum < 2; sum++) {
        const Shape shape = {{6, 5, 3}, 3, "tanh", "softmax", "cross-entropy", 0.01, 0.02, sum == 1};
        RandomStream stream;
        random_default_rng(&stream, 21);
        Network network = make_network(&shape);
        double *parameters = make_parameters(&network, &stream), weighted[64], repeated[64];
        assert_true(network.parameter_count <= 64);
        percept_dataset *data = make_data(&network, EXAMPLES, &stream);
        Engine *engine = make_engine(&network, REPEATED);
        EngineSums weighted_sums, repeated_sums;
        engine->methods->gradient(engine, parameters, &(Batch){.data = data, .order = rows, .count = REPEATED},
                                  repeated, NULL, &repeated_sums);
        Extras extras = {.weights = true};
        add_extras(data, &network, &extras, &stream);
        memcpy(data->storage->weights, weights, sizeof weights);
        engine->config.class_weights = class_weights;
        engine->methods->gradient(engine, parameters, &(Batch){.data = data, .count = EXAMPLES}, weighted, NULL,
                                  &weighted_sums);
        for (size_t p = 0; p < network.parameter_count; p++)
            assert_close(weighted[p], repeated[p], 1e-14);
        assert_close(weighted_sums.loss, repeated_sums.loss, 1e-14);
        assert_true(weighted_sums.weight == REPEATED && repeated_sums.weight == REPEATED);
        assert_int_equal(weighted_sums.count, EXAMPLES);
        engine->methods->free(engine);
        percept_dataset_free(data);
        memory_free(parameters);
        network_clear(&network);
    }
}

/* Of class weights, weights that are all 0, dropout and smoothing only those in the data reach evaluation. */
static void evaluation_is_plain(void **state)
{
    (void)state;
    enum { EXAMPLES = 8 };
    static const double class_weights[] = {0, 0, 0};
    const Extras extras = {.dropout = 0.5, .label_smoothing = 0.3};
    RandomStream stream;
    random_default_rng(&stream, 22);
    Network plain = make_network(&shapes[3]), network = make_network_with(&shapes[3], &extras);
    double *parameters = make_parameters(&network, &stream), outputs[2][EXAMPLES * 3], gradient[128];
    percept_dataset *data = make_data(&network, EXAMPLES, &stream);
    const Batch batch = {.data = data, .count = EXAMPLES};
    Engine *engine = make_engine(&network, EXAMPLES), *plain_engine = make_engine(&plain, EXAMPLES);
    EngineSums sums[2];
    engine->config.dropout = &stream;
    engine->config.class_weights = class_weights;
    engine->methods->evaluate(engine, parameters, &batch, outputs[0], &sums[0]);
    plain_engine->methods->evaluate(plain_engine, parameters, &batch, outputs[1], &sums[1]);
    assert_memory_equal(outputs[0], outputs[1], sizeof outputs[0]);
    assert_memory_equal(&sums[0], &sums[1], sizeof sums[0]);
    /* Without any weight there is no loss to make smaller: what is left are the penalties, here on weights alone. */
    engine->methods->gradient(engine, parameters, &batch, gradient, NULL, &sums[0]);
    assert_true(sums[0].weight == 0 && sums[0].loss == 0 && engine_mean_loss(&sums[0]) == 0);
    for (size_t l = 0; l < network.depth; l++)
        for (size_t o = 0; o < network.layers[l].outputs; o++)
            assert_true(gradient[network.layers[l].biases + o] == 0);
    engine->methods->free(engine);
    plain_engine->methods->free(plain_engine);
    percept_dataset_free(data);
    memory_free(parameters);
    network_clear(&plain);
    network_clear(&network);
}

/* dL/dX by central differences; ε³ is the error's order with ε = 1e-6 and rounding gives 1e-10. Codes have none. */
static void check_input_gradient(const Shape *shape, const Extras *extras, uint64_t seed)
{
    enum { EXAMPLES = 3, WIDEST = 12 };
    RandomStream stream;
    random_default_rng(&stream, seed);
    Network network = make_network_with(shape, extras);
    const size_t width = network_inputs(&network);
    assert_true(width <= WIDEST);
    double *parameters = make_parameters(&network, &stream), *gradient = NULL, input_gradient[EXAMPLES * WIDEST];
    assert_ok(memory_allocate(network.parameter_count, sizeof *gradient, "a gradient", &gradient, error));
    percept_dataset *data = make_data(&network, EXAMPLES, &stream);
    const Batch batch = {.data = data, .count = EXAMPLES};
    Engine *engine = make_engine_with(&network, EXAMPLES, extras->frozen);
    EngineSums sums;
    engine->methods->gradient(engine, parameters, &batch, gradient, input_gradient, &sums);
    double *features = data->storage->features;
    for (size_t i = 0; i < EXAMPLES * width; i++) {
        const double kept = features[i], e = 1e-6;
        if (category_count(&network, i % width) > 0) {
            assert_true(input_gradient[i] == 0);
            continue;
        }
        features[i] = kept + e;
        const double above = reference_loss_f64(engine, parameters, &batch);
        features[i] = kept - e;
        const double below = reference_loss_f64(engine, parameters, &batch);
        features[i] = kept;
        assert_close((above - below) / (2 * e), input_gradient[i], 1e-8);
    }
    engine->methods->free(engine);
    percept_dataset_free(data);
    memory_free(gradient);
    memory_free(parameters);
    network_clear(&network);
}

static void input_gradients_equal_differences(void **state)
{
    (void)state;
    check_input_gradient(&shapes[3], &(Extras){0}, 11);
    for (size_t s = 0; s < STAGE_CASES; s++)
        for (int frozen = 0; frozen < 2; frozen++)
            check_input_gradient(&stage_cases[s].shape,
                                 &(Extras){.stages = stage_cases[s].stages,
                                           .stage_count = stage_cases[s].stage_count,
                                           .frozen = frozen == 1},
                                 s);
}

/* The loss that a frozen gradient belongs to is that of an evaluation, and a step moves no statistics. */
static void frozen_statistics_are_those_of_an_evaluation(void **state)
{
    (void)state;
    enum { EXAMPLES = 5 };
    const EngineUpdate update = {.learning_rate = 0.1};
    for (size_t s = 0; s < STAGE_CASES; s++) {
        const Extras extras = {.stages = stage_cases[s].stages, .stage_count = stage_cases[s].stage_count};
        RandomStream stream;
        random_default_rng(&stream, 50 + s);
        Network network = make_network_with(&stage_cases[s].shape, &extras);
        const size_t trained = network.parameter_count, bytes = (network.value_count - trained) * sizeof(double);
        double *parameters = make_parameters(&network, &stream), *statistics = NULL;
        percept_dataset *data = make_data(&network, EXAMPLES, &stream);
        const Batch batch = {.data = data, .count = EXAMPLES};
        Engine *engine = make_engine_with(&network, EXAMPLES, true);
        EngineSums evaluated, stepped;
        assert_ok(memory_allocate(bytes, 1, "statistics", &statistics, error));
        memcpy(statistics, parameters + trained, bytes);
        engine->methods->evaluate(engine, parameters, &batch, NULL, &evaluated);
        engine->methods->step(engine, parameters, &batch, &update, &stepped);
        assert_memory_equal(&evaluated, &stepped, sizeof evaluated);
        assert_memory_equal(statistics, parameters + trained, bytes);
        engine->methods->free(engine);
        percept_dataset_free(data);
        memory_free(statistics);
        memory_free(parameters);
        network_clear(&network);
    }
}

/* p' = p - η (g + λ W), biases without decay. */
static void a_step_is_the_gradient_with_decay(void **state)
{
    (void)state;
    enum { EXAMPLES = 4 };
    const double rate = 0.3, decay = 0.07;
    RandomStream stream;
    random_default_rng(&stream, 5);
    Network network = make_network(&shapes[3]);
    double *parameters = make_parameters(&network, &stream), *stepped = NULL, *gradient = NULL;
    const size_t bytes = network.parameter_count * sizeof *parameters;
    assert_ok(memory_allocate(bytes, 1, "parameters", &stepped, error));
    assert_ok(memory_allocate(bytes, 1, "a gradient", &gradient, error));
    memcpy(stepped, parameters, bytes);
    percept_dataset *data = make_data(&network, EXAMPLES, &stream);
    const Batch batch = {.data = data, .count = EXAMPLES};
    Engine *engine = make_engine(&network, EXAMPLES);
    EngineSums sums;
    const EngineUpdate update = {rate, decay, NULL, NULL};
    engine->methods->gradient(engine, parameters, &batch, gradient, NULL, &sums);
    engine->methods->step(engine, stepped, &batch, &update, &sums);
    for (size_t l = 0; l < network.depth; l++) {
        const Layer *layer = &network.layers[l];
        for (size_t p = layer->weights; p < layer->biases + layer->outputs; p++) {
            const double decayed = p < layer->biases ? decay * parameters[p] : 0;
            assert_close(stepped[p], parameters[p] - rate * (gradient[p] + decayed), 1e-15);
        }
    }
    engine->methods->free(engine);
    percept_dataset_free(data);
    memory_free(gradient);
    memory_free(stepped);
    memory_free(parameters);
    network_clear(&network);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gradients_equal_the_complex_step),
        cmocka_unit_test(gradients_with_extras_equal_the_complex_step),
        cmocka_unit_test(gradients_with_stages_equal_the_complex_step),
        cmocka_unit_test(a_weight_counts_as_so_many_examples),
        cmocka_unit_test(evaluation_is_plain),
        cmocka_unit_test(input_gradients_equal_differences),
        cmocka_unit_test(frozen_statistics_are_those_of_an_evaluation),
        cmocka_unit_test(a_step_is_the_gradient_with_decay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
