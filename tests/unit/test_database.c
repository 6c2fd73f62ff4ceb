/* The runs database: what is written is read; states of processes that are gone; versions; files that are none. */
#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>

#include "databases.h"
#include "in_scratch.h"
#include "skip.h"

/* ---- Runs --------------------------------------------------------------------------------------------------------- */

static void a_run_is_read_as_it_was_written(void **state)
{
    (void)state;
    Database *database = open_database(scratch.folder, DATABASE_WRITE);
    percept_data data = make_data();
    const RunRecord record = {.kind = "train",
                              .name = "first",
                              .folder = "first-001",
                              .recipe = recipe_with("train.batch_size", "128"),
                              .data = &data,
                              .checksum = "train:4-0123456789abcdef",
                              .parameters = 17,
                              .threads = 2};
    const percept_result result = {.epochs = 3,
                                   .best_epoch = 1,
                                   .train_loss = 0.25,
                                   .train_accuracy = NAN,
                                   .valid_loss = INFINITY,
                                   .valid_accuracy = 0.5,
                                   .seconds = 1.5};
    const percept_metrics test = {.loss = 0.75, .accuracy = 0.875};
    int64_t run = 0;
    assert_ok(database_begin_run(database, &record, 0, &run, error));
    for (size_t epoch = 0; epoch < 3; epoch++)
        add_epoch(database, run, epoch, epoch <= 1);
    assert_ok(database_end_run(database, run, RUN_DONE, &result, &test, NULL, error));
    assert_ok(database_tag(database, run, "good", false, error));
    assert_ok(database_tag(database, run, "base", false, error));

    RunRow row = read_run(database, run);
    assert_int_equal(row.id, run);
    assert_string_equal(row.kind, "train");
    assert_string_equal(row.name, "first");
    assert_string_equal(row.folder, "first-001");
    assert_string_equal(row.dataset, recipe_text(record.recipe, "data.name"));
    assert_string_equal(row.version, PERCEPT_VERSION);
    assert_string_equal(row.tags, "base, good");
    assert_non_null(strstr(row.recipe, "\"train.batch_size\":128"));
    assert_non_null(strstr(row.recipe, "\"train.shuffle\":true"));
    assert_string_equal(row.checksum, record.checksum);
    assert_non_null(row.machine);
    assert_null(row.message);
    assert_int_equal(row.state, RUN_DONE);
    assert_int_equal(row.request, REQUEST_NONE);
    assert_int_equal(row.train_count, 4);
    assert_int_equal(row.valid_count, 0);
    assert_int_equal(row.parameters, 17);
    assert_int_equal(row.threads, 2);
    assert_int_equal(row.epoch, 3);
    assert_int_equal(row.best_epoch, 1);
    assert_true(row.train_loss == 0.25 && isnan(row.train_accuracy));
    assert_true(isinf(row.valid_loss) && row.valid_accuracy == 0.5);
    assert_true(row.test_loss == 0.75 && row.test_accuracy == 0.875 && row.seconds == 1.5);
    assert_true(row.started > 1.6e9 && row.ended >= row.started && row.updated == row.ended);
    free_run(&row);

    EpochRow *epochs = NULL;
    size_t count = 0;
    assert_ok(database_epochs(database, run, 1, &epochs, &count, error));
    assert_int_equal(count, 2);
    assert_int_equal(epochs[0].epoch, 1);
    assert_true(epochs[1].train_loss == 1.0 / 3 && isnan(epochs[1].test_loss) && epochs[1].seconds == 3);
    memory_free(epochs);
    database_close(database);
    free_recipe(record.recipe);
    percept_data_free(&data);
}

static void figures_of_a_run_in_progress_are_those_of_its_best_epoch(void **state)
{
    (void)state;
    Database *database = open_database(scratch.folder, DATABASE_WRITE);
    const int64_t run = begin_run(database, "a", 0);
    for (size_t epoch = 0; epoch < 4; epoch++)
        add_epoch(database, run, epoch, epoch <= 1);
    RunRow row = read_run(database, run);
    assert_int_equal(row.state, RUN_RUNNING);
    assert_int_equal(row.epoch, 4);
    assert_int_equal(row.best_epoch, 1);
    assert_true(row.train_loss == 1.0 / 4 && row.valid_loss == 1.0 && isnan(row.ended) && row.seconds == 4);
    free_run(&row);
    database_close(database);
}

/* Epochs are written together. Here those of two runs alternate, and those of a third run lie far apart between them. */
static void epochs_that_are_written_together_leave_each_run_its_own_figures(void **state)
{
    (void)state;
    Database *database = open_database(scratch.folder, DATABASE_WRITE);
    const int64_t first = begin_run(database, "a", 0), second = begin_run(database, "b", 0);
    const int64_t third = begin_run(database, "c", 0);
    for (size_t epoch = 0; epoch < 200; epoch++) {
        add_epoch(database, first, epoch, epoch == 0 || epoch == 150);
        add_epoch(database, second, epoch, epoch == 0);
        if (epoch % 99 == 0)
            add_epoch(database, third, epoch / 99, epoch == 99);
    }
    const int64_t runs[] = {first, second, third};
    const size_t counts[] = {200, 200, 3}, best[] = {150, 0, 1};
    for (size_t r = 0; r < 3; r++) {
        EpochRow *epochs = NULL;
        size_t count = 0;
        RunRow row = read_run(database, runs[r]);
        assert_ok(database_epochs(database, runs[r], 0, &epochs, &count, error));
        assert_int_equal(count, counts[r]);
        assert_int_equal(row.epoch, count);
        assert_int_equal(row.best_epoch, best[r]);
        assert_true(row.train_loss == epochs[count - 1].train_loss && row.seconds == epochs[count - 1].seconds);
        assert_true(row.valid_loss == epochs[best[r]].valid_loss);
        memory_free(epochs);
        free_run(&row);
    }
    database_close(database);
}

static void a_run_that_goes_on_forgets_the_epochs_it_does_again(void **state)
{
    (void)state;
    Database *database = open_database(scratch.folder, DATABASE_WRITE);
    const int64_t run = begin_run(database, "a", 0);
    for (size_t epoch = 0; epoch < 5; epoch++)
        add_epoch(database, run, epoch, true);
    assert_ok(database_end_run(database, run, RUN_INTERRUPTED, NULL, NULL, "stopped", error));
    assert_int_equal(begin_run(database, "a", 2), run);
    RunRow row = read_run(database, run);
    assert_int_equal(row.epoch, 2);
    assert_int_equal(row.best_epoch, 1);
    assert_true(row.state == RUN_RUNNING && row.message == NULL && row.train_loss == 0.5 && row.seconds == 2);
    free_run(&row);
    add_epoch(database, run, 2, false); /* this part's third second: the fifth in all */
    row = read_run(database, run);
    assert_true(row.epoch == 3 && row.best_epoch == 1 && row.seconds == 5);
    free_run(&row);
    assert_int_equal(begin_run(database, "a", 0), run);
    row = read_run(database, run);
    assert_true(row.epoch == 0 && row.best_epoch == -1 && isnan(row.train_loss) && isnan(row.seconds));
    free_run(&row);
    assert_true(begin_run(database, "b", 0) != run);
    database_close(database);
}

static void trials_are_known_by_search_trial_and_repeat(void **state)
{
    (void)state;
    Database *database = open_database(scratch.folder, DATABASE_WRITE);
    const int64_t search = begin_search(database, "s");
    const int64_t first = begin_trial(database, search, "trial", 3, 1);
    assert_int_equal(begin_trial(database, search, "trial", 3, 1), first);
    assert_true(begin_trial(database, search, "trial", 3, 0) != first);
    assert_true(begin_trial(database, search, "best", 3, 1) != first);
    assert_true(begin_trial(database, begin_search(database, "t"), "trial", 3, 1) != first);
    assert_true(begin_trial(database, 0, "trial", 3, 1) != begin_trial(database, 0, "trial", 3, 1));
    assert_int_equal(begin_search(database, "s"), search);
    database_close(database);
}

static void runs_are_ordered_and_cut_as_asked_with_what_is_missing_last(void **state)
{
    (void)state;
    static const double figures[] = {0.5, NAN, 0.75};
    Database *database = open_database(scratch.folder, DATABASE_WRITE);
    for (size_t i = 0; i < 3; i++) {
        const int64_t run = begin_run(database, (const char *[]){"a", "b", "c"}[i], 0);
        const percept_result result = {.valid_accuracy = figures[i], .best_epoch = -1};
        assert_ok(database_end_run(database, run, RUN_DONE, &result, NULL, NULL, error));
    }
    const struct {
        RunQuery query;
        const char *expected;
    } cases[] = {
        {{0}, "abc"},
        {{.descending = true}, "cba"},
        {{.order = "valid_accuracy"}, "acb"},
        {{.order = "valid_accuracy", .descending = true}, "cab"},
        {{.order = "valid_accuracy", .descending = true, .limit = 1}, "c"},
        {{.order = "train.batch_size"}, "abc"},
        {{.id = 2}, "b"},
        {{.search = 9}, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        RunRows rows = {0};
        assert_ok(database_runs(database, &cases[i].query, &rows, error));
        assert_int_equal(rows.count, strlen(cases[i].expected));
        for (size_t r = 0; r < rows.count; r++)
            assert_int_equal(rows.rows[r].folder[0], cases[i].expected[r]);
        run_rows_clear(&rows);
    }
    RunRows rows = {0};
    assert_refused(database_runs(database, &(RunQuery){.order = "valid_acuracy"}, &rows, error), PERCEPT_ERROR_ARGUMENT,
                   "did you mean 'valid_accuracy'?");
    assert_refused(database_runs(database, &(RunQuery){.order = "train.batchsize"}, &rows, error),
                   PERCEPT_ERROR_ARGUMENT, "did you mean 'train.batch_size'?");
    database_close(database);
}

static void recipes_are_read_where_they_are_wanted(void **state)
{
    (void)state;
    Database *database = open_database(scratch.folder, DATABASE_WRITE);
    const struct {
        RunQuery query;
        bool wanted;
    } cases[] = {
        {{.recipes_since = 0}, true},
        {{.recipes_since = 1}, true},
        {{.recipes_since = INT64_MAX}, false},
        {{.recipes_since = INT64_MAX, .where = "train.epochs = 10", .order = "train.epochs"}, false},
    };
    (void)begin_run(database, "a", 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        RunRows rows = {0};
        assert_ok(database_runs(database, &cases[i].query, &rows, error));
        assert_int_equal(rows.count, 1);
        assert_int_equal(rows.rows[0].recipe != NULL, cases[i].wanted);
        assert_string_equal(rows.rows[0].folder, "a");
        run_rows_clear(&rows);
    }
    database_close(database);
}

static void pictures_are_replaced_and_belong_to_an_epoch(void **state)
{
    (void)state;
    uint8_t pixels[6] = {1, 2, 3, 4, 5, 0};
    WrongPicture given[2] = {{.label = 1,
                              .predicted = 2,
                              .label_name = "one",
                              .predicted_name = "two",
                              .confidence = 0.5,
                              .width = 3,
                              .height = 2,
                              .pixels = pixels},
                             {.width = 1, .height = 1, .pixels = pixels}};
    WrongPicture *pictures = NULL;
    size_t count = 0, epoch = 0;
    Database *database = open_database(scratch.folder, DATABASE_WRITE);
    const int64_t run = begin_run(database, "a", 0);
    assert_ok(database_set_wrong(database, run, 3, given, 2, error));
    assert_ok(database_set_wrong(database, run, 4, given, 1, error));
    assert_ok(database_wrong(database, run, &epoch, &pictures, &count, error));
    assert_true(count == 1 && epoch == 4);
    assert_string_equal(pictures[0].label_name, "one");
    assert_string_equal(pictures[0].predicted_name, "two");
    assert_true(pictures[0].label == 1 && pictures[0].predicted == 2 && pictures[0].confidence == 0.5);
    assert_memory_equal(pictures[0].pixels, pixels, 6);
    wrong_pictures_free(pictures, count);
    assert_ok(database_set_wrong(database, run, 5, NULL, 0, error));
    assert_ok(database_wrong(database, run, &epoch, &pictures, &count, error));
    assert_int_equal(count, 0);
    wrong_pictures_free(pictures, count);
    database_close(database);
}

/* ---- Searches ------------------------------------------------------------------------------------------------------ */

static void a_search_counts_its_runs(void **state)
{
    (void)state;
    static const RunState ends[] = {RUN_DONE, RUN_DONE, RUN_DIVERGED, RUN_FAILED, RUN_PRUNED, RUN_WAITING};
    SearchRows rows = {0};
    Database *database = open_database(scratch.folder, DATABASE_WRITE);
    const int64_t search = begin_search(database, "s");
    int64_t best = 0;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        best = begin_trial(database, search, "trial", i, 0);
        assert_ok(database_end_run(database, best, ends[i], NULL, NULL, NULL, error));
    }
    assert_ok(database_end_search(database, search, RUN_DONE, best, "well", error));
    assert_ok(database_searches(database, &rows, error));
    assert_int_equal(rows.count, 1);
    const SearchRow *row = rows.rows;
    assert_true(row->runs == 6 && row->done == 2 && row->diverged == 1 && row->failed == 1 && row->pruned == 1);
    assert_true(row->best_run == best && row->state == RUN_DONE && row->planned == 6);
    assert_string_equal(row->space, "space");
    assert_string_equal(row->message, "well");
    search_rows_clear(&rows);
    assert_ok(database_delete(database, best, error));
    assert_ok(database_searches(database, &rows, error));
    assert_true(rows.rows[0].best_run == 0 && rows.rows[0].runs == 5);
    search_rows_clear(&rows);
    database_close(database);
}

static void rungs_are_changed_and_read_in_order(void **state)
{
    (void)state;
    static const RungRow given[] = {{.trial = 0, .rung = 1, .epochs = 3, .figure = 0.5},
                                    {.trial = 1, .rung = 0, .epochs = 1, .figure = 0.75},
                                    {.trial = 0, .rung = 0, .epochs = 1, .figure = 0.25},
                                    {.trial = 1, .rung = 0, .epochs = 1, .figure = 0.75, .promoted = true}};
    RungRow *rows = NULL;
    size_t count = 0;
    Database *database = open_database(scratch.folder, DATABASE_WRITE);
    const int64_t search = begin_search(database, "s");
    for (size_t i = 0; i < 4; i++)
        assert_ok(database_set_rung(database, search, &given[i], error));
    assert_ok(database_rungs(database, search, &rows, &count, error));
    assert_int_equal(count, 3);
    assert_true(rows[0].trial == 0 && rows[0].rung == 0 && !rows[0].promoted && rows[0].figure == 0.25);
    assert_true(rows[1].trial == 1 && rows[1].promoted && rows[2].rung == 1 && rows[2].epochs == 3);
    memory_free(rows);
    database_close(database);
}

/* ---- Requests and states ------------------------------------------------------------------------------------------ */

static void requests_reach_what_is_in_progress_and_nothing_else(void **state)
{
    (void)state;
    Database *database = open_database(scratch.folder, DATABASE_WRITE);
    Database *other = open_database(scratch.folder, DATABASE_READ);
    const int64_t search = begin_search(database, "s"), run = begin_run(database, "a", 0);
    assert_int_equal(database_request(database, run), REQUEST_NONE);
    assert_ok(database_ask(other, run, REQUEST_PAUSE, error));
    assert_int_equal(await_request(database, run), REQUEST_PAUSE);
    assert_int_equal(database_search_request(database, search), REQUEST_NONE);
    RunRow row = read_run(other, run);
    assert_int_equal(row.request, REQUEST_PAUSE);
    free_run(&row);
    assert_ok(database_set_state(database, run, RUN_PAUSED, error));
    assert_ok(database_ask(database, run, REQUEST_NONE, error));
    assert_int_equal(database_request(database, run), REQUEST_NONE);
    assert_ok(database_ask_search(database, search, REQUEST_STOP, error));
    assert_int_equal(database_search_request(database, search), REQUEST_STOP);
    assert_refused(database_delete(other, run, error), PERCEPT_ERROR_ARGUMENT, "in progress");
    assert_ok(database_end_run(database, run, RUN_DONE, NULL, NULL, NULL, error));
    assert_refused(database_ask(other, run, REQUEST_STOP, error), PERCEPT_ERROR_ARGUMENT, "not in progress");
    assert_ok(database_delete(other, run, error));
    assert_refused(database_delete(other, run, error), PERCEPT_ERROR_ARGUMENT, "there is no run");
    assert_refused(database_tag(other, run, "x", false, error), PERCEPT_ERROR_ARGUMENT, "there is no run");
    database_close(other);
    database_close(database);
}

static void a_run_of_a_process_that_is_gone_was_interrupted(void **state)
{
    (void)state;
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        Database *database = open_database(scratch.folder, DATABASE_WRITE);
        begin_run(database, "a", 0);
        begin_search(database, "s");
        raise(SIGKILL);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    Database *database = open_database(scratch.folder, DATABASE_READ);
    RunRow row = read_run(database, 1);
    assert_int_equal(row.state, RUN_INTERRUPTED);
    free_run(&row);
    SearchRows searches = {0};
    assert_ok(database_searches(database, &searches, error));
    assert_int_equal(searches.rows[0].state, RUN_INTERRUPTED);
    search_rows_clear(&searches);
    assert_refused(database_ask(database, 1, REQUEST_STOP, error), PERCEPT_ERROR_ARGUMENT, "not in progress");
    assert_ok(database_delete(database, 1, error));
    database_close(database);
}

static void closing_leaves_one_file(void **state)
{
    (void)state;
    Database *database = open_database(scratch.folder, DATABASE_WRITE);
    add_epoch(database, begin_run(database, "a", 0), 0, true);
    database_close(database);
    assert_int_equal(scratch_count(scratch.folder), 1);
    database = open_database(scratch.folder, DATABASE_READ);
    RunRow row = read_run(database, 1);
    assert_int_equal(row.epoch, 1); /* kept back, and written on closing */
    free_run(&row);
    database_close(database);
    assert_int_equal(scratch_count(scratch.folder), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(a_run_is_read_as_it_was_written),
        IN_SCRATCH(figures_of_a_run_in_progress_are_those_of_its_best_epoch),
        IN_SCRATCH(epochs_that_are_written_together_leave_each_run_its_own_figures),
        IN_SCRATCH(a_run_that_goes_on_forgets_the_epochs_it_does_again),
        IN_SCRATCH(trials_are_known_by_search_trial_and_repeat),
        IN_SCRATCH(runs_are_ordered_and_cut_as_asked_with_what_is_missing_last),
        IN_SCRATCH(recipes_are_read_where_they_are_wanted),
        IN_SCRATCH(pictures_are_replaced_and_belong_to_an_epoch),
        IN_SCRATCH(a_search_counts_its_runs),
        IN_SCRATCH(rungs_are_changed_and_read_in_order),
        IN_SCRATCH(requests_reach_what_is_in_progress_and_nothing_else),
        IN_SCRATCH(a_run_of_a_process_that_is_gone_was_interrupted),
        IN_SCRATCH(closing_leaves_one_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
