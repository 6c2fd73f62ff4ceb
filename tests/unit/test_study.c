/* Studies: runs come from their YAML as told, streams go on where the run before left them, and figures are compared with
 * published ones by the rule that stands beside each. */
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "study/published.h"
#include "study/study_file.h"

static char folder[] = "/tmp/percept-study-XXXXXX";
static char path[64];

static int make_folder(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return 1;
    snprintf(path, sizeof path, "%s/some.yaml", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    (void)unlink(path);
    return rmdir(folder);
}

/* Opens a study with this text, which must be right. */
static Study *open_text(const char *text, const char *const *changes, size_t count)
{
    Study *study = NULL;
    percept_error error;
    assert_int_equal(file_write(path, text, strlen(text), &error), PERCEPT_OK);
    if (study_open(path, changes, count, &study, &error) != PERCEPT_OK)
        fail_msg("%s", error.message);
    return study;
}

/* The message of a study that is refused. */
static const char *refusal(const char *text)
{
    static percept_error error;
    Study *study = NULL;
    assert_int_equal(file_write(path, text, strlen(text), &error), PERCEPT_OK);
    assert_int_not_equal(study_open(path, NULL, 0, &study, &error), PERCEPT_OK);
    return error.message;
}

static const StudyRun *find_run(const Study *study, const char *name)
{
    for (size_t r = 0; r < study->run_count; r++)
        if (strcmp(study->runs[r].name, name) == 0)
            return &study->runs[r];
    fail_msg("there is no run %s", name);
    return NULL;
}

/* ---- Runs -------------------------------------------------------------------------------------------------------- */

static void without_runs_the_recipe_is_the_run(void **state)
{
    (void)state;
    Study *study = open_text("about: One\ntrain: {epochs: 7}\nparts: []\n", NULL, 0);
    assert_string_equal(study->name, "some");
    assert_string_equal(study->about, "One");
    assert_int_equal(study->run_count, 1);
    assert_string_equal(study->runs[0].name, "");
    assert_int_equal(recipe_integer(study->runs[0].recipe, "train.epochs"), 7);
    study_free(study);
    study = open_text("runs: []\nparts: []\n", NULL, 0);
    assert_int_equal(study->run_count, 0);
    study_free(study);
}

static void a_grid_is_every_combination_that_fits(void **state)
{
    (void)state;
    Study *study = open_text("runs:\n"
                             "  - grid:\n"
                             "      model.layers: [[4, 3, 2], [4, 30, 2], [4, 5, 2]]\n"
                             "      train.learning_rate: [0.1, 0.01]\n"
                             "    parameters: [23, 37]\n"
                             "    train: {epochs: 9}\n"
                             "  - {name: extra, grid: {train.batch_size: [8]}, seeds: [3, 5]}\n",
                             NULL, 0);
    assert_int_equal(study->run_count, 6); /* 4-3-2 has 23 parameters, 4-5-2 has 37, 4-30-2 has 212 */
    const StudyRun *run = find_run(study, "4-5-2_0.01");
    assert_int_equal(recipe_integers(run->recipe, "model.layers")[1], 5);
    assert_true(recipe_number(run->recipe, "train.learning_rate") == 0.01);
    assert_int_equal(recipe_integer(run->recipe, "train.epochs"), 9);
    run = find_run(study, "extra_8_seed-5");
    assert_string_equal(run->group, "extra_8");
    assert_int_equal(recipe_integer(run->recipe, "seed"), 5);
    assert_int_equal(recipe_integer(run->recipe, "train.batch_size"), 8);
    percept_error error;
    assert_int_equal(study_choose(study, "extra_8", &error), PERCEPT_OK);
    assert_false(study->runs[0].wanted);
    assert_true(run->wanted);
    assert_int_equal(study_choose(study, "extra_9_seed-3", &error), PERCEPT_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "did you mean 'extra_8_seed-3'"));
    study_free(study);
}

static void a_stream_goes_on_where_the_run_before_left_it(void **state)
{
    (void)state;
    Study *study = open_text("model: {layers: [3, 2, 1], init: uniform}\n"
                             "runs:\n"
                             "  - {name: first}\n"
                             "  - {name: second, continues: true, model: {layers: [3, 1], init: normal}}\n"
                             "  - {name: third, continues: true, model: {init: zeros}}\n"
                             "  - {name: fourth, continues: true}\n"
                             "  - {name: fresh}\n",
                             NULL, 0);
    assert_int_equal(recipe_count(study->runs[0].recipe, "model.init_after"), 0);
    assert_int_equal(recipe_count(study->runs[1].recipe, "model.init_after"), 1);
    assert_string_equal(recipe_texts(study->runs[1].recipe, "model.init_after")[0], "uniform:8");
    for (size_t r = 2; r < 4; r++) { /* the third draws nothing */
        assert_int_equal(recipe_count(study->runs[r].recipe, "model.init_after"), 2);
        assert_string_equal(recipe_texts(study->runs[r].recipe, "model.init_after")[0], "uniform:8");
        assert_string_equal(recipe_texts(study->runs[r].recipe, "model.init_after")[1], "normal:3");
    }
    assert_int_equal(recipe_count(study->runs[4].recipe, "model.init_after"), 0);
    study_free(study);
}

static void changes_win_and_are_written_down(void **state)
{
    (void)state;
    static const char *const changes[] = {"seed=4", "train.batch_size=[1"};
    static const char text[] = "runs:\n  - {name: a, seeds: [1]}\n  - {name: b}\nset: ['train.epochs=3']\n";
    percept_error error;
    Study *study = open_text(text, changes, 1);
    assert_int_equal(recipe_integer(study->runs[0].recipe, "seed"), 4);
    assert_int_equal(recipe_integer(study->runs[1].recipe, "train.epochs"), 3);
    assert_true(study->changed);
    study_free(study);
    study = open_text("runs:\n  - {name: a}\n  - {name: b}\n", changes, 1);
    assert_int_equal(study_choose(study, "b", &error), PERCEPT_OK);
    for (size_t again = 0; again < 2; again++) { /* what was written is read, and written as it was */
        assert_int_equal(study_write(study, path, &error), PERCEPT_OK);
        study_free(study);
        assert_int_equal(study_open(path, NULL, 0, &study, &error), PERCEPT_OK);
        assert_int_equal(study->changes.count, 1);
        assert_int_equal(recipe_integer(study->runs[0].recipe, "seed"), 4);
        assert_false(study->runs[0].wanted);
        assert_true(study->runs[1].wanted);
    }
    study_free(study);
    static const char *const harmless[] = {"threads=1", "engine=reference"};
    study = open_text("parts: []\n", harmless, 2);
    assert_false(study->changed);
    study_free(study);
    assert_int_not_equal(study_open(path, changes + 1, 1, &study, &error), PERCEPT_OK);
    assert_non_null(strstr(error.message, "train.batch_size"));
}

static void what_is_wrong_is_told_with_its_line(void **state)
{
    (void)state;
    assert_non_null(strstr(refusal("runs:\n  - {name: a}\n  - {nam: b}\n"), "some.yaml:3"));
    assert_non_null(strstr(refusal("runs:\n  - {name: a}\n  - {name: a}\n"), "two runs are called 'a'"));
    assert_non_null(strstr(refusal("runs: 5\n"), "some.yaml:1: runs: expected a list"));
    assert_non_null(strstr(refusal("parts: {}\n"), "some.yaml:1: parts: expected a list"));
    assert_non_null(strstr(refusal("runs:\n  - {name: a, grid: {seed: 3}}\n"), "some.yaml:2: grid"));
    assert_non_null(strstr(refusal("runs:\n  - {name: a, parameters: [1]}\n"), "the least and the most"));
    assert_non_null(strstr(refusal("runs:\n  - {name: a}\n  - {name: b, continues: maybe}\n"), "true or false"));
    assert_non_null(strstr(refusal("runs:\n  - {name: a}\n  - {name: b, continues: true}\n"), "model.layers"));
    assert_non_null(strstr(refusal("- a\n"), "expected a recipe"));
    assert_non_null(strstr(refusal("runs:\n  - {name: a, continues: true}\n"), "some.yaml:2: continues"));
    assert_non_null(strstr(refusal("about: a\nparts: []\nabout: b\n"), "some.yaml:3: about is given twice"));
    assert_non_null(strstr(refusal("runs:\n  - {name: a, name: b}\n"), "some.yaml:2: name is given twice"));
}

static void a_name_that_is_no_folder_of_its_own_is_refused(void **state)
{
    (void)state;
    static const char *const names[] = {"../x",  "a/b",        "..",      ".hidden",  "-x",
                                        "plots", "study.yaml", "\"a,b\"", "\"a\\nb\""};
    char text[400];
    for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
        snprintf(text, sizeof text, "runs:\n  - {name: %s}\n", names[n]);
        assert_non_null(strstr(refusal(text), "some.yaml:2: a run cannot be called"));
    }
    snprintf(text, sizeof text, "runs:\n  - {name: %0300d}\n", 1);
    assert_non_null(strstr(refusal(text), "some.yaml:2: the name '00"));
}

static void a_grid_that_nobody_means_is_refused_at_once(void **state)
{
    (void)state;
    char text[8000] = "runs:\n  - grid:\n";
    size_t length = strlen(text);
    const size_t start = length;
    for (int k = 0; k < 100; k++) /* 2^100 of them */
        length += (size_t)snprintf(text + length, sizeof text - length, "      seed: [1, 2]\n");
    assert_non_null(strstr(refusal(text), "combinations"));
    length = start;
    for (int k = 0; k < 200; k++) /* one, but a deep one */
        length += (size_t)snprintf(text + length, sizeof text - length, "      seed: [1]\n");
    assert_non_null(strstr(refusal(text), "longer than"));
    assert_non_null(strstr(refusal("runs:\n  - {grid: {model.layers: [[]]}}\n"), "empty"));
    assert_non_null(strstr(refusal("runs:\n  - {grid: {seed: []}}\n"), "some.yaml:2: grid"));
    assert_non_null(strstr(refusal("runs:\n  - {grid: {seeed: [1]}}\n"), "some.yaml:2: unknown key"));
}

/* What a study is, written and opened again with no more changes. */
static Study *write_and_open(const char *text, const char *const *changes, size_t count)
{
    percept_error error;
    Study *study = open_text(text, changes, count), *again = NULL;
    assert_int_equal(study_write(study, path, &error), PERCEPT_OK);
    study_free(study);
    if (study_open(path, NULL, 0, &again, &error) != PERCEPT_OK)
        fail_msg("%s", error.message);
    return again;
}

static void what_is_written_down_is_read_again(void **state)
{
    (void)state;
    static const char *const changes[] = {"name=it's", "seed=4"};
    static const char *const texts[] = {
        "runs: []\nparts: []",                                  /* no end of line */
        "set: ['train.epochs=3']\r\nruns: []\r\nparts: []\r\n", /* Windows; its own changes */
        "runs: []\nset:\n  - train.epochs=3\n\n# words\nparts:\n  - text: set\n",
    };
    for (size_t t = 0; t < sizeof texts / sizeof texts[0]; t++) {
        Study *study = write_and_open(texts[t], changes, 2);
        assert_int_equal(study->changes.count, t == 0 ? 2 : 3);
        assert_string_equal(study->changes.items[study->changes.count - 2], "name=it's");
        assert_int_equal(recipe_integer(study->common, "seed"), 4);
        study_free(study);
    }
    assert_non_null(strstr(refusal("{runs: [], parts: []}\n"), "some.yaml:1: "));
    assert_non_null(strstr(refusal("runs: []\nparts: []\n...\n"), "..."));
}

/* ---- Published figures ------------------------------------------------------------------------------------------- */

static void figures_agree_by_their_own_rule(void **state)
{
    (void)state;
    static const char text[] = "run,epoch,figure,value,tolerance,kind,reason\n"
                               ",0,loss,2,0.1,relative,ten per cent\n"
                               ",1,loss,2,0.1,relative,ten per cent\n"
                               ",,accuracy,0.5,0.01,absolute,a point\n"
                               ",,best,0.9,0,at-least,\n"
                               ",,worst,0.1,0,at-most,\n"
                               ",,inf,inf,0,absolute,\n"
                               ",,seconds,9,,shown,its machine\n"
                               "other,,accuracy,0.5,0.01,absolute,never run\n";
    percept_error error;
    Published published = {0};
    Results results = {0};
    assert_int_equal(file_write(path, text, strlen(text), &error), PERCEPT_OK);
    assert_int_equal(published_read(path, &published, &error), PERCEPT_OK);
    assert_int_equal(published.count, 8);
    const struct {
        long epoch;
        const char *figure;
        double value;
    } ours[] = {{0, "loss", 2.19},        {1, "loss", 2.21},     {-1, "accuracy", 0.489}, {-1, "best", 0.9},
                {-1, "worst", 0.1000001}, {-1, "inf", INFINITY}, {-1, "seconds", 1}};
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
        assert_int_equal(results_add(&results, "", ours[i].epoch, ours[i].figure, ours[i].value, &error), PERCEPT_OK);
    published_compare(&published, &results);
    static const bool agrees[] = {true, false, false, true, false, true};
    for (size_t i = 0; i < sizeof agrees / sizeof agrees[0]; i++)
        assert_int_equal(published.list[i].agrees, agrees[i]);
    assert_int_equal(published.compared, 6);
    assert_int_equal(published.agreed, 3);
    assert_false(published.list[7].found);
    const PublishedLine line = published_line(&published, 0);
    assert_int_equal(line.end, 2);
    assert_int_equal(line.agreed, 1);
    assert_true(fabs(line.miss - 0.105) < 1e-12);
    assert_int_equal(results_add(&results, "", -1, "accuracy", NAN, &error), PERCEPT_OK);
    published_compare(&published, &results); /* what is no number agrees with nothing */
    assert_false(published.list[2].agrees);
    results_clear(&results);
    published_clear(&published);
}

static void a_broken_table_is_refused_with_its_line(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "run,epoch,figure\n",
        "run,epoch,figure,value,tolerance,kind,reason\n,0,loss,2,0.1,roughly,x\n",
        "run,epoch,figure,value,tolerance,kind,reason\n,zero,loss,2,0.1,absolute,x\n",
        "run,epoch,figure,value,tolerance,kind,reason\n,0,loss,two,0.1,absolute,x\n",
        "run,epoch,figure,value,tolerance,kind,reason\n,0,loss\n",
    };
    percept_error error;
    for (size_t t = 0; t < sizeof texts / sizeof texts[0]; t++) {
        Published published = {0};
        assert_int_equal(file_write(path, texts[t], strlen(texts[t]), &error), PERCEPT_OK);
        assert_int_equal(published_read(path, &published, &error), PERCEPT_ERROR_FORMAT);
        assert_non_null(strstr(error.message, t == 0 ? "some.yaml:1" : "some.yaml:2"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_runs_the_recipe_is_the_run),
        cmocka_unit_test(a_grid_is_every_combination_that_fits),
        cmocka_unit_test(a_stream_goes_on_where_the_run_before_left_it),
        cmocka_unit_test(changes_win_and_are_written_down),
        cmocka_unit_test(what_is_wrong_is_told_with_its_line),
        cmocka_unit_test(a_name_that_is_no_folder_of_its_own_is_refused),
        cmocka_unit_test(a_grid_that_nobody_means_is_refused_at_once),
        cmocka_unit_test(what_is_written_down_is_read_again),
        cmocka_unit_test(figures_agree_by_their_own_rule),
        cmocka_unit_test(a_broken_table_is_refused_with_its_line),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
