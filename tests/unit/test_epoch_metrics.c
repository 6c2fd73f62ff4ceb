/* The metrics of an epoch: whose parameters they measure, which examples, and what is said where they are not finite. */
#include "unit.h"

#include <string.h>

#include "data/dataset.h"
#include "engine/kinds.h"
#include "nn/activation.h"
#include "train/evaluate.h"
#include "trainings.h"

#define TRAIN 10
#define VALID 7
#define EPOCHS 3
#define MOST 64 /* epochs that are kept */

/* What the callback saw of each epoch. */
typedef struct Reported {
    percept_progress epochs[MOST];
    double parameters[MOST][128]; /* after each epoch */
    const percept_model *model;
} Reported;

static int keep(const percept_progress *progress, void *user)
{
    Reported *reported = user;
    if (progress->epoch_done) {
        reported->epochs[progress->epoch] = *progress;
        memcpy(reported->parameters[progress->epoch], reported->model->parameters,
               reported->model->network.parameter_count * sizeof(double));
    }
    return 0;
}

/* Trains with the metrics that options ask for. The test part, if it is measured, is the validation part. */
static Setting *train(TrainingOptions options, bool test, Reported *reported, percept_result *result)
{
    Setting *setting = make_setting(TRAIN, VALID);
    *reported = (Reported){.model = setting->model};
    options.metrics.test = test ? setting->valid : NULL;
    assert_ok(train_run(setting->model, setting->train, setting->valid, &options, setting->team, keep, reported, result,
                        error));
    return setting;
}

/* Mean loss and accuracy of the first `count` examples with other parameters. */
static void measure(Setting *setting, const double *parameters, const percept_dataset *data, size_t count, double *loss,
                    double *accuracy)
{
    percept_model *model = setting->model;
    void *own = model->parameters;
    double copy[128];
    const EngineConfig config = {.network = &model->network,
                                 .precision = PERCEPT_FLOAT64,
                                 .batch_capacity = evaluate_block(&model->network),
                                 .team = setting->team};
    Engine *engine = NULL;
    EngineSums sums;
    assert_ok(engine_create(engine_kind_find("reference"), &config, &engine, error));
    memcpy(copy, parameters, model->network.parameter_count * sizeof *copy);
    model->parameters = copy;
    assert_ok(evaluate_dataset(model, engine, data, count, NULL, NULL, &sums, error));
    model->parameters = own;
    engine_free(engine);
    assert_int_equal(sums.count, count);
    *loss = sums.loss / (double)count;
    *accuracy = (double)sums.correct / (double)count;
}

/* Figures of a part are those of these parameters over its first `count` examples, to the bit. */
#define expect_metrics(setting, parameters, part, count, told_loss, told_sum, told_accuracy)                           \
    do {                                                                                                               \
        double loss = NAN, accuracy = NAN;                                                                             \
        measure(setting, parameters, part, count, &loss, &accuracy);                                                   \
        assert_true((told_loss) == loss);                                                                              \
        assert_close(told_sum, loss *(double)(count), 1e-15); /* the mean was rounded */                               \
        assert_true((told_accuracy) == accuracy);                                                                      \
    } while (0)

static void expect_epoch(Setting *setting, const double *parameters, const percept_progress *reported, size_t train,
                         size_t valid)
{
    expect_metrics(setting, parameters, setting->train, train, reported->train_loss, reported->train_loss_sum,
                   reported->train_accuracy);
    expect_metrics(setting, parameters, setting->valid, valid, reported->valid_loss, reported->valid_loss_sum,
                   reported->valid_accuracy);
    expect_metrics(setting, parameters, setting->valid, valid, reported->test_loss, reported->test_loss_sum,
                   reported->test_accuracy);
}

/* ---- When -------------------------------------------------------------------------------------------------------- */

static void after_means_the_parameters_of_the_last_update(void **state)
{
    (void)state;
    static Reported reported;
    TrainingOptions options = make_options("adam");
    options.metrics.when = METRICS_AFTER;
    Setting *setting = train(options, true, &reported, NULL);
    for (size_t e = 0; e < EPOCHS; e++)
        expect_epoch(setting, reported.parameters[e], &reported.epochs[e], TRAIN, VALID);
    clear_setting(setting);
}

static void before_means_the_parameters_before_the_first_update(void **state)
{
    (void)state;
    static Reported reported;
    double initial[128];
    TrainingOptions options = make_options("adam");
    options.metrics.when = METRICS_BEFORE;
    Setting *untrained = make_setting(TRAIN, VALID);
    memcpy(initial, untrained->model->parameters, untrained->model->network.parameter_count * sizeof *initial);
    clear_setting(untrained);
    Setting *setting = train(options, true, &reported, NULL);
    for (size_t e = 0; e < EPOCHS; e++)
        expect_epoch(setting, e == 0 ? initial : reported.parameters[e - 1], &reported.epochs[e], TRAIN, VALID);
    clear_setting(setting);
}

/* The step itself has measured all examples then; sums come in other blocks, so some last bits may differ. */
static void one_step_for_all_examples_measures_them_too(void **state)
{
    (void)state;
    static Reported reported, measured;
    TrainingOptions options = make_options("sgd");
    options.metrics.when = METRICS_BEFORE;
    options.batch_size = 100;
    clear_setting(train(options, false, &reported, NULL));
    options.metrics.naive = true; /* for which outputs are needed */
    clear_setting(train(options, false, &measured, NULL));
    for (size_t e = 0; e < EPOCHS; e++) {
        assert_close(reported.epochs[e].train_loss, measured.epochs[e].train_loss, 1e-14);
        assert_true(reported.epochs[e].train_accuracy == measured.epochs[e].train_accuracy);
        assert_true(reported.epochs[e].valid_loss == measured.epochs[e].valid_loss);
    }
}

/* So that the model has the metrics that it was chosen for: its own, or those of the averaged parameters. */
static void expect_best_kept(MetricsMoment when, double ema)
{
    static Reported reported;
    percept_result result;
    double loss = NAN, accuracy = NAN;
    TrainingOptions options = make_options("adam");
    options.schedule_options.base = 0.5; /* so large that a later epoch is worse */
    options.epochs = 30;
    options.keep_best = true;
    options.monitor = MONITOR_VALID_LOSS;
    options.metrics.when = when;
    options.ema = ema;
    Setting *setting = train(options, false, &reported, &result);
    const percept_progress *best = &reported.epochs[result.best_epoch];
    assert_true(result.best_epoch + 1 < (long)options.epochs && best->best);
    assert_true(result.valid_loss == best->valid_loss);
    measure(setting, setting->model->parameters, setting->valid, VALID, &loss, &accuracy);
    assert_true(loss == best->valid_loss);
    for (size_t e = 0; e < options.epochs; e++)
        assert_true(reported.epochs[e].valid_loss >= loss);
    clear_setting(setting);
}

static void the_best_epoch_keeps_the_parameters_that_were_measured(void **state)
{
    (void)state;
    static const MetricsMoment moments[] = {METRICS_DURING, METRICS_BEFORE, METRICS_AFTER};
    for (size_t m = 0; m < sizeof moments / sizeof *moments; m++) {
        expect_best_kept(moments[m], 0);
        expect_best_kept(moments[m], 0.5);
    }
}

static void metrics_that_nobody_asked_for_are_no_numbers(void **state)
{
    (void)state;
    static Reported reported;
    clear_setting(train(make_options("sgd"), false, &reported, NULL));
    const percept_progress *last = &reported.epochs[EPOCHS - 1];
    const double none[] = {last->test_loss,        last->test_accuracy,    last->test_loss_sum,
                           last->train_loss_naive, last->valid_loss_naive, last->test_loss_naive};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_true(isnan(none[i]));
    assert_close(last->train_loss_sum, TRAIN * last->train_loss, 1e-15);
    assert_close(last->valid_loss_sum, VALID * last->valid_loss, 1e-15);
}

/* ---- Which examples ---------------------------------------------------------------------------------------------- */

static void whole_batches_leave_the_rest_out(void **state)
{
    (void)state;
    static Reported reported;
    static const size_t batches[] = {1, 3, 4, 7, 8};
    static const size_t train_count[] = {10, 9, 8, 7, 8}, valid_count[] = {7, 6, 4, 7, 7};
    for (size_t i = 0; i < sizeof batches / sizeof *batches; i++) {
        TrainingOptions options = make_options("sgd");
        options.metrics.when = METRICS_AFTER;
        options.metrics.whole_batches = true;
        options.batch_size = batches[i];
        Setting *setting = train(options, true, &reported, NULL);
        for (size_t e = 0; e < EPOCHS; e++)
            expect_epoch(setting, reported.parameters[e], &reported.epochs[e], train_count[i], valid_count[i]);
        clear_setting(setting);
    }
}

/* ---- The naive loss ---------------------------------------------------------------------------------------------- */

/* Where nothing underflows both formulas agree, but for rounding. */
static void the_naive_loss_is_the_stable_one_of_mild_outputs(void **state)
{
    (void)state;
    static Reported reported;
    TrainingOptions options = make_options("sgd");
    options.metrics.when = METRICS_AFTER;
    options.metrics.naive = true;
    clear_setting(train(options, true, &reported, NULL));
    for (size_t e = 0; e < EPOCHS; e++) {
        assert_close(reported.epochs[e].train_loss_naive, reported.epochs[e].train_loss, 1e-14);
        assert_close(reported.epochs[e].valid_loss_naive, reported.epochs[e].valid_loss, 1e-14);
        assert_true(reported.epochs[e].test_loss_naive == reported.epochs[e].valid_loss_naive);
    }
}

/* Means over the weights, as the losses beside them are (unit/training_extras); none of these weights are equal. */
static void the_naive_loss_is_a_weighted_mean(void **state)
{
    (void)state;
    static Reported reported;
    TrainingOptions options = make_options("sgd");
    options.metrics = (MetricsOptions){.when = METRICS_AFTER, .naive = true};
    Setting *setting = make_setting(TRAIN, VALID);
    const Network *network = &setting->model->network;
    reported = (Reported){.model = setting->model};
    add_extras(setting->train, network, &(Extras){.weights = true}, &setting->stream);
    add_extras(setting->valid, network, &(Extras){.weights = true}, &setting->stream);
    assert_ok(train_run(setting->model, setting->train, setting->valid, &options, setting->team, keep, &reported, NULL,
                        error));
    for (size_t e = 0; e < EPOCHS; e++) {
        assert_close(reported.epochs[e].train_loss_naive, reported.epochs[e].train_loss, 1e-14);
        assert_close(reported.epochs[e].valid_loss_naive, reported.epochs[e].valid_loss, 1e-14);
    }
    clear_setting(setting);
}

static void the_naive_loss_is_infinite_where_a_chance_becomes_0(void **state)
{
    (void)state;
    static Reported reported;
    TrainingOptions options = make_options("sgd");
    options.metrics = (MetricsOptions){.when = METRICS_BEFORE, .naive = true};
    options.epochs = 1;
    Setting *setting = make_setting(TRAIN, VALID);
    reported = (Reported){.model = setting->model};
    for (size_t p = 0; p < setting->model->network.parameter_count; p++)
        ((double *)setting->model->parameters)[p] *= 10000;
    assert_ok(train_run(setting->model, setting->train, setting->valid, &options, setting->team, keep, &reported, NULL,
                        error));
    assert_true(isfinite(reported.epochs[0].train_loss) && reported.epochs[0].train_loss > 0);
    assert_true(reported.epochs[0].train_loss_naive > 0 && isinf(reported.epochs[0].train_loss_naive));
    clear_setting(setting);
}

static void the_naive_loss_needs_chances(void **state)
{
    (void)state;
    TrainingOptions options = make_options("sgd");
    options.metrics = (MetricsOptions){.when = METRICS_AFTER, .naive = true};
    Setting *setting = make_setting(TRAIN, VALID);
    Network *network = &setting->model->network;
    percept_error error;
    network->layers[network->depth - 1].activation = (size_t)activation_find("tanh");
    assert_int_equal(
        train_run(setting->model, setting->train, setting->valid, &options, setting->team, NULL, NULL, NULL, &error),
        PERCEPT_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "metrics.naive needs classes and the output softmax or sigmoid"));
    clear_setting(setting);
}

/* ---- What is not finite ------------------------------------------------------------------------------------------ */

static void a_loss_that_is_not_finite_ends_or_is_reported(void **state)
{
    (void)state;
    static Reported reported;
    for (int report = 0; report < 2; report++) {
        percept_result result;
        percept_error error;
        TrainingOptions options = make_options("sgd");
        options.report_nonfinite = report != 0;
        options.keep_best = true;
        Setting *setting = make_setting(TRAIN, VALID);
        reported = (Reported){.model = setting->model};
        ((double *)setting->model->parameters)[0] = NAN;
        const percept_status status = train_run(setting->model, setting->train, setting->valid, &options, setting->team,
                                                keep, &reported, &result, &error);
        assert_int_equal(status, report ? PERCEPT_OK : PERCEPT_ERROR_DIVERGED);
        assert_int_equal(result.epochs, report ? EPOCHS : 0);
        if (report)
            assert_true(isnan(reported.epochs[EPOCHS - 1].train_loss) && isnan(reported.epochs[EPOCHS - 1].valid_loss));
        clear_setting(setting);
    }
}

/* ---- Orders ------------------------------------------------------------------------------------------------------ */

/* With full batches of 1, the examples of epoch e come in the order permutation() of the stream with seed e. */
static void expect_reseeded(RandomKind kind)
{
    static Reported reported;
    uint32_t order[TRAIN];
    TrainingOptions options = make_options("sgd");
    options.reseed = true;
    options.batch_size = 1;
    if (kind == RANDOM_MT19937)
        assert_ok(random_legacy_seed(&options.shuffling, 99, error));
    clear_setting(train(options, false, &reported, NULL));

    Setting *setting = make_setting(TRAIN, VALID);
    const EngineConfig config = {.network = &setting->model->network,
                                 .precision = PERCEPT_FLOAT64,
                                 .batch_capacity = 1,
                                 .training = true,
                                 .team = setting->team};
    Engine *engine = NULL;
    EngineSums sums;
    assert_ok(engine_create(options.engine, &config, &engine, error));
    for (uint64_t e = 0; e < EPOCHS; e++) {
        RandomStream stream;
        if (kind == RANDOM_MT19937)
            assert_ok(random_legacy_seed(&stream, e, error));
        else
            random_default_rng(&stream, e);
        random_permutation(&stream, order, TRAIN);
        for (size_t i = 0; i < TRAIN; i++) {
            const Batch batch = {
                .data = setting->train, .scaler = &setting->model->scaler, .order = order + i, .count = 1};
            engine_step(engine, setting->model->parameters, &batch, &(EngineUpdate){.learning_rate = 0.05}, &sums);
        }
        assert_memory_equal(setting->model->parameters, reported.parameters[e],
                            setting->model->network.parameter_count * sizeof(double));
    }
    engine_free(engine);
    clear_setting(setting);
}

static void orders_can_be_drawn_from_a_new_stream_each_epoch(void **state)
{
    (void)state;
    expect_reseeded(RANDOM_PCG64);
    expect_reseeded(RANDOM_MT19937);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(after_means_the_parameters_of_the_last_update),
        cmocka_unit_test(before_means_the_parameters_before_the_first_update),
        cmocka_unit_test(one_step_for_all_examples_measures_them_too),
        cmocka_unit_test(the_best_epoch_keeps_the_parameters_that_were_measured),
        cmocka_unit_test(metrics_that_nobody_asked_for_are_no_numbers),
        cmocka_unit_test(whole_batches_leave_the_rest_out),
        cmocka_unit_test(the_naive_loss_is_the_stable_one_of_mild_outputs),
        cmocka_unit_test(the_naive_loss_is_a_weighted_mean),
        cmocka_unit_test(the_naive_loss_is_infinite_where_a_chance_becomes_0),
        cmocka_unit_test(the_naive_loss_needs_chances),
        cmocka_unit_test(a_loss_that_is_not_finite_ends_or_is_reported),
        cmocka_unit_test(orders_can_be_drawn_from_a_new_stream_each_epoch),
    };
    return cmocka_run_group_tests_name("metrics", tests, NULL, NULL);
}
