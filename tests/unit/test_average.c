/* Averages of the parameters: over epochs, over snapshots at the ends of cycles. */
#include "unit.h"

#include <string.h>

#include "train/training.h"
#include "trainings.h"

enum { MOST = 128, EPOCHS = 7 };

/* The parameters after each epoch. */
typedef struct Epochs {
    double parameters[EPOCHS][MOST];
    size_t count;
} Epochs;

static percept_status note_parameters(const Training *training, bool stopping, void *user, percept_error *error)
{
    Epochs *epochs = user;
    (void)stopping, (void)error;
    if (training_progress(training)->epoch_done)
        memcpy(epochs->parameters[epochs->count++], training->model->parameters,
               training->model->network.value_count * sizeof(double));
    return PERCEPT_OK;
}

/* Trains; the model that comes out must be the mean of the parameters after these epochs. */
static void expect_mean_of(TrainingOptions options, const size_t *of, size_t count)
{
    static Epochs epochs;
    epochs = (Epochs){.count = 0};
    Setting *setting = make_setting(20, 9);
    const size_t values = setting->model->network.value_count;
    assert_true(values <= MOST);
    options.epochs = EPOCHS;
    options.pause = note_parameters;
    options.pause_user = &epochs;
    assert_ok(run(setting, &options, NULL, error));
    assert_int_equal(epochs.count, EPOCHS);
    for (size_t p = 0; p < values; p++) {
        double sum = 0;
        for (size_t e = 0; e < count; e++)
            sum += epochs.parameters[of[e]][p];
        assert_close(((const double *)setting->model->parameters)[p], sum / (double)count, 1e-14);
    }
    clear_setting(setting);
}

static void epochs_are_averaged_from_the_first_one_asked_for(void **state)
{
    (void)state;
    TrainingOptions options = make_options("sgd");
    options.average = AVERAGE_EPOCHS;
    options.average_from = 4;
    expect_mean_of(options, (const size_t[]){4, 5, 6}, 3);
    options.average_from = 6;
    expect_mean_of(options, (const size_t[]){6}, 1);
    options.average_from = 0;
    options.drop_last = true;
    expect_mean_of(options, (const size_t[]){0, 1, 2, 3, 4, 5, 6}, 7);
}

static void snapshots_are_averaged_at_the_ends_of_cycles(void **state)
{
    (void)state;
    TrainingOptions options = make_options("sgd");
    options.average = AVERAGE_SNAPSHOTS;
    options.schedule = schedule_at((size_t)schedule_find("cosine-restarts"));
    options.schedule_options.growth = 2; /* cycles of 1, 2 and 4 epochs */
    expect_mean_of(options, (const size_t[]){0, 2, 6}, 3);
    options.schedule_options.growth = 1;
    options.schedule_options.every = 3;
    expect_mean_of(options, (const size_t[]){2, 5}, 2);
}

/* Metrics before the first average are those of the parameters themselves, and after it those of the average. */
static void the_average_is_what_is_validated(void **state)
{
    (void)state;
    double losses[2][EPOCHS];
    for (size_t averaged = 0; averaged < 2; averaged++) {
        Setting *setting = make_setting(20, 9);
        TrainingOptions options = make_options("sgd");
        options.epochs = EPOCHS;
        options.average = averaged > 0 ? AVERAGE_EPOCHS : AVERAGE_NONE;
        options.average_from = 3;
        assert_ok(run(setting, &options, NULL, error));
        memcpy(losses[averaged], setting->seen.valid_loss, sizeof losses[averaged]);
        clear_setting(setting);
    }
    for (size_t e = 0; e < EPOCHS; e++)
        assert_true((losses[0][e] == losses[1][e]) == (e <= 3)); /* the mean of one is itself */
}

static void contradictions_are_refused(void **state)
{
    (void)state;
    percept_error error;
    Setting *setting = make_setting(20, 9);
    TrainingOptions options = make_options("sgd");
    options.average = AVERAGE_SNAPSHOTS;
    assert_int_equal(run(setting, &options, NULL, &error), PERCEPT_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "cosine-restarts"));
    options.average = AVERAGE_EPOCHS;
    options.average_from = options.epochs;
    assert_int_equal(run(setting, &options, NULL, &error), PERCEPT_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "train.average_from"));
    options.average_from = 0;
    options.ema = 0.9;
    assert_int_equal(run(setting, &options, NULL, &error), PERCEPT_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "train.ema"));
    clear_setting(setting);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(epochs_are_averaged_from_the_first_one_asked_for),
        cmocka_unit_test(snapshots_are_averaged_at_the_ends_of_cycles),
        cmocka_unit_test(the_average_is_what_is_validated),
        cmocka_unit_test(contradictions_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
