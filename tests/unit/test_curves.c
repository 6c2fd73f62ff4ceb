/* Learning curves: every run that has an epoch is drawn, and what cannot be drawn is told. */
#include <sys/wait.h>

#include "in_scratch.h"
#include "plot/curves.h"
#include "plot/gnuplot.h"
#include "plot/table.h"

static char metrics[SCRATCH_PATH], svg[SCRATCH_PATH], png[SCRATCH_PATH], script[SCRATCH_PATH], plots[SCRATCH_PATH];

static int set_up(void **state)
{
    (void)state;
    scratch_open(&scratch);
    scratch_path(&scratch, "metrics.csv", metrics);
    scratch_path(&scratch, "plots", plots);
    scratch_path(&scratch, "plots/curves.svg", svg);
    scratch_path(&scratch, "plots/curves.png", png);
    scratch_path(&scratch, "plots/curves.gp", script);
    return 0;
}

/* Runs gnuplot in a folder as a person would. */
static bool run_gnuplot(const char *folder, const char *argument)
{
    int state = 0;
    const pid_t process = fork();
    if (process == 0) {
        if (chdir(folder) == 0)
            execlp("gnuplot", "gnuplot", argument, (char *)NULL);
        _exit(127);
    }
    return process > 0 && waitpid(process, &state, 0) == process && WIFEXITED(state) && WEXITSTATUS(state) == 0;
}

static void write_metrics(const char *text)
{
    scratch_write(metrics, text, strlen(text));
}

/* The beginning of a file. */
static const char *read_text(const char *path)
{
    static char text[1 << 18];
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return text;
}

static void expect_pictures(void)
{
    assert_non_null(strstr(read_text(svg), "</svg>"));
    assert_memory_equal(read_text(png), "\x89PNG\r\n\x1a\n", 8);
    assert_int_equal(scratch_count(plots), 4); /* and the script and its data; nothing unfinished */
}

#define ALL "epoch,train_loss,train_accuracy,valid_loss,valid_accuracy\n"

static void every_run_is_drawn(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        long best;
        const char *legend; /* of the best epoch; NULL: none */
    } cases[] = {
        {ALL "0,0.5,0.8,0.4,0.85\n1,0.4,0.85,0.35,0.875\n2,0.3,0.9,0.36,0.87\n", 1, ">best: epoch 1, 87.50 %<"},
        {ALL "0,0.5,0.8,0.4,0.85\n", 0, ">best: epoch 0, 85.00 %<"},
        {ALL "0,0.5,0.8,0.4,0.85\n1,0.4,0.85,0.35,0.8", -1, NULL}, /* the last line is being written */
        {ALL "0,0,1,0,1\n1,0,1,0,1\n", 0, ">best: epoch 0, 100.00 %<"},
        {ALL "0,nan,0.1,inf,nan\n1,inf,0.1,nan,nan\n", 0, NULL},
        {ALL "0,1e300,0,1e-300,0\n1,-1e300,0,1e300,1\n", 7, NULL},
        {"epoch,train_loss\n0,1\n1,0.5\n", -1, NULL},
        {"epoch,train_loss,valid_loss\n5,1234.5,2000\n6,1000,1900\n", 6, ">best: epoch 6, loss 1900<"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        write_metrics(cases[i].text);
        assert_ok(plot_curves(scratch.folder, cases[i].best, error));
        expect_pictures();
        const char *drawn = read_text(svg);
        if (cases[i].legend != NULL && strstr(drawn, cases[i].legend) == NULL)
            fail_msg("the picture of run %zu does not say '%s'", i, cases[i].legend);
        if (cases[i].legend == NULL)
            assert_null(strstr(drawn, "best:"));
        assert_int_equal(strstr(drawn, ">accuracy (%)<") != NULL, strstr(cases[i].text, "accuracy") != NULL);
        assert_int_equal(strstr(drawn, ">validation<") != NULL, strstr(cases[i].text, "valid_loss") != NULL);
        assert_non_null(strstr(drawn, ">training<"));
    }
}

static void the_script_draws_the_picture_again(void **state)
{
    (void)state;
    write_metrics(ALL "0,0.5,0.8,0.4,0.85\n1,0.4,0.85,0.35,0.875\n");
    assert_ok(plot_curves(scratch.folder, 1, error));
    char *before = strdup(read_text(svg));
    assert_non_null(before);
    assert_int_equal(unlink(svg), 0);
    assert_true(run_gnuplot(plots, "curves.gp"));
    assert_string_equal(read_text(svg), before);
    free(before);
}

static void what_is_no_metrics_file_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *text, *words;
    } cases[] = {
        {"", "no header"},
        {"epoch,train_loss", "no header"},
        {ALL, "no epochs"},
        {"loss\n1\n", "no columns epoch and train_loss"},
        {ALL "0,1,2,3\n", "line 2: 4 values"},
        {ALL "0,1,2,3,4,5\n", "line 2: 6 values"},
        {ALL "0,1,2,3,4\n1,`rm -rf`,2,3,4\n", "line 3: '`rm -rf`' is not a number"},
        {ALL "0,1,2,,4\n", "line 2: '' is not a number"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        write_metrics(cases[i].text);
        assert_refused(plot_curves(scratch.folder, 0, error), PERCEPT_ERROR_FORMAT, cases[i].words);
    }
    assert_int_equal(unlink(metrics), 0);
    assert_refused(plot_curves(scratch.folder, 0, error), PERCEPT_ERROR_IO, "metrics.csv");
}

static void gnuplots_own_words_are_handed_on(void **state)
{
    (void)state;
    assert_refused(gnuplot_draw(scratch.folder, "wrong", "plot nonsense(1\n", error), PERCEPT_ERROR_IO,
                   "gnuplot says:");
    assert_refused(gnuplot_draw(scratch.folder, "wrong", "plot no_such\n", error), PERCEPT_ERROR_IO, "no_such");
    assert_int_equal(scratch_count(scratch.folder), 1); /* the script stays for a look, no picture */
    assert_refused(gnuplot_draw(scratch.folder, "../x", "plot x\n", error), PERCEPT_ERROR_ARGUMENT, "'../x'");
    assert_refused(gnuplot_draw("/nonexistent", "x", "plot x\n", error), PERCEPT_ERROR_IO, "/nonexistent");
}

static void an_endless_complaint_does_not_block(void **state)
{
    (void)state;
    /* more than a pipe holds, so that a reader who stops would wait for ever */
    assert_refused(gnuplot_draw(scratch.folder, "loud",
                                "do for [i=1:5000] { print \"complaint, again and again\" }\nexit status 1\n", error),
                   PERCEPT_ERROR_IO, "complaint");
}

static void a_missing_gnuplot_names_the_package(void **state)
{
    (void)state;
    char *path = getenv("PATH"), kept[4096];
    snprintf(kept, sizeof kept, "%s", path != NULL ? path : "");
    write_metrics(ALL "0,0.5,0.8,0.4,0.85\n");
    assert_int_equal(setenv("PATH", scratch.folder, 1), 0);
    percept_error reason = {PERCEPT_OK, ""};
    const percept_status status = plot_curves(scratch.folder, 0, &reason);
    assert_int_equal(setenv("PATH", kept, 1), 0);
    assert_int_equal(status, PERCEPT_ERROR_IO);
    assert_non_null(strstr(reason.message, "install the package gnuplot-nox"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, remove_scratch)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_run_is_drawn),
        TEST(the_script_draws_the_picture_again),
        TEST(what_is_no_metrics_file_is_told),
        TEST(gnuplots_own_words_are_handed_on),
        TEST(an_endless_complaint_does_not_block),
        TEST(a_missing_gnuplot_names_the_package),
    };
    if (!run_gnuplot(".", "--version")) {
        puts("skipped: gnuplot is missing");
        return 77;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
