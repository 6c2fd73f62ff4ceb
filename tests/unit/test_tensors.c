/* Parameters by name, models without data, and derivatives by the inputs. */
#include <string.h>

#include "unit.h"

enum { COUNT = 40, WIDTH = 3, MOST = 64 };

static double features[COUNT * WIDTH], targets[COUNT * 2];
static int32_t labels[COUNT];

static void refuse(percept_status status, const percept_error *error, const char *words)
{
    assert_int_equal(status, PERCEPT_ERROR_ARGUMENT);
    if (strstr(error->message, words) == NULL)
        fail_msg("'%s' lacks '%s'", error->message, words);
    assert_true(strlen(error->message) <= 200);
}

/* A trained model of a recipe in YAML; for regression on two targets of quite different units. */
static percept_model *train(const char *yaml, bool regression)
{
    percept_table *table = NULL;
    percept_data data = {0};
    percept_recipe *recipe = NULL;
    percept_model *model = NULL;
    for (size_t p = 0; p < COUNT * WIDTH; p++)
        features[p] = 5 + 30 * (double)((p * 7919 + p * p * 31) % 101) / 101;
    for (size_t i = 0; i < COUNT; i++) {
        labels[i] = (int32_t)(i % 3);
        targets[2 * i] = 1000 * features[i * WIDTH] + 5;
        targets[2 * i + 1] = 0.01 * features[i * WIDTH + 1] * features[i * WIDTH + 2];
    }
    assert_ok(percept_table_create(COUNT, &table, error));
    assert_ok(percept_table_set_features(table, PERCEPT_FLOAT64, features, WIDTH, 0, 0, error));
    assert_ok(percept_table_set_columns(table, (const char *const[]){"a", "b", "c"}, NULL, error));
    if (regression)
        assert_ok(percept_table_set_targets(table, PERCEPT_FLOAT64, targets, 2, 0, 0, NULL, error));
    else
        assert_ok(percept_table_set_labels(table, PERCEPT_INT32, labels, 0, 3, NULL, error));
    assert_ok(percept_table_finish(table, &data.train, error));
    percept_table_free(table);
    assert_ok(percept_recipe_parse(yaml, &recipe, error));
    assert_ok(percept_model_create(recipe, &data, &model, error));
    assert_ok(percept_model_train(model, recipe, &data, NULL, NULL, NULL, error));
    percept_recipe_free(recipe);
    percept_data_free(&data);
    return model;
}

#define CLASSES "{model.layers: [3, 5, 3], model.activation: tanh, train.epochs: 3, precision: float64, threads: 1}"
#define NORMALIZED                                                                                                     \
    "{model.layers: [3, 5, 3], model.normalize: batch, model.activation: tanh, train.epochs: 3, precision: float64}"
/* Batch norm where it cannot go into the weights of a layer before it. */
#define FEATURES_NORMALIZED                                                                                            \
    "{model.layers: [3, 5, 3], model.input_stages: [batch-norm], model.stages: [prelu, batch-norm], train.epochs: 3, " \
    "precision: float64}"
#define MEMBERS                                                                                                        \
    "{model.layers: [3, 5, 3], model.input_stages: [batch-norm], model.activation: tanh, model.members: 3, "           \
    "train.epochs: 30, precision: float64}"
#define MEMBERS_SQUARED                                                                                                \
    "{model.layers: [3, 5, 3], model.activation: tanh, model.members: 3, model.loss: mean-squared-error, "             \
    "train.epochs: 30, precision: float64}"
#define MEMBERS_SIGMOID                                                                                                \
    "{model.layers: [3, 5, 3], model.activation: tanh, model.members: 2, model.output: sigmoid, "                      \
    "model.loss: binary-cross-entropy, train.epochs: 30, precision: float64}"
#define MEMBERS_REGRESSION                                                                                             \
    "{model.layers: [3, 5, 2], model.activation: tanh, model.members: 3, train.epochs: 30, precision: float64}"
#define REGRESSION "{model.layers: [3, 5, 2], model.activation: tanh, train.epochs: 3, precision: float64, threads: 1}"

static void tensors_have_names_roles_and_shapes(void **state)
{
    (void)state;
    percept_model *model = train(CLASSES, false);
    const char *const names[] = {"layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias"};
    const size_t rows[] = {5, 5, 3, 3}, columns[] = {3, 1, 5, 1};
    size_t total = 0;
    assert_int_equal(percept_model_tensors(model), 4);
    for (size_t i = 0; i < 4; i++) {
        size_t r = 0, c = 0;
        assert_string_equal(percept_model_tensor_name(model, i), names[i]);
        assert_string_equal(percept_model_tensor_role(model, i), i % 2 == 0 ? "weight" : "bias");
        assert_int_equal(percept_model_tensor_shape(model, i, &r, &c), i % 2 == 0 ? 2 : 1);
        assert_int_equal(r, rows[i]);
        assert_int_equal(c, columns[i]);
        total += r * c;
    }
    assert_int_equal(total, percept_model_parameters(model));
    percept_model_free(model);
}

static void what_is_set_is_got(void **state)
{
    (void)state;
    percept_error failure;
    percept_model *model = train(CLASSES, false);
    double values[15], again[15];
    float narrow[15];
    for (size_t i = 0; i < 15; i++)
        values[i] = 0.1 * (double)i - 0.7;
    assert_ok(percept_model_set_tensor(model, "layers.0.weight", PERCEPT_FLOAT64, values, 15, error));
    assert_ok(percept_model_get_tensor(model, "layers.0.weight", PERCEPT_FLOAT64, again, 15, error));
    assert_ok(percept_model_get_tensor(model, "layers.0.weight", PERCEPT_FLOAT32, narrow, 15, error));
    for (size_t i = 0; i < 15; i++)
        assert_true(again[i] == values[i] && narrow[i] == (float)values[i]);
    refuse(percept_model_get_tensor(model, "layers.0.weigth", PERCEPT_FLOAT64, again, 15, &failure), &failure,
           "did you mean 'layers.0.weight'");
    refuse(percept_model_get_tensor(model, "layers.0.weight", PERCEPT_FLOAT64, again, 14, &failure), &failure,
           "14 values");
    refuse(percept_model_get_tensor(model, "layers.0.weight", PERCEPT_INT32, again, 15, &failure), &failure, "type");
    values[3] = NAN;
    refuse(percept_model_set_tensor(model, "layers.0.weight", PERCEPT_FLOAT64, values, 15, &failure), &failure,
           "value 4 of 15");
    assert_ok(percept_model_get_tensor(model, "layers.0.weight", PERCEPT_FLOAT64, values, 15, error));
    for (size_t i = 0; i < 15; i++)
        assert_true(values[i] == again[i]); /* as it was */
    percept_model_free(model);
}

static void a_number_beyond_float32_is_refused_by_a_model_of_float32(void **state)
{
    (void)state;
    percept_error failure;
    percept_recipe *recipe = NULL;
    percept_model *model = NULL;
    const double huge[2] = {1e300, 1};
    assert_ok(percept_recipe_parse("{model.layers: [2, 1]}", &recipe, error));
    assert_ok(percept_model_build(recipe, 0, NULL, &model, error));
    refuse(percept_model_set_tensor(model, "layers.0.weight", PERCEPT_FLOAT64, huge, 2, &failure), &failure,
           "not finite");
    percept_model_free(model);
    percept_recipe_free(recipe);
}

static void a_model_is_rebuilt_from_its_tensors(void **state)
{
    (void)state;
    for (int regression = 0; regression < 2; regression++) {
        percept_model *model = train(regression ? REGRESSION : CLASSES, regression), *copy = NULL;
        percept_recipe *recipe = NULL;
        const size_t outputs = percept_model_outputs(model);
        double values[MOST], mean[WIDTH], deviation[WIDTH], a[COUNT * 3], b[COUNT * 3];
        assert_ok(percept_recipe_parse(regression ? REGRESSION : CLASSES, &recipe, error));
        assert_ok(percept_model_build(recipe, regression ? 0 : 3, NULL, &copy, error));
        for (size_t i = 0; i < percept_model_tensors(model); i++) {
            const char *name = percept_model_tensor_name(model, i);
            size_t rows = 0, columns = 0;
            percept_model_tensor_shape(model, i, &rows, &columns);
            assert_ok(percept_model_get_tensor(model, name, PERCEPT_FLOAT64, values, rows * columns, error));
            assert_ok(percept_model_set_tensor(copy, name, PERCEPT_FLOAT64, values, rows * columns, error));
        }
        percept_model_get_scale(model, mean, deviation);
        assert_ok(percept_model_set_scale(copy, mean, deviation, error));
        percept_model_get_target_scale(model, mean, deviation);
        if (regression)
            assert_ok(percept_model_set_target_scale(copy, mean, deviation, error));
        assert_ok(percept_model_predict(model, features, COUNT, 1, a, error));
        assert_ok(percept_model_predict(copy, features, COUNT, 1, b, error));
        for (size_t p = 0; p < COUNT * outputs; p++)
            assert_true(a[p] == b[p]);
        percept_model_free(copy);
        percept_model_free(model);
        percept_recipe_free(recipe);
    }
}

static void what_needs_data_is_refused_without_them(void **state)
{
    (void)state;
    percept_error failure;
    percept_recipe *recipe = NULL;
    percept_model *model = NULL;
    const double means[3] = {0}, deviations[3] = {1, 0, 1};
    assert_ok(percept_recipe_create(&recipe, error));
    refuse(percept_model_build(recipe, 3, NULL, &model, &failure), &failure, "model.layers is not set");
    assert_ok(percept_recipe_set(recipe, "model.layers", "3-4-2", error));
    refuse(percept_model_build(recipe, 3, NULL, &model, &failure), &failure, "2 outputs");
    assert_ok(percept_recipe_set(recipe, "data.scale", "standardize", error));
    refuse(percept_model_build(recipe, 2, NULL, &model, &failure), &failure, "data.scale");
    assert_ok(percept_recipe_set(recipe, "data.scale", "none", error));
    assert_ok(percept_model_build(recipe, 2, (const char *const[]){"no", "yes"}, &model, error));
    assert_string_equal(percept_model_class_name(model, 1), "yes");
    refuse(percept_model_set_scale(model, means, deviations, &failure), &failure, "input 2");
    refuse(percept_model_set_target_scale(model, means, means, &failure), &failure, "no targets");
    percept_model_free(model);
    percept_recipe_free(recipe);
}

/* ---- Predictions --------------------------------------------------------------------------------------------------- */

static void classes_and_logits_belong_to_the_outputs(void **state)
{
    (void)state;
    percept_model *model = train(CLASSES, false);
    percept_predictor *predictor = NULL;
    double outputs[COUNT * 3], logits[COUNT * 3];
    int32_t classes[COUNT];
    assert_ok(percept_predictor_create(model, 1, &predictor, error));
    percept_predictor_run(predictor, features, COUNT, outputs);
    percept_predictor_logits(predictor, features, COUNT, logits);
    percept_predictor_classes(predictor, features, COUNT, classes);
    for (size_t i = 0; i < COUNT; i++) {
        const double *p = outputs + 3 * i, *z = logits + 3 * i;
        const double sum = exp(z[0]) + exp(z[1]) + exp(z[2]);
        for (size_t k = 0; k < 3; k++) {
            assert_close(p[k], exp(z[k]) / sum, 1e-12); /* rounding of the softmax */
            assert_true(p[k] <= p[classes[i]]);
        }
    }
    percept_predictor_free(predictor);
    percept_model_free(model);

    model = train(REGRESSION, true);
    assert_ok(percept_predictor_create(model, 1, &predictor, error));
    percept_predictor_run(predictor, features, COUNT, outputs);
    percept_predictor_logits(predictor, features, COUNT, logits);
    percept_predictor_classes(predictor, features, COUNT, classes);
    for (size_t p = 0; p < COUNT * 2; p++)
        assert_true(outputs[p] == logits[p] && classes[p / 2] == -1);
    percept_predictor_free(predictor);
    percept_model_free(model);
}

static void metrics_are_those_of_the_predictions(void **state)
{
    (void)state;
    const char *const recipes[] = {CLASSES, NORMALIZED};
    for (size_t r = 0; r < 2; r++) {
        percept_model *model = train(recipes[r], false);
        percept_dataset *data = NULL;
        percept_metrics metrics = {.struct_size = sizeof metrics};
        double outputs[COUNT * 3], loss = 0;
        assert_ok(percept_dataset_create(PERCEPT_FLOAT64, COUNT, WIDTH, features, labels, 3, NULL, &data, error));
        assert_ok(percept_model_evaluate(model, data, 1, &metrics, error));
        assert_ok(percept_model_predict(model, features, COUNT, 1, outputs, error));
        for (size_t i = 0; i < COUNT; i++)
            loss -= log(outputs[3 * i + (size_t)labels[i]]) / COUNT;
        assert_close(metrics.loss, loss, 1e-12); /* rounding */
        percept_metrics_clear(&metrics);
        percept_dataset_free(data);
        percept_model_free(model);
    }
}

/* ---- Derivatives --------------------------------------------------------------------------------------------------- */

/* The loss of one example as percept_model_evaluate measures it. */
static double loss_of(const percept_model *model, const double *x, size_t i)
{
    percept_table *table = NULL;
    percept_dataset *one = NULL;
    percept_metrics metrics = {.struct_size = sizeof metrics};
    assert_ok(percept_table_create(1, &table, error));
    assert_ok(percept_table_set_features(table, PERCEPT_FLOAT64, x, WIDTH, 0, 0, error));
    if (percept_model_classes(model) > 0)
        assert_ok(percept_table_set_labels(table, PERCEPT_INT32, &labels[i], 0, 3, NULL, error));
    else
        assert_ok(percept_table_set_targets(table, PERCEPT_FLOAT64, &targets[2 * i], 2, 0, 0, NULL, error));
    assert_ok(percept_table_finish(table, &one, error));
    assert_ok(percept_model_evaluate(model, one, 1, &metrics, error));
    const double loss = metrics.loss;
    percept_metrics_clear(&metrics);
    percept_dataset_free(one);
    percept_table_free(table);
    return loss;
}

static void derivatives_are_those_of_differences(void **state)
{
    (void)state;
    const double h = 1e-4; /* of features around 20: errors of h² and of ε/h are below 1e-7 of the value */
    const char *const recipes[] = {CLASSES, REGRESSION,      NORMALIZED,         FEATURES_NORMALIZED,
                                   MEMBERS, MEMBERS_SQUARED, MEMBERS_REGRESSION, MEMBERS_SIGMOID};
    for (size_t r = 0; r < sizeof recipes / sizeof recipes[0]; r++) {
        const bool regression = r == 1 || r == 6;
        percept_model *model = train(recipes[r], regression);
        const size_t outputs = percept_model_outputs(model);
        percept_gradient *gradient = NULL;
        percept_predictor *predictor = NULL;
        double of_output[3][COUNT * WIDTH], of_loss[COUNT * WIDTH], low[3], high[3];
        assert_ok(percept_gradient_create(model, 1, &gradient, error));
        assert_ok(percept_predictor_create(model, 1, &predictor, error));
        for (size_t k = 0; k < outputs; k++)
            assert_ok(percept_gradient_of_output(gradient, features, COUNT, k, of_output[k], error));
        assert_ok(percept_gradient_of_loss(gradient, features, COUNT, regression ? NULL : labels,
                                           regression ? targets : NULL, of_loss, error));
        for (size_t p = 0; p < COUNT * WIDTH; p += 7) {
            const size_t i = p / WIDTH, j = p % WIDTH;
            double x[2][WIDTH];
            memcpy(x[0], features + i * WIDTH, sizeof x[0]);
            memcpy(x[1], features + i * WIDTH, sizeof x[1]);
            x[0][j] -= h;
            x[1][j] += h;
            percept_predictor_logits(predictor, x[0], 1, low);
            percept_predictor_logits(predictor, x[1], 1, high);
            for (size_t k = 0; k < outputs; k++)
                assert_close(of_output[k][p], (high[k] - low[k]) / (2 * h), 1e-5);
            assert_close(of_loss[p], (loss_of(model, x[1], i) - loss_of(model, x[0], i)) / (2 * h), 1e-5);
        }
        percept_gradient_free(gradient);
        percept_predictor_free(predictor);
        percept_model_free(model);
    }
}

static void derivatives_of_many_examples_are_those_of_each(void **state)
{
    (void)state;
    enum { MANY = 700 }; /* more than two blocks */
    static double X[MANY * WIDTH], all[MANY * WIDTH], one[WIDTH];
    percept_model *model = train("{model.layers: [3, 5, 3], train.epochs: 3, threads: 1}", false);
    percept_gradient *gradient = NULL;
    for (size_t p = 0; p < MANY * WIDTH; p++)
        X[p] = features[p % (COUNT * WIDTH)] + 0.001 * (double)p;
    assert_ok(percept_gradient_create(model, 2, &gradient, error));
    assert_ok(percept_gradient_of_output(gradient, X, MANY, 1, all, error));
    for (size_t i = 0; i < MANY; i += 33) {
        assert_ok(percept_gradient_of_output(gradient, X + i * WIDTH, 1, 1, one, error));
        for (size_t j = 0; j < WIDTH; j++)
            assert_close(all[i * WIDTH + j], one[j], 1e-5); /* float32, summed in another order */
    }
    percept_gradient_free(gradient);
    percept_model_free(model);
}

static void derivatives_that_do_not_exist_are_refused(void **state)
{
    (void)state;
    percept_error failure;
    percept_gradient *gradient = NULL;
    double out[WIDTH];
    percept_model *model = train(CLASSES, false);
    assert_ok(percept_gradient_create(model, 1, &gradient, error));
    refuse(percept_gradient_of_output(gradient, features, 1, 3, out, &failure), &failure, "outputs are 0 to 2");
    refuse(percept_gradient_of_loss(gradient, features, 1, NULL, targets, out, &failure), &failure, "labels");
    refuse(percept_gradient_of_loss(gradient, features, 1, (const int32_t[]){3}, NULL, out, &failure), &failure,
           "row 1: the label is 3");
    percept_gradient_free(gradient);
    percept_model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tensors_have_names_roles_and_shapes),
        cmocka_unit_test(what_is_set_is_got),
        cmocka_unit_test(a_number_beyond_float32_is_refused_by_a_model_of_float32),
        cmocka_unit_test(a_model_is_rebuilt_from_its_tensors),
        cmocka_unit_test(what_needs_data_is_refused_without_them),
        cmocka_unit_test(classes_and_logits_belong_to_the_outputs),
        cmocka_unit_test(metrics_are_those_of_the_predictions),
        cmocka_unit_test(derivatives_are_those_of_differences),
        cmocka_unit_test(derivatives_of_many_examples_are_those_of_each),
        cmocka_unit_test(derivatives_that_do_not_exist_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
