/* One model of several: it predicts the mean of what they predict, and models that do not fit one another are refused. */
#include "in_scratch.h"

#include <string.h>

#include "model/combine.h"
#include "percept/percept.h"
#include "stage_cases.h"

enum { ROWS = 11, MODELS = 3 };

/* A model whose values, statistics too, are drawn from the seed. */
static percept_model *make_model(const StageCase *c, size_t members, double dropout, uint64_t seed)
{
    RandomStream stream;
    random_default_rng(&stream, seed);
    const Extras extras = {.dropout = dropout, .stages = c->stages, .stage_count = c->stage_count, .members = members};
    Network network = make_network_with(&c->shape, &extras);
    double *parameters = NULL;
    assert_ok(memory_allocate(network.value_count, sizeof *parameters, "parameters", &parameters, error));
    for (size_t p = 0; p < network.value_count; p++)
        parameters[p] = random_uniform(&stream, p < network.parameter_count ? -1 : 0.5, 1);
    Scaler scaler = {.kind = SCALER_NONE, .width = network_inputs(&network), .divisor = 1};
    percept_model *model = NULL;
    assert_ok(model_create(&network, PERCEPT_FLOAT64, &scaler, 0, NULL, &model, error));
    model_set_parameters(model, parameters);
    memory_free(parameters);
    return model;
}

/* ROWS × outputs, released with memory_free. */
static double *predict(const percept_model *model)
{
    RandomStream stream;
    double *features = NULL, *outputs = NULL;
    const size_t width = percept_model_inputs(model);
    random_default_rng(&stream, 77);
    assert_ok(memory_allocate(ROWS * width, sizeof *features, "features", &features, error));
    assert_ok(memory_allocate(ROWS * percept_model_outputs(model), sizeof *outputs, "outputs", &outputs, error));
    for (size_t i = 0; i < ROWS * width; i++)
        features[i] = (double)(random_uniform(&stream, 0, 3) > 1.5); /* codes of categories, too */
    assert_ok(percept_model_predict(model, features, ROWS, 1, outputs, error));
    memory_free(features);
    return outputs;
}

/* The mean of what the models predict, each with its number of members. */
static double *mean_of(percept_model *const *models, size_t count)
{
    const size_t outputs = ROWS * percept_model_outputs(models[0]);
    double *mean = NULL, members = 0;
    assert_ok(memory_allocate_zeroed(outputs, sizeof *mean, "outputs", &mean, error));
    for (size_t k = 0; k < count; k++) {
        double *own = predict(models[k]);
        for (size_t i = 0; i < outputs; i++)
            mean[i] += own[i] * (double)models[k]->network.members;
        members += (double)models[k]->network.members;
        memory_free(own);
    }
    for (size_t i = 0; i < outputs; i++)
        mean[i] /= members;
    return mean;
}

static void the_combination_predicts_the_mean(void **state)
{
    (void)state;
    for (size_t s = 0; s < STAGE_CASES; s++) {
        percept_model *models[MODELS], *whole = NULL, *loaded = NULL;
        CombineMember members[8];
        size_t used = 0;
        char path[SCRATCH_PATH];
        for (size_t k = 0; k < MODELS; k++) { /* 1, 2 and 3 members, with and without dropout */
            models[k] = make_model(&stage_cases[s], k + 1, k % 2 == 0 ? 0 : 0.2, 10 * s + k);
            for (size_t m = 0; m <= k; m++)
                members[used++] = (CombineMember){models[k], m};
        }
        assert_ok(combine_members(members, used, &whole, error));
        assert_int_equal(whole->network.members, used);
        scratch_path(&scratch, "whole.safetensors", path);
        assert_ok(percept_model_save(whole, path, error));
        assert_ok(percept_model_load(path, &loaded, error));
        double *expected = mean_of(models, MODELS), *found = predict(whole), *again = predict(loaded);
        for (size_t i = 0; i < ROWS * percept_model_outputs(whole); i++)
            assert_close(found[i], expected[i], 1e-12);
        assert_memory_equal(found, again, ROWS * percept_model_outputs(whole) * sizeof *found);
        memory_free(expected);
        memory_free(found);
        memory_free(again);
        percept_model_free(loaded);
        percept_model_free(whole);
        for (size_t k = 0; k < MODELS; k++)
            percept_model_free(models[k]);
    }
}

/* Twice the first, once the second: weights 2/3 and 1/3. */
static void a_repeated_member_counts_again(void **state)
{
    (void)state;
    percept_model *a = make_model(&stage_cases[0], 1, 0, 1), *b = make_model(&stage_cases[0], 1, 0, 2), *whole = NULL;
    const CombineMember members[] = {{a, 0}, {b, 0}, {a, 0}};
    assert_ok(combine_members(members, 3, &whole, error));
    double *of_a = predict(a), *of_b = predict(b), *found = predict(whole);
    for (size_t i = 0; i < ROWS * percept_model_outputs(a); i++)
        assert_close(found[i], (2 * of_a[i] + of_b[i]) / 3, 1e-14);
    memory_free(of_a);
    memory_free(of_b);
    memory_free(found);
    percept_model_free(whole);
    percept_model_free(a);
    percept_model_free(b);
}

static void weights_are_averaged(void **state)
{
    (void)state;
    percept_model *a = make_model(&stage_cases[0], 2, 0, 1), *b = make_model(&stage_cases[0], 2, 0, 2), *whole = NULL;
    const percept_model *const models[] = {a, b, b}, *const same[] = {a, a, a};
    const double *of_a = a->parameters, *of_b = b->parameters;
    assert_ok(combine_average(models, 3, &whole, error));
    assert_int_equal(whole->network.value_count, a->network.value_count);
    for (size_t i = 0; i < a->network.value_count; i++)
        assert_close(((const double *)whole->parameters)[i], (of_a[i] + 2 * of_b[i]) / 3, 1e-15);
    percept_model_free(whole);
    assert_ok(combine_average(same, 3, &whole, error)); /* to the bit */
    assert_memory_equal(whole->parameters, a->parameters, a->network.value_count * sizeof(double));
    percept_model_free(whole);
    percept_model_free(a);
    percept_model_free(b);
}

static void what_does_not_fit_is_named(void **state)
{
    (void)state;
    static const StageCase plain = {{{4, 6, 3}, 3, "tanh", "softmax", "cross-entropy", 0, 0, false}, {{0}}, 0};
    static const StageCase others[] = {
        {{{5, 6, 3}, 3, "tanh", "softmax", "cross-entropy", 0, 0, false}, {{0}}, 0},
        {{{4, 6, 6, 3}, 4, "tanh", "softmax", "cross-entropy", 0, 0, false}, {{0}}, 0},
        {{{4, 7, 3}, 3, "tanh", "softmax", "cross-entropy", 0, 0, false}, {{0}}, 0},
        {{{4, 6, 3}, 3, "relu", "softmax", "cross-entropy", 0, 0, false}, {{0}}, 0},
        {{{4, 6, 3}, 3, "tanh", "softmax", "cross-entropy", 0, 0, false}, {{.kind = "layer-norm", .side = 1}}, 1},
        {{{4, 6, 3}, 3, "tanh", "softmax", "mean-squared-error", 0, 0, false}, {{0}}, 0},
    };
    static const char *const reasons[] = {"it takes 5 features, not 4",
                                          "it has 3 layers, not 2",
                                          "its layer 1 has 7 outputs, not 6",
                                          "the activation of its layer 1 is relu, not tanh",
                                          "its stage 1 is layer-norm, not missing",
                                          "its loss is mean-squared-error, not cross-entropy"};
    percept_model *first = make_model(&plain, 1, 0, 1);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        percept_model *other = make_model(&others[i], 1, 0, 2), *whole = NULL;
        const CombineMember members[] = {{first, 0}, {other, 0}};
        assert_refused(combine_members(members, 2, &whole, error), PERCEPT_ERROR_ARGUMENT, reasons[i]);
        assert_null(whole);
        percept_model_free(other);
    }
    percept_model *two = make_model(&plain, 2, 0, 2), *whole = NULL;
    const percept_model *const models[] = {first, two};
    assert_refused(combine_average(models, 2, &whole, error), PERCEPT_ERROR_ARGUMENT,
                   "its number of members is 2, not 1");
    two->scaler.divisor = 255;
    assert_refused(combine_check(first, two, error), PERCEPT_ERROR_ARGUMENT, "another training part");
    percept_model_free(two);
    percept_model_free(first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(the_combination_predicts_the_mean),
        cmocka_unit_test(a_repeated_member_counts_again),
        cmocka_unit_test(weights_are_averaged),
        cmocka_unit_test(what_does_not_fit_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
