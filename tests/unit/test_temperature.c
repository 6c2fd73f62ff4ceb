/* Temperature scaling: the temperature that is found, and models that are divided by it. */
#include "unit.h"

#include <string.h>

#include "nn/members.h"
#include "train/calibration.h"
#include "trainings.h"

#define EXAMPLES 5000

/* The standard error of the temperature from so many examples is 2 to 3 % in the cases below. */
#define SAMPLING 0.1

/* ---- What is found ----------------------------------------------------------------------------------------------- */

/* Logits of models that are right about everything but the factor `temperature`, by which theirs are too large. */
typedef struct Case {
    size_t width;
    bool softmax;
    double temperature;
} Case;

typedef struct Drawn {
    double *z, *weights;
    int32_t *labels;
} Drawn;

static double sigmoid(double z)
{
    return 1 / (1 + exp(-z));
}

/* The class that softmax(z) or, with one logit, σ(z) draws. */
static int32_t draw_class(const double *z, size_t width, RandomStream *stream)
{
    double sum = 0, place = random_uniform(stream, 0, 1);
    if (width == 1)
        return place < sigmoid(z[0]);
    for (size_t j = 0; j < width; j++)
        sum += exp(z[j]);
    for (size_t j = 0; j + 1 < width; j++) {
        place -= exp(z[j]) / sum;
        if (place < 0)
            return (int32_t)j;
    }
    return (int32_t)width - 1;
}

static Logits draw_logits(const Case *of, size_t members, Drawn *out)
{
    RandomStream stream;
    random_default_rng(&stream, 11);
    assert_ok(memory_allocate(members * EXAMPLES * of->width, sizeof *out->z, "logits", &out->z, error));
    assert_ok(memory_allocate(EXAMPLES, sizeof *out->labels, "labels", &out->labels, error));
    assert_ok(memory_allocate(EXAMPLES, sizeof *out->weights, "weights", &out->weights, error));
    for (size_t i = 0; i < EXAMPLES; i++) {
        double *z = out->z + i * of->width;
        for (size_t j = 0; j < of->width; j++)
            z[j] = random_uniform(&stream, -3, 3);
        out->labels[i] = draw_class(z, of->width, &stream);
        out->weights[i] = i % 3 == 0 ? 0 : random_uniform(&stream, 0, 3);
        for (size_t j = 0; j < of->width; j++)
            z[j] *= of->temperature;
    }
    for (size_t e = EXAMPLES * of->width; e < members * EXAMPLES * of->width; e++)
        out->z[e] = out->z[e - EXAMPLES * of->width] + random_uniform(&stream, -1, 1);
    return (Logits){.members = members,
                    .count = EXAMPLES,
                    .width = of->width,
                    .softmax = of->softmax,
                    .z = out->z,
                    .labels = out->labels};
}

static void drawn_clear(Drawn *drawn)
{
    memory_free(drawn->z);
    memory_free(drawn->labels);
    memory_free(drawn->weights);
}

static const Case cases[] = {
    {1, false, 2.5}, {1, false, 0.4}, {2, true, 3}, {3, true, 0.5}, {5, true, 1}, {5, true, 8},
};
#define CASES (sizeof cases / sizeof cases[0])

static void the_temperature_that_logits_were_drawn_with_is_found(void **state)
{
    (void)state;
    for (size_t c = 0; c < CASES; c++) {
        Drawn drawn = {0};
        const Logits logits = draw_logits(&cases[c], 1, &drawn);
        assert_close(temperature_find(&logits) / cases[c].temperature, 1, SAMPLING);
        drawn_clear(&drawn);
    }
}

static void calibration_error_becomes_that_of_the_sample(void **state)
{
    (void)state;
    for (size_t c = 0; c < CASES; c++) {
        Drawn drawn = {0};
        TemperatureMetrics before, after;
        const Logits logits = draw_logits(&cases[c], 1, &drawn);
        assert_ok(temperature_measure(&logits, 1, &before, error));
        assert_ok(temperature_measure(&logits, temperature_find(&logits), &after, error));
        assert_true(after.log_loss <= before.log_loss);
        assert_true(after.calibration_error < 0.03); /* 15 bins of 5,000 examples: 0.006 to 0.02 by chance */
        assert_true(cases[c].temperature == 1 || before.calibration_error > 0.05);
        drawn_clear(&drawn);
    }
}

/* With members and weights, too, and for sigmoids with several outputs. */
static void no_temperature_nearby_is_better(void **state)
{
    (void)state;
    const Case all[] = {{1, false, 2.5}, {3, true, 2}, {3, false, 2}};
    for (size_t c = 0; c < 3; c++)
        for (size_t members = 1; members <= 3; members += 2) {
            Drawn drawn = {0};
            TemperatureMetrics best, other;
            Logits logits = draw_logits(&all[c], members, &drawn);
            logits.weights = drawn.weights;
            const double temperature = temperature_find(&logits);
            assert_ok(temperature_measure(&logits, temperature, &best, error));
            for (int side = -1; side <= 1; side += 2) {
                assert_ok(temperature_measure(&logits, temperature * (1 + 1e-3 * side), &other, error));
                assert_true(other.log_loss > best.log_loss);
            }
            drawn_clear(&drawn);
        }
}

/* An example of weight 2 counts as two, and one of weight 0 as none. */
static void weights_are_numbers_of_examples(void **state)
{
    (void)state;
    const double z[] = {1, -2, 3, 0.5, 9}, weights[] = {1, 2, 1, 3, 0};
    const int32_t labels[] = {1, 1, 1, 0, 0};
    const double z_each[] = {1, -2, -2, 3, 0.5, 0.5, 0.5};
    const int32_t labels_each[] = {1, 1, 1, 1, 0, 0, 0};
    const Logits weighted = {1, 5, 1, false, z, labels, weights}, each = {1, 7, 1, false, z_each, labels_each, NULL};
    TemperatureMetrics first, second;
    assert_close(temperature_find(&weighted), temperature_find(&each), 1e-9);
    assert_ok(temperature_measure(&weighted, 2, &first, error));
    assert_ok(temperature_measure(&each, 2, &second, error));
    assert_close(first.log_loss, second.log_loss, 1e-14);
}

/* -log p is that of the formula, and the mean over the members is that of the probabilities. */
static void log_loss_is_that_of_the_mean_probability(void **state)
{
    (void)state;
    const double z[] = {1, -1, 0.5, 3}; /* two members, two examples */
    const int32_t labels[] = {1, 0};
    const Logits logits = {2, 2, 1, false, z, labels, NULL};
    TemperatureMetrics found;
    const double first = (sigmoid(1 / 1.5) + sigmoid(0.5 / 1.5)) / 2,
                 second = (sigmoid(1 / 1.5) + sigmoid(-3 / 1.5)) / 2;
    assert_ok(temperature_measure(&logits, 1.5, &found, error));
    assert_close(found.log_loss, -(log(first) + log(second)) / 2, 1e-14);
}

static void what_has_no_minimum_is_left_alone(void **state)
{
    (void)state;
    const double z[] = {4, -3, 5}, far[] = {4000, -3000, 5000};
    const int32_t right[] = {1, 0, 1}, wrong[] = {0, 1, 0};
    assert_true(temperature_find(&(Logits){1, 3, 1, false, z, right, NULL}) == 1);
    assert_true(temperature_find(&(Logits){1, 3, 1, false, far, right, NULL}) == 1);
    assert_true(temperature_find(&(Logits){1, 3, 1, false, z, wrong, NULL}) == 1);
    assert_true(temperature_find(&(Logits){1, 3, 1, false, z, right, (double[3]){0}}) == 1);
    assert_true(temperature_find(&(Logits){1, 3, 1, false, (double[]){1, NAN, 1}, right, NULL}) == 1);
}

/* ---- Trainings --------------------------------------------------------------------------------------------------- */

static const Shape binary_shape = {{6, 8, 1}, 3, "tanh", "sigmoid", "binary-cross-entropy", 0, 0, false};

/* Labels that follow from the features, but for every fourth. */
static void make_learnable(percept_dataset *data, size_t classes)
{
    double x[6];
    for (size_t i = 0; i < percept_dataset_count(data); i++) {
        percept_dataset_features(data, i, x);
        data->labels[i] = i % 4 == 3 ? (int32_t)(i / 4 % classes) : (x[0] > 0) + (classes > 2 && x[1] > 0);
    }
}

/* A copy of the parameters after a training, released with memory_free. */
static double *trained(const Shape *shape, bool temperature, size_t threads, percept_result *result)
{
    Setting *setting = make_setting_of(shape, 60, 40);
    TrainingOptions options = make_options("adam");
    double *parameters = NULL;
    make_learnable(setting->train, percept_model_classes(setting->model));
    make_learnable(setting->valid, percept_model_classes(setting->model));
    options.epochs = 20;
    options.keep_best = true;
    options.temperature = temperature;
    team_free(setting->team);
    assert_ok(team_create(threads, &setting->team, error));
    assert_ok(run(setting, &options, result, error));
    assert_ok(model_parameters_f64(setting->model, &parameters, error));
    clear_setting(setting);
    return parameters;
}

static void the_last_layer_alone_is_divided(void **state)
{
    (void)state;
    const Shape *const shapes[] = {&training_shape, &binary_shape};
    for (size_t s = 0; s < 2; s++) {
        percept_result plain, calibrated;
        const size_t hidden = 6 * 8 + 8, last = (8 + 1) * (size_t)shapes[s]->sizes[2];
        double *before = trained(shapes[s], false, 1, &plain), *after = trained(shapes[s], true, 1, &calibrated);
        assert_true(isnan(plain.temperature) && calibrated.temperature > 0 && calibrated.temperature != 1);
        assert_true(calibrated.log_loss_after < calibrated.log_loss_before);
        assert_close(calibrated.log_loss_before, plain.valid_loss, 1e-12);
        assert_memory_equal(before, after, hidden * sizeof *before);
        for (size_t p = hidden; p < hidden + last; p++)
            assert_true(after[p] == before[p] / calibrated.temperature);
        memory_free(before);
        memory_free(after);
    }
}

static void threads_change_no_bit(void **state)
{
    (void)state;
    percept_result results[2];
    double *one = trained(&training_shape, true, 1, &results[0]),
           *three = trained(&training_shape, true, 3, &results[1]);
    assert_memory_equal(one, three, (6 * 8 + 8 + 9 * 3) * sizeof *one);
    assert_true(results[0].temperature == results[1].temperature);
    memory_free(one);
    memory_free(three);
}

static void members_are_divided_by_one_temperature(void **state)
{
    (void)state;
    RandomStream stream;
    Calibration found, again;
    percept_model *model = NULL;
    Team *team = make_team();
    Network network = make_network_with(&training_shape, &(Extras){.members = 3});
    Scaler scaler = {.kind = SCALER_NONE, .width = 6, .divisor = 1};
    const size_t each = network.parameter_count / 3, last = network.layers[1].weights;
    random_default_rng(&stream, 5);
    percept_dataset *data = make_data(&network, 50, &stream);
    assert_ok(model_create(&network, PERCEPT_FLOAT32, &scaler, 3, (char *[]){"a", "b", "c"}, &model, error));
    float *values = model->parameters, before[256];
    assert_true(3 * each <= 256);
    for (size_t p = 0; p < 3 * each; p++)
        values[p] = (float)random_uniform(&stream, -2, 2);
    memcpy(before, values, 3 * each * sizeof *before);
    assert_ok(calibration_run(model, data, engine_kind_find("cpu"), team, &found, error));
    for (size_t p = 0; p < 3 * each; p++)
        assert_true(values[p] == (p % each < last ? before[p] : (float)((double)before[p] / found.temperature)));
    assert_ok(calibration_run(model, data, engine_kind_find("reference"), team, &again, error));
    assert_close(again.temperature, 1, 1e-5); /* parameters are float32 */
    assert_close(again.before.log_loss, found.after.log_loss, 1e-6);
    percept_dataset_free(data);
    percept_model_free(model);
    team_free(team);
}

static void what_cannot_be_calibrated_is_refused(void **state)
{
    (void)state;
    const Shape identity = {{6, 8, 3}, 3, "tanh", "identity", "mean-squared-error", 0, 0, false};
    percept_error failure;
    TrainingOptions options = make_options("sgd");
    options.temperature = true;
    for (int without = 0; without < 2; without++) {
        Setting *setting = make_setting_of(without ? &training_shape : &identity, 20, 10);
        assert_int_equal(train_run(setting->model, setting->train, without ? NULL : setting->valid, &options,
                                   setting->team, NULL, NULL, NULL, &failure),
                         PERCEPT_ERROR_ARGUMENT);
        assert_non_null(strstr(failure.message, without ? "needs a validation set" : "softmax or sigmoid"));
        clear_setting(setting);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_temperature_that_logits_were_drawn_with_is_found),
        cmocka_unit_test(calibration_error_becomes_that_of_the_sample),
        cmocka_unit_test(no_temperature_nearby_is_better),
        cmocka_unit_test(weights_are_numbers_of_examples),
        cmocka_unit_test(log_loss_is_that_of_the_mean_probability),
        cmocka_unit_test(what_has_no_minimum_is_left_alone),
        cmocka_unit_test(the_last_layer_alone_is_divided),
        cmocka_unit_test(threads_change_no_bit),
        cmocka_unit_test(members_are_divided_by_one_temperature),
        cmocka_unit_test(what_cannot_be_calibrated_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
