/* Searches from the space to the table: alike for any number of threads, whether they were interrupted or not; the test part
 * is read by the winner alone; what diverges or fails stops nothing. */
#include "searches.h"

static void threads_and_interruptions_change_nothing(void **state)
{
    (void)state;
    for (size_t s = 0; s < sizeof spaces / sizeof *spaces; s++) {
        Scratch scratch;
        char one[SCRATCH_PATH], three[SCRATCH_PATH], broken[SCRATCH_PATH];
        scratch_open(&scratch);
        Search *search = open_search(spaces[s], scratch_path(&scratch, "one", one), 1);
        run_search(search);
        search_close(search);
        search = open_search(spaces[s], scratch_path(&scratch, "three", three), 3);
        run_search(search);
        search_close(search);

        search = open_search(spaces[s], scratch_path(&scratch, "broken", broken), 2);
        percept_status status = PERCEPT_ERROR_INTERRUPTED;
        for (size_t part = 0; status == PERCEPT_ERROR_INTERRUPTED; part++) {
            Asked asked = {.stop_after = part < 3 ? 2 : 0};
            const SearchWatcher watcher = watcher_of(&asked);
            percept_error told;
            status = search_run(search, &watcher, &told);
            search_close(search);
            assert_ok(search_reopen(broken, 2, &search, error));
        }
        assert_int_equal(status, PERCEPT_OK);
        search_close(search);

        char *first = read_results(one), *second = read_results(three), *third = read_results(broken);
        assert_string_equal(first, second);
        assert_string_equal(first, third);
        memory_free(first);
        memory_free(second);
        memory_free(third);
        scratch_remove(scratch.folder);
    }
}

static void the_winner_alone_reads_the_test_part(void **state)
{
    (void)state;
    Scratch scratch;
    char folder[SCRATCH_PATH];
    scratch_open(&scratch);
    Search *search = open_search(spaces[2], scratch_path(&scratch, "grid", folder), 2);
    percept_result result;
    percept_metrics test = {.struct_size = sizeof test};
    RunRows rows = {0};
    Database *database = NULL;
    run_search(search);
    assert_ok(search_train_best(search, NULL, NULL, &result, &test, error));
    assert_int_equal(test.count, 20);
    assert_ok(search_finish(search, error));
    SearchTrial best;
    search_trial(search, search_winner(search), &best);
    search_close(search);

    assert_ok(database_open(scratch.folder, DATABASE_READ, &database, error));
    assert_ok(database_runs(database, &(RunQuery){0}, &rows, error));
    assert_int_equal(rows.count, 6 * 3 + 1);
    for (size_t i = 0; i < rows.count; i++) {
        const bool winner = strcmp(rows.rows[i].kind, "best") == 0;
        assert_true(isnan(rows.rows[i].test_accuracy) != winner);
        assert_int_equal(rows.rows[i].state, RUN_DONE);
        if (winner)
            assert_string_equal(rows.rows[i].folder, "grid/best");
    }
    run_rows_clear(&rows);
    SearchRows searches = {0};
    assert_ok(database_searches(database, &searches, error));
    assert_int_equal(searches.count, 1);
    assert_int_equal(searches.rows[0].state, RUN_DONE);
    assert_int_equal(searches.rows[0].planned, 18);
    assert_true(searches.rows[0].best_run > 0);
    search_rows_clear(&searches);
    database_close(database);

    assert_ok(search_reopen(folder, 1, &search, error));
    assert_true(search_is_finished(search));
    search_close(search);
    percept_metrics_clear(&test);
    scratch_remove(scratch.folder);
}

static void rungs_stand_in_the_database(void **state)
{
    (void)state;
    Scratch scratch;
    char folder[SCRATCH_PATH];
    Database *database = NULL;
    SearchRows searches = {0};
    RungRow *rungs = NULL;
    size_t count = 0, counts[3] = {0}, promoted[3] = {0};
    scratch_open(&scratch);
    Search *search = open_search(spaces[0], scratch_path(&scratch, "halving", folder), 2);
    run_search(search);
    assert_ok(database_open(scratch.folder, DATABASE_READ, &database, error));
    assert_ok(database_searches(database, &searches, error));
    assert_ok(database_rungs(database, searches.rows[0].id, &rungs, &count, error));
    for (size_t r = 0; r < count; r++) {
        counts[rungs[r].rung]++;
        promoted[rungs[r].rung] += rungs[r].promoted;
    }
    for (size_t k = 0; k < 3; k++) {
        assert_int_equal(counts[k], search_rung(search, k).arrived);
        assert_int_equal(promoted[k], search_rung(search, k).promoted);
    }
    assert_int_equal(counts[0], 12);
    assert_true(counts[2] >= 1);
    memory_free(rungs);
    search_rows_clear(&searches);
    database_close(database);
    search_close(search);
    scratch_remove(scratch.folder);
}

static void what_diverges_or_fails_stops_nothing(void **state)
{
    (void)state;
    Scratch scratch;
    char folder[SCRATCH_PATH];
    scratch_open(&scratch);
    Search *search = open_search(DATA "train: {epochs: 3, optimizer: sgd}\n"
                                      "model.layers: 2-6-2\n"
                                      "search: {strategy: grid}\n"
                                      "space: {train.learning_rate: [0.1, 1e30], model.dropout: [0, [0, 0.5]]}\n",
                                 scratch_path(&scratch, "x", folder), 2);
    const RunState states[] = {RUN_DONE, RUN_FAILED, RUN_DIVERGED, RUN_FAILED};
    run_search(search);
    for (size_t t = 0; t < 4; t++) {
        SearchTrial trial;
        search_trial(search, t, &trial);
        assert_int_equal(trial.state, states[t]);
        assert_true(t == 0 || (trial.message != NULL && isnan(trial.figure)));
    }
    assert_int_equal(search_winner(search), 0);
    search_close(search);

    search = open_search(DATA "search: {strategy: grid}\nspace: {model.layers: [2-3-5, 7-2]}\n",
                         scratch_path(&scratch, "y", folder), 2);
    const SearchWatcher nobody = {0};
    assert_refused(search_run(search, &nobody, error), PERCEPT_ERROR_DIVERGED, "none of the 2 trials");
    search_close(search);
    scratch_remove(scratch.folder);
}

static void what_no_trial_could_do_without_is_refused_before(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"data: {name: moons, split: [0.8, 0.2]}\nspace: {train.batch_size: [8, 9]}\n", "there is none"},
        {DATA "metrics.test: true\nspace: {train.batch_size: [8, 9]}\n", "metrics.test"},
        {"data.name: nowhere.csv\nspace: {train.batch_size: [8, 9]}\n", "nowhere.csv"},
        {DATA "search: {strategy: grid}\nspace: {train.batch_size: [8, 9]}\nconditions: model.parameters < 2\n",
         "none of the 2 combinations of the grid meets the conditions; most fail 'model.parameters < 2'"},
        {DATA "space: {train.batch_size: [8, 9]}\nconditions: model.parameters < 2\n",
         "most fail 'model.parameters < 2'"},
    };
    Scratch scratch;
    char folder[SCRATCH_PATH];
    scratch_open(&scratch);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Search *search = NULL;
        percept_error error = {PERCEPT_OK, ""};
        const percept_status status =
            search_open(make_space(cases[i].text), scratch_path(&scratch, "z", folder), false, 1, &search, &error);
        if (status == PERCEPT_OK || strstr(error.message, cases[i].message) == NULL)
            fail_msg("%s: status %d, message '%s'", cases[i].text, (int)status, error.message);
        assert_int_equal(scratch_count(scratch.folder), 0);
    }
    scratch_remove(scratch.folder);
}

/* What the views of a search by halving say of its epochs. */
typedef struct Onlooker {
    double trained, all; /* epochs, at the latest view; the most that were ever expected */
    size_t views;
} Onlooker;

static void look_on(const SearchView *view, void *user)
{
    Onlooker *onlooker = user;
    double running = 0;
    for (size_t i = 0; i < view->running_count; i++)
        running += view->running[i].epochs > view->running[i].epoch;
    assert_true(view->epochs_trained >= onlooker->trained);
    assert_true(view->epochs_left >= 0);
    assert_true(view->epochs_trained > 0 || isnan(view->left));
    assert_true(!(view->epochs_trained > 0) || view->left >= 0);
    assert_true(running < 1 || view->epochs_left > 0 || view->begun == view->planned);
    onlooker->trained = view->epochs_trained;
    onlooker->all = fmax(onlooker->all, view->epochs_trained + view->epochs_left);
    onlooker->views++;
}

static void epochs_left_are_those_of_the_rungs(void **state)
{
    (void)state;
    Scratch scratch;
    char folder[SCRATCH_PATH];
    Onlooker onlooker = {0};
    const SearchWatcher watcher = {.view = look_on, .user = &onlooker};
    double trained = 0;
    scratch_open(&scratch);
    Search *search = open_search(DATA "train.epochs: 9\n"
                                      "model.layers: 2-6-2\n"
                                      "search: {strategy: halving, trials: 9, halving: {reduction: 3, promote: late}}\n"
                                      "space: {train.learning_rate: {low: 0.01, high: 0.5}}\n",
                                 scratch_path(&scratch, "x", folder), 2);
    assert_ok(search_run(search, &watcher, error));
    for (size_t t = 0; t < search_count(search); t++) {
        SearchTrial trial;
        search_trial(search, t, &trial);
        trained += (double)trial.epochs;
    }
    assert_true(onlooker.views > 0);
    assert_close(onlooker.trained, trained, 0); /* whole numbers */
    assert_close(onlooker.all, 9 * 1 + 3 * 2 + 1 * 6, 0);
    search_close(search);
    scratch_remove(scratch.folder);
}

/* Who looks on, and asks through the database. */
typedef struct Asker {
    Database *database;
    bool of_runs; /* to stop each run, else the search */
} Asker;

static void ask_to_stop(const SearchView *view, void *user)
{
    const Asker *asker = user;
    RunRows rows = {0};
    (void)view;
    if (!asker->of_runs) {
        (void)database_ask_search(asker->database, 1, REQUEST_STOP, NULL);
        return;
    }
    assert_ok(database_runs(asker->database, &(RunQuery){0}, &rows, error));
    for (size_t i = 0; i < rows.count; i++)
        if (rows.rows[i].state == RUN_RUNNING)
            (void)database_ask(asker->database, rows.rows[i].id, REQUEST_STOP, NULL); /* it may just have ended */
    run_rows_clear(&rows);
}

/* Trainings that would never end. */
#define ENDLESS DATA "train.epochs: 1000000000\nsearch: {strategy: grid}\nspace: {train.batch_size: [8, 9]}\n"

static void what_is_asked_through_the_database_is_done(void **state)
{
    (void)state;
    for (int of_runs = 0; of_runs < 2; of_runs++) {
        Scratch scratch;
        char folder[SCRATCH_PATH];
        Asker asker = {.of_runs = of_runs == 1};
        scratch_open(&scratch);
        Search *search = open_search(ENDLESS, scratch_path(&scratch, "x", folder), 2);
        assert_ok(database_open(scratch.folder, DATABASE_WRITE, &asker.database, error));
        const SearchWatcher watcher = {.view = ask_to_stop, .user = &asker};
        if (of_runs == 0)
            assert_refused(search_run(search, &watcher, error), PERCEPT_ERROR_INTERRUPTED, "stopped");
        else
            assert_refused(search_run(search, &watcher, error), PERCEPT_ERROR_DIVERGED, "stopped by request");
        SearchRows rows = {0};
        assert_ok(database_searches(asker.database, &rows, error));
        assert_int_equal(rows.rows[0].state, of_runs == 0 ? RUN_INTERRUPTED : RUN_FAILED);
        assert_int_equal(rows.rows[0].pruned, of_runs == 0 ? 0 : 2);
        search_rows_clear(&rows);
        database_close(asker.database);
        search_close(search);
        scratch_remove(scratch.folder);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_and_interruptions_change_nothing),
        cmocka_unit_test(the_winner_alone_reads_the_test_part),
        cmocka_unit_test(rungs_stand_in_the_database),
        cmocka_unit_test(what_diverges_or_fails_stops_nothing),
        cmocka_unit_test(what_no_trial_could_do_without_is_refused_before),
        cmocka_unit_test(epochs_left_are_those_of_the_rungs),
        cmocka_unit_test(what_is_asked_through_the_database_is_done),
    };
    return cmocka_run_group_tests_name("searches", tests, NULL, NULL);
}
