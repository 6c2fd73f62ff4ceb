/* Regression targets are standardized while training; losses, metrics and predictions stay in the units of the data. */
#include "unit.h"

#include <string.h>

#include "data/dataset.h"
#include "engines.h"
#include "model/model.h"
#include "nn/loss.h"
#include "recipe/recipe.h"
#include "train/target_units.h"

#define EXAMPLES 90
#define WIDTH 4

/* Targets a · t + b of two outputs of different size, from features that are the same for all a and b. */
static percept_dataset *make_targets(size_t width, double a, double b, uint64_t seed)
{
    RandomStream stream;
    double features[EXAMPLES * WIDTH], *targets = NULL;
    percept_dataset *data = NULL;
    random_default_rng(&stream, seed);
    for (size_t i = 0; i < EXAMPLES * WIDTH; i++)
        features[i] = random_uniform(&stream, -1, 1);
    assert_ok(percept_dataset_create(PERCEPT_FLOAT64, EXAMPLES, WIDTH, features, NULL, 0, NULL, &data, error));
    assert_ok(memory_allocate(EXAMPLES, width * sizeof *targets, "targets", &targets, error));
    for (size_t i = 0; i < EXAMPLES * width; i++) {
        const double *x = features + i / width * WIDTH;
        const double t = i % width == 0 ? x[0] - x[1] * x[2] : 100 * (x[3] + 0.5 * x[0]);
        targets[i] = a * (t + 0.1 * random_unit(&stream)) + b;
    }
    data->storage->targets = targets;
    data->storage->target_width = width;
    return data;
}

typedef struct Trained {
    percept_recipe *recipe;
    percept_data data;
    percept_model *model;
    percept_result result;
    percept_report report; /* of the validation part */
} Trained;

static void set_key(percept_recipe *recipe, const char *key, const char *value)
{
    assert_ok(percept_recipe_set(recipe, key, value, error));
}

static Trained train_on(size_t width, double a, double b, const char *loss, const char *engine, const char *scale)
{
    Trained t = {.data = {make_targets(width, a, b, 1), make_targets(width, a, b, 2), NULL}};
    assert_ok(percept_recipe_create(&t.recipe, error));
    set_key(t.recipe, "model.layers", width == 1 ? "4-12-1" : "4-12-2");
    set_key(t.recipe, "model.loss", loss);
    set_key(t.recipe, "engine", engine);
    set_key(t.recipe, "precision", "float64");
    set_key(t.recipe, "train.epochs", "30");
    set_key(t.recipe, "train.batch_size", "16");
    set_key(t.recipe, "train.learning_rate", "0.01");
    set_key(t.recipe, "train.monitor", "valid_loss");
    set_key(t.recipe, "threads", "1");
    if (scale != NULL)
        set_key(t.recipe, "data.target_scale", scale);
    assert_ok(percept_model_create(t.recipe, &t.data, &t.model, error));
    assert_ok(percept_model_train(t.model, t.recipe, &t.data, NULL, NULL,
                                  (t.result.struct_size = sizeof t.result, &t.result), error));
    t.report.struct_size = sizeof t.report;
    assert_ok(percept_model_report(t.model, t.data.valid, 1, &t.report, error));
    return t;
}

static void clear_trained(Trained *t)
{
    percept_report_clear(&t->report);
    percept_model_free(t->model);
    percept_data_free(&t->data);
    percept_recipe_free(t->recipe);
}

/* Powers of two, with which nothing is rounded: the same network to the bit, and all else as many times as large. */
static void other_units_train_the_same_network(void **state)
{
    (void)state;
    static const char *const losses[] = {"mean-squared-error", "mean-absolute-error", "huber"};
    static const char *const engines[] = {"cpu", "reference"};
    for (size_t i = 0; i < 3 * 2 * 2; i++) {
        const size_t width = 1 + i / 6;
        const char *loss = losses[i % 3], *engine = engines[i / 3 % 2];
        const double unit = 1024, power = strcmp(loss, "mean-absolute-error") == 0 ? unit : unit * unit;
        Trained one = train_on(width, 1, 0, loss, engine, NULL), other = train_on(width, unit, 0, loss, engine, NULL);
        const size_t bytes = one.model->network.parameter_count * sizeof(double);
        assert_string_equal(recipe_text(one.recipe, "data.target_scale"), "standardize");
        assert_memory_equal(one.model->parameters, other.model->parameters, bytes);
        assert_true(other.result.train_loss == power * one.result.train_loss);
        assert_true(other.result.valid_loss == power * one.result.valid_loss);
        assert_close(other.report.metrics->loss / other.result.valid_loss, 1, 1e-10); /* perhaps of another engine */
        assert_true(other.report.overall.r2 == one.report.overall.r2);
        assert_true(one.report.overall.r2 > 0.9);
        for (size_t j = 0; j < width; j++)
            assert_close(other.report.targets[j].root_mean_squared_error,
                         unit * one.report.targets[j].root_mean_squared_error, 1e-12);
        clear_trained(&one);
        clear_trained(&other);
    }
}

/* Far from 0, where float32 and the network's first outputs are no use. */
static void targets_far_from_zero_are_learned(void **state)
{
    (void)state;
    Trained near = train_on(1, 1, 0, "mean-squared-error", "cpu", NULL);
    Trained far = train_on(1, 5e4, 2e5, "mean-squared-error", "cpu", NULL);
    assert_close(far.report.overall.r2, near.report.overall.r2, 1e-6);
    Trained plain = train_on(1, 5e4, 2e5, "mean-squared-error", "cpu", "none");
    assert_true(plain.report.overall.r2 < 0);
    assert_true(plain.model->target_scaler.mean == NULL);
    clear_trained(&near);
    clear_trained(&far);
    clear_trained(&plain);
}

/* The loss, from predictions of the public call alone. */
static void losses_are_those_of_the_predictions(void **state)
{
    (void)state;
    Trained t = train_on(2, 3, 1e6, "mean-squared-error", "cpu", NULL);
    const percept_dataset *valid = t.data.valid;
    double predictions[EXAMPLES * 2], sum = 0, absolute = 0;
    assert_ok(percept_model_predict(t.model, valid->storage->features, EXAMPLES, 1, predictions, error));
    for (size_t i = 0; i < EXAMPLES * 2; i++) {
        const double difference = predictions[i] - valid->storage->targets[i];
        sum += difference * difference / 2;
        absolute += fabs(difference) / 2;
    }
    assert_close(t.report.metrics->loss, sum / EXAMPLES, 1e-12);
    assert_close(t.result.valid_loss, sum / EXAMPLES, 1e-12);
    assert_close(t.report.overall.mean_absolute_error, absolute / EXAMPLES, 1e-12);
    assert_close(t.report.overall.root_mean_squared_error, sqrt(sum / EXAMPLES), 1e-12);
    clear_trained(&t);
}

/* ---- Engines ------------------------------------------------------------------------------------------------------ */

/* The sums of a step, in which losses have units, are those of float64 predictions; and the gradient is that of the scaled
 * targets, given as they are. */
static void check_engine(Case *c, Engine *engine, percept_type precision, const percept_model *scaled,
                         const double *units, double unit)
{
    const size_t count = c->network.parameter_count, outputs = c->batch.count * c->outputs;
    void *parameters = precision == PERCEPT_FLOAT64 ? (void *)c->parameters : rounded_parameters(c);
    void *gradient = make_values(precision, count), *expected = make_values(precision, count);
    void *raw = make_values(precision, outputs);
    double *predictions = make_values(PERCEPT_FLOAT64, outputs), *targets = make_values(PERCEPT_FLOAT64, outputs);
    double *given = c->data->storage->targets;
    EngineSums sums;
    c->batch.target_scaler = &scaled->target_scaler;
    engine->config.loss_units = units;
    engine->methods->gradient(engine, parameters, &c->batch, gradient, NULL, &sums);
    engine->methods->predict(engine, parameters, &c->batch, raw);
    for (size_t i = 0; i < outputs; i++)
        predictions[i] = get(precision, raw, i);
    target_units_restore(scaled, c->batch.count, predictions);
    assert_close(unit * sums.loss, target_units_loss(scaled, &c->batch, predictions, given),
                 precision == PERCEPT_FLOAT64 ? 1e-12 : 1e-4);
    batch_targets_f64(&c->batch, 0, c->batch.count, targets);
    c->batch.target_scaler = NULL;
    engine->config.loss_units = NULL;
    c->data->storage->targets = targets;
    engine->methods->gradient(engine, parameters, &c->batch, expected, NULL, &sums);
    assert_memory_equal(gradient, expected, count * real_size(precision));
    c->data->storage->targets = given;
    memory_free(gradient);
    memory_free(expected);
    memory_free(raw);
    memory_free(predictions);
    memory_free(targets);
    if (parameters != c->parameters)
        memory_free(parameters);
}

static void check_engines(const char *loss, percept_type precision, CpuWay way)
{
    static const double factors[] = {3, 1e-3, 700};
    const Shape shape = {{6, 11, 3}, 3, "tanh", "identity", loss, 0, 0, false};
    RandomStream stream;
    Case c;
    Team *team = make_team(1);
    double *units = NULL, unit = 0;
    random_default_rng(&stream, 8);
    open_case_with(&c, &shape, &(Extras){.targets = true, .weights = true}, precision, 30, 30, way, team, &stream);
    for (size_t i = 0; i < 90; i++)
        c.data->storage->targets[i] = c.data->storage->targets[i] * factors[i % 3] + factors[i % 3];
    percept_model model = {.network = c.network};
    assert_ok(scaler_fit_targets(&model.target_scaler, c.data, error));
    assert_ok(target_units_of_training(&model, &units, &unit, error));
    assert_non_null(units);
    check_engine(&c, c.engine, precision, &model, units, unit);
    check_engine(&c, c.reference, PERCEPT_FLOAT64, &model, units, unit);
    memory_free(units);
    scaler_clear(&model.target_scaler);
    close_case(&c);
    team_free(team);
}

static void steps_sum_losses_in_units_and_leave_the_gradient(void **state)
{
    (void)state;
    for (size_t l = 0; loss_at_f64(l) != NULL; l++)
        for (size_t i = 0; i < 4 && loss_at_f64(l)->unit_power > 0; i++)
            check_engines(loss_at_f64(l)->name, i % 2 == 0 ? PERCEPT_FLOAT32 : PERCEPT_FLOAT64,
                          i / 2 == 0 ? CPU_SHARED : CPU_SMALL);
}

/* ---- float32 ------------------------------------------------------------------------------------------------------ */

/* 16777217 is no float32: compared with targets that were rounded to float32, the loss would be 0. */
static void losses_are_of_targets_in_float64(void **state)
{
    (void)state;
    const Shape shape = {{1, 1}, 2, "relu", "identity", "mean-absolute-error", 0, 0, false};
    Network network = make_network(&shape);
    Scaler scaler = {.kind = SCALER_NONE, .width = 1, .divisor = 1};
    percept_model *model = NULL;
    percept_dataset *data = NULL;
    percept_metrics metrics = {.struct_size = sizeof metrics};
    const double features[] = {0, 0}, parameters[] = {0, 16777216};
    assert_ok(model_create(&network, PERCEPT_FLOAT32, &scaler, 0, NULL, &model, error));
    model_set_parameters(model, parameters);
    assert_ok(percept_dataset_create(PERCEPT_FLOAT64, 2, 1, features, NULL, 0, NULL, &data, error));
    assert_ok(memory_allocate(2, sizeof(double), "targets", &data->storage->targets, error));
    data->storage->target_width = 1;
    data->storage->targets[0] = 16777217;
    data->storage->targets[1] = 16777214;
    assert_ok(percept_model_evaluate(model, data, 1, &metrics, error));
    assert_true(metrics.loss == 1.5);
    percept_metrics_clear(&metrics);
    percept_dataset_free(data);
    percept_model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(other_units_train_the_same_network),
        cmocka_unit_test(targets_far_from_zero_are_learned),
        cmocka_unit_test(losses_are_those_of_the_predictions),
        cmocka_unit_test(steps_sum_losses_in_units_and_leave_the_gradient),
        cmocka_unit_test(losses_are_of_targets_in_float64),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
