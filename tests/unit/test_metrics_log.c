/* metrics.csv: the columns a run has, 12 digits, whole lines at every moment. */
#include <locale.h>

#include "in_scratch.h"
#include "skip.h"
#include "store/metrics_log.h"

static char path[SCRATCH_PATH];

static int set_up(void **state)
{
    (void)state;
    scratch_open(&scratch);
    scratch_path(&scratch, "metrics.csv", path);
    return 0;
}

static void expect_file(const char *expected)
{
    char text[4096] = "";
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    assert_string_equal(text, expected);
}

static void columns_are_those_the_run_has(void **state)
{
    (void)state;
    static const struct {
        MetricsColumns columns;
        const char *expected;
    } cases[] = {
        {{.accuracy = true, .validation = true},
         "epoch,train_loss,train_accuracy,valid_loss,valid_accuracy\n7,1,2,3,4\n"},
        {{.accuracy = true}, "epoch,train_loss,train_accuracy\n7,1,2\n"},
        {{.validation = true}, "epoch,train_loss,valid_loss,valid_rmse,valid_mae,valid_r2\n7,1,3,14,15,16\n"},
        {{.accuracy = false}, "epoch,train_loss\n7,1\n"},
        {{.accuracy = true, .test = true}, "epoch,train_loss,train_accuracy,test_loss,test_accuracy\n7,1,2,5,6\n"},
        {{.accuracy = true, .validation = true, .test = true, .sum = true},
         "epoch,loss_sum,train_accuracy,valid_loss_sum,valid_accuracy,test_loss_sum,test_accuracy\n7,8,2,9,4,10,6\n"},
        {{.accuracy = true, .validation = true, .naive = true},
         "epoch,train_loss,train_accuracy,valid_loss,valid_accuracy,train_loss_naive,valid_loss_naive\n"
         "7,1,2,3,4,inf,12\n"},
        {{.test = true, .sum = true, .naive = true},
         "epoch,loss_sum,test_loss_sum,train_loss_naive,test_loss_naive,test_rmse,test_mae,test_r2\n"
         "7,8,10,inf,13,17,18,19\n"},
    };
    const percept_progress progress = {.epoch = 7,
                                       .train_loss = 1,
                                       .train_accuracy = 2,
                                       .valid_loss = 3,
                                       .valid_accuracy = 4,
                                       .test_loss = 5,
                                       .test_accuracy = 6,
                                       .train_loss_sum = 8,
                                       .valid_loss_sum = 9,
                                       .test_loss_sum = 10,
                                       .train_loss_naive = INFINITY,
                                       .valid_loss_naive = 12,
                                       .test_loss_naive = 13,
                                       .valid_rmse = 14,
                                       .valid_mae = 15,
                                       .valid_r2 = 16,
                                       .test_rmse = 17,
                                       .test_mae = 18,
                                       .test_r2 = 19};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        MetricsLog *log = NULL;
        assert_ok(metrics_log_open(scratch.folder, cases[i].columns, 0, &log, error));
        assert_ok(metrics_log_add(log, &progress, error));
        assert_ok(metrics_log_close(log, error));
        expect_file(cases[i].expected);
    }
}

static void numbers_have_twelve_digits_and_names_where_they_are_none(void **state)
{
    (void)state;
    MetricsLog *log = NULL;
    const percept_progress progress = {.epoch = 123456,
                                       .train_loss = 1.0 / 3,
                                       .train_accuracy = -NAN,
                                       .valid_loss = INFINITY,
                                       .valid_accuracy = 1.23456789012345e-7};
    (void)setlocale(LC_NUMERIC, "de_DE.UTF-8"); /* a decimal comma, where the machine has this locale */
    assert_ok(metrics_log_open(scratch.folder, (MetricsColumns){.accuracy = true, .validation = true}, 0, &log, error));
    assert_ok(metrics_log_add(log, &progress, error));
    assert_ok(metrics_log_close(log, error));
    (void)setlocale(LC_NUMERIC, "C");
    expect_file("epoch,train_loss,train_accuracy,valid_loss,valid_accuracy\n"
                "123456,0.333333333333,nan,inf,1.23456789012e-07\n");
}

static void every_epoch_is_there_as_soon_as_it_is_added(void **state)
{
    (void)state;
    MetricsLog *log = NULL;
    percept_progress progress = {.train_loss = 0.5};
    assert_ok(
        metrics_log_open(scratch.folder, (MetricsColumns){.accuracy = false, .validation = false}, 0, &log, error));
    expect_file("epoch,train_loss\n");
    assert_ok(metrics_log_add(log, &progress, error));
    expect_file("epoch,train_loss\n0,0.5\n");
    progress.epoch = 1;
    assert_ok(metrics_log_add(log, &progress, error));
    expect_file("epoch,train_loss\n0,0.5\n1,0.5\n");
    assert_ok(metrics_log_close(log, error));
}

static void a_new_log_replaces_an_old_one(void **state)
{
    (void)state;
    MetricsLog *log = NULL;
    scratch_write(path, "old old old old old old old old", 31);
    assert_ok(
        metrics_log_open(scratch.folder, (MetricsColumns){.accuracy = false, .validation = false}, 0, &log, error));
    assert_ok(metrics_log_close(log, error));
    expect_file("epoch,train_loss\n");
}

/* A checkpoint after two epochs: what was written behind them, whole or not, is cut off. */
static void a_log_goes_on_behind_the_epochs_of_the_checkpoint(void **state)
{
    (void)state;
    static const char *const rests[] = {"", "2,0.75\n", "2,0.75\n3,0.5\n", "2,0.", "12,1\n"};
    const percept_progress progress = {.epoch = 2, .train_loss = 0.25};
    for (size_t i = 0; i < sizeof rests / sizeof *rests; i++) {
        char text[256];
        MetricsLog *log = NULL;
        snprintf(text, sizeof text, "epoch,train_loss\n0,1.5\n1,1\n%s", rests[i]);
        scratch_write(path, text, strlen(text));
        assert_ok(metrics_log_open(scratch.folder, (MetricsColumns){.accuracy = false}, 2, &log, error));
        expect_file("epoch,train_loss\n0,1.5\n1,1\n");
        assert_ok(metrics_log_add(log, &progress, error));
        assert_ok(metrics_log_close(log, error));
        expect_file("epoch,train_loss\n0,1.5\n1,1\n2,0.25\n");
    }
}

static void a_log_that_lacks_epochs_of_the_checkpoint_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "epoch,train_loss\n0,1.5\n",           /* one epoch too few */
        "epoch,train_loss\n0,1.5\n1,1",        /* a line that was cut */
        "epoch,train_loss\n0,1.5\n2,1\n",      /* one is missing */
        "epoch,train_loss\n0,1.5\n11,1\n",     /* another that begins alike */
        "epoch,loss_sum\n0,1.5\n1,1\n",        /* other columns */
        "epoch,train_loss,x\n0,1.5,1\n1,1,1\n" /* more of them */
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        MetricsLog *log = NULL;
        scratch_write(path, texts[i], strlen(texts[i]));
        assert_refused(metrics_log_open(scratch.folder, (MetricsColumns){.accuracy = false}, 2, &log, error),
                       PERCEPT_ERROR_FORMAT, "restore it");
        assert_null(log);
        expect_file(texts[i]);
    }
}

static void a_full_disk_is_told(void **state)
{
    (void)state;
    MetricsLog *log = NULL;
    if (access("/dev/full", W_OK) != 0)
        skip_because("this system has no /dev/full");
    assert_int_equal(symlink("/dev/full", path), 0);
    assert_refused(
        metrics_log_open(scratch.folder, (MetricsColumns){.accuracy = true, .validation = true}, 0, &log, error),
        PERCEPT_ERROR_IO, path);
    assert_null(log);
}

static void a_missing_folder_is_told(void **state)
{
    (void)state;
    MetricsLog *log = NULL;
    assert_refused(
        metrics_log_open("/nonexistent/run", (MetricsColumns){.accuracy = true, .validation = true}, 0, &log, error),
        PERCEPT_ERROR_IO, "/nonexistent/run/metrics.csv");
    assert_null(log);
    assert_ok(metrics_log_close(NULL, error));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, remove_scratch)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(columns_are_those_the_run_has),
        TEST(numbers_have_twelve_digits_and_names_where_they_are_none),
        TEST(every_epoch_is_there_as_soon_as_it_is_added),
        TEST(a_new_log_replaces_an_old_one),
        TEST(a_log_goes_on_behind_the_epochs_of_the_checkpoint),
        TEST(a_log_that_lacks_epochs_of_the_checkpoint_is_refused),
        TEST(a_full_disk_is_told),
        TEST(a_missing_folder_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
