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

/* ---- Numbers ------------------------------------------------------------------------------------------------------ */

/* Columns: 0 … 8, four bins of two; one value more often than not; a constant; an own one of each row. */
enum { ROWS = 9, COLUMNS = 4 };
static const double table[ROWS * COLUMNS] = {
    0, 5, 7, 1, 8, 5,   7, NAN, 1, 5, 7, 2, 7, 5,   7, INFINITY, 2, 5,
    7, 3, 6, 5, 7, NAN, 3, 6,   7, 4, 5, 4, 7, NAN, 4, 5,        7, 5,
};
static const StageData table_data = {table, ROWS, COLUMNS};

static void bins_are_quantiles_without_repeats_and_open_at_the_ends(void **state)
{
    (void)state;
    static const double X[] = {-1, 4.5, 8.5, 1, /**/ 3, 6, 7, 2.5, /**/ 9, 3, 0, 6};
    Made made;
    double Y[3 * 16];
    make(&(StageOptions){.kind = "piecewise-linear", .settings = SETTINGS(4, 0)}, 1, COLUMNS, 3, &table_data, &made);
    const double *edges = made.parameters + made.run.stage->offsets[3];
    assert_numbers(edges, 0, 2, 4, 6, 8, /**/ 4, 5, 6, 6, 6, /**/ 7, 8, 8, 8, 8, /**/ 1, 2, 3, 4, 5);
    assert_int_equal(made.network.value_count - made.network.parameter_count, 20);
    assert_int_equal(made.network.parameter_count, made.network.dense_count);
    run_forward(&made, 3, X, Y);
    assert_numbers(Y, -0.5, 0, 0, 0, /**/ 0.5, 0, 0, 0, /**/ 1.5, 0, 0, 0, /**/ 0, 0, 0, 0);
    assert_numbers(Y + 16, 1, 0.5, 0, 0, /**/ 1, 1, 0, 0, /**/ 0, 0, 0, 0, /**/ 1, 0.5, 0, 0);
    assert_numbers(Y + 32, 1, 1, 1, 1.5, /**/ -1, 0, 0, 0, /**/ -7, 0, 0, 0, /**/ 1, 1, 1, 2);
    clear(&made);
}

/* Quantiles 0, 1/3, 2/3 and 1; of the second column the middle two are equal, the third is constant. 1e-12 is the error of the
 * normal quantile. */
static void columns_become_normal_between_quantiles(void **state)
{
    (void)state;
    static const double X[] = {1, 5, 9, /**/ 2, 6, 9, /**/ 3, 6, 9, /**/ 4, 7, 9};
    static const double other[] = {-8, 5.5, 3, /**/ 2.5, 6, 9, /**/ 9, 6.25, 12}, end = 5.199337582192817;
    const double third = 0.430727299295457;
    Made made;
    double Y[9];
    make(&(StageOptions){.kind = "quantile-normal", .settings = SETTINGS(4)}, 1, 3, 3, &(StageData){X, 4, 3}, &made);
    assert_int_equal(made.network.parameter_count, made.network.dense_count);
    assert_int_equal(made.network.value_count - made.network.parameter_count, 2 * 3 * 4);
    assert_numbers(made.parameters + made.run.stage->offsets[0], 1, 2, 3, 4, /**/ 5, 6, 7, 7, /**/ 9, 9, 9, 9);
    run_forward(&made, 3, other, Y);
    const double wanted[] = {-end, -end / 2, 0, /**/ 0, 0, 0, /**/ end, end / 4, 0};
    for (int i = 0; i < 9; i++)
        assert_close(Y[i], wanted[i], 1e-12);
    run_forward(&made, 1, (const double[]){3, 5, NAN}, Y);
    assert_close(Y[0], third, 1e-12);
    assert_true(isnan(Y[2]));
    clear(&made);
}

static void bins_of_unknown_data_are_parts_of_three_deviations(void **state)
{
    (void)state;
    Made made;
    make(&(StageOptions){.kind = "piecewise-linear", .settings = SETTINGS(6, 2)}, 1, 2, 3, NULL, &made);
    const Stage *stage = made.run.stage;
    for (size_t t = 0; t <= 6; t++)
        assert_close(made.parameters[stage->offsets[3] + 7 + t], -3 + (double)t, 1e-15);
    double x = 0.25, Y[4];
    double *weight = made.parameters + stage->offsets[0], *linear = made.parameters + stage->offsets[1];
    for (int i = 0; i < 24; i++) {
        assert_true(weight[i] == 0);
        weight[i] = i;
    }
    for (int i = 0; i < 8; i++) /* linear and bias are neighbours */
        assert_true(linear[i] != 0 && fabs(linear[i]) <= 1 / sqrt(2));
    run_forward(&made, 1, (const double[]){x, -4}, Y);
    assert_close(Y[1], 1 + 3 + 5 + 0.25 * 7 + linear[1] * x + linear[4 + 1], 1e-15);
    assert_close(Y[2], -1 * 12 + linear[2] * -4 + linear[4 + 2], 1e-15);
    clear(&made);
}

static void a_fitted_stage_sees_what_earlier_ones_make_of_the_data(void **state)
{
    (void)state;
    enum { MANY = 600 };
    Made made;
    double *X = NULL;
    assert_ok(memory_allocate(MANY * 3, sizeof *X, "features", &X, error));
    for (size_t i = 0; i < MANY; i++) {
        X[3 * i] = (double)(i % 3);
        X[3 * i + 1] = 100;
        X[3 * i + 2] = (double)(i * 7 % MANY);
    }
    make((const StageOptions[]){{.kind = "one-hot", .inputs = 1, .counts = COUNTS(3)},
                                {.kind = "piecewise-linear", .first = 4, .settings = SETTINGS(2, 0)}},
         2, 3, 3, &(StageData){X, MANY, 3}, &made);
    assert_int_equal(made.run.stage->inputs, 1);
    assert_numbers(made.parameters + made.run.stage->offsets[3], 0, (MANY - 1) / 2.0, MANY - 1);
    clear(&made);
    memory_free(X);
}

static void waves_are_mapped_and_the_number_follows_them(void **state)
{
    (void)state;
    Made made;
    double Y[3];
    make(&(StageOptions){.kind = "periodic", .settings = SETTINGS(2, 3, 0.1)}, 1, 1, 3, NULL, &made);
    double *p = made.parameters + made.run.stage->offsets[0];
    const double given[] = {0.5, 0.25, 0, 1, /**/ 1, 2, 3, 4, /**/ 10, 20};
    assert_int_equal(made.network.parameter_count - made.network.dense_count, 10);
    for (int i = 2; i < 10; i++)
        assert_true(p[i] != 0 && fabs(p[i]) <= (i < 4 ? acos(-1) : 1 / sqrt(2)));
    memcpy(p, given, sizeof given);
    run_forward(&made, 1, (const double[]){0.75}, Y);
    const double first = cos(0.75 * acos(-1)), second = cos(0.375 * acos(-1) + 1);
    assert_close(Y[0], first + 2 * second + 10, 1e-15);
    assert_close(Y[1], 3 * first + 4 * second + 20, 1e-15);
    assert_true(Y[2] == 0.75);
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
        cmocka_unit_test(bins_are_quantiles_without_repeats_and_open_at_the_ends),
        cmocka_unit_test(columns_become_normal_between_quantiles),
        cmocka_unit_test(bins_of_unknown_data_are_parts_of_three_deviations),
        cmocka_unit_test(a_fitted_stage_sees_what_earlier_ones_make_of_the_data),
        cmocka_unit_test(waves_are_mapped_and_the_number_follows_them),
        cmocka_unit_test(kinds_begin_as_their_sources_say),
        cmocka_unit_test(glu_halves_the_columns),
        cmocka_unit_test(initial_weights_have_the_gain_of_what_stands_for_the_activation),
        cmocka_unit_test(what_cannot_be_is_refused_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
