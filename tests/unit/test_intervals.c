/* Intervals of targets: quantiles that a network learns beside the mean, and their conformal correction. */
#include "unit.h"

#include <complex.h>
#include <string.h>

#include "data/dataset.h"
#include "export/export.h"
#include "export/formats.h"
#include "in_scratch.h"
#include "model/model.h"
#include "networks.h"
#include "nn/loss.h"
#include "recipe/recipe.h"
#include "train/conformal.h"

/* ---- The loss ----------------------------------------------------------------------------------------------------- */

static const double levels[3] = {NAN, 0.05, 0.95};

static void loss_is_that_of_mean_and_quantiles(void **state)
{
    (void)state;
    const Loss_f64 *loss = loss_at_f64((size_t)loss_find("quantile"));
    const double A[6] = {1.5, 0.5, 3, -1, 2, -2}, t[6] = {1, 1, 1, 0, 0, 0};
    const double terms[6] = {0.25, 0.05 * 0.5, 0.05 * 2, 1, 0.95 * 2, 0.95 * 2};
    double value = 0, sum = 0, half = 0;
    for (size_t j = 0; j < 6; j++)
        sum += terms[j];
    loss->forward(1, 6, NULL, A, (Answers_f64){.targets = t, .levels = levels}, &value);
    assert_close(value, sum / 6, 1e-15);
    loss->forward(1, 1, NULL, A, (Answers_f64){.targets = t}, &half); /* the median: half the absolute difference */
    assert_close(half, 0.25, 1e-15);
}

static void gradient_equals_the_complex_step(void **state)
{
    (void)state;
    enum { WIDTH = 6 };
    const size_t index = (size_t)loss_find("quantile");
    const double A[WIDTH] = {1.5, 0.5, 3, -1, 2, -2}, t[WIDTH] = {1, 1, 1, 0, 0, 0};
    double delta[WIDTH];
    loss_at_f64(index)->backward(1, WIDTH, NULL, A, (Answers_f64){.targets = t, .levels = levels}, delta);
    for (int j = 0; j < WIDTH; j++) {
        double complex outputs[WIDTH], targets[WIDTH], value = 0;
        for (int k = 0; k < WIDTH; k++) {
            outputs[k] = A[k] + (k == j ? I * 1e-30 : 0);
            targets[k] = t[k];
        }
        loss_at_c128(index)->forward(1, WIDTH, NULL, outputs, (Answers_c128){.targets = targets, .levels = levels},
                                     &value);
        assert_close(cimag(value) / 1e-30, delta[j], 1e-14);
    }
}

/* ---- The correction ----------------------------------------------------------------------------------------------- */

static double correction_of(size_t count, double weight, double fraction)
{
    static ConformalScore scores[256];
    for (size_t i = 0; i < count; i++) /* count … 1, in another order */
        scores[i] = (ConformalScore){(double)(1 + i * 7 % count), weight};
    return conformal_correction(scores, count, fraction);
}

/* The ⌈c (n + 1)⌉-th smallest. */
static void correction_is_the_rank_of_the_method(void **state)
{
    (void)state;
    assert_true(correction_of(9, 1, 0.9) == 9);
    assert_true(correction_of(99, 1, 0.9) == 90);
    assert_true(correction_of(100, 1, 0.9) == 91); /* 90.9 */
    assert_true(correction_of(99, 1, 0.5) == 50);
    assert_true(correction_of(5, 1, 0.9) == 5);    /* too few: the largest */
    assert_true(correction_of(100, 2, 0.9) == 91); /* 0.9 · 201 = 180.9 */
}

static void weights_are_numbers_of_examples(void **state)
{
    (void)state;
    ConformalScore weighted[] = {{3, 2}, {1, 1}, {7, 0}, {2, 3}},
                   each[] = {{1, 1}, {2, 1}, {2, 1}, {2, 1}, {3, 1}, {3, 1}};
    for (int k = 1; k < 17; k++)
        assert_true(conformal_correction(weighted, 4, k / 20.0) == conformal_correction(each, 6, k / 20.0));
}

/* ---- Trainings ---------------------------------------------------------------------------------------------------- */

#define FEATURES 2

/* t = 3 x + 1000 + noise whose deviation is 0.2 + |x|, and with two targets another one of constant noise. */
static percept_dataset *make_noisy(size_t count, size_t targets, uint64_t seed)
{
    RandomStream stream;
    double *features = NULL, *values = NULL;
    percept_dataset *data = NULL;
    random_default_rng(&stream, seed);
    assert_ok(memory_allocate(count, FEATURES * sizeof *features, "features", &features, error));
    assert_ok(memory_allocate(count, targets * sizeof *values, "targets", &values, error));
    for (size_t i = 0; i < count; i++) {
        const double x = random_uniform(&stream, -2, 2);
        features[i * FEATURES] = x;
        features[i * FEATURES + 1] = random_uniform(&stream, -1, 1);
        for (size_t t = 0; t < targets; t++)
            values[i * targets + t] = t == 0 ? 1000 + 3 * x + (0.2 + fabs(x)) * random_normal(&stream, 0, 1)
                                             : -50 * features[i * FEATURES + 1] + random_normal(&stream, 0, 1);
    }
    assert_ok(percept_dataset_create(PERCEPT_FLOAT64, count, FEATURES, features, NULL, 0, NULL, &data, error));
    data->storage->targets = values;
    data->storage->target_width = targets;
    memory_free(features);
    return data;
}

typedef struct Case {
    size_t targets;
    const char *layers, *members, *engine, *precision, *scale, *transform;
} Case;

typedef struct Fitted {
    percept_recipe *recipe;
    percept_data data;
    percept_model *model;
    percept_result result;
    percept_report report; /* of the test part */
} Fitted;

static Fitted fit(const Case *c, const char *threads, const char *intervals)
{
    Fitted f = {
        .data = {make_noisy(1500, c->targets, 1), make_noisy(800, c->targets, 2), make_noisy(3000, c->targets, 3)}};
    const char *const keys[][2] = {{"model.layers", c->layers},     {"model.activation", "silu"},
                                   {"model.members", c->members},   {"model.intervals", intervals},
                                   {"engine", c->engine},           {"precision", c->precision},
                                   {"data.target_scale", c->scale}, {"data.target_transform", c->transform},
                                   {"train.epochs", "12"},          {"train.batch_size", "32"},
                                   {"train.learning_rate", "0.01"}, {"threads", threads}};
    assert_ok(percept_recipe_create(&f.recipe, error));
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
        if (keys[k][1] != NULL)
            assert_ok(percept_recipe_set(f.recipe, keys[k][0], keys[k][1], error));
    assert_ok(percept_model_create(f.recipe, &f.data, &f.model, error));
    f.result.struct_size = sizeof f.result;
    assert_ok(percept_model_train(f.model, f.recipe, &f.data, NULL, NULL, &f.result, error));
    f.report.struct_size = sizeof f.report;
    assert_ok(percept_model_report(f.model, f.data.test, 1, &f.report, error));
    return f;
}

static void clear_fitted(Fitted *f)
{
    percept_report_clear(&f->report);
    percept_model_free(f->model);
    percept_data_free(&f->data);
    percept_recipe_free(f->recipe);
}

static const Case cases[] = {
    {1, "2-16-3", "1", "cpu", "float32", NULL, NULL},
    {1, "2-16-3", "3", "cpu", "float32", NULL, "quantile"},
    {2, "2-16-6", "1", "reference", "float64", NULL, NULL},
    {2, "2-16-6", "2", "cpu", "float64", NULL, NULL},
};
#define CASES (sizeof cases / sizeof *cases)

/* The standard error of the coverage is that of 800 validation and 3,000 test examples: 0.012. */
static void intervals_hold_the_fraction_wanted_of_other_examples(void **state)
{
    (void)state;
    for (size_t c = 0; c < CASES; c++) {
        Fitted f = fit(&cases[c], "1", "0.9");
        assert_int_equal(f.report.target_count, cases[c].targets);
        assert_true(f.report.interval_level == 0.9);
        for (size_t t = 0; t < cases[c].targets; t++) {
            assert_true(fabs(f.report.intervals[t].coverage - 0.9) < 0.04);
            assert_true(f.report.targets[t].r2 > 0.8);
        }
        clear_fitted(&f);
    }
}

/* What the noise tells: 2 · 1.645 deviations of it, 0.2 at x = 0 and 2 at x = 1.8. */
static void intervals_are_wide_where_targets_scatter(void **state)
{
    (void)state;
    Fitted f = fit(&cases[0], "1", "0.9");
    double at_0[3], at_2[3];
    assert_ok(percept_model_predict(f.model, (double[]){0, 0}, 1, 1, at_0, error));
    assert_ok(percept_model_predict(f.model, (double[]){1.8, 0}, 1, 1, at_2, error));
    assert_true(at_2[2] - at_2[1] > 2.5 * (at_0[2] - at_0[1]));
    assert_true(at_2[2] - at_2[1] > 4.5 && at_2[2] - at_2[1] < 9);
    assert_true(fabs(at_2[0] - 1005.4) < 0.7);
    clear_fitted(&f);
}

static void a_model_with_intervals_reports_the_loss_of_the_mean(void **state)
{
    (void)state;
    for (size_t c = 0; c < CASES; c++) {
        Fitted f = fit(&cases[c], "1", "0.9");
        percept_report valid = {.struct_size = sizeof valid};
        assert_ok(percept_model_report(f.model, f.data.valid, 1, &valid, error));
        assert_close(valid.metrics->loss / f.result.valid_loss, 1, 1e-6); /* the correction changes no mean */
        for (size_t t = 0; t < cases[c].targets && cases[c].transform == NULL; t++)
            valid.metrics->loss -= pow(valid.targets[t].root_mean_squared_error, 2) / (double)cases[c].targets;
        if (cases[c].transform == NULL)
            assert_close(valid.metrics->loss, 0, 1e-4);
        percept_report_clear(&valid);
        clear_fitted(&f);
    }
}

static void threads_change_no_bit(void **state)
{
    (void)state;
    Fitted one = fit(&cases[3], "1", "0.8"), three = fit(&cases[3], "3", "0.8");
    assert_memory_equal(one.model->parameters, three.model->parameters,
                        one.model->network.value_count * sizeof(double));
    clear_fitted(&one);
    clear_fitted(&three);
}

/* Also where targets are not scaled, and in a file. */
static void models_keep_their_intervals(void **state)
{
    (void)state;
    char path[SCRATCH_PATH];
    const Case plain = {1, "2-16-3", "2", "cpu", "float32", "none", NULL};
    Fitted f = fit(&plain, "1", "0.5");
    percept_model *loaded = NULL;
    double here[3], there[3];
    scratch_path(&scratch, "model.safetensors", path);
    assert_ok(percept_model_save(f.model, path, error));
    assert_ok(percept_model_load(path, &loaded, error));
    assert_true(loaded->network.intervals == 0.5 && loaded->network.levels[2] == 0.75);
    assert_ok(percept_model_predict(f.model, (double[]){0.5, 0.5}, 1, 1, here, error));
    assert_ok(percept_model_predict(loaded, (double[]){0.5, 0.5}, 1, 1, there, error));
    assert_memory_equal(here, there, sizeof here);
    percept_model_free(loaded);
    clear_fitted(&f);
}

/* ---- Order, everywhere -------------------------------------------------------------------------------------------- */

static percept_model *make_crossing_model(void)
{
    static const Shape shape = {{4, 8, 6}, 3, "tanh", "identity", "quantile", 0, 0, false};
    const char *hidden = "tanh";
    RandomStream stream;
    Network network = {0};
    Scaler scaler = {.kind = SCALER_NONE, .width = 4, .divisor = 1};
    percept_model *model = NULL;
    const NetworkOptions options = {.sizes = shape.sizes,
                                    .size_count = 3,
                                    .hidden_activations = &hidden,
                                    .hidden_activation_count = 1,
                                    .output_activation = "identity",
                                    .loss = "quantile",
                                    .intervals = 0.9};
    random_default_rng(&stream, 8);
    assert_ok(network_create(&options, &network, error));
    double *values = make_parameters(&network, &stream);
    assert_ok(model_create(&network, PERCEPT_FLOAT64, &scaler, 0, NULL, &model, error));
    model_set_parameters(model, values);
    memory_free(values);
    return model;
}

static void predictions_lie_in_their_intervals(void **state)
{
    (void)state;
    enum { ROWS = 50 };
    RandomStream stream;
    double rows[ROWS * 4], outputs[ROWS * 6];
    size_t at_mean = 0;
    percept_model *model = make_crossing_model();
    random_default_rng(&stream, 4);
    for (size_t i = 0; i < ROWS * 4; i++)
        rows[i] = random_uniform(&stream, -3, 3);
    assert_ok(percept_model_predict(model, rows, ROWS, 1, outputs, error));
    for (size_t i = 0; i < ROWS * 6; i += 3) {
        assert_true(outputs[i + 1] <= outputs[i] && outputs[i] <= outputs[i + 2]);
        at_mean += outputs[i + 1] == outputs[i] ? 1 : 0;
    }
    assert_true(at_mean > 10); /* the parameters are random: many cross */
    percept_model_free(model);
}

static void exports_answer_as_the_model_does(void **state)
{
    (void)state;
    enum { ROWS = 20 };
    char path[SCRATCH_PATH], name[32];
    double rows[ROWS * 4];
    percept_model *model = make_crossing_model();
    export_draw_rows(model, ROWS, rows);
    for (size_t f = 0; export_format_at(f) != NULL; f++) {
        ExportCheck check = {0};
        snprintf(name, sizeof name, "model.%s", export_format_at(f)->extension);
        assert_ok(export_write(export_format_at(f), model, &(ExportOptions){.precision = PERCEPT_FLOAT64},
                               &(ExportRows){.values = rows, .count = ROWS}, scratch_path(&scratch, name, path), &check,
                               error));
        assert_true(check.difference < 1e-10);
    }
    percept_model_free(model);
}

/* ---- What is refused ---------------------------------------------------------------------------------------------- */

static void assert_refused_with(const char *key, const char *value, size_t valid, const char *words)
{
    percept_data data = {make_noisy(60, 1, 1), valid > 0 ? make_noisy(valid, 1, 2) : NULL, NULL};
    percept_recipe *recipe = NULL;
    percept_model *model = NULL;
    percept_error failure = {PERCEPT_OK, ""};
    assert_ok(percept_recipe_create(&recipe, error));
    assert_ok(percept_recipe_set(recipe, "model.intervals", "0.9", error));
    assert_ok(percept_recipe_set(recipe, "train.epochs", "1", error));
    if (key != NULL)
        assert_ok(percept_recipe_set(recipe, key, value, error));
    if (percept_model_create(recipe, &data, &model, &failure) == PERCEPT_OK)
        assert_int_equal(percept_model_train(model, recipe, &data, NULL, NULL, NULL, &failure), PERCEPT_ERROR_ARGUMENT);
    assert_non_null(strstr(failure.message, words));
    percept_model_free(model);
    percept_recipe_free(recipe);
    percept_data_free(&data);
}

static void what_makes_no_intervals_is_refused(void **state)
{
    (void)state;
    assert_refused_with(NULL, NULL, 0, "needs a validation set, but there is none");
    assert_refused_with(NULL, NULL, 8, "needs 9 validation examples, but there are 8");
    assert_refused_with("model.loss", "huber", 20, "needs model.loss quantile, not huber");
    assert_refused_with("model.output", "tanh", 20, "needs model.output identity, not tanh");
    assert_refused_with("model.layers", "2-4-1", 20, "three outputs each");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loss_is_that_of_mean_and_quantiles),
        cmocka_unit_test(gradient_equals_the_complex_step),
        cmocka_unit_test(correction_is_the_rank_of_the_method),
        cmocka_unit_test(weights_are_numbers_of_examples),
        cmocka_unit_test(intervals_hold_the_fraction_wanted_of_other_examples),
        cmocka_unit_test(intervals_are_wide_where_targets_scatter),
        cmocka_unit_test(a_model_with_intervals_reports_the_loss_of_the_mean),
        cmocka_unit_test(threads_change_no_bit),
        IN_SCRATCH(models_keep_their_intervals),
        cmocka_unit_test(predictions_lie_in_their_intervals),
        IN_SCRATCH(exports_answer_as_the_model_does),
        cmocka_unit_test(what_makes_no_intervals_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
