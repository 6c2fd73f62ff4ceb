/* Trials of a search as they are read from the database: repeats added up, keys in the space's order, the best one. */
#include "databases.h"
#include "in_scratch.h"
#include "show/trials_read.h"

static char folder[SCRATCH_PATH];

static int set_up(void **state)
{
    (void)state;
    scratch_open(&scratch);
    scratch_path(&scratch, "search", folder);
    return 0;
}

static const char space[] = "search: {strategy: random, metric: median}\n"
                            "space:\n"
                            "  train.learning_rate: {low: 0.001, high: 1, scale: log}\n"
                            "  train.momentum: {low: 0.001, high: 0.9}\n"
                            "  train.batch_size: [1, 2, 1024]\n"
                            "  train.optimizer: [adam, sgd]\n"
                            "  train.epochs: [7]\n"
                            "  model.hidden: {depth: [1, 2], width: {low: 8, high: 512, scale: log}}\n";

static int64_t begin(Database *database, const char *text)
{
    const SearchRecord record = {.name = "search",
                                 .strategy = "random",
                                 .objective = "valid_accuracy",
                                 .folder = "search",
                                 .space = text,
                                 .planned = 3};
    int64_t search = 0;
    assert_ok(database_begin_search(database, &record, &search, error));
    return search;
}

/* A run of a trial, whose keys are given as "key=value" until NULL. */
static void add_run(Database *database, int64_t search, size_t trial, size_t repeat, const char *const *settings,
                    RunState end, double accuracy)
{
    percept_recipe *recipe = NULL;
    int64_t run = 0;
    assert_ok(percept_recipe_create(&recipe, error));
    for (; settings != NULL && *settings != NULL; settings++)
        assert_ok(recipe_set_pair(recipe, *settings, NULL, error));
    const RunRecord record = {.kind = "trial",
                              .name = "search",
                              .recipe = recipe,
                              .parameters = 100 * (trial + 1),
                              .search = search,
                              .trial = trial,
                              .repeat = repeat};
    const percept_result result = {.epochs = 3, .best_epoch = 1, .valid_accuracy = accuracy, .seconds = 2};
    assert_ok(database_begin_run(database, &record, 0, &run, error));
    assert_ok(database_end_run(database, run, end, end == RUN_DIVERGED ? NULL : &result, NULL, NULL, error));
    percept_recipe_free(recipe);
}

static Trials read_trials(void)
{
    Trials trials = {0};
    assert_ok(trials_read(folder, &trials, error));
    return trials;
}

static const TrialKey *key_named(const Trials *trials, const char *name)
{
    for (size_t k = 0; k < trials->key_count; k++)
        if (strcmp(trials->keys[k].name, name) == 0)
            return &trials->keys[k];
    fail_msg("no key %s", name);
    return NULL;
}

static void repeats_are_added_up(void **state)
{
    (void)state;
    Database *database = open_database(scratch.folder, DATABASE_WRITE);
    const int64_t search = begin(database, space);
    const double figures[] = {0.5, 0.9, 0.6};
    for (size_t repeat = 0; repeat < 3; repeat++)
        add_run(database, search, 0, repeat, NULL, RUN_DONE, figures[repeat]);
    add_run(database, search, 1, 0, NULL, RUN_DIVERGED, 0);
    add_run(database, search, 1, 1, NULL, RUN_DONE, 0.7);
    add_run(database, search, 2, 0, NULL, RUN_DIVERGED, 0);
    add_run(database, search, 3, 0, NULL, RUN_PRUNED, 0.95);
    database_close(database);

    Trials trials = read_trials();
    char text[TRIALS_TEXT_SIZE];
    assert_int_equal(trials.count, 4);
    assert_true(trials.by_median && trials.by_accuracy);
    assert_close(trials.list[0].figure, 0.6, 0);
    assert_close(trials.list[0].deviation, 0.2081665999466133, 1e-12);
    assert_close(trials.list[0].seconds, 6, 0);
    assert_close(trials.list[1].figure, 0.7, 0);
    assert_true(isnan(trials.list[1].deviation));
    assert_int_equal(trials.list[1].state, RUN_DONE);
    assert_int_equal(trials.list[1].converged, 1);
    assert_int_equal(trials.list[1].repeats, 2);
    assert_true(trial_is_lost(&trials.list[2]) && isnan(trials.list[2].figure));
    assert_int_equal(trials.best, 1); /* not the one that was stopped early */
    trials_count_text(&trials, text);
    assert_string_equal(text, "4 trials: 2 finished, 1 stopped at a rung, 1 diverged");
    trials_clear(&trials);
}

static void a_space_of_an_earlier_release_is_understood(void **state)
{
    (void)state;
    Database *database = open_database(scratch.folder, DATABASE_WRITE);
    begin(database, "search: {strategy: random, figure: median}\n");
    database_close(database);
    Trials trials = read_trials();
    assert_true(trials.by_median);
    trials_clear(&trials);
}

static void keys_are_those_in_which_trials_differ(void **state)
{
    (void)state;
    Database *database = open_database(scratch.folder, DATABASE_WRITE);
    const int64_t search = begin(database, space);
    const char *const first[] = {"train.learning_rate=0.01", "train.momentum=0.001",    "train.batch_size=1",
                                 "train.optimizer=sgd",      "model.layers=784-128-10", NULL};
    const char *const second[] = {"train.learning_rate=0.02", "train.momentum=0.9",         "train.batch_size=1024",
                                  "train.optimizer=adam",     "model.layers=784-256-64-10", NULL};
    const char *const third[] = {"train.learning_rate=0.01", "train.momentum=0.5",     "train.batch_size=2",
                                 "train.optimizer=sgd",      "model.layers=784-64-10", NULL};
    add_run(database, search, 0, 0, first, RUN_DONE, 0.5);
    add_run(database, search, 1, 0, second, RUN_DONE, 0.5);
    add_run(database, search, 2, 0, third, RUN_DONE, 0.5);
    database_close(database);

    Trials trials = read_trials();
    static const char *const names[] = {"train.learning_rate", "train.momentum", "train.batch_size", "train.optimizer",
                                        "hidden layers"};
    assert_int_equal(trials.key_count, 5);
    for (size_t k = 0; k < 5; k++)
        assert_string_equal(trials.keys[k].name, names[k]);
    assert_true(trials.keys[0].logarithmic);  /* as the space says, though it spans no decade */
    assert_false(trials.keys[1].logarithmic); /* likewise, though it spans two */
    assert_true(trials.keys[2].logarithmic);  /* a list that spans three */
    assert_close(trials.keys[0].values[1], 0.02, 0);
    assert_string_equal(trials.keys[2].texts[1], "1024");

    const TrialKey *optimizer = key_named(&trials, "train.optimizer"), *hidden = key_named(&trials, "hidden layers");
    assert_int_equal(optimizer->name_count, 2);
    assert_string_equal(optimizer->names[0], "adam");
    assert_close(optimizer->values[0], 1, 0);
    assert_int_equal(hidden->name_count, 3);
    assert_string_equal(hidden->names[0], "64"); /* by number, not by letter */
    assert_string_equal(hidden->names[1], "128");
    assert_string_equal(hidden->names[2], "256-64");
    trials_clear(&trials);
}

static void many_hidden_layers_are_told_by_their_parameters(void **state)
{
    (void)state;
    Database *database = open_database(scratch.folder, DATABASE_WRITE);
    const int64_t search = begin(database, space);
    for (size_t trial = 0; trial < 2 + TRIALS_MOST_NAMES; trial++) {
        char layers[64];
        snprintf(layers, sizeof layers, "model.layers=784-%zu-%zu-10", trial + 1, trial + 2);
        add_run(database, search, trial, 0, (const char *const[]){layers, NULL}, RUN_DONE, 0.5);
    }
    database_close(database);
    Trials trials = read_trials();
    assert_int_equal(trials.key_count, 1);
    assert_string_equal(trials.keys[0].axis, "parameters");
    assert_string_equal(trials.keys[0].texts[2], "3-4");
    assert_close(trials.keys[0].values[2], 300, 0);
    assert_true(trials.keys[0].logarithmic && trials.keys[0].names == NULL);
    trials_clear(&trials);
}

/* One hidden layer is a number. */
static void single_hidden_layers_are_numbers(void **state)
{
    (void)state;
    Database *database = open_database(scratch.folder, DATABASE_WRITE);
    const int64_t search = begin(database, space);
    add_run(database, search, 0, 0, (const char *const[]){"model.layers=784-16-10", NULL}, RUN_DONE, 0.5);
    add_run(database, search, 1, 0, (const char *const[]){"model.layers=784-32-10", NULL}, RUN_DONE, 0.5);
    database_close(database);
    Trials trials = read_trials();
    assert_null(trials.keys[0].names);
    assert_close(trials.keys[0].values[1], 32, 0);
    assert_true(trials.keys[0].logarithmic);
    trials_clear(&trials);
}

static void a_search_that_is_not_known_is_told(void **state)
{
    (void)state;
    Trials trials = {0};
    assert_refused(trials_read(folder, &trials, error), PERCEPT_ERROR_IO, "percept.db");
    Database *database = open_database(scratch.folder, DATABASE_WRITE);
    begin(database, "no: [yaml");
    database_close(database);
    assert_refused(trials_read(scratch.folder, &trials, error), PERCEPT_ERROR_IO, "");
    trials = read_trials(); /* a space that cannot be read has no keys */
    assert_int_equal(trials.count + trials.key_count, 0);
    trials_clear(&trials);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, remove_scratch)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(repeats_are_added_up),
        TEST(a_space_of_an_earlier_release_is_understood),
        TEST(keys_are_those_in_which_trials_differ),
        TEST(many_hidden_layers_are_told_by_their_parameters),
        TEST(single_hidden_layers_are_numbers),
        TEST(a_search_that_is_not_known_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
