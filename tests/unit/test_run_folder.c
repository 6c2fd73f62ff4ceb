/* Run folders: a run is never overwritten unasked, and what Percept did not write is never touched. */
#include <fcntl.h>
#include <sys/wait.h>

#include "base/file.h"
#include "base/memory.h"
#include "scratch.h"
#include "skip.h"
#include "store/run_folder.h"

#define NOBODY 65534

static Scratch scratch;
static char run[SCRATCH_PATH], start[SCRATCH_PATH];

/* Each test works in a folder of its own, because runs/ is made where the program is. */
static int open_scratch(void **state)
{
    (void)state;
    scratch_open(&scratch);
    scratch_path(&scratch, "run", run);
    return getcwd(start, sizeof start) == NULL || chdir(scratch.folder) != 0;
}

static int remove_scratch(void **state)
{
    (void)state;
    if (chdir(start) != 0)
        return 1;
    scratch_remove(scratch.folder);
    return 0;
}

static void write_text(const char *path, const char *text)
{
    scratch_write(path, text, strlen(text));
}

static bool is_there(const char *path)
{
    struct stat facts;
    return lstat(path, &facts) == 0;
}

static void expect_text(const char *path, const char *expected)
{
    char text[4096] = "";
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    assert_string_equal(text, expected);
}

static void a_new_folder_is_made_with_its_parents(void **state)
{
    (void)state;
    char *made = NULL;
    assert_ok(run_folder_create("a/b/run", "ignored", false, &made, error));
    assert_string_equal(made, "a/b/run");
    assert_true(is_there("a/b/run"));
    memory_free(made);
}

static void a_folder_without_a_run_is_taken_as_it_is(void **state)
{
    (void)state;
    char *made = NULL;
    assert_int_equal(mkdir("run", 0777), 0);
    write_text("run/metrics.csv", "mine");
    assert_ok(run_folder_create(run, "name", true, &made, error));
    expect_text("run/metrics.csv", "mine"); /* no recipe.yaml, so not a run's */
    memory_free(made);
}

static void a_folder_with_a_run_is_refused(void **state)
{
    (void)state;
    char *made = NULL;
    assert_int_equal(mkdir("run", 0777), 0);
    write_text("run/recipe.yaml", "seed: 1\n");
    write_text("run/metrics.csv", "epoch\n");
    assert_refused(run_folder_create(run, "name", false, &made, error), PERCEPT_ERROR_ARGUMENT, "--force");
    assert_null(made);
    expect_text("run/recipe.yaml", "seed: 1\n");
    expect_text("run/metrics.csv", "epoch\n");
}

static void force_removes_what_a_run_wrote_and_nothing_else(void **state)
{
    (void)state;
    static const char *const written[] = {
        "run/metrics.csv",     "run/model.safetensors",  "run/checkpoint.safetensors", "run/summary.json",
        "run/report.html",     "run/recipe.yaml",        "run/plots/curves.svg",       "run/plots/curves.png",
        "run/plots/curves.gp", "run/plots/confusion.csv"};
    static const char *const foreign[] = {"run/notes.txt", "run/metrics.csv.bak", "run/picture.png",
                                          "run/plots/notes.txt", "run/plots/sub.png/inner.png"};
    char *made = NULL;
    assert_int_equal(mkdir("run", 0777), 0);
    assert_int_equal(mkdir("run/plots", 0777), 0);
    assert_int_equal(mkdir("run/plots/sub.png", 0777), 0);
    for (size_t i = 0; i < sizeof written / sizeof *written; i++)
        write_text(written[i], "old");
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
        write_text(foreign[i], "mine");
    assert_ok(run_folder_create(run, "name", true, &made, error));
    memory_free(made);
    for (size_t i = 0; i < sizeof written / sizeof *written; i++)
        assert_false(is_there(written[i]));
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
        expect_text(foreign[i], "mine");
}

static void force_removes_an_empty_plots_folder(void **state)
{
    (void)state;
    char *made = NULL;
    assert_int_equal(mkdir("run", 0777), 0);
    assert_int_equal(mkdir("run/plots", 0777), 0);
    write_text("run/recipe.yaml", "old");
    write_text("run/plots/curves.svg", "old");
    assert_ok(run_folder_create(run, "name", true, &made, error));
    memory_free(made);
    assert_false(is_there("run/plots"));
}

static void force_follows_no_link(void **state)
{
    (void)state;
    char *made = NULL;
    assert_int_equal(mkdir("run", 0777), 0);
    assert_int_equal(mkdir("elsewhere", 0777), 0);
    write_text("elsewhere/curves.svg", "precious");
    write_text("elsewhere/model", "precious");
    write_text("run/recipe.yaml", "old");
    assert_int_equal(symlink("../elsewhere", "run/plots"), 0);
    assert_int_equal(symlink("../elsewhere/model", "run/model.safetensors"), 0);
    assert_ok(run_folder_create(run, "name", true, &made, error));
    memory_free(made);
    expect_text("elsewhere/curves.svg", "precious");
    expect_text("elsewhere/model", "precious");
    assert_false(is_there("run/model.safetensors"));
}

static void runs_without_a_folder_are_numbered(void **state)
{
    (void)state;
    char *made = NULL;
    static const char *const expected[] = {"runs/digits-001", "runs/digits-002", "runs/digits-004"};
    assert_int_equal(mkdir("runs", 0777), 0);
    assert_int_equal(mkdir("runs/digits-003", 0777), 0);
    for (size_t i = 0; i < 3; i++) {
        assert_ok(run_folder_create(NULL, "digits", false, &made, error));
        assert_string_equal(made, expected[i]);
        assert_true(is_there(expected[i]));
        memory_free(made);
    }
}

static void names_cannot_lead_out_of_runs(void **state)
{
    (void)state;
    static const struct {
        const char *name, *expected;
    } cases[] = {{"../../etc/x y", "runs/-.-..-etc-x-y-001"},
                 {"", "runs/run-001"},
                 {".hidden", "runs/-hidden-001"},
                 {"größe", "runs/größe-001"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *made = NULL;
        assert_ok(run_folder_create(NULL, cases[i].name, false, &made, error));
        assert_string_equal(made, cases[i].expected);
        assert_true(is_there(made));
        memory_free(made);
    }
}

static void a_place_that_cannot_be_is_told(void **state)
{
    (void)state;
    char *made = NULL;
    write_text("file", "x");
    assert_refused(run_folder_create("file", "name", false, &made, error), PERCEPT_ERROR_IO, "'file'");
    assert_refused(run_folder_create("file/run", "name", false, &made, error), PERCEPT_ERROR_IO, "file");
    assert_refused(run_folder_create("", "name", false, &made, error), PERCEPT_ERROR_ARGUMENT, "--out");
    write_text("runs", "x");
    assert_refused(run_folder_create(NULL, "name", false, &made, error), PERCEPT_ERROR_IO, "runs");
    assert_null(made);
}

static void a_folder_that_is_read_only_is_told(void **state)
{
    (void)state;
    char *made = NULL;
    assert_int_equal(chmod(scratch.folder, 0777), 0);
    assert_int_equal(mkdir("run", 0555), 0);
    const bool root = geteuid() == 0; /* who may write anywhere, so goes on as somebody else */
    if (root && setresuid(NOBODY, NOBODY, 0) != 0)
        skip_because("root cannot become another user here");
    percept_error reason = {PERCEPT_OK, ""};
    const percept_status status = run_folder_create("run", "name", false, &made, &reason);
    if (root)
        assert_int_equal(setresuid(0, 0, 0), 0);
    assert_int_equal(status, PERCEPT_ERROR_IO);
    assert_non_null(strstr(reason.message, "cannot write to the folder 'run'"));
    assert_null(made);
}

static void the_model_of_a_run_or_of_a_file_is_found(void **state)
{
    (void)state;
    char *model = NULL;
    assert_int_equal(mkdir("run", 0777), 0);
    assert_refused(run_folder_model("run", &model, error), PERCEPT_ERROR_IO, "no model.safetensors");
    assert_refused(run_folder_model("none", &model, error), PERCEPT_ERROR_IO, "'none'");
    write_text("run/model.safetensors", "");
    assert_ok(run_folder_model("run", &model, error));
    assert_string_equal(model, "run/model.safetensors");
    memory_free(model);
    assert_ok(run_folder_model("run/model.safetensors", &model, error));
    assert_string_equal(model, "run/model.safetensors");
    memory_free(model);
}

static void the_summary_holds_the_figures_and_no_time(void **state)
{
    (void)state;
    uint64_t confusion[] = {90, 10, 5, 95};
    const percept_result result = {.epochs = 20,
                                   .best_epoch = 14,
                                   .stopped_early = 1,
                                   .train_loss = 1.0 / 3,
                                   .train_accuracy = 0.875,
                                   .valid_loss = 0.5,
                                   .valid_accuracy = NAN,
                                   .seconds = 123.456,
                                   .examples_per_second = 654321};
    const percept_metrics test = {.count = 200, .loss = 0.25, .accuracy = 0.925, .classes = 2, .confusion = confusion};
    assert_int_equal(mkdir("run", 0777), 0);
    assert_ok(run_folder_write_summary("run", &result, &test, error));
    expect_text("run/summary.json",
                "{\n  \"best_epoch\": 14,\n  \"epochs\": 20,\n  \"stopped_early\": true,\n"
                "  \"test\": {\n    \"accuracy\": 0.925,\n    \"confusion\": [\n"
                "      [\n        90,\n        10\n      ],\n      [\n        5,\n        95\n      ]\n"
                "    ],\n    \"count\": 200,\n    \"loss\": 0.25\n  },\n"
                "  \"train\": {\n    \"accuracy\": 0.875,\n    \"loss\": 0.333333333333\n  },\n"
                "  \"valid\": {\n    \"accuracy\": null,\n    \"loss\": 0.5\n  }\n}\n");
}

static void the_summary_of_a_run_without_test_and_validation_has_nulls(void **state)
{
    (void)state;
    const percept_result result = {
        .epochs = 1, .best_epoch = -1, .train_loss = 2, .train_accuracy = 1, .valid_loss = NAN, .valid_accuracy = NAN};
    assert_int_equal(mkdir("run", 0777), 0);
    assert_ok(run_folder_write_summary("run", &result, NULL, error));
    expect_text("run/summary.json", "{\n  \"best_epoch\": null,\n  \"epochs\": 1,\n  \"stopped_early\": false,\n"
                                    "  \"test\": null,\n"
                                    "  \"train\": {\n    \"accuracy\": 1.0,\n    \"loss\": 2.0\n  },\n"
                                    "  \"valid\": {\n    \"accuracy\": null,\n    \"loss\": null\n  }\n}\n");
    assert_refused(run_folder_write_summary("none", &result, NULL, error), PERCEPT_ERROR_IO, "none/summary.json");
}

/* The number of a process that has ended, and that no process has for now. */
static long gone_process(void)
{
    const pid_t child = fork();
    if (child == 0)
        _exit(0);
    assert_true(child > 0 && waitpid(child, NULL, 0) == child);
    return (long)child;
}

static void what_killed_processes_left_is_removed_wherever_a_run_writes(void **state)
{
    (void)state;
    static const char *const folders[] = {"run", "run/plots", "run/checkpoints", "run/best", "run/best/plots"};
    char left[5][SCRATCH_PATH], drawn[SCRATCH_PATH], other[SCRATCH_PATH], path[SCRATCH_PATH];
    const long gone = gone_process();
    int lock = -1;
    for (size_t i = 0; i < 5; i++) {
        assert_ok(file_make_folder(folders[i], error));
        snprintf(left[i], SCRATCH_PATH, "%s/.percept-%ld-0.tmp", folders[i], gone);
        write_text(left[i], "half");
    }
    snprintf(drawn, sizeof drawn, "run/plots/.percept-%ld-curves.svg.tmp", gone);
    write_text(drawn, "half");
    snprintf(other, sizeof other, "run/plots/.percept-%ld-0.tmp", (long)getpid()); /* one that draws at this moment */
    write_text(other, "half");
    snprintf(path, sizeof path, "run/.percept-notes.tmp"); /* a person's */
    write_text(path, "mine");
    assert_ok(run_folder_lock("run", &lock, error));
    for (size_t i = 0; i < 5; i++)
        assert_false(is_there(left[i]));
    assert_false(is_there(drawn));
    assert_true(is_there(other));
    assert_true(is_there(path));
    run_folder_unlock(lock);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_scratch, remove_scratch)

/* Of 0.7, 0.9 and 0.8: squares 0.01, 0.01 and 0 over n - 1 = 2; of the losses 1, 2 and 6: 4, 1 and 9. */
static void the_deviation_of_folds_is_the_sample_s(void **state)
{
    (void)state;
    const FoldFigures folds[] = {
        {.loss = 1, .accuracy = 0.7}, {.loss = 2, .accuracy = 0.9}, {.loss = 6, .accuracy = 0.8}};
    const FoldSpread accuracy = fold_spread(folds, 3, true), loss = fold_spread(folds, 3, false);
    assert_true(fabs(accuracy.mean - 0.8) < 1e-15 && fabs(accuracy.deviation - 0.1) < 1e-15);
    assert_true(loss.mean == 3 && fabs(loss.deviation - sqrt(7)) < 1e-15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_new_folder_is_made_with_its_parents),
        TEST(a_folder_without_a_run_is_taken_as_it_is),
        TEST(a_folder_with_a_run_is_refused),
        TEST(force_removes_what_a_run_wrote_and_nothing_else),
        TEST(force_removes_an_empty_plots_folder),
        TEST(force_follows_no_link),
        TEST(runs_without_a_folder_are_numbered),
        TEST(names_cannot_lead_out_of_runs),
        TEST(a_place_that_cannot_be_is_told),
        TEST(a_folder_that_is_read_only_is_told),
        TEST(the_model_of_a_run_or_of_a_file_is_found),
        TEST(the_summary_holds_the_figures_and_no_time),
        TEST(the_summary_of_a_run_without_test_and_validation_has_nulls),
        TEST(the_deviation_of_folds_is_the_sample_s),
        TEST(what_killed_processes_left_is_removed_wherever_a_run_writes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
