/* Targets are learned as logarithms or as normal quantiles; predictions and errors are in the units of the data. */
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/normal_knots.h"
#include "model/model.h"
#include "recipe/recipe.h"
#include "scratch.h"

#define EXAMPLES 120
#define WIDTH 3

static const char *const kinds[] = {"log", "log1p", "quantile"};

/* Targets e^(2x) + 0.5, and with `width` 2 their reciprocals. */
static percept_dataset *make_targets(size_t width, uint64_t seed)
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
        const double t = exp(2 * features[i / width * WIDTH] + features[i / width * WIDTH + 1]) + 0.5;
        targets[i] = i % width == 0 ? t : 1 / t;
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
} Trained;

static void set_key(percept_recipe *recipe, const char *key, const char *value)
{
    assert_ok(percept_recipe_set(recipe, key, value, error));
}

static Trained train_on(size_t width, const char *kind, const char *members, const char *scale)
{
    Trained t = {.data = {make_targets(width, 1), make_targets(width, 2), NULL}};
    assert_ok(percept_recipe_create(&t.recipe, error));
    set_key(t.recipe, "model.layers", width == 1 ? "3-12-1" : "3-12-2");
    set_key(t.recipe, "model.activation", "tanh");
    set_key(t.recipe, "model.members", members);
    set_key(t.recipe, "precision", "float64");
    set_key(t.recipe, "data.target_transform", kind);
    set_key(t.recipe, "data.target_scale", scale);
    set_key(t.recipe, "train.epochs", "20");
    set_key(t.recipe, "train.batch_size", "16");
    set_key(t.recipe, "train.learning_rate", "0.01");
    set_key(t.recipe, "train.monitor", "valid_loss");
    set_key(t.recipe, "threads", "1");
    assert_ok(percept_model_create(t.recipe, &t.data, &t.model, error));
    assert_ok(percept_model_train(t.model, t.recipe, &t.data, NULL, NULL,
                                  (t.result.struct_size = sizeof t.result, &t.result), error));
    return t;
}

static void clear_trained(Trained *t)
{
    percept_model_free(t->model);
    percept_data_free(&t->data);
    percept_recipe_free(t->recipe);
}

/* ---- Quantiles ----------------------------------------------------------------------------------------------------- */

/* Values of the distribution function from tables; 1e-14 leaves room for the rounding of erfc. */
static void normal_quantiles_are_those_of_tables(void **state)
{
    (void)state;
    assert_close(normal_quantile(0.975), 1.959963984540054, 1e-14);
    assert_close(normal_quantile(0.025), -1.959963984540054, 1e-14);
    assert_close(normal_quantile(1e-7), -5.199337582192817, 1e-13);
    assert_close(normal_quantile(0.6), 0.2533471031357997, 1e-14);
    assert_true(normal_quantile(0.5) == 0);
}

static void knots_are_the_quantiles_and_equal_values_are_one_knot(void **state)
{
    (void)state;
    static const double values[] = {1, 2, 2, 2, 7}, same[] = {4, 4, 4};
    double x[NORMAL_KNOTS], z[NORMAL_KNOTS], many[5000];
    assert_int_equal(normal_knots(values, 5, NORMAL_KNOTS, x, z), 3);
    assert_true(x[0] == 1 && x[1] == 2 && x[2] == 7);
    assert_true(z[1] == 0);
    assert_close(z[2], 5.199337582192817, 1e-13);
    assert_int_equal(normal_knots(same, 3, NORMAL_KNOTS, x, z), 1);
    assert_true(z[0] == 0 && knots_map(x, z, 1, 9) == 0);
    for (size_t i = 0; i < 5000; i++)
        many[i] = (double)(i * i);
    assert_int_equal(normal_knots(many, 5000, NORMAL_KNOTS, x, z), NORMAL_KNOTS);
    assert_close(knots_map(x, z, NORMAL_KNOTS, many[2500]), 0, 1e-3);
    assert_true(knots_map(x, z, NORMAL_KNOTS, -1e9) == z[0]);
    assert_true(knots_map(x, z, NORMAL_KNOTS, 1e9) == z[NORMAL_KNOTS - 1]);
    assert_true(isnan(knots_map(x, z, NORMAL_KNOTS, NAN)));
}

static void transforms_are_turned_back(void **state)
{
    (void)state;
    percept_dataset *data = make_targets(2, 1);
    for (size_t k = 0; k < 3; k++) {
        TargetTransform transform = {0};
        assert_ok(target_transform_fit(&transform, (TargetTransformKind)target_transform_find(kinds[k]), data, error));
        for (size_t i = 0; i < 2 * EXAMPLES; i++) {
            const double t = data->storage->targets[i], z = target_transform(&transform, i % 2, t), step = 1e-6;
            assert_close(target_restore(&transform, i % 2, z) / t, 1, 1e-13);
            const double slope = (target_restore(&transform, i % 2, z + step) - t) / step;
            assert_close(target_slope(&transform, i % 2, t * (1 + 1e-12)) / fmax(slope, 1e-9), slope > 0 ? 1 : 0, 1e-4);
        }
        target_transform_clear(&transform);
    }
    percept_dataset_free(data);
}

/* ---- Models -------------------------------------------------------------------------------------------------------- */

static void models_predict_in_units_of_the_data_and_losses_are_of_what_is_learned(void **state)
{
    (void)state;
    for (size_t k = 0; k < 3 * 2 * 2; k++) {
        const size_t width = 1 + k / 6;
        Trained t = train_on(width, kinds[k % 3], k / 3 % 2 == 0 ? "1" : "3", k == 0 ? "none" : "standardize");
        const percept_dataset *valid = t.data.valid;
        const TargetTransform *transform = &t.model->target_scaler.transform;
        double predictions[EXAMPLES * 2], sum = 0;
        assert_ok(percept_model_predict(t.model, valid->storage->features, EXAMPLES, 1, predictions, error));
        percept_report report = {.struct_size = sizeof report};
        assert_ok(percept_model_report(t.model, valid, 1, &report, error));
        assert_true(report.overall.r2 > 0.7);
        for (size_t i = 0; i < EXAMPLES * width; i++) {
            const double difference = target_transform(transform, i % width, predictions[i]) -
                                      target_transform(transform, i % width, valid->storage->targets[i]);
            assert_true(predictions[i] > 0);
            sum += difference * difference / (double)width;
        }
        assert_close(report.metrics->loss, sum / EXAMPLES, 1e-12);
        percept_report_clear(&report);
        clear_trained(&t);
    }
}

/* Differences of 1e-6 in a feature; of quantiles, whose map has corners, where none is near. */
static void gradients_are_those_of_predictions(void **state)
{
    (void)state;
    for (size_t k = 0; k < 3 * 2; k++) {
        Trained t = train_on(2, kinds[k % 3], k / 3 == 0 ? "1" : "2", "standardize");
        const double *features = t.data.valid->storage->features;
        double *moved = malloc(EXAMPLES * WIDTH * sizeof *moved);
        double gradient[EXAMPLES * WIDTH], low[EXAMPLES * 2], high[EXAMPLES * 2];
        size_t near = 0;
        percept_gradient *of = NULL;
        assert_ok(percept_gradient_create(t.model, 1, &of, error));
        assert_ok(percept_gradient_of_output(of, features, EXAMPLES, 1, gradient, error));
        for (size_t i = 0; i < EXAMPLES * WIDTH; i++)
            moved[i] = features[i] - (i % WIDTH == 0 ? 1e-6 : 0);
        assert_ok(percept_model_predict(t.model, moved, EXAMPLES, 1, low, error));
        for (size_t i = 0; i < EXAMPLES * WIDTH; i++)
            moved[i] = features[i] + (i % WIDTH == 0 ? 1e-6 : 0);
        assert_ok(percept_model_predict(t.model, moved, EXAMPLES, 1, high, error));
        for (size_t i = 0; i < EXAMPLES; i++) {
            const double slope = (high[2 * i + 1] - low[2 * i + 1]) / 2e-6;
            near += fabs(gradient[i * WIDTH] - slope) <= 1e-5 * fmax(1, fabs(slope));
        }
        assert_true(near >= (k % 3 == 2 ? EXAMPLES - 5 : EXAMPLES));
        percept_gradient_free(of);
        free(moved);
        clear_trained(&t);
    }
}

/* Saves the model, changes the first text `from` of the file to `to`, of the same length, and loads it. */
static percept_status load_changed(const percept_model *model, const char *from, const void *to, size_t size,
                                   percept_model **out, percept_error *failure)
{
    Scratch scratch;
    char path[SCRATCH_PATH], *bytes = NULL, *place = NULL;
    scratch_open(&scratch);
    assert_ok(percept_model_save(model, scratch_path(&scratch, "model", path), error));
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    bytes = malloc(1 << 20);
    const size_t count = fread(bytes, 1, 1 << 20, file);
    fclose(file);
    for (size_t i = 0; from != NULL && place == NULL && i + strlen(from) <= count; i++)
        place = memcmp(bytes + i, from, strlen(from)) == 0 ? bytes + i : NULL;
    assert_true(from == NULL || place != NULL);
    if (place != NULL)
        memcpy(place, to, size);
    scratch_write(path, bytes, count);
    free(bytes);
    const percept_status status = percept_model_load(path, out, failure);
    scratch_remove(scratch.folder);
    return status;
}

static void files_keep_the_transform(void **state)
{
    (void)state;
    for (size_t k = 0; k < 3; k++) {
        Trained t = train_on(2, kinds[k], "1", "standardize");
        percept_model *loaded = NULL;
        double own[EXAMPLES * 2], others[EXAMPLES * 2];
        const double *features = t.data.valid->storage->features;
        assert_ok(load_changed(t.model, NULL, NULL, 0, &loaded, error));
        assert_ok(percept_model_predict(t.model, features, EXAMPLES, 1, own, error));
        assert_ok(percept_model_predict(loaded, features, EXAMPLES, 1, others, error));
        assert_memory_equal(own, others, sizeof own);
        percept_model_free(loaded);
        clear_trained(&t);
    }
}

static void damaged_files_are_refused(void **state)
{
    (void)state;
    Trained t = train_on(2, "quantile", "1", "standardize");
    const TargetTransform *transform = &t.model->target_scaler.transform;
    percept_model *loaded = NULL;
    percept_error failure;
    const double none = NAN, high = 1e300;
    char first[sizeof(double) + 1] = "";
    assert_refused(load_changed(t.model, "quantile", "quantity", 8, &loaded, error), PERCEPT_ERROR_FORMAT, "quantity");
    assert_refused(load_changed(t.model, "targets.normals", "targets.normalz", 15, &loaded, error),
                   PERCEPT_ERROR_FORMAT, "targets.normals");
    memcpy(first, &transform->values[0], sizeof(double));
    if (strlen(first) == sizeof(double)) {
        assert_int_equal(load_changed(t.model, first, &none, sizeof none, &loaded, &failure), PERCEPT_ERROR_FORMAT);
        assert_int_equal(load_changed(t.model, first, &high, sizeof high, &loaded, &failure), PERCEPT_ERROR_FORMAT);
        assert_non_null(strstr(failure.message, "ascend"));
    }
    clear_trained(&t);
}

/* A scale that a caller sets leaves the transform, which comes before it. */
static void a_scale_that_is_set_keeps_the_transform(void **state)
{
    (void)state;
    Trained t = train_on(1, "log", "1", "standardize");
    const double mean = 0, deviation = 1;
    double y = 0;
    assert_ok(percept_model_set_target_scale(t.model, &mean, &deviation, error));
    assert_ok(percept_model_predict(t.model, t.data.valid->storage->features, 1, 1, &y, error));
    assert_true(t.model->target_scaler.transform.kind == TARGET_LOG && y > 0);
    clear_trained(&t);
}

/* A target outside the range is named by its row, in training and afterwards. */
static void targets_out_of_range_are_refused_by_row(void **state)
{
    (void)state;
    Trained t = train_on(1, "log", "1", "standardize");
    percept_metrics metrics = {.struct_size = sizeof metrics};
    percept_model *other = NULL;
    t.data.valid->storage->targets[7] = 0;
    assert_refused(percept_model_evaluate(t.model, t.data.valid, 1, &metrics, error), PERCEPT_ERROR_ARGUMENT, "row 8");
    t.data.train->storage->targets[3] = -0.5;
    assert_refused(percept_model_create(t.recipe, &t.data, &other, error), PERCEPT_ERROR_ARGUMENT, "row 4");
    assert_refused(percept_model_create(t.recipe, &t.data, &other, error), PERCEPT_ERROR_ARGUMENT, "log1p");
    clear_trained(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(normal_quantiles_are_those_of_tables),
        cmocka_unit_test(knots_are_the_quantiles_and_equal_values_are_one_knot),
        cmocka_unit_test(transforms_are_turned_back),
        cmocka_unit_test(models_predict_in_units_of_the_data_and_losses_are_of_what_is_learned),
        cmocka_unit_test(gradients_are_those_of_predictions),
        cmocka_unit_test(files_keep_the_transform),
        cmocka_unit_test(damaged_files_are_refused),
        cmocka_unit_test(a_scale_that_is_set_keeps_the_transform),
        cmocka_unit_test(targets_out_of_range_are_refused_by_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
