/* Searches that wait, are resumed, or are not resumed because something has changed. */
#include <sqlite3.h>

#include "searches.h"

/* ---- Pauses -------------------------------------------------------------------------------------------------------- */

/* Two trainings that would never end, side by side. */
#define LONG_EPOCHS                                                                                                    \
    "data: {name: moons, examples: 3000}\ntrain.epochs: 1000000000\nsearch: {strategy: grid}\n"                        \
    "space: {train.batch_size: [8, 9]}\n"

/* Who asks a search to pause, looks at it for a while, lets it go on and then stops it; or, from the start, stops it where the
 * trainings have come further than some epochs. */
typedef struct Pauser {
    Database *database;
    int64_t search;
    enum { TO_PAUSE, PAUSING, PAUSED, GOING_ON, STOPPING } stage;
    size_t looks;            /* while it is paused */
    SearchRunning before[2]; /* the trainings when it was */
} Pauser;

/* Whether the search and its two runs are all in this state. */
static bool all_are(const Pauser *pauser, RunState state)
{
    SearchRows searches = {0};
    RunRows runs = {0};
    assert_ok(database_searches(pauser->database, &searches, error));
    assert_ok(database_runs(pauser->database, &(RunQuery){.search = pauser->search}, &runs, error));
    const bool are = searches.rows[pauser->search - 1].state == state && runs.count == 2 &&
                     runs.rows[0].state == state && runs.rows[1].state == state;
    search_rows_clear(&searches);
    run_rows_clear(&runs);
    return are;
}

static bool all_came_further(const Pauser *pauser, const SearchView *view)
{
    return view->running_count == 2 && view->running[0].epoch > pauser->before[0].epoch &&
           view->running[1].epoch > pauser->before[1].epoch;
}

static void ask_for(Pauser *pauser, RunRequest request)
{
    assert_ok(database_ask_search(pauser->database, pauser->search, request, error));
    pauser->stage++;
}

static void pause_and_go_on(const SearchView *view, void *user)
{
    Pauser *pauser = user;
    if (pauser->stage == TO_PAUSE && all_came_further(pauser, view)) {
        ask_for(pauser, REQUEST_PAUSE);
    } else if (pauser->stage == PAUSING && view->paused && all_are(pauser, RUN_PAUSED)) {
        pauser->stage = PAUSED;
    } else if (pauser->stage == PAUSED) {
        for (size_t i = 0; i < 2 && pauser->looks > 0; i++) {
            assert_int_equal(view->running[i].epoch, pauser->before[i].epoch);
            assert_int_equal(view->running[i].step, pauser->before[i].step);
        }
        memcpy(pauser->before, view->running, sizeof pauser->before);
        if (++pauser->looks == 3)
            ask_for(pauser, REQUEST_NONE);
    } else if (pauser->stage == GOING_ON && !view->paused && all_came_further(pauser, view) &&
               all_are(pauser, RUN_RUNNING)) {
        ask_for(pauser, REQUEST_STOP);
    }
}

static void run_until_stopped(const char *folder, Pauser *pauser)
{
    const SearchWatcher watcher = {.view = pause_and_go_on, .user = pauser};
    Search *search = open_search(LONG_EPOCHS, folder, 2);
    assert_refused(search_run(search, &watcher, error), PERCEPT_ERROR_INTERRUPTED, "stopped");
    search_close(search);
    assert_int_equal(pauser->stage, STOPPING);
    assert_true(all_are(pauser, RUN_INTERRUPTED));
}

/* The epochs of a trial. */
static EpochRow *epochs_of(const Pauser *pauser, size_t trial, size_t *count)
{
    RunRows runs = {0};
    EpochRow *epochs = NULL;
    assert_ok(database_runs(pauser->database, &(RunQuery){.search = pauser->search}, &runs, error));
    assert_int_equal(runs.count, 2);
    const size_t r = runs.rows[0].trial == trial ? 0 : 1;
    assert_ok(database_epochs(pauser->database, runs.rows[r].id, 0, &epochs, count, error));
    run_rows_clear(&runs);
    return epochs;
}

static void a_search_waits_and_goes_on_as_if_nothing_had_been(void **state)
{
    (void)state;
    Scratch scratch;
    char folder[SCRATCH_PATH];
    scratch_open(&scratch);
    Pauser paused = {.search = 1}, plain = {.search = 2, .stage = GOING_ON};
    assert_ok(database_open(scratch.folder, DATABASE_WRITE, &paused.database, error));
    run_until_stopped(scratch_path(&scratch, "paused", folder), &paused);
    assert_int_equal(paused.looks, 3);
    plain.database = paused.database;
    memcpy(plain.before, paused.before, sizeof plain.before);
    run_until_stopped(scratch_path(&scratch, "plain", folder), &plain);
    for (size_t trial = 0; trial < 2; trial++) {
        size_t count = 0, plain_count = 0;
        EpochRow *epochs = epochs_of(&paused, trial, &count), *plain_epochs = epochs_of(&plain, trial, &plain_count);
        assert_true(count > paused.before[trial].epoch && plain_count > paused.before[trial].epoch);
        for (size_t e = 0; e < count && e < plain_count; e++) {
            assert_memory_equal(&epochs[e].train_loss, &plain_epochs[e].train_loss, sizeof(double));
            assert_memory_equal(&epochs[e].valid_loss, &plain_epochs[e].valid_loss, sizeof(double));
        }
        memory_free(epochs);
        memory_free(plain_epochs);
    }
    database_close(paused.database);
    scratch_remove(scratch.folder);
}

/* ---- Changes ------------------------------------------------------------------------------------------------------- */

static void a_space_that_was_changed_is_not_gone_on_with(void **state)
{
    (void)state;
    Scratch scratch;
    char folder[SCRATCH_PATH], path[SCRATCH_PATH];
    scratch_open(&scratch);
    Search *search = open_search(spaces[2], scratch_path(&scratch, "x", folder), 1);
    Asked asked = {.ended = 1, .stop_after = 1}; /* at once */
    const SearchWatcher watcher = watcher_of(&asked);
    assert_refused(search_run(search, &watcher, error), PERCEPT_ERROR_INTERRUPTED, "stopped");
    search_close(search);
    FILE *file = fopen(scratch_path(&scratch, "x/space.yaml", path), "ab");
    assert_non_null(file);
    assert_true(fputs("conditions: train.learning_rate < 1\n", file) > 0);
    assert_int_equal(fclose(file), 0);
    assert_refused(search_reopen(folder, 1, &search, error), PERCEPT_ERROR_ARGUMENT, "undo the change");
    scratch_remove(scratch.folder);
}

/* Rows of two numbers and a class; `swapped` gives one row the other class. */
static void write_table(const char *path, bool swapped)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("a,b,label\n", file);
    for (int i = 0; i < 30; i++)
        fprintf(file, "%d,%d,%s\n", i % 7, i % 5, (i % 2 == 0) != (swapped && i == 11) ? "x" : "y");
    assert_int_equal(fclose(file), 0);
}

/* The searches of the database look as if they had been stopped at their last trial. */
static void interrupt(const char *path)
{
    sqlite3 *database = NULL;
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, "UPDATE searches SET state = 'interrupted'", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
}

/* Paths in the folder's space are absolute, so that the search goes on from every working folder. */
static void a_search_does_not_go_on_with_other_data(void **state)
{
    (void)state;
    Scratch scratch;
    char folder[SCRATCH_PATH], table[SCRATCH_PATH], path[SCRATCH_PATH], text[SCRATCH_PATH + 200];
    scratch_open(&scratch);
    write_table(scratch_path(&scratch, "t.csv", table), false);
    snprintf(text, sizeof text,
             "data: {name: %s, split: [20, 6, 4]}\ntrain.epochs: 2\nsearch: {strategy: grid}\n"
             "space: {train.batch_size: [4, 5, 6]}\n",
             table);
    Search *search = open_search(text, scratch_path(&scratch, "x", folder), 1);
    run_search(search);
    search_close(search);
    interrupt(scratch_path(&scratch, "percept.db", path));

    write_table(table, true);
    assert_ok(search_reopen(folder, 1, &search, error));
    const SearchWatcher nobody = {0};
    assert_refused(search_run(search, &nobody, error), PERCEPT_ERROR_ARGUMENT, "have changed since trial 0");
    search_close(search);

    write_table(table, false);
    assert_ok(search_reopen(folder, 1, &search, error));
    run_search(search);
    search_close(search);
    scratch_remove(scratch.folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_search_waits_and_goes_on_as_if_nothing_had_been),
        cmocka_unit_test(a_space_that_was_changed_is_not_gone_on_with),
        cmocka_unit_test(a_search_does_not_go_on_with_other_data),
    };
    return cmocka_run_group_tests_name("resumed searches", tests, NULL, NULL);
}
