/* Optimizers against their published formulas, schedules, and the policy of the training loop. */
#include "unit.h"

#include <string.h>

#include "networks.h"
#include "train/train.h"

static const Shape shape = {{6, 8, 3}, 3, "tanh", "softmax", "cross-entropy", 0, 0, false};

/* A float64 model of that shape with parameters drawn from the stream. */
static percept_model *make_model(const Shape *of, RandomStream *stream)
{
    Network network = make_network(of);
    double *parameters = make_parameters(&network, stream);
    Scaler scaler = {.kind = SCALER_NONE, .width = network_inputs(&network), .divisor = 1};
    const size_t outputs = network_outputs(&network), classes = outputs == 1 ? 2 : outputs;
    char *names[] = {"a", "b", "c"};
    percept_model *model = NULL;
    assert_true(classes <= 3);
    assert_ok(model_create(&network, PERCEPT_FLOAT64, &scaler, classes, names, &model, error));
    model_set_parameters(model, parameters);
    memory_free(parameters);
    return model;
}

static TrainingOptions make_options(const char *optimizer)
{
    TrainingOptions options = {.engine = engine_kind_find("reference"),
                               .optimizer = (size_t)optimizer_find(optimizer),
                               .optimizer_options = {.beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8},
                               .learning_rate = 0.05,
                               .schedule = schedule_at((size_t)schedule_find("constant")),
                               .decay = 1,
                               .epochs = 3,
                               .batch_size = 4,
                               .shuffle = true};
    random_spawn(&options.shuffling, 1, 2);
    return options;
}

static Team *make_team(void)
{
    Team *team = NULL;
    assert_ok(team_create(1, &team, error));
    return team;
}

/* Three updates with fixed gradients, computed here from the formulas by hand. */
static void sgd_with_momentum_follows_its_formula(void **state)
{
    (void)state;
    const double g[3] = {0.5, -1, 2};
    double p = 1, expected = 1, v = 0, slot = 0;
    OptimizerState optimizer = {.options = {.momentum = 0.9}, .learning_rate = 0.1, .slots = {&slot}};
    const Optimizer_f64 *row = optimizer_at_f64((size_t)optimizer_find("sgd"));
    assert_int_equal(row->slots(&optimizer.options), 1);
    assert_int_equal(row->slots(&(OptimizerOptions){.momentum = 0}), 0);
    for (int t = 0; t < 3; t++) {
        optimizer.step++;
        row->apply(&optimizer, 0, 1, &p, &g[t]);
        v = 0.9 * v + g[t];
        expected -= 0.1 * v;
        assert_close(p, expected, 1e-15);
    }
}

static void adam_follows_its_formula(void **state)
{
    (void)state;
    const double g[3] = {0.5, -1, 2};
    double p = 1, expected = 1, m = 0, v = 0, slots[2] = {0, 0};
    OptimizerState optimizer = {.options = {.beta1 = 0.9, .beta2 = 0.99, .epsilon = 1e-3},
                                .learning_rate = 0.1,
                                .slots = {&slots[0], &slots[1]}};
    for (int t = 1; t <= 3; t++) {
        optimizer.step++;
        optimizer_at_f64((size_t)optimizer_find("adam"))->apply(&optimizer, 0, 1, &p, &g[t - 1]);
        m = 0.9 * m + 0.1 * g[t - 1];
        v = 0.99 * v + 0.01 * g[t - 1] * g[t - 1];
        expected -= 0.1 * (m / (1 - pow(0.9, t))) / (sqrt(v / (1 - pow(0.99, t))) + 1e-3);
        assert_close(p, expected, 1e-14);
    }
}

static double rate(const char *name, double decay, size_t epoch)
{
    return schedule_at((size_t)schedule_find(name))->rate(0.2, decay, epoch, 10);
}

static void schedules_follow_their_formulas(void **state)
{
    (void)state;
    assert_true(rate("constant", 3, 7) == 0.2);
    assert_close(rate("exponential", 0.5, 3), 0.025, 1e-15);
    assert_close(rate("inverse", 4, 5), 0.2 / 3, 1e-15);
    assert_true(rate("exponential", 0.5, 0) == 0.2 && rate("inverse", 4, 0) == 0.2);
}

/* What the callback saw. */
typedef struct Seen {
    size_t steps, epochs, examples;
    double valid_accuracy[64];
    size_t best;
    size_t stop_after; /* steps; 0: never */
} Seen;

static int watch(const percept_progress *progress, void *user)
{
    Seen *seen = user;
    seen->steps++;
    seen->examples = progress->examples;
    if (progress->epoch_done) {
        seen->valid_accuracy[progress->epoch % 64] = progress->valid_accuracy;
        if (progress->best)
            seen->best = progress->epoch;
        seen->epochs++;
    }
    return seen->stop_after > 0 && seen->steps >= seen->stop_after;
}

typedef struct Setting {
    RandomStream stream;
    percept_model *model;
    percept_dataset *train, *valid;
    Team *team;
    Seen seen;
} Setting;

static Setting *make_setting(size_t train, size_t valid)
{
    static Setting setting;
    setting = (Setting){0};
    random_default_rng(&setting.stream, 3);
    setting.model = make_model(&shape, &setting.stream);
    setting.train = make_data(&setting.model->network, train, &setting.stream);
    setting.valid = make_data(&setting.model->network, valid, &setting.stream);
    setting.team = make_team();
    return &setting;
}

static void clear_setting(Setting *setting)
{
    percept_model_free(setting->model);
    percept_dataset_free(setting->train);
    percept_dataset_free(setting->valid);
    team_free(setting->team);
}

static percept_status run(Setting *setting, const TrainingOptions *options, percept_result *result,
                          percept_error *error)
{
    return train_run(setting->model, setting->train, setting->valid, options, setting->team, watch, &setting->seen,
                     result, error);
}

static void every_example_is_seen_once_an_epoch(void **state)
{
    (void)state;
    Setting *setting = make_setting(10, 5);
    TrainingOptions options = make_options("adam");
    percept_result result;
    assert_ok(run(setting, &options, &result, error));
    assert_int_equal(setting->seen.steps, 3 * 3); /* ⌈10/4⌉ steps, told once each */
    assert_int_equal(setting->seen.examples, 30);
    assert_int_equal(setting->seen.epochs, 3);
    assert_int_equal(result.epochs, 3);
    setting->seen = (Seen){0};
    options.drop_last = true;
    assert_ok(run(setting, &options, &result, error));
    assert_int_equal(setting->seen.examples, 3 * 8);
    clear_setting(setting);
}

/* Learning 12 random labels by heart: the loss falls and validation, being random, gets worse at some time. */
static void the_best_epoch_is_kept_and_patience_ends_the_run(void **state)
{
    (void)state;
    Setting *setting = make_setting(12, 9);
    TrainingOptions options = make_options("adam");
    options.epochs = 60;
    options.patience = 5;
    options.keep_best = true;
    percept_result result;
    assert_ok(run(setting, &options, &result, error));
    assert_int_equal(result.best_epoch, setting->seen.best);
    assert_true(result.stopped_early);
    assert_int_equal(result.epochs, setting->seen.best + 5 + 1);
    for (size_t e = 0; e < result.epochs; e++)
        assert_true(setting->seen.valid_accuracy[e] <= setting->seen.valid_accuracy[setting->seen.best]);
    percept_metrics metrics;
    assert_ok(percept_model_evaluate(setting->model, setting->valid, 1, &metrics, error));
    assert_true(metrics.accuracy == setting->seen.valid_accuracy[setting->seen.best]);
    assert_true(metrics.accuracy == result.valid_accuracy);
    percept_metrics_clear(&metrics);
    clear_setting(setting);
}

static void a_loss_that_is_not_finite_names_epoch_and_step(void **state)
{
    (void)state;
    Setting *setting = make_setting(12, 9);
    TrainingOptions options = make_options("sgd");
    options.learning_rate = 1e308;
    options.weight_decay = 1e3;
    percept_error error;
    assert_int_equal(run(setting, &options, NULL, &error), PERCEPT_ERROR_DIVERGED);
    assert_non_null(strstr(error.message, "epoch 0, step "));
    assert_non_null(strstr(error.message, "train.learning_rate"));
    clear_setting(setting);
}

static void a_callback_stops_the_run_after_the_step_it_wants(void **state)
{
    (void)state;
    Setting *setting = make_setting(12, 9);
    const TrainingOptions options = make_options("adam");
    setting->seen.stop_after = 5;
    percept_error error;
    assert_int_equal(run(setting, &options, NULL, &error), PERCEPT_ERROR_INTERRUPTED);
    assert_int_equal(setting->seen.steps, 5);
    clear_setting(setting);
}

/* Two runs from the same stream end in the same bits, two from different streams do not. */
static void the_shuffling_stream_decides_the_run(void **state)
{
    (void)state;
    double ends[3];
    for (int r = 0; r < 3; r++) {
        Setting *setting = make_setting(20, 9);
        TrainingOptions options = make_options("adam");
        random_spawn(&options.shuffling, r == 2 ? 9 : 1, 2);
        assert_ok(run(setting, &options, NULL, error));
        ends[r] = ((double *)setting->model->parameters)[0];
        clear_setting(setting);
    }
    assert_true(ends[0] == ends[1]);
    assert_true(ends[0] != ends[2]);
}

static void data_that_do_not_fit_the_model_are_refused(void **state)
{
    (void)state;
    Setting *setting = make_setting(12, 9);
    const Shape wide = {{7, 3}, 2, "relu", "softmax", "cross-entropy", 0, 0, false};
    Network network = make_network(&wide);
    percept_dataset_free(setting->train);
    setting->train = make_data(&network, 5, &setting->stream);
    network_clear(&network);
    const TrainingOptions options = make_options("adam");
    percept_error error;
    assert_int_equal(run(setting, &options, NULL, &error), PERCEPT_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "7"));
    assert_non_null(strstr(error.message, "6"));
    clear_setting(setting);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sgd_with_momentum_follows_its_formula),
        cmocka_unit_test(adam_follows_its_formula),
        cmocka_unit_test(schedules_follow_their_formulas),
        cmocka_unit_test(every_example_is_seen_once_an_epoch),
        cmocka_unit_test(the_best_epoch_is_kept_and_patience_ends_the_run),
        cmocka_unit_test(a_loss_that_is_not_finite_names_epoch_and_step),
        cmocka_unit_test(a_callback_stops_the_run_after_the_step_it_wants),
        cmocka_unit_test(the_shuffling_stream_decides_the_run),
        cmocka_unit_test(data_that_do_not_fit_the_model_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
