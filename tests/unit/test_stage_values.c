/* What the stages of networks compute, where an engine's gradient says nothing about it: values that a reader can check by
 * hand, initial tensors, and what is refused. */
#include "unit.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "nn/activation.h"
#include "nn/initialize.h"
#include "nn/network.h"

#define SETTINGS(...) ((const double[STAGE_SETTINGS]){__VA_ARGS__})
#define COUNTS(...) ((const uint32_t[]){__VA_ARGS__})

typedef struct Made {
    Network network;
    double *parameters, *kept, *gradient;
    StageRun_f64 run; /* of the last stage */
} Made;

static percept_status make_network(const StageOptions *stages, size_t stage_count, size_t features, size_t hidden,
                                   Network *out, percept_error *error)
{
    const char *activation = "tanh";
    return network_create(&(NetworkOptions){.sizes = (const uint64_t[]){features, hidden, 1},
                                            .size_count = 3,
                                            .hidden_activations = &activation,
                                            .hidden_activation_count = 1,
                                            .output_activation = "identity",
                                            .loss = "mean-squared-error",
                                            .stages = stages,
                                            .stage_count = stage_count},
                          out, error);
}

/* A network of `features` columns and `hidden` units with these stages, initialized from data or without any. */
static void make(const StageOptions *stages, size_t stage_count, size_t features, size_t hidden, const StageData *data,
                 Made *made)
{
    RandomStream stream;
    random_default_rng(&stream, 1);
    assert_ok(make_network(stages, stage_count, features, hidden, &made->network, error));
    const Network *network = &made->network;
    const Stage *stage = &network->stages[network->stage_count - 1];
    assert_ok(memory_allocate_zeroed(network->value_count, sizeof(double), "parameters", &made->parameters, error));
    assert_ok(memory_allocate_zeroed(network->value_count, sizeof(double), "gradients", &made->gradient, error));
    assert_ok(network_initialize_stages(network, data, &stream, made->parameters, error));
    assert_ok(memory_allocate_zeroed(stage_kept(stage, 100), sizeof(double), "kept", &made->kept, error));
    made->run = (StageRun_f64){.stage = stage,
                               .training = true,
                               .parameters = made->parameters,
                               .kept = made->kept,
                               .x_row = stage->inputs,
                               .y_row = stage->outputs,
                               .gradient = made->gradient + stage->offsets[0]};
}

static void clear(Made *made)
{
    memory_free(made->parameters);
    memory_free(made->gradient);
    memory_free(made->kept);
    network_clear(&made->network);
}

static void run_forward(Made *made, size_t count, const double *X, double *Y)
{
    made->run.count = count;
    made->run.X = X;
    made->run.Y = Y;
    stage_functions_f64(made->run.stage->kind)->forward(&made->run, 0, count);
}

#define assert_numbers(found, ...)                                                                                     \
    do {                                                                                                               \
        const double assert_wanted[] = {__VA_ARGS__};                                                                  \
        for (size_t assert_i = 0; assert_i < sizeof assert_wanted / sizeof *assert_wanted; assert_i++)                 \
            assert_close((found)[assert_i], assert_wanted[assert_i], 1e-15);                                           \
    } while (0)

/* ---- Categories -------------------------------------------------------------------------------------------------- */

static void one_hot_marks_the_code_and_nothing_for_unknown_ones(void **state)
{
    (void)state;
    Made made;
    double Y[5 * 4];
    make(&(StageOptions){.kind = "one-hot", .counts = COUNTS(2, 3)}, 1, 2, 3, NULL, &made);
    assert_int_equal(made.run.stage->outputs, 4);
    assert_int_equal(made.network.layers[0].inputs, 4);
    run_forward(&made, 5, (const double[]){0, 0, 1, 2, 2, 3, -1, -1, NAN, NAN}, Y);
    assert_numbers(Y, -1, 1, 0, 0, /**/ 1, 0, 0, 1, /**/ 0, 0, 0, 0, /**/ 0, 0, 0, 0, /**/ 0, 0, 0, 0);
    clear(&made);
    make(&(StageOptions){.kind = "one-hot", .counts = COUNTS(2, 3), .settings = SETTINGS(0)}, 1, 2, 3, NULL, &made);
    assert_int_equal(made.run.stage->outputs, 5);
    run_forward(&made, 3, (const double[]){0, 0, 1, 2, NAN, 1}, Y);
    assert_numbers(Y, 1, 0, 1, 0, 0, /**/ 0, 1, 0, 0, 1, /**/ 0, 0, 0, 1, 0);
    clear(&made);
}

static void a_table_has_a_vector_for_each_value_and_one_for_unknown_ones(void **state)
{
    (void)state;
    static const double X[] = {1, 0, /**/ NAN, 0, /**/ 1, 7, /**/ 0, -1};
    static const double dY[] = {1, 2, 3, 4, /**/ 5, 6, 7, 8, /**/ 10, 20, 30, 40, /**/ 9, 9, 9, 9};
    Made made;
    double Y[4 * 4];
    make(&(StageOptions){.kind = "table", .counts = COUNTS(2, 1), .settings = SETTINGS(2, 1)}, 1, 2, 3, NULL, &made);
    const NetworkTensor *tensor = network_tensor_find(&made.network, "inputs.table.weight");
    assert_true(tensor != NULL && tensor->rows == 3 + 2 && tensor->columns == 2 && tensor->role == ROLE_TABLE);
    double *table = made.parameters + tensor->offset;
    for (int i = 0; i < 10; i++) {
        assert_true(table[i] != 0);
        table[i] = i;
    }
    run_forward(&made, 4, X, Y);
    assert_numbers(Y, 2, 3, 6, 7, /**/ 4, 5, 6, 7, /**/ 2, 3, 8, 9, /**/ 0, 1, 8, 9);
    made.run.dY = dY;
    const StageFunctions_f64 *functions = stage_functions_f64(made.run.stage->kind);
    assert_int_equal(stage_units(made.run.stage), 2);
    for (size_t unit = 2; unit-- > 0;)
        functions->gradient(&made.run, unit, unit + 1);
    assert_numbers(made.run.gradient, 9, 9, 11, 22, 5, 6, /**/ 10, 12, 39, 49);
    clear(&made);
}

/* ---- In place of activations ------------------------------------------------------------------------------------- */

static void kinds_begin_as_their_sources_say(void **state)
{
    (void)state;
    static const double X[] = {-2, 3, -0.5};
    Made made;
    double Y[3];
    make(&(StageOptions){.kind = "prelu", .side = 1}, 1, 2, 3, NULL, &made);
    assert_true(made.network.layers[0].activation == (size_t)activation_find("identity"));
    run_forward(&made, 1, X, Y);
    assert_numbers(Y, -0.5, 3, -0.125);
    clear(&made);
    make(&(StageOptions){.kind = "mix", .side = 1}, 1, 2, 3, NULL, &made);
    assert_true(made.run.stage->activation == (size_t)activation_find("tanh"));
    run_forward(&made, 1, X, Y);
    assert_numbers(Y, tanh(-2), tanh(3), tanh(-0.5));
    made.parameters[made.run.stage->offsets[0]] = 0;
    made.parameters[made.run.stage->offsets[0] + 1] = 0.5;
    run_forward(&made, 1, X, Y);
    assert_numbers(Y, -2, (3 + tanh(3)) / 2, tanh(-0.5));
    clear(&made);
}

static void glu_halves_the_columns(void **state)
{
    (void)state;
    Made made;
    double Y[2];
    make(&(StageOptions){.kind = "glu", .side = 1}, 1, 3, 2, NULL, &made);
    assert_int_equal(made.network.layers[0].outputs, 4);
    assert_int_equal(made.network.layers[0].units, 2);
    assert_int_equal(made.network.layers[1].inputs, 2);
    run_forward(&made, 1, (const double[]){3, -4, 0, 1}, Y);
    assert_numbers(Y, 1.5, -4 / (1 + exp(-1)));
    clear(&made);
}

static void initial_weights_have_the_gain_of_what_stands_for_the_activation(void **state)
{
    (void)state;
    static const struct {
        const char *kind;
        double gain;
    } cases[] = {{"prelu", 1.3719886811400708}, {"mix", 5.0 / 3}, {"glu", 1}, {"layer-norm", 5.0 / 3}};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        const char *names[] = {"he"};
        RandomStream stream, same;
        Made made;
        make(&(StageOptions){.kind = cases[c].kind, .side = 1}, 1, 4, 2, NULL, &made);
        random_default_rng(&stream, 7);
        random_default_rng(&same, 7);
        assert_ok(network_initialize(&made.network, names, 1, 1, false, &stream, made.parameters, error));
        assert_close(made.parameters[0], cases[c].gain / 2 * random_normal(&same, 0, 1), 1e-15);
        clear(&made);
    }
}

/* ------------------------------------------------------------------------------------------------------------------ */

static void what_cannot_be_is_refused_in_words(void **state)
{
    (void)state;
    const double softmax = activation_find("softmax");
    const struct {
        StageOptions options;
        const char *message;
    } cases[] = {
        {{.kind = "table"}, "table needs the number of values of each of its columns"},
        {{.kind = "table", .counts = COUNTS(2, 2), .settings = SETTINGS(2.5)},
         "size of table must be a whole number from 1 to 4096, but is 2.5"},
        {{.kind = "one-hot", .counts = COUNTS(0, 0)}, "one-hot cannot work on 2 columns"},
        {{.kind = "mix", .side = 1, .settings = SETTINGS(softmax)},
         "mix works with elementwise activations only, not with softmax"},
        {{.kind = "mix", .side = 1, .settings = SETTINGS(1000)},
         "mix works with elementwise activations only, not with an unknown one"},
        {{.kind = "prelu"}, "prelu cannot stand before the first layer"},
        {{.kind = "one-hot", .side = 1, .counts = COUNTS(1, 1, 1)}, "one-hot cannot stand behind a hidden layer"},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        Network network;
        percept_error error = {PERCEPT_OK, ""};
        assert_int_equal(make_network(&cases[c].options, 1, 2, 3, &network, &error), PERCEPT_ERROR_ARGUMENT);
        assert_string_equal(error.message, cases[c].message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_hot_marks_the_code_and_nothing_for_unknown_ones),
        cmocka_unit_test(a_table_has_a_vector_for_each_value_and_one_for_unknown_ones),
        cmocka_unit_test(kinds_begin_as_their_sources_say),
        cmocka_unit_test(glu_halves_the_columns),
        cmocka_unit_test(initial_weights_have_the_gain_of_what_stands_for_the_activation),
        cmocka_unit_test(what_cannot_be_is_refused_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
