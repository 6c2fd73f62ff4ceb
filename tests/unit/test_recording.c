/* A run in the runs database: what is recorded of it, and that it obeys what is asked of it there. */
#include "databases.h"
#include "in_scratch.h"
#include "run/run.h"

/* A small network that trains for as many epochs as are wanted; released with percept_recipe_free. */
static percept_recipe *make_recipe(const char *epochs)
{
    static const char *const settings[][2] = {
        {"data.name", "moons"},        {"data.per_class", "40"},  {"model.layers", "2-8-2"},
        {"data.split", "0.6,0.2,0.2"}, {"train.batch_size", "8"}, {"threads", "1"},
    };
    percept_recipe *recipe = NULL;
    assert_ok(percept_recipe_create(&recipe, error));
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        assert_ok(percept_recipe_set(recipe, settings[i][0], settings[i][1], error));
    assert_ok(percept_recipe_set(recipe, "train.epochs", epochs, error));
    return recipe;
}

static const RunPlace as_train = {.kind = "train"};

/* A run in the folder `name`, begun and recorded. */
static void begin(Run *run, percept_recipe *recipe, const char *name, bool force)
{
    char path[SCRATCH_PATH];
    assert_ok(run_begin(run, recipe, scratch_path(&scratch, name, path), force, error));
    assert_ok(run_record(run, &as_train, error));
}

static RunRow read_only_run(void)
{
    RunRows rows = {0};
    Database *database = open_database(scratch.folder, DATABASE_READ);
    assert_ok(database_runs(database, &(RunQuery){0}, &rows, error));
    assert_int_equal(rows.count, 1);
    database_close(database);
    const RunRow row = rows.rows[0];
    memory_free(rows.rows);
    return row;
}

static void a_run_is_recorded_from_its_start_to_its_end(void **state)
{
    (void)state;
    Run run = {.lock = -1};
    percept_recipe *recipe = make_recipe("5");
    begin(&run, recipe, "run", false);
    RunRow row = read_only_run();
    assert_int_equal(row.state, RUN_RUNNING);
    free_run(&row);
    assert_ok(run_train(&run, NULL, NULL, error));
    assert_ok(run_finish(&run, error));
    const percept_result result = run.result;
    const percept_metrics test = run.test;
    assert_ok(run_recorded(&run, error));
    run_clear(&run);
    row = read_only_run();
    assert_string_equal(row.folder, "run");
    assert_string_equal(row.kind, "train");
    assert_int_equal(row.state, RUN_DONE);
    assert_int_equal(row.epoch, 5);
    assert_int_equal(row.epochs, 5);
    assert_int_equal(row.best_epoch, result.best_epoch);
    assert_non_null(strstr(row.checksum, ";valid:"));
    assert_true(row.valid_loss == result.valid_loss && row.test_loss == test.loss &&
                row.test_accuracy == test.accuracy);
    free_run(&row);

    char **paths = NULL;
    size_t count = 0;
    Database *database = open_database(scratch.folder, DATABASE_READ);
    assert_ok(database_artifacts(database, 1, &paths, &count, error));
    assert_int_equal(count, 4);
    assert_string_equal(paths[1], "run/model.safetensors");
    database_free_paths(paths, count);
    database_close(database);
    percept_recipe_free(recipe);
}

static void a_run_that_replaces_another_takes_its_row(void **state)
{
    (void)state;
    Run run = {.lock = -1};
    for (int i = 0; i < 2; i++) {
        percept_recipe *recipe = make_recipe("2");
        begin(&run, recipe, "run", i > 0);
        assert_ok(run_train(&run, NULL, NULL, error));
        assert_ok(run_finish(&run, error));
        run_clear(&run);
        percept_recipe_free(recipe);
    }
    RunRow row = read_only_run();
    assert_int_equal(row.epoch, 2);
    free_run(&row);
}

static void a_run_inside_a_whole_is_recorded_beside_the_whole(void **state)
{
    (void)state;
    Run run = {.lock = -1};
    char whole[SCRATCH_PATH], path[2 * SCRATCH_PATH];
    percept_recipe *recipe = make_recipe("1");
    scratch_path(&scratch, "study", whole);
    snprintf(path, sizeof path, "%s/first", whole);
    assert_ok(run_begin(&run, recipe, path, false, error));
    assert_ok(run_record(&run, &(RunPlace){.kind = "reproduce", .whole = whole}, error));
    assert_ok(run_train(&run, NULL, NULL, error));
    run_clear(&run); /* before its end */
    RunRow row = read_only_run();
    assert_string_equal(row.folder, "study/first");
    assert_string_equal(row.kind, "reproduce");
    assert_int_equal(row.state, RUN_INTERRUPTED);
    free_run(&row);
    percept_recipe_free(recipe);
}

/* ---- Ends ---------------------------------------------------------------------------------------------------------- */

static int stop_in_third_epoch(const percept_progress *progress, void *user)
{
    (void)user;
    return progress->epoch == 2;
}

static void an_interrupted_run_goes_on_in_its_row(void **state)
{
    (void)state;
    Run run = {.lock = -1};
    char path[SCRATCH_PATH];
    percept_recipe *recipe = make_recipe("5");
    begin(&run, recipe, "run", false);
    assert_int_equal(run_train(&run, stop_in_third_epoch, NULL, NULL), PERCEPT_ERROR_INTERRUPTED);
    run_clear(&run);
    RunRow row = read_only_run();
    assert_true(row.state == RUN_INTERRUPTED && row.epoch == 2);
    assert_non_null(strstr(row.message, "stopped in epoch 2"));
    free_run(&row);
    assert_ok(run_resume(&run, recipe, scratch_path(&scratch, "run", path), error));
    assert_ok(run_record(&run, &as_train, error));
    assert_ok(run_train(&run, NULL, NULL, error));
    assert_ok(run_finish(&run, error));
    run_clear(&run);
    row = read_only_run();
    assert_true(row.state == RUN_DONE && row.epoch == 5 && row.message == NULL);
    free_run(&row);
    EpochRow *epochs = NULL;
    size_t count = 0;
    Database *database = open_database(scratch.folder, DATABASE_READ);
    assert_ok(database_epochs(database, 1, 0, &epochs, &count, error));
    assert_int_equal(count, 5);
    for (size_t e = 1; e < count; e++)
        assert_true(epochs[e].epoch == e && epochs[e].seconds >= epochs[e - 1].seconds);
    memory_free(epochs);
    database_close(database);
    percept_recipe_free(recipe);
}

static void a_diverged_run_is_told_as_one(void **state)
{
    (void)state;
    Run run = {.lock = -1};
    percept_recipe *recipe = make_recipe("5");
    assert_ok(percept_recipe_set(recipe, "train.optimizer", "sgd", error));
    assert_ok(percept_recipe_set(recipe, "train.learning_rate", "1e30", error));
    begin(&run, recipe, "run", false);
    assert_int_equal(run_train(&run, NULL, NULL, NULL), PERCEPT_ERROR_DIVERGED);
    run_clear(&run);
    RunRow row = read_only_run();
    assert_int_equal(row.state, RUN_DIVERGED);
    assert_non_null(row.message);
    free_run(&row);
    percept_recipe_free(recipe);
}

/* ---- Without a database -------------------------------------------------------------------------------------------- */

static void a_database_that_cannot_be_used_costs_a_run_nothing(void **state)
{
    (void)state;
    Run run = {.lock = -1};
    char path[SCRATCH_PATH];
    percept_recipe *recipe = make_recipe("2");
    scratch_write(scratch_path(&scratch, DATABASE_FILE, path), "this is no database, and longer than nothing", 44);
    assert_ok(run_begin(&run, recipe, scratch_path(&scratch, "run", path), false, error));
    assert_refused(run_record(&run, &as_train, error), PERCEPT_ERROR_FORMAT, "no SQLite database");
    assert_ok(run_train(&run, NULL, NULL, error));
    assert_ok(run_finish(&run, error));
    assert_refused(run_recorded(&run, error), PERCEPT_ERROR_FORMAT, "no SQLite database");
    run_clear(&run);
    percept_recipe_free(recipe);
}

/* ---- Pictures ------------------------------------------------------------------------------------------------------ */

#define PICTURES 120
#define SIDE 4

/* Pictures of noise, whose labels cannot be learned. */
static percept_recipe *make_pictures(void)
{
    const uint32_t sizes[] = {PICTURES, SIDE, SIDE};
    char path[SCRATCH_PATH], labels_path[SCRATCH_PATH];
    uint8_t pixels[PICTURES * SIDE * SIDE], labels[PICTURES];
    uint32_t state = 7;
    for (size_t i = 0; i < sizeof pixels; i++) {
        state = state * 1664525 + 1013904223;
        pixels[i] = (uint8_t)(state >> 24);
        labels[i / SIDE / SIDE] = (uint8_t)(state >> 30);
    }
    scratch_write_idx(scratch_path(&scratch, "p-images-idx3-ubyte", path), 3, sizes, pixels, sizeof pixels);
    scratch_write_idx(scratch_path(&scratch, "p-labels-idx1-ubyte", labels_path), 1, sizes, labels, PICTURES);
    percept_recipe *recipe = make_recipe("4");
    assert_ok(percept_recipe_set(recipe, "data.per_class", "0", error));
    assert_ok(percept_recipe_set(recipe, "data.name", path, error));
    assert_ok(percept_recipe_set(recipe, "model.layers", "16-8-4", error));
    return recipe;
}

/* Trains into a folder and gives the model's parameters; with a database, looks for wrong pictures after every epoch. */
static void train_on_pictures(const char *name, bool recorded, float *parameters, size_t count)
{
    Run run = {.lock = -1};
    char path[SCRATCH_PATH];
    percept_recipe *recipe = make_pictures();
    assert_ok(run_begin(&run, recipe, scratch_path(&scratch, name, path), false, error));
    if (recorded)
        assert_ok(run_record(&run, &as_train, error));
    run.recording.wrong.done = -1000; /* long ago, so the first is due */
    assert_ok(run_train(&run, NULL, NULL, error));
    assert_int_equal(percept_model_parameters(run.model), count);
    memcpy(parameters, run.model->parameters, count * sizeof *parameters);
    run_clear(&run);
    percept_recipe_free(recipe);
}

static void wrong_pictures_are_kept_and_change_no_bit_of_the_training(void **state)
{
    (void)state;
    float plain[16 * 8 + 8 + 8 * 4 + 4], watched[sizeof plain / sizeof *plain];
    const size_t parameters = sizeof plain / sizeof *plain;
    train_on_pictures("plain", false, plain, parameters);
    train_on_pictures("watched", true, watched, parameters);
    assert_memory_equal(plain, watched, sizeof plain);
    WrongPicture *pictures = NULL;
    size_t count = 0, epoch = 0;
    Database *database = open_database(scratch.folder, DATABASE_READ);
    assert_ok(database_wrong(database, 1, &epoch, &pictures, &count, error));
    assert_int_equal(epoch, 3); /* the last */
    assert_in_range(count, 1, 24);
    for (size_t i = 0; i < count; i++) {
        assert_true(pictures[i].width == SIDE && pictures[i].height == SIDE);
        assert_true(pictures[i].label != pictures[i].predicted && pictures[i].label < 4 && pictures[i].predicted < 4);
        assert_true(pictures[i].confidence >= 0.25 && pictures[i].confidence <= 1);
        assert_non_null(pictures[i].label_name);
    }
    wrong_pictures_free(pictures, count);
    database_close(database);
}

/* ---- Requests ------------------------------------------------------------------------------------------------------ */

/* Somebody who asks for a pause in the first epoch, takes it back when the run has waited a while, then asks for the end. */
typedef struct Asker {
    const Run *run;
    Database *database;
    size_t waited; /* calls */
    bool asked, went_on;
} Asker;

static int ask(const percept_progress *progress, void *user)
{
    Asker *asker = user;
    if (asker->database == NULL)
        asker->database = open_database(scratch.folder, DATABASE_READ);
    if (!asker->asked) {
        asker->asked = true;
        assert_ok(database_ask(asker->database, 1, REQUEST_PAUSE, error));
    } else if (asker->run->paused && ++asker->waited == 2) {
        RunRow row = read_run(asker->database, 1);
        assert_int_equal(row.state, RUN_PAUSED);
        assert_int_equal(progress->epoch_done, 0); /* nothing is told twice */
        free_run(&row);
        assert_ok(database_ask(asker->database, 1, REQUEST_NONE, error));
    } else if (!asker->run->paused && asker->waited >= 2 && !asker->went_on) {
        RunRow row = read_run(asker->database, 1);
        assert_int_equal(row.state, RUN_RUNNING);
        free_run(&row);
        asker->went_on = true;
        assert_ok(database_ask(asker->database, 1, REQUEST_STOP, error));
    }
    return 0;
}

static void a_run_waits_and_goes_on_and_stops_as_it_is_asked(void **state)
{
    (void)state;
    Run run = {.lock = -1};
    percept_recipe *recipe = make_recipe("1000000");
    begin(&run, recipe, "run", false);
    Asker asker = {.run = &run};
    assert_int_equal(run_train(&run, ask, &asker, NULL), PERCEPT_ERROR_INTERRUPTED);
    assert_true(run.stopped && !run.paused && asker.went_on);
    run_clear(&run);
    database_close(asker.database);
    RunRow row = read_only_run();
    assert_int_equal(row.state, RUN_INTERRUPTED);
    assert_int_equal(row.request, REQUEST_NONE);
    assert_string_equal(row.message, "stopped by request");
    free_run(&row);
    char path[SCRATCH_PATH];
    assert_int_equal(access(scratch_path(&scratch, "run/checkpoint.safetensors", path), F_OK), 0);
    percept_recipe_free(recipe);
}

/* Ends the run by the callback while it waits. */
static int end_while_waiting(const percept_progress *progress, void *user)
{
    Asker *asker = user;
    (void)progress;
    if (!asker->asked)
        assert_ok(database_ask(asker->database, 1, REQUEST_PAUSE, error));
    asker->asked = true;
    return asker->run->paused;
}

static void a_run_that_waits_still_hears_its_callback(void **state)
{
    (void)state;
    Run run = {.lock = -1};
    percept_recipe *recipe = make_recipe("1000000");
    begin(&run, recipe, "run", false);
    Asker asker = {.run = &run, .database = open_database(scratch.folder, DATABASE_READ)};
    assert_int_equal(run_train(&run, end_while_waiting, &asker, NULL), PERCEPT_ERROR_INTERRUPTED);
    assert_false(run.stopped);
    run_clear(&run);
    database_close(asker.database);
    percept_recipe_free(recipe);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(a_run_is_recorded_from_its_start_to_its_end),
        IN_SCRATCH(a_run_that_replaces_another_takes_its_row),
        IN_SCRATCH(a_run_inside_a_whole_is_recorded_beside_the_whole),
        IN_SCRATCH(an_interrupted_run_goes_on_in_its_row),
        IN_SCRATCH(a_diverged_run_is_told_as_one),
        IN_SCRATCH(a_database_that_cannot_be_used_costs_a_run_nothing),
        IN_SCRATCH(wrong_pictures_are_kept_and_change_no_bit_of_the_training),
        IN_SCRATCH(a_run_waits_and_goes_on_and_stops_as_it_is_asked),
        IN_SCRATCH(a_run_that_waits_still_hears_its_callback),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
