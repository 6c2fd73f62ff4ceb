/* Training in pieces: the same bits as in one call, through steps, checkpoints and examples that are fed. */
#include <stdio.h>
#include <string.h>

#include "in_scratch.h"

enum { COUNT = 70, WIDTH = 3, MOST = 256 };

typedef struct Things {
    percept_recipe *recipe;
    percept_data data;
    percept_model *model;
} Things;

/* A checkpoint in the test's folder. */
static const char *path_of(const char *name)
{
    static char path[SCRATCH_PATH];
    snprintf(path, sizeof path, "%s/%s", scratch.folder, name);
    return path;
}

static double features[COUNT * WIDTH];
static int32_t labels[COUNT];

static percept_dataset *make_data(size_t first, size_t count)
{
    percept_dataset *out = NULL;
    for (size_t p = 0; p < COUNT * WIDTH; p++)
        features[p] = (double)((p * 7919 + p * p * 31) % 101) / 101;
    for (size_t i = 0; i < COUNT; i++)
        labels[i] = features[i * WIDTH] > features[i * WIDTH + 1];
    assert_ok(percept_dataset_create(PERCEPT_FLOAT64, count, WIDTH, features + first * WIDTH, labels + first, 2, NULL,
                                     &out, error));
    return out;
}

/* more: further keys of the recipe, in YAML. */
static Things make_things(const char *more)
{
    Things things = {0};
    char yaml[512];
    snprintf(yaml, sizeof yaml,
             "{model.layers: [3, 8, 2], train.batch_size: 16, train.learning_rate: 0.02, threads: 1%s%s%s}",
             strstr(more, "train.epochs") == NULL ? ", train.epochs: 6" : "", more[0] != '\0' ? ", " : "", more);
    assert_ok(percept_recipe_parse(yaml, &things.recipe, error));
    things.data.train = make_data(0, 50);
    things.data.valid = make_data(50, 20);
    assert_ok(percept_model_create(things.recipe, &things.data, &things.model, error));
    return things;
}

static void free_things(Things *things)
{
    percept_model_free(things->model);
    percept_data_free(&things->data);
    percept_recipe_free(things->recipe);
}

/* All parameters one after the other; returns how many. */
static size_t parameters_of(const percept_model *model, double *out)
{
    size_t count = 0;
    for (size_t i = 0; i < percept_model_tensors(model); i++) {
        size_t rows = 0, columns = 0;
        percept_model_tensor_shape(model, i, &rows, &columns);
        assert_true(count + rows * columns <= MOST);
        assert_ok(percept_model_get_tensor(model, percept_model_tensor_name(model, i), PERCEPT_FLOAT64, out + count,
                                           rows * columns, error));
        count += rows * columns;
    }
    return count;
}

static void assert_same(const percept_model *a, const percept_model *b)
{
    double left[MOST], right[MOST];
    const size_t count = parameters_of(a, left);
    assert_int_equal(parameters_of(b, right), count);
    for (size_t i = 0; i < count; i++)
        assert_true(left[i] == right[i]);
}

static percept_training *begin(const Things *things)
{
    percept_training *training = NULL;
    assert_ok(percept_training_begin(things->model, things->recipe, &things->data, &training, error));
    return training;
}

static const char *const recipes[] = {"", "train.optimizer: adamw, train.ema: 0.9, train.keep: last",
                                      "metrics.when: before, train.clip_norm: 0.1",
                                      "model.dropout: 0.3, train.schedule: plateau, precision: float64"};

static void steps_give_the_bits_of_the_whole(void **state)
{
    (void)state;
    for (size_t r = 0; r < sizeof recipes / sizeof *recipes; r++) {
        Things whole = make_things(recipes[r]), pieces = make_things(recipes[r]);
        percept_result results[2] = {{.struct_size = sizeof(percept_result)}, {.struct_size = sizeof(percept_result)}};
        size_t steps = 0, epochs = 0;
        assert_ok(percept_model_train(whole.model, whole.recipe, &whole.data, NULL, NULL, &results[0], error));
        percept_training *training = begin(&pieces);
        while (!percept_training_is_over(training)) {
            assert_ok(percept_training_step(training, error));
            const percept_progress *progress = percept_training_progress(training);
            assert_int_equal(progress->struct_size, sizeof *progress);
            steps++;
            epochs += progress->epoch_done ? 1 : 0;
            assert_int_equal(progress->examples, 50 * epochs + (progress->epoch_done ? 0 : 16 * progress->step));
        }
        assert_ok(percept_training_finish(training, &results[1], error));
        percept_training_free(training);
        assert_int_equal(epochs, results[0].epochs);
        assert_int_equal(steps, 4 * epochs);
        assert_int_equal(results[1].best_epoch, results[0].best_epoch);
        assert_true(results[1].valid_loss == results[0].valid_loss);
        assert_same(whole.model, pieces.model);
        free_things(&whole);
        free_things(&pieces);
    }
}

static void a_checkpoint_resumes_to_the_same_bits(void **state)
{
    (void)state;
    for (size_t r = 0; r < sizeof recipes / sizeof *recipes; r++)
        for (size_t stop = 1; stop < 24; stop += 5) { /* within epochs, and at the end of the fourth */
            Things whole = make_things(recipes[r]), stopped = make_things(recipes[r]),
                   resumed = make_things(recipes[r]);
            assert_ok(percept_model_train(whole.model, whole.recipe, &whole.data, NULL, NULL, NULL, error));
            percept_training *training = begin(&stopped);
            for (size_t s = 0; s < stop; s++)
                assert_ok(percept_training_step(training, error));
            assert_ok(percept_training_save(training, path_of("pieces.safetensors"), error));
            percept_training_free(training);
            assert_ok(percept_training_resume(resumed.model, resumed.recipe, &resumed.data,
                                              path_of("pieces.safetensors"), &training, error));
            while (!percept_training_is_over(training))
                assert_ok(percept_training_epoch(training, NULL, NULL, error));
            assert_ok(percept_training_finish(training, NULL, error));
            percept_training_free(training);
            assert_same(whole.model, resumed.model);
            free_things(&whole);
            free_things(&stopped);
            free_things(&resumed);
        }
}

static void a_checkpoint_of_other_data_is_refused(void **state)
{
    (void)state;
    percept_error failure;
    Things things = make_things("");
    percept_training *training = begin(&things);
    assert_ok(percept_training_step(training, error));
    assert_ok(percept_training_save(training, path_of("pieces.safetensors"), error));
    percept_training_free(training);
    percept_data other = {make_data(1, 50), make_data(50, 20), NULL};
    training = NULL;
    assert_int_equal(percept_training_resume(things.model, things.recipe, &other, path_of("pieces.safetensors"),
                                             &training, &failure),
                     PERCEPT_ERROR_FORMAT);
    assert_non_null(strstr(failure.message, "data have changed"));
    assert_null(training);
    percept_data_free(&other);
    free_things(&things);
}

static void fed_examples_are_steps_in_their_order(void **state)
{
    (void)state;
    const char *const recipe = "train.shuffle: false, train.keep: last, train.epochs: 1, train.optimizer: adam";
    Things whole = make_things(recipe), fed = make_things(recipe);
    double before = 0, after = 0;
    assert_ok(percept_model_train(whole.model, whole.recipe, &whole.data, NULL, NULL, NULL, error));
    percept_training *training = begin(&fed);
    assert_ok(percept_training_feed(training, fed.data.train, &before, error));
    assert_int_equal(percept_training_progress(training)->examples, 50);
    assert_same(whole.model, fed.model);
    for (int i = 0; i < 50; i++)
        assert_ok(percept_training_feed(training, fed.data.train, &after, error));
    assert_true(after < before);
    assert_int_equal(percept_training_progress(training)->step, 0); /* the epoch does not notice */
    assert_ok(percept_training_step(training, error));
    assert_int_equal(percept_training_progress(training)->step, 1);
    percept_training_free(training);
    free_things(&whole);
    free_things(&fed);
}

static void an_optimizer_of_the_whole_training_set_refuses_other_examples(void **state)
{
    (void)state;
    percept_error failure;
    Things things = make_things("");
    assert_ok(percept_recipe_set(things.recipe, "train.optimizer", "lbfgs", error));
    assert_ok(percept_recipe_set(things.recipe, "train.batch_size", "50", error));
    percept_training *training = begin(&things);
    assert_int_equal(percept_training_feed(training, things.data.train, NULL, &failure), PERCEPT_ERROR_ARGUMENT);
    assert_non_null(strstr(failure.message, "lbfgs"));
    assert_ok(percept_training_epoch(training, NULL, NULL, error));
    percept_training_free(training);
    free_things(&things);
}

static void the_learning_rate_changes_from_the_next_step_on(void **state)
{
    (void)state;
    percept_error failure;
    double before[MOST] = {0}, after[MOST] = {0};
    Things things = make_things("train.optimizer: sgd");
    percept_training *training = begin(&things);
    assert_ok(percept_training_step(training, error));
    assert_true(percept_training_progress(training)->learning_rate == 0.02);
    assert_ok(percept_training_set_learning_rate(training, 1e-30, error));
    const size_t count = parameters_of(things.model, before);
    assert_ok(percept_training_step(training, error));
    assert_true(percept_training_progress(training)->learning_rate == 1e-30);
    parameters_of(things.model, after);
    for (size_t i = 0; i < count; i++)
        assert_true(before[i] == after[i] || before[i] == 0); /* float32 does not notice so little, but beside 0 */
    assert_int_equal(percept_training_set_learning_rate(training, 0, &failure), PERCEPT_ERROR_ARGUMENT);
    assert_int_equal(percept_training_set_learning_rate(training, INFINITY, &failure), PERCEPT_ERROR_ARGUMENT);
    percept_training_free(training);
    free_things(&things);
}

static void nothing_follows_the_end(void **state)
{
    (void)state;
    percept_error failure;
    Things things = make_things("train.epochs: 1");
    percept_result result = {.struct_size = offsetof(percept_result, stopped_early), .stopped_early = 77};
    percept_training *training = begin(&things);
    assert_ok(percept_training_epoch(training, NULL, NULL, error));
    assert_true(percept_training_is_over(training));
    assert_int_equal(percept_training_step(training, &failure), PERCEPT_ERROR_ARGUMENT);
    assert_non_null(strstr(failure.message, "all epochs are done"));
    assert_int_equal(percept_training_finish(training, &(percept_result){0}, &failure), PERCEPT_ERROR_ARGUMENT);
    assert_non_null(strstr(failure.message, "struct_size"));
    assert_ok(percept_training_finish(training, &result, error)); /* an older caller's struct is shorter */
    assert_int_equal(result.epochs, 1);
    assert_int_equal(result.stopped_early, 77);
    assert_int_equal(percept_training_finish(training, NULL, &failure), PERCEPT_ERROR_ARGUMENT);
    assert_int_equal(percept_training_feed(training, things.data.train, NULL, &failure), PERCEPT_ERROR_ARGUMENT);
    assert_int_equal(percept_training_save(training, path_of("pieces.safetensors"), &failure), PERCEPT_ERROR_ARGUMENT);
    assert_non_null(strstr(failure.message, "finished"));
    percept_training_free(training);
    free_things(&things);
}

static void a_model_from_a_file_is_trained_further_with_a_new_recipe(void **state)
{
    (void)state;
    Things things = make_things("");
    percept_model *loaded = NULL;
    percept_recipe *recipe = NULL;
    assert_ok(percept_model_save(things.model, path_of("model.safetensors"), error));
    assert_ok(percept_model_load(path_of("model.safetensors"), &loaded, error));
    assert_ok(percept_recipe_parse("{model.layers: [3, 8, 2], train.epochs: 2}", &recipe, error));
    assert_ok(percept_model_train(loaded, recipe, &things.data, NULL, NULL, NULL, error));
    percept_recipe_free(recipe);
    percept_model_free(loaded);
    free_things(&things);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(steps_give_the_bits_of_the_whole),
        IN_SCRATCH(a_checkpoint_resumes_to_the_same_bits),
        IN_SCRATCH(a_checkpoint_of_other_data_is_refused),
        IN_SCRATCH(fed_examples_are_steps_in_their_order),
        IN_SCRATCH(an_optimizer_of_the_whole_training_set_refuses_other_examples),
        IN_SCRATCH(the_learning_rate_changes_from_the_next_step_on),
        IN_SCRATCH(nothing_follows_the_end),
        IN_SCRATCH(a_model_from_a_file_is_trained_further_with_a_new_recipe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
