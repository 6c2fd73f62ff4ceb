/* The policy of the training loop: what is seen, what is kept, when it ends. */
#include "unit.h"

#include <string.h>

#include "nn/activation.h"
#include "trainings.h"

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
    percept_metrics metrics = {.struct_size = sizeof metrics};
    assert_ok(percept_model_evaluate(setting->model, setting->valid, 1, &metrics, error));
    assert_true(metrics.accuracy == setting->seen.valid_accuracy[setting->seen.best]);
    assert_true(metrics.accuracy == result.valid_accuracy);
    percept_metrics_clear(&metrics);
    clear_setting(setting);
}

/* A value of the data that is not finite is to blame, not the learning rate; with relu it once vanished unnoticed. */
static void a_feature_that_is_not_finite_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        Setting *setting = make_setting(12, 9);
        TrainingOptions options = make_options("adam");
        percept_error error;
        const percept_dataset *part = i % 2 == 0 ? setting->train : setting->valid;
        const int relu = activation_find("relu");
        setting->model->network.layers[0].activation = (size_t)relu;
        ((double *)part->storage->features)[2 * 6 + 4] = i < 2 ? NAN : INFINITY;
        assert_int_equal(run(setting, &options, NULL, &error), PERCEPT_ERROR_DIVERGED);
        assert_non_null(strstr(error.message, "epoch 0"));
        assert_non_null(strstr(error.message, "feature 5 of example 3 of the"));
        assert_non_null(strstr(error.message, i % 2 == 0 ? "training part" : "validation part"));
        assert_non_null(strstr(error.message, i < 2 ? "not a number" : "infinite"));
        assert_null(strstr(error.message, "learning_rate"));
        clear_setting(setting);
    }
}

/* The last update is too large, and no loss is measured after it. */
static void parameters_that_are_not_finite_are_no_success(void **state)
{
    (void)state;
    for (int report = 0; report < 2; report++) {
        Setting *setting = make_setting(12, 9);
        TrainingOptions options = make_options("sgd");
        percept_error error;
        options.epochs = 1;
        options.batch_size = 12;
        options.schedule_options.base = 1e308;
        options.weight_decay = 1e9;
        options.report_nonfinite = report != 0;
        percept_dataset *valid = setting->valid;
        setting->valid = NULL;
        const percept_status status = run(setting, &options, NULL, &error);
        assert_int_equal(status, report ? PERCEPT_OK : PERCEPT_ERROR_DIVERGED);
        if (!report) {
            assert_non_null(strstr(error.message, "the parameters of epoch 0 are not finite"));
            assert_non_null(strstr(error.message, "train.learning_rate"));
        }
        setting->valid = valid;
        clear_setting(setting);
    }
}

/* Nothing changes with a learning rate of 0, so all epochs are equal: what comes later is not better. */
static void of_equal_epochs_the_first_is_the_best(void **state)
{
    (void)state;
    static const Monitor monitors[] = {MONITOR_VALID_ACCURACY, MONITOR_VALID_LOSS};
    for (size_t m = 0; m < 2; m++) {
        Setting *setting = make_setting(12, 9);
        TrainingOptions options = make_options("sgd");
        percept_result result;
        options.schedule_options.base = 0;
        options.keep_best = true;
        options.monitor = monitors[m];
        options.epochs = 9;
        options.patience = 4;
        assert_ok(run(setting, &options, &result, error));
        assert_int_equal(result.best_epoch, 0);
        assert_int_equal(setting->seen.best, 0);
        assert_int_equal(result.epochs, 5);
        clear_setting(setting);
    }
}

/* Nine examples have ten accuracies at most, so that many epochs are equally accurate. */
static void of_equally_accurate_epochs_the_one_of_the_lowest_loss_is_kept(void **state)
{
    (void)state;
    Setting *setting = make_setting(12, 9);
    TrainingOptions options = make_options("adam");
    options.epochs = 60;
    options.keep_best = true;
    percept_result result;
    assert_ok(run(setting, &options, &result, error));
    const Seen *seen = &setting->seen;
    size_t first = 0, best = 0;
    for (size_t e = 1; e < 60; e++) {
        if (seen->valid_accuracy[e] > seen->valid_accuracy[first])
            first = e;
        if (seen->valid_accuracy[e] > seen->valid_accuracy[best] ||
            (seen->valid_accuracy[e] >= seen->valid_accuracy[best] && seen->valid_loss[e] < seen->valid_loss[best]))
            best = e;
    }
    assert_true(first != best); /* else nothing is shown */
    assert_int_equal(result.best_epoch, best);
    assert_true(result.valid_loss == seen->valid_loss[best]);
    clear_setting(setting);
}

static void a_loss_that_is_not_finite_names_epoch_and_step(void **state)
{
    (void)state;
    Setting *setting = make_setting(12, 9);
    TrainingOptions options = make_options("sgd");
    options.schedule_options.base = 1e308;
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
        cmocka_unit_test(every_example_is_seen_once_an_epoch),
        cmocka_unit_test(the_best_epoch_is_kept_and_patience_ends_the_run),
        cmocka_unit_test(a_feature_that_is_not_finite_is_named),
        cmocka_unit_test(parameters_that_are_not_finite_are_no_success),
        cmocka_unit_test(of_equal_epochs_the_first_is_the_best),
        cmocka_unit_test(of_equally_accurate_epochs_the_one_of_the_lowest_loss_is_kept),
        cmocka_unit_test(a_loss_that_is_not_finite_names_epoch_and_step),
        cmocka_unit_test(a_callback_stops_the_run_after_the_step_it_wants),
        cmocka_unit_test(the_shuffling_stream_decides_the_run),
        cmocka_unit_test(data_that_do_not_fit_the_model_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
