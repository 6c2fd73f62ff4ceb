/* A training that is stopped after any step and goes on from its checkpoint ends in the same bits as one that is not, and
 * nothing that is no checkpoint of it is taken for one. */
#include "unit.h"

#include <string.h>

#include "base/file.h"
#include "engine/kinds.h"
#include "in_scratch.h"
#include "model/safetensors.h"
#include "trainings.h"

#define EXAMPLES 10
#define STEPS 3 /* of an epoch: ⌈10/4⌉ */
#define EPOCHS 4

static char path[SCRATCH_PATH];

/* What a training is stopped by and what it leaves. */
typedef struct Stop {
    size_t after; /* steps of this call; 0: never */
    size_t steps;
    percept_progress last; /* epoch that was told */
} Stop;

static percept_status write_when_stopping(const Training *training, bool stopping, void *user, percept_error *error)
{
    (void)user;
    return stopping ? checkpoint_write(training, path, error) : PERCEPT_OK;
}

static int count_and_stop(const percept_progress *progress, void *user)
{
    Stop *stop = user;
    if (progress->epoch_done)
        stop->last = *progress;
    stop->last.seconds = 0;
    return ++stop->steps == stop->after;
}

/* How a training ended. */
typedef struct End {
    size_t count;
    void *parameters;
    percept_result result;
} End;

static void clear_end(End *end)
{
    memory_free(end->parameters);
}

static void expect_same_end(const End *a, const End *b)
{
    assert_int_equal(a->count, b->count);
    assert_memory_equal(a->parameters, b->parameters, a->count);
    assert_int_equal(a->result.epochs, b->result.epochs);
    assert_int_equal(a->result.best_epoch, b->result.best_epoch);
    assert_int_equal(a->result.stopped_early, b->result.stopped_early);
    assert_memory_equal(&a->result.train_loss, &b->result.train_loss, sizeof(double));
    assert_memory_equal(&a->result.train_accuracy, &b->result.train_accuracy, sizeof(double));
    assert_memory_equal(&a->result.valid_loss, &b->result.valid_loss, sizeof(double));
    assert_memory_equal(&a->result.valid_accuracy, &b->result.valid_accuracy, sizeof(double));
}

/* Muon is for the matrix between hidden layers. */
static const Shape deep_shape = {{6, 8, 5, 3}, 4, "tanh", "softmax", "cross-entropy", 0, 0, false};

static Setting *setting_of(const TrainingOptions *options)
{
    const bool deep = strcmp(optimizer_at_f64(options->optimizer)->name, "muon") == 0;
    return make_setting_of(deep ? &deep_shape : &training_shape, EXAMPLES, 7);
}

/* Trains from the very beginning (resume NULL) or from a checkpoint. True if it was not stopped. */
static bool train(const TrainingOptions *options, bool validation, size_t threads, Stop *stop, End *end)
{
    Setting *setting = setting_of(options);
    team_free(setting->team);
    assert_ok(team_create(threads, &setting->team, error));
    percept_error reason;
    percept_result result;
    const percept_status status = train_run(setting->model, setting->train, validation ? setting->valid : NULL, options,
                                            setting->team, count_and_stop, stop, &result, &reason);
    if (status != PERCEPT_OK && status != PERCEPT_ERROR_INTERRUPTED)
        fail_msg("%s", reason.message);
    if (end != NULL) {
        const size_t count = setting->model->network.parameter_count * sizeof(double);
        *end = (End){.count = count, .result = result};
        assert_ok(memory_allocate(count, 1, "the parameters", &end->parameters, error));
        memcpy(end->parameters, setting->model->parameters, count);
    }
    clear_setting(setting);
    return status == PERCEPT_OK;
}

/* Stops after each step in turn, goes on (with another number of threads), and compares. */
static void expect_same_wherever_it_stops(TrainingOptions options, bool validation)
{
    End whole;
    Stop never = {0};
    const size_t steps = (EXAMPLES + options.batch_size - 1) / options.batch_size;
    options.pause = write_when_stopping;
    assert_true(train(&options, validation, 1, &never, &whole));
    assert_true(never.steps > steps);
    for (size_t after = 1; after <= never.steps; after++) {
        End rest;
        TrainingOptions again = options;
        Checkpoint *checkpoint = NULL;
        assert_false(train(&options, validation, 1, &(Stop){.after = after}, NULL));
        assert_ok(checkpoint_read(path, &checkpoint, error));
        assert_int_equal(checkpoint_epochs(checkpoint), after / steps);
        assert_int_equal(checkpoint_step(checkpoint), after % steps);
        again.resume = checkpoint;
        Stop rest_steps = {0};
        assert_true(train(&again, validation, 2, &rest_steps, &rest));
        assert_int_equal(rest_steps.steps, never.steps - after);
        expect_same_end(&whole, &rest);
        if (rest_steps.steps > 0) /* what is told of the last epoch, for metrics.csv */
            assert_memory_equal(&rest_steps.last, &never.last, sizeof never.last);
        checkpoint_free(checkpoint);
        clear_end(&rest);
    }
    clear_end(&whole);
}

static TrainingOptions options_of(const char *optimizer)
{
    TrainingOptions options = make_options(optimizer);
    options.epochs = EPOCHS;
    options.keep_best = true;
    return options;
}

static void every_optimizer_goes_on_to_the_bit(void **state)
{
    (void)state;
    for (size_t i = 0; optimizer_at_f64(i) != NULL; i++) {
        TrainingOptions options = options_of(optimizer_at_f64(i)->name);
        if (strcmp(optimizer_at_f64(i)->name, "lbfgs") == 0) {
            options.batch_size = EXAMPLES;
            options.epochs = 12; /* more than the history holds */
            options.schedule_options.base = 1;
        }
        expect_same_wherever_it_stops(options, true);
        options.optimizer_options.momentum = 0.9;
        expect_same_wherever_it_stops(options, false);
    }
}

static void every_schedule_goes_on_to_the_bit(void **state)
{
    (void)state;
    for (size_t i = 0; schedule_at(i) != NULL; i++) {
        TrainingOptions options = options_of("adam");
        options.schedule = schedule_at(i);
        options.schedule_options.decay = 0.5;
        options.schedule_options.warmup = 5;
        expect_same_wherever_it_stops(options, true);
    }
}

static void schedules_of_decay_and_dropout_go_on_to_the_bit(void **state)
{
    (void)state;
    TrainingOptions options = options_of("adamw");
    options.weight_decay = 0.2;
    options.decay_schedule = schedule_at((size_t)schedule_find("coslog4"));
    options.dropout_schedule = schedule_at((size_t)schedule_find("flat-cosine"));
    expect_same_wherever_it_stops(options, true);
}

/* Two epochs without a better figure are borne: they are counted on where a training goes on between them. */
static void a_plateau_goes_on_to_the_bit(void **state)
{
    (void)state;
    TrainingOptions options = options_of("sgd");
    Stop stop = {0};
    options.schedule = schedule_at((size_t)schedule_find("plateau"));
    options.schedule_options.base = 2; /* so large that later epochs are worse */
    options.schedule_options.decay = 0.5;
    options.schedule_options.patience = 2;
    options.monitor = MONITOR_VALID_LOSS;
    options.epochs = 8;
    assert_true(train(&options, true, 1, &stop, NULL));
    assert_true(stop.last.learning_rate < options.schedule_options.base);
    expect_same_wherever_it_stops(options, true);
}

/* Also where figures were taken that cannot be had again when the epoch goes on. */
static void figures_of_every_moment_go_on_to_the_bit(void **state)
{
    (void)state;
    static const MetricsMoment moments[] = {METRICS_DURING, METRICS_BEFORE, METRICS_AFTER};
    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
        TrainingOptions options = options_of("adam");
        options.metrics.when = moments[i];
        options.metrics.naive = moments[i] != METRICS_DURING;
        expect_same_wherever_it_stops(options, true);
        options.ema = 0.9;
        options.reseed = true;
        expect_same_wherever_it_stops(options, true);
    }
}

static void patience_and_order_go_on_to_the_bit(void **state)
{
    (void)state;
    TrainingOptions options = options_of("adam");
    options.epochs = 40;
    options.patience = 2;
    options.keep_best = false;
    expect_same_wherever_it_stops(options, true);
    options = options_of("sgd");
    options.shuffle = false;
    options.engine = engine_kind_find("cpu");
    expect_same_wherever_it_stops(options, true);
}

static void average_and_clipping_go_on_to_the_bit(void **state)
{
    (void)state;
    TrainingOptions options = options_of("adamw");
    options.weight_decay = 0.1;
    options.ema = 0.7;
    options.clip_norm = 0.1;
    expect_same_wherever_it_stops(options, true);
    options.keep_best = false;
    expect_same_wherever_it_stops(options, false);
}

/* Stopped twice: the second checkpoint is one of a resumed run. */
static void a_resumed_run_can_be_stopped_again(void **state)
{
    (void)state;
    End whole, rest;
    Checkpoint *first = NULL, *second = NULL;
    TrainingOptions options = options_of("adam");
    options.pause = write_when_stopping;
    assert_true(train(&options, true, 1, &(Stop){0}, &whole));
    assert_false(train(&options, true, 1, &(Stop){.after = 4}, NULL));
    assert_ok(checkpoint_read(path, &first, error));
    options.resume = first;
    assert_false(train(&options, true, 1, &(Stop){.after = 4}, NULL));
    assert_ok(checkpoint_read(path, &second, error));
    assert_int_equal(checkpoint_epochs(second), 8 / STEPS);
    options.resume = second;
    assert_true(train(&options, true, 1, &(Stop){0}, &rest));
    expect_same_end(&whole, &rest);
    checkpoint_free(first);
    checkpoint_free(second);
    clear_end(&whole);
    clear_end(&rest);
}

/* The same training and the same step give the same file, whether it was resumed before or not. */
static void equal_states_are_equal_files(void **state)
{
    (void)state;
    uint8_t *files[2] = {NULL, NULL};
    size_t sizes[2] = {0, 0};
    Checkpoint *checkpoint = NULL;
    TrainingOptions options = options_of("adam");
    options.pause = write_when_stopping;
    assert_false(train(&options, true, 1, &(Stop){.after = 8}, NULL));
    assert_ok(file_read(path, &files[0], &sizes[0], error));
    assert_false(train(&options, true, 1, &(Stop){.after = 5}, NULL));
    assert_ok(checkpoint_read(path, &checkpoint, error));
    options.resume = checkpoint;
    assert_false(train(&options, true, 1, &(Stop){.after = 3}, NULL));
    assert_ok(file_read(path, &files[1], &sizes[1], error));
    assert_int_equal(sizes[0], sizes[1]);
    assert_memory_equal(files[0], files[1], sizes[0]);
    checkpoint_free(checkpoint);
    memory_free(files[0]);
    memory_free(files[1]);
}

static void a_checkpoint_is_a_model_too(void **state)
{
    (void)state;
    percept_model *model = NULL;
    TrainingOptions options = options_of("adam");
    options.pause = write_when_stopping;
    assert_false(train(&options, true, 1, &(Stop){.after = 5}, NULL));
    assert_ok(percept_model_load(path, &model, error));
    assert_int_equal(percept_model_inputs(model), 6);
    percept_model_free(model);
}

/* ---- What is no checkpoint of the training ------------------------------------------------------------------------- */

/* Starting from the checkpoint with these options fails with these words. */
static void expect_refusal(const TrainingOptions *options, bool validation, const char *words)
{
    Checkpoint *checkpoint = NULL;
    percept_error reason = {PERCEPT_OK, ""};
    TrainingOptions again = *options;
    Setting *setting = make_setting(EXAMPLES, 7);
    percept_status status = checkpoint_read(path, &checkpoint, &reason);
    again.resume = checkpoint;
    if (status == PERCEPT_OK)
        status = train_run(setting->model, setting->train, validation ? setting->valid : NULL, &again, setting->team,
                           NULL, NULL, NULL, &reason);
    if (status != PERCEPT_ERROR_FORMAT || strstr(reason.message, words) == NULL || strstr(reason.message, path) == NULL)
        fail_msg("status %d, message '%s', but wanted '%s'", (int)status, reason.message, words);
    checkpoint_free(checkpoint);
    clear_setting(setting);
}

static void checkpoints_of_other_runs_are_refused(void **state)
{
    (void)state;
    TrainingOptions options = options_of("adam");
    options.pause = write_when_stopping;
    assert_false(train(&options, true, 1, &(Stop){.after = 5}, NULL));
    TrainingOptions other = options;
    other.identity = 1;
    expect_refusal(&other, true, "recipe or the data");
    other = options;
    other.epochs = 0;
    expect_refusal(&other, true, "epoch 1, step 2");
    other = options;
    other.batch_size = EXAMPLES;
    expect_refusal(&other, true, "epoch 1, step 2");
    options.optimizer_options.momentum = 0.9;
    options.optimizer = (size_t)optimizer_find("sgd");
    assert_false(train(&options, false, 1, &(Stop){.after = 5}, NULL));
    options.optimizer = (size_t)optimizer_find("adam");
    expect_refusal(&options, false, "'optimizer.1' is missing");
    expect_refusal(&options, true, "is missing");
}

/* Each byte of the file in turn is changed: of the numbers by the sum, of the header by its meaning. Where a change is
 * let through (the padding, a letter's case in the hexadecimal sum), the training must still end in the same bits. */
static void damage_is_noticed(void **state)
{
    (void)state;
    uint8_t *bytes = NULL;
    size_t size = 0, refused = 0;
    End whole;
    TrainingOptions options = options_of("sgd");
    assert_true(train(&options, false, 1, &(Stop){0}, &whole));
    options.pause = write_when_stopping;
    assert_false(train(&options, false, 1, &(Stop){.after = 5}, NULL));
    assert_ok(file_read(path, &bytes, &size, error));
    for (size_t i = 0; i < size; i++) {
        Checkpoint *checkpoint = NULL;
        End rest = {0};
        TrainingOptions again = options;
        Setting *setting = make_setting(EXAMPLES, 7);
        bytes[i] ^= 1;
        scratch_write(path, bytes, size);
        percept_status status = checkpoint_read(path, &checkpoint, NULL);
        again.resume = checkpoint;
        if (status == PERCEPT_OK)
            status =
                train_run(setting->model, setting->train, NULL, &again, setting->team, NULL, NULL, &rest.result, NULL);
        if (status == PERCEPT_OK)
            assert_memory_equal(setting->model->parameters, whole.parameters, whole.count);
        refused += status == PERCEPT_ERROR_FORMAT;
        checkpoint_free(checkpoint);
        clear_setting(setting);
        bytes[i] ^= 1;
    }
    assert_true(refused > size * 9 / 10);
    scratch_write(path, bytes, size / 2);
    expect_refusal(&options, false, "cannot resume");
    memory_free(bytes);
    clear_end(&whole);
}

static void models_and_other_versions_are_refused(void **state)
{
    (void)state;
    TrainingOptions options = options_of("sgd");
    Setting *setting = make_setting(EXAMPLES, 7);
    assert_ok(percept_model_save(setting->model, path, error));
    clear_setting(setting);
    expect_refusal(&options, false, "no checkpoint");
    const MetadataEntry metadata[] = {{"checkpoint", "1000"}};
    assert_ok(safetensors_write(path, NULL, 0, metadata, 1, error));
    expect_refusal(&options, false, "version '1000'");
}

static int set_up(void **state)
{
    (void)state;
    scratch_open(&scratch);
    scratch_path(&scratch, "checkpoint.safetensors", path);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_optimizer_goes_on_to_the_bit),
        cmocka_unit_test(every_schedule_goes_on_to_the_bit),
        cmocka_unit_test(schedules_of_decay_and_dropout_go_on_to_the_bit),
        cmocka_unit_test(a_plateau_goes_on_to_the_bit),
        cmocka_unit_test(figures_of_every_moment_go_on_to_the_bit),
        cmocka_unit_test(patience_and_order_go_on_to_the_bit),
        cmocka_unit_test(average_and_clipping_go_on_to_the_bit),
        cmocka_unit_test(a_resumed_run_can_be_stopped_again),
        cmocka_unit_test(equal_states_are_equal_files),
        cmocka_unit_test(a_checkpoint_is_a_model_too),
        cmocka_unit_test(checkpoints_of_other_runs_are_refused),
        cmocka_unit_test(damage_is_noticed),
        cmocka_unit_test(models_and_other_versions_are_refused),
    };
    return cmocka_run_group_tests(tests, set_up, remove_scratch);
}
