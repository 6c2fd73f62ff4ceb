/* Where a recipe's network begins: weights and orders are those that NumPy draws, and what earlier runs drew can be
 * passed over. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "model/model.h"
#include "nn/initialize.h"
#include "recipe/experiment.h"
#include "recipe/initial.h"

#define INPUTS 3
#define EXAMPLES 7
#define PARAMETERS ((3 + 1) * 4 + (4 + 1) * 2)

typedef struct InitialCase {
    const char *stream, *seed, *after, *init, *by_input;
    double parameters[PARAMETERS];
    uint32_t orders[2 * EXAMPLES];
} InitialCase;

#include "initial_vectors.h"

/* ---- Tools ------------------------------------------------------------------------------------------------------ */

static percept_data make_data(void)
{
    static const double features[EXAMPLES * INPUTS];
    static const int32_t labels[EXAMPLES] = {0, 1, 0, 1, 0, 1, 0};
    percept_data data = {0};
    assert_ok(percept_dataset_create(PERCEPT_FLOAT64, EXAMPLES, INPUTS, features, labels, 2, NULL, &data.train, error));
    return data;
}

static void set(percept_recipe *recipe, const char *key, const char *value)
{
    if (value[0] != '\0')
        assert_ok(percept_recipe_set(recipe, key, value, error));
}

static percept_recipe *recipe_of(const InitialCase *from)
{
    percept_recipe *recipe = NULL;
    assert_ok(percept_recipe_create(&recipe, error));
    set(recipe, "precision", "float64");
    set(recipe, "model.layers", "3-4-2");
    set(recipe, "stream", from->stream);
    set(recipe, "seed", from->seed);
    set(recipe, "model.init_after", from->after);
    set(recipe, "model.init", from->init);
    set(recipe, "model.init_by_input", from->by_input);
    return recipe;
}

/* The stream of the orders, when the model has been made. */
static RandomStream order_stream(percept_recipe *recipe, double *parameters)
{
    percept_data data = make_data();
    percept_model *model = NULL;
    TrainingOptions options;
    assert_ok(percept_model_create(recipe, &data, &model, error));
    assert_ok(experiment_training(recipe, &data, &options, error));
    if (parameters != NULL)
        memcpy(parameters, model->parameters, PARAMETERS * sizeof *parameters);
    percept_model_free(model);
    percept_data_free(&data);
    return options.shuffling;
}

static void expect_refusal(const char *key, const char *value, const char *seed, const char *message)
{
    percept_error error;
    percept_data data = make_data();
    percept_model *model = NULL;
    percept_recipe *recipe = recipe_of(&cases[3]);
    set(recipe, "seed", seed);
    set(recipe, key, value);
    assert_int_equal(percept_model_create(recipe, &data, &model, &error), PERCEPT_ERROR_ARGUMENT);
    if (strstr(error.message, message) == NULL)
        fail_msg("'%s' lacks '%s'", error.message, message);
    percept_recipe_free(recipe);
    percept_data_free(&data);
}

/* ---- Weights and orders ------------------------------------------------------------------------------------------ */

static void weights_and_orders_are_numpys_to_the_bit(void **state)
{
    (void)state;
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        double parameters[PARAMETERS];
        uint32_t order[EXAMPLES];
        percept_recipe *recipe = recipe_of(&cases[c]);
        RandomStream stream = order_stream(recipe, parameters);
        for (size_t p = 0; p < PARAMETERS; p++)
            if (parameters[p] != cases[c].parameters[p])
                fail_msg("case %zu, parameter %zu: %a, not %a", c, p, parameters[p], cases[c].parameters[p]);
        for (size_t epoch = 0; epoch < 2; epoch++) {
            random_permutation(&stream, order, EXAMPLES);
            assert_memory_equal(order, cases[c].orders + epoch * EXAMPLES, sizeof order);
        }
        percept_recipe_free(recipe);
    }
}

/* So that no use of the seed changes another one. */
static void children_leave_one_another_alone(void **state)
{
    (void)state;
    RandomStream expected;
    InitialCase with_children = cases[0];
    with_children.stream = "children";
    with_children.after = "uniform:3";
    random_spawn(&expected, 12345, STREAM_SHUFFLE);
    percept_recipe *recipe = recipe_of(&with_children);
    RandomStream stream = order_stream(recipe, NULL);
    for (int i = 0; i < 10; i++)
        assert_true(random_unit(&stream) == random_unit(&expected));
    percept_recipe_free(recipe);
}

/* What network_draws counts is what an initialization takes: passed over, the stream stands where it left it. */
static void a_run_goes_on_where_another_one_ended(void **state)
{
    (void)state;
    static const char *const names[][2] = {
        {"zeros", "normal"}, {"normal", "glorot"}, {"he", "normal"}, {"zeros", "zeros"}, {"product", "fan-out"}};
    static const size_t entries[] = {1, 2, 1, 0, 1};
    for (size_t c = 0; c < sizeof names / sizeof *names; c++) {
        percept_recipe *recipe = recipe_of(&cases[0]);
        Network network = {0};
        InitializerDraws draws[2];
        RandomStream drawn, skipped;
        double parameters[PARAMETERS];
        (void)order_stream(recipe, NULL); /* which resolves the recipe */
        assert_ok(initial_network(recipe, NULL, &network, error));
        assert_ok(random_legacy_seed(&drawn, 7, error));
        skipped = drawn;
        assert_ok(network_initialize(&network, names[c], 2, 0.01, false, &drawn, parameters, error));
        const size_t used = network_draws(&network, names[c], 2, draws);
        assert_int_equal(used, entries[c]);
        for (size_t i = 0; i < used; i++)
            draw_skip(&skipped, draws[i].kind, draws[i].count);
        assert_true(random_normal(&drawn, 0, 1) == random_normal(&skipped, 0, 1));
        network_clear(&network);
        percept_recipe_free(recipe);
    }
}

static void draws_have_names(void **state)
{
    (void)state;
    assert_int_equal(draw_kind_find("uniform:3", 7), DRAW_UNIFORM);
    assert_int_equal(draw_kind_find("normal", 6), DRAW_NORMAL);
    assert_int_equal(draw_kind_find("none", 4), DRAW_NONE);
    assert_int_equal(draw_kind_find("norm", 4), DRAW_NONE);
    assert_string_equal(draw_kind_name(DRAW_UNIFORM), "uniform");
    assert_string_equal(draw_kind_name(DRAW_NORMAL), "normal");
}

/* ---- What is refused --------------------------------------------------------------------------------------------- */

static void draws_that_mean_nothing_are_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"uniform", "uniform:", "uniform:-1", "uniform:1.5", "gamma:3",
                                        ":3",      "none:3",   "normal:3x",  "normal 3",    "normal:99999999999"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        expect_refusal("model.init_after", wrong[i], "", "model.init_after: expected uniform:N or normal:N");
    expect_refusal("model.init_after", "uniform:3,foo:4", "", "'foo:4'");
}

static void a_seed_that_numpy_does_not_take_is_refused(void **state)
{
    (void)state;
    expect_refusal("stream", "numpy-legacy", "4294967296", "seed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weights_and_orders_are_numpys_to_the_bit),
        cmocka_unit_test(children_leave_one_another_alone),
        cmocka_unit_test(a_run_goes_on_where_another_one_ended),
        cmocka_unit_test(draws_have_names),
        cmocka_unit_test(draws_that_mean_nothing_are_refused),
        cmocka_unit_test(a_seed_that_numpy_does_not_take_is_refused),
    };
    return cmocka_run_group_tests_name("initial", tests, NULL, NULL);
}
