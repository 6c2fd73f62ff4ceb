/* Trainings with dropout, weights, smoothed labels and regression targets. */
#include "unit.h"

#include <string.h>

#include "engine/kinds.h"
#include "in_scratch.h"
#include "nn/dropout.h"
#include "train/class_weights.h"
#include "trainings.h"

static char path[SCRATCH_PATH];

static int set_up(void **state)
{
    (void)state;
    scratch_open(&scratch);
    scratch_path(&scratch, "checkpoint.safetensors", path);
    return 0;
}

/* ---- Dropout ----------------------------------------------------------------------------------------------------- */

#define EXAMPLES 10
#define BATCH 4

/* The hidden layer of the model drops units with chance 0.4. */
static void drop_hidden(percept_model *model)
{
    model->network.layers[0].dropout = 0.4;
    model->network.dropout_units = model->network.layers[0].outputs;
}

static TrainingOptions dropping_options(void)
{
    TrainingOptions options = make_options("sgd");
    options.shuffle = false;
    random_spawn(&options.dropout, 1, 3);
    return options;
}

static void copy_parameters(const Setting *setting, double *out)
{
    memcpy(out, setting->model->parameters, setting->model->network.parameter_count * sizeof *out);
}

/* The training equals steps by hand whose draws follow one another, the smaller last batch taking fewer. */
static void each_step_takes_the_draws_after_the_last_ones(void **state)
{
    (void)state;
    double trained[128], expected[128];
    const TrainingOptions options = dropping_options();
    Setting *setting = make_setting(EXAMPLES, 5);
    Network *network = &setting->model->network;
    drop_hidden(setting->model);
    RandomStream stream = options.dropout;
    const EngineConfig config = {.network = network,
                                 .precision = PERCEPT_FLOAT64,
                                 .batch_capacity = BATCH,
                                 .training = true,
                                 .team = setting->team,
                                 .dropout = &stream};
    Engine *engine = NULL;
    assert_ok(engine_create(options.engine, &config, &engine, error));
    copy_parameters(setting, expected);
    for (size_t epoch = 0; epoch < options.epochs; epoch++)
        for (size_t first = 0; first < EXAMPLES; first += BATCH) {
            const size_t count = EXAMPLES - first < BATCH ? EXAMPLES - first : BATCH;
            const Batch batch = {
                .data = setting->train, .scaler = &setting->model->scaler, .first = first, .count = count};
            EngineSums sums;
            engine_step(engine, expected, &batch, &(EngineUpdate){.learning_rate = 0.05}, &sums);
            random_advance(&stream, dropout_draws(network, count));
        }
    engine_free(engine);
    assert_ok(run(setting, &options, NULL, error));
    copy_parameters(setting, trained);
    assert_memory_equal(trained, expected, network->parameter_count * sizeof *trained);
    clear_setting(setting);
}

static percept_status write_when_stopping(const Training *training, bool stopping, void *user, percept_error *error)
{
    (void)user;
    return stopping ? checkpoint_write(training, path, error) : PERCEPT_OK;
}

/* Stopped after each of the first steps, with an engine of its own and another number of threads afterwards. */
static void a_training_with_dropout_goes_on_to_the_bit(void **state)
{
    (void)state;
    double whole[128], rest[128];
    TrainingOptions options = dropping_options();
    options.shuffle = true;
    options.pause = write_when_stopping;
    options.engine = engine_kind_find("cpu");
    const double class_weights[] = {1, 0.5, 3};
    options.class_weights = class_weights;
    options.class_weight_count = 3;
    percept_result results[2];
    for (size_t stop = 0; stop <= 5; stop++) {
        Checkpoint *checkpoint = NULL;
        Setting *setting = make_setting(EXAMPLES, 5);
        drop_hidden(setting->model);
        options.resume = NULL;
        setting->seen.stop_after = stop;
        percept_error reason;
        const percept_status status = run(setting, &options, &results[0], &reason);
        assert_int_equal(status, stop == 0 ? PERCEPT_OK : PERCEPT_ERROR_INTERRUPTED);
        const size_t bytes = setting->model->network.parameter_count * sizeof *whole;
        copy_parameters(setting, stop == 0 ? whole : rest);
        clear_setting(setting);
        if (stop == 0) {
            results[1] = results[0];
            continue;
        }
        assert_ok(checkpoint_read(path, &checkpoint, error));
        setting = make_setting(EXAMPLES, 5);
        drop_hidden(setting->model);
        team_free(setting->team);
        assert_ok(team_create(2, &setting->team, error));
        options.resume = checkpoint;
        assert_ok(run(setting, &options, &results[0], error));
        copy_parameters(setting, rest);
        assert_memory_equal(rest, whole, bytes);
        assert_true(results[0].train_loss == results[1].train_loss);
        checkpoint_free(checkpoint);
        clear_setting(setting);
    }
}

/* ---- Weights ----------------------------------------------------------------------------------------------------- */

/* Four times every weight is the same mean, with its penalty: to the bit, since 4 is a power of two. */
static void only_the_ratio_of_weights_counts(void **state)
{
    (void)state;
    double ends[2][128];
    percept_result results[2];
    const TrainingOptions options = make_options("adam");
    for (size_t r = 0; r < 2; r++) {
        Setting *setting = make_setting(EXAMPLES, 5);
        RandomStream stream;
        random_default_rng(&stream, 8);
        setting->model->network.layers[0].l2 = 0.01;
        add_extras(setting->train, &setting->model->network, &(Extras){.weights = true}, &stream);
        for (size_t i = 0; i < EXAMPLES; i++)
            setting->train->storage->weights[i] *= r == 0 ? 1 : 4;
        assert_ok(run(setting, &options, &results[r], error));
        copy_parameters(setting, ends[r]);
        clear_setting(setting);
    }
    assert_memory_equal(ends[0], ends[1], sizeof(double) * (6 * 8 + 8 + 8 * 3 + 3));
    assert_true(results[0].train_loss == results[1].train_loss);
}

/* The loss that is told is the mean over weights, in the data's own weights also for validation. */
static void losses_told_are_weighted_means(void **state)
{
    (void)state;
    static const double weights[5] = {1, 0, 2.5, 0.25, 4};
    Setting *setting = make_setting(EXAMPLES, 5);
    percept_metrics whole = {.struct_size = sizeof whole}, single = {.struct_size = sizeof single};
    double sum = 0, total = 0;
    for (size_t i = 0; i < 5; i++) {
        percept_dataset *one = NULL;
        const uint32_t row = (uint32_t)i;
        assert_ok(dataset_subset(setting->valid, &row, 1, &one, error));
        assert_ok(percept_model_evaluate(setting->model, one, 1, &single, error));
        sum += weights[i] * single.loss;
        total += weights[i];
        percept_metrics_clear(&single);
        percept_dataset_free(one);
    }
    add_extras(setting->valid, &setting->model->network, &(Extras){.weights = true}, &setting->stream);
    memcpy(setting->valid->storage->weights, weights, sizeof weights);
    assert_ok(percept_model_evaluate(setting->model, setting->valid, 1, &whole, error));
    assert_close(whole.loss, sum / total, 1e-14);
    percept_metrics_clear(&whole);
    clear_setting(setting);
}

/* Figures of scikit-learn 1.9: compute_class_weight('balanced', ...) for 7, 2 and 11 examples. */
static void balanced_weights_equal_their_definition(void **state)
{
    (void)state;
    enum { COUNT = 20 };
    static const double expected[3] = {0.9523809523809523, 3.3333333333333335, 0.6060606060606061};
    TrainingOptions options = {.balance_classes = true};
    Setting *setting = make_setting(COUNT, 5);
    double *weights = NULL;
    for (size_t i = 0; i < COUNT; i++)
        setting->train->labels[i] = i < 7 ? 0 : i < 9 ? 1 : 2;
    assert_ok(class_weights_create(&options, setting->train, &weights, error));
    for (size_t k = 0; k < 3; k++)
        assert_close(weights[k], expected[k], 1e-15);
    memory_free(weights);
    options.balance_classes = false;
    assert_ok(class_weights_create(&options, setting->train, &weights, error));
    assert_null(weights);
    clear_setting(setting);
}

static void expect_refusal(const TrainingOptions *options, const percept_dataset *data, const char *words)
{
    double *weights = NULL;
    percept_error error;
    assert_int_equal(class_weights_create(options, data, &weights, &error), PERCEPT_ERROR_ARGUMENT);
    assert_null(weights);
    if (strstr(error.message, words) == NULL)
        fail_msg("'%s' says nothing of '%s'", error.message, words);
}

static void impossible_class_weights_are_refused_with_a_reason(void **state)
{
    (void)state;
    const double weights[] = {0, 0, 0};
    Setting *setting = make_setting(EXAMPLES, 5);
    TrainingOptions options = {.class_weights = weights, .class_weight_count = 2};
    expect_refusal(&options, setting->train, "2 weights for 3 classes");
    options.class_weight_count = 3;
    expect_refusal(&options, setting->train, "no weight above 0");
    options.balance_classes = true;
    expect_refusal(&options, setting->train, "both set");
    options.class_weight_count = 0;
    setting->train->class_count = 0;
    expect_refusal(&options, setting->train, "no classes");
    setting->train->class_count = 3;
    clear_setting(setting);
}

/* ---- From recipes ------------------------------------------------------------------------------------------------ */

/* A recipe over a file with columns a, b, u = a + 2b, v = a - b. */
static percept_recipe *table_recipe(void)
{
    char name[SCRATCH_PATH];
    percept_recipe *recipe = NULL;
    FILE *file = fopen(scratch_path(&scratch, "plane.csv", name), "w");
    RandomStream stream;
    random_default_rng(&stream, 1);
    assert_non_null(file);
    fputs("a,b,u,v\n", file);
    for (int i = 0; i < 200; i++) {
        const double a = random_uniform(&stream, -1, 1), b = random_uniform(&stream, -1, 1);
        fprintf(file, "%.6f,%.6f,%.6f,%.6f\n", a, b, a + 2 * b, a - b);
    }
    assert_int_equal(fclose(file), 0);
    assert_ok(percept_recipe_create(&recipe, error));
    assert_ok(percept_recipe_set(recipe, "data.name", name, error));
    assert_ok(percept_recipe_set(recipe, "data.targets", "u,v", error));
    assert_ok(percept_recipe_set(recipe, "data.split", "150,50,0", error));
    assert_ok(percept_recipe_set(recipe, "model.layers", "2-16-2", error));
    assert_ok(percept_recipe_set(recipe, "train.epochs", "40", error));
    assert_ok(percept_recipe_set(recipe, "train.batch_size", "10", error));
    assert_ok(percept_recipe_set(recipe, "threads", "1", error));
    return recipe;
}

/* Output and loss are decided from the data; every loss of targets learns the plane. The targets' mean square is 5/3 and
 * 2/3, so a network that knows nothing has a mean squared error of 7/6. */
static void several_targets_are_learned_with_each_loss(void **state)
{
    (void)state;
    static const char *const losses[] = {NULL, "mean-absolute-error", "huber"};
    for (size_t l = 0; l < 3; l++) {
        percept_recipe *recipe = table_recipe();
        percept_data data;
        percept_model *model = NULL;
        percept_result result = {.struct_size = sizeof result};
        if (losses[l] != NULL)
            assert_ok(percept_recipe_set(recipe, "model.loss", losses[l], error));
        assert_ok(percept_data_load(recipe, &data, error));
        assert_ok(percept_model_create(recipe, &data, &model, error));
        assert_ok(percept_model_train(model, recipe, &data, NULL, NULL, &result, error));
        assert_true(result.valid_loss < 0.05);
        percept_model_free(model);
        percept_data_free(&data);
        percept_recipe_free(recipe);
    }
}

static void what_only_classes_have_is_refused_for_targets(void **state)
{
    (void)state;
    static const char *const keys[][3] = {{"train.label_smoothing", "0.1", "label_smoothing"},
                                          {"train.class_weights", "1,2", "no classes"},
                                          {"train.balance_classes", "true", "no classes"}};
    for (size_t k = 0; k < 3; k++) {
        percept_recipe *recipe = table_recipe();
        percept_data data;
        percept_model *model = NULL;
        percept_error refusal;
        assert_ok(percept_recipe_set(recipe, keys[k][0], keys[k][1], error));
        assert_ok(percept_data_load(recipe, &data, error));
        percept_status status = percept_model_create(recipe, &data, &model, &refusal);
        if (status == PERCEPT_OK)
            status = percept_model_train(model, recipe, &data, NULL, NULL, NULL, &refusal);
        assert_int_equal(status, PERCEPT_ERROR_ARGUMENT);
        assert_non_null(strstr(refusal.message, keys[k][2]));
        percept_model_free(model);
        percept_data_free(&data);
        percept_recipe_free(recipe);
    }
}

/* Dropout from a recipe reaches training, and the seed decides it. */
static void dropout_of_a_recipe_reaches_training(void **state)
{
    (void)state;
    double losses[3];
    for (size_t r = 0; r < 3; r++) {
        percept_recipe *recipe = table_recipe();
        percept_data data;
        percept_model *model = NULL;
        percept_result result = {.struct_size = sizeof result};
        assert_ok(percept_recipe_set(recipe, "train.epochs", "2", error));
        assert_ok(percept_recipe_set(recipe, "model.dropout", r == 0 ? "0" : "0.5", error));
        assert_ok(percept_data_load(recipe, &data, error));
        assert_ok(percept_model_create(recipe, &data, &model, error));
        assert_ok(percept_model_train(model, recipe, &data, NULL, NULL, &result, error));
        losses[r] = result.train_loss;
        percept_model_free(model);
        percept_data_free(&data);
        percept_recipe_free(recipe);
    }
    assert_true(losses[1] > losses[0]);
    assert_true(losses[1] == losses[2]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_step_takes_the_draws_after_the_last_ones),
        cmocka_unit_test(a_training_with_dropout_goes_on_to_the_bit),
        cmocka_unit_test(only_the_ratio_of_weights_counts),
        cmocka_unit_test(losses_told_are_weighted_means),
        cmocka_unit_test(balanced_weights_equal_their_definition),
        cmocka_unit_test(impossible_class_weights_are_refused_with_a_reason),
        cmocka_unit_test(several_targets_are_learned_with_each_loss),
        cmocka_unit_test(what_only_classes_have_is_refused_for_targets),
        cmocka_unit_test(dropout_of_a_recipe_reaches_training),
    };
    return cmocka_run_group_tests(tests, set_up, remove_scratch);
}
