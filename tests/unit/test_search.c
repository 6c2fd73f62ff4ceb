/* Searches from the space to the table: alike for any number of threads, whether they were interrupted or not; the test part
 * is read by the winner alone; what diverges or fails stops nothing. */
#include <sqlite3.h>

#include "spaces.h"

#include "base/file.h"
#include "search/search.h"
#include "store/database.h"

/* Two moons, 80 examples for training: seconds are not to be spent here. */
#define DATA "data: {name: moons, examples: 120, split: [80, 20, 20]}\n"

/* What is asked of a search while it runs. */
typedef struct Asked {
    size_t ended, stop_after; /* trials; 0: never */
} Asked;

static void note_end(const SearchTrial *trial, void *user)
{
    Asked *asked = user;
    (void)trial;
    asked->ended++;
}

static bool is_enough(void *user)
{
    const Asked *asked = user;
    return asked->stop_after > 0 && asked->ended >= asked->stop_after;
}

static SearchWatcher watcher_of(Asked *asked)
{
    return (SearchWatcher){.ended = note_end, .interrupted = is_enough, .user = asked};
}

static Search *open_search(const char *text, const char *folder, size_t jobs)
{
    Search *search = NULL;
    assert_ok(search_open(make_space(text), folder, false, jobs, &search, error));
    return search;
}

static void run_search(Search *search)
{
    Asked asked = {0};
    const SearchWatcher watcher = watcher_of(&asked);
    assert_ok(search_run(search, &watcher, error));
    assert_true(asked.ended >= search_count(search));
}

/* results.csv of a folder, released with memory_free. */
static char *read_results(const char *folder)
{
    char *path = NULL;
    uint8_t *bytes = NULL;
    size_t size = 0;
    assert_ok(file_join(folder, SEARCH_RESULTS, &path, error));
    assert_ok(file_read(path, &bytes, &size, error));
    assert_ok(memory_grow(&bytes, size, size + 1, 1, "a text", error));
    bytes[size] = '\0';
    memory_free(path);
    return (char *)bytes;
}

static const char *const spaces[] = {
    DATA "train: {epochs: 9, optimizer: sgd}\n"
         "search: {strategy: halving, trials: 12, repeats: 2, halving: {least_epochs: 1, reduction: 3}}\n"
         "space:\n"
         "  train.learning_rate: {low: 0.01, high: 30, scale: log}\n"
         "  model.hidden: {depth: [0, 1, 2], width: {low: 2, high: 12}}\n",
    DATA "train: {epochs: 6, optimizer: sgd, patience: 2}\n"
         "search: {strategy: tpe, trials: 16, objective: valid_loss, tpe: {startup: 4}}\n"
         "space:\n"
         "  train.learning_rate: {low: 0.01, high: 1, scale: log}\n"
         "  train.batch_size: [8, 16, 40]\n"
         "conditions: [train.batch_size < 40 or train.learning_rate > 0.1]\n",
    DATA "train: {epochs: 4, optimizer: sgd}\n"
         "search: {strategy: grid, repeats: 3, metric: median}\n"
         "space:\n"
         "  train.learning_rate: [0.01, 0.1, 1]\n"
         "  model.layers: [2-4-2, [2, 8, 2]]\n",
};

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
    percept_metrics test = {0};
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

/* ------------------------------------------------------------------------------------------------------------------ */

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

static void repeats_share_one_split(void **state)
{
    (void)state;
    Scratch scratch;
    char folder[SCRATCH_PATH];
    Database *database = NULL;
    RunRows rows = {0};
    scratch_open(&scratch);
    Search *search = open_search("data: {name: moons, examples: 90}\nseed: 5\ntrain.epochs: 1\n"
                                 "search: {strategy: grid, repeats: 3}\nspace: {train.batch_size: [8, 9]}\n",
                                 scratch_path(&scratch, "x", folder), 2);
    run_search(search);
    search_close(search);
    assert_ok(database_open(scratch.folder, DATABASE_READ, &database, error));
    assert_ok(database_runs(database, &(RunQuery){0}, &rows, error));
    assert_int_equal(rows.count, 6);
    for (size_t i = 0; i < rows.count; i++) {
        char seed[32];
        snprintf(seed, sizeof seed, "\"seed\":%zu", 5 + rows.rows[i].repeat);
        assert_string_equal(rows.rows[i].checksum, rows.rows[0].checksum);
        assert_non_null(strstr(rows.rows[i].recipe, seed));
    }
    run_rows_clear(&rows);
    database_close(database);
    scratch_remove(scratch.folder);
}

static int compare(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

#define REPEATS 4

/* Figures of the runs of a trial, in ascending order. */
static void read_figures(const RunRows *rows, size_t trial, double figures[REPEATS])
{
    size_t count = 0;
    for (size_t i = 0; i < rows->count; i++)
        if (rows->rows[i].trial == trial) {
            assert_true(count < REPEATS);
            figures[count++] = rows->rows[i].valid_loss;
        }
    assert_int_equal(count, REPEATS);
    qsort(figures, REPEATS, sizeof *figures, compare);
}

/* √(Σ (x - m)² / (n - 1)) */
static double sample_deviation(const double figures[REPEATS])
{
    double mean = 0, squares = 0;
    for (size_t r = 0; r < REPEATS; r++)
        mean += figures[r] / REPEATS;
    for (size_t r = 0; r < REPEATS; r++)
        squares += (figures[r] - mean) * (figures[r] - mean);
    return sqrt(squares / (REPEATS - 1));
}

/* To their median, of an even number the mean of the two in the middle, and their sample deviation. */
static void repeats_are_added_up(void **state)
{
    (void)state;
    Scratch scratch;
    char folder[SCRATCH_PATH];
    Database *database = NULL;
    RunRows rows = {0};
    scratch_open(&scratch);
    Search *search = open_search(DATA "train: {epochs: 2, optimizer: sgd}\n"
                                      "search: {strategy: grid, objective: valid_loss, repeats: 4, metric: median}\n"
                                      "space: {train.batch_size: [8, 16]}\n",
                                 scratch_path(&scratch, "x", folder), 2);
    run_search(search);
    assert_ok(database_open(scratch.folder, DATABASE_READ, &database, error));
    assert_ok(database_runs(database, &(RunQuery){0}, &rows, error));
    for (size_t t = 0; t < 2; t++) {
        SearchTrial trial;
        double figures[REPEATS] = {0};
        search_trial(search, t, &trial);
        read_figures(&rows, t, figures);
        assert_true(figures[1] < figures[2]);
        assert_close(trial.figure, (figures[1] + figures[2]) / 2, 1e-15);
        assert_close(trial.deviation, sample_deviation(figures), 1e-15);
    }
    run_rows_clear(&rows);
    database_close(database);
    search_close(search);
    scratch_remove(scratch.folder);
}

/* The schedule is constant, so what decay_every says changes nothing. */
static void of_equal_trials_the_first_wins(void **state)
{
    (void)state;
    Scratch scratch;
    char folder[SCRATCH_PATH];
    SearchTrial trials[3];
    size_t *ranking = NULL;
    scratch_open(&scratch);
    Search *search = open_search(DATA "train: {epochs: 1, optimizer: sgd}\nsearch: {strategy: grid}\n"
                                      "space: {train.decay_every: [1, 2, 3]}\n",
                                 scratch_path(&scratch, "x", folder), 2);
    run_search(search);
    for (size_t t = 0; t < 3; t++)
        search_trial(search, t, &trials[t]);
    assert_true(trials[0].figure == trials[1].figure && trials[0].figure == trials[2].figure);
    assert_int_equal(search_winner(search), 0);
    assert_ok(search_ranking(search, &ranking, error));
    for (size_t t = 0; t < 3; t++)
        assert_int_equal(ranking[t], t);
    memory_free(ranking);
    search_close(search);
    scratch_remove(scratch.folder);
}

/* With seeds 37 and 38 three of 20 examples are right in the end, with 39 fifteen: far from the border at eight. */
static void a_winner_is_trained_with_its_first_seed_that_converged(void **state)
{
    (void)state;
    Scratch scratch;
    char folder[SCRATCH_PATH];
    Database *database = NULL;
    RunRows rows = {0};
    percept_result result;
    percept_metrics test = {0};
    SearchTrial trial;
    scratch_open(&scratch);
    Search *search = open_search("data: {name: moons, examples: 120, split: [80, 20, 20], split_seed: 0}\nseed: 37\n"
                                 "train: {epochs: 1, optimizer: sgd, learning_rate: 0.001}\nmodel.layers: 2-8-2\n"
                                 "search: {strategy: grid, repeats: 4, diverged_below: 0.4}\n"
                                 "space: {train.batch_size: [8]}\n",
                                 scratch_path(&scratch, "x", folder), 1);
    run_search(search);
    search_trial(search, 0, &trial);
    assert_true(search_has_diverged(search, 0, 0) && search_has_diverged(search, 0, 1));
    assert_true(!search_has_diverged(search, 0, 2));
    assert_true(trial.converged >= 1 && trial.diverged >= 2);
    assert_ok(search_train_best(search, NULL, NULL, &result, &test, error));
    assert_ok(search_finish(search, error));
    search_close(search);
    assert_ok(database_open(scratch.folder, DATABASE_READ, &database, error));
    assert_ok(database_runs(database, &(RunQuery){.where = "kind = best"}, &rows, error));
    assert_int_equal(rows.count, 1);
    assert_int_equal(rows.rows[0].repeat, 2);
    assert_non_null(strstr(rows.rows[0].recipe, "\"seed\":39"));
    run_rows_clear(&rows);
    database_close(database);
    percept_metrics_clear(&test);
    scratch_remove(scratch.folder);
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
        cmocka_unit_test(a_search_waits_and_goes_on_as_if_nothing_had_been),
        cmocka_unit_test(a_space_that_was_changed_is_not_gone_on_with),
        cmocka_unit_test(a_search_does_not_go_on_with_other_data),
        cmocka_unit_test(repeats_share_one_split),
        cmocka_unit_test(repeats_are_added_up),
        cmocka_unit_test(of_equal_trials_the_first_wins),
        cmocka_unit_test(a_winner_is_trained_with_its_first_seed_that_converged),
    };
    return cmocka_run_group_tests_name("searches", tests, NULL, NULL);
}
