/* Small runs databases for tests. */
#ifndef TESTS_DATABASES_H
#define TESTS_DATABASES_H

#include "base/memory.h"
#include "scratch.h"
#include "store/database.h"

static inline Database *open_database(const char *folder, DatabaseMode mode)
{
    Database *database = NULL;
    assert_ok(database_open(folder, mode, &database, error));
    return database;
}

static inline percept_data make_data(void)
{
    percept_data data = {0};
    const float features[] = {0, 1, 2, 3, 4, 5, 6, 7};
    assert_ok(percept_dataset_create(PERCEPT_FLOAT32, 4, 2, features, (const int32_t[]){0, 1, 0, 1}, 2, NULL,
                                     &data.train, error));
    return data;
}

/* A recipe with one key set; released with free_recipe. */
static inline const percept_recipe *recipe_with(const char *key, const char *value)
{
    percept_recipe *recipe = NULL;
    assert_ok(percept_recipe_create(&recipe, error));
    assert_ok(percept_recipe_set(recipe, key, value, error));
    return recipe;
}

static inline void free_recipe(const percept_recipe *recipe)
{
    percept_recipe_free((percept_recipe *)recipe);
}

static inline int64_t begin_record(Database *database, RunRecord record, size_t epoch)
{
    int64_t run = 0;
    record.name = "test";
    record.recipe = recipe_with("train.epochs", "10");
    assert_ok(database_begin_run(database, &record, epoch, &run, error));
    free_recipe(record.recipe);
    return run;
}

static inline int64_t begin_run(Database *database, const char *folder, size_t epoch)
{
    return begin_record(database, (RunRecord){.kind = "train", .folder = folder}, epoch);
}

static inline int64_t begin_trial(Database *database, int64_t search, const char *kind, size_t trial, size_t repeat)
{
    return begin_record(database, (RunRecord){.kind = kind, .search = search, .trial = trial, .repeat = repeat}, 0);
}

static inline int64_t begin_search(Database *database, const char *folder)
{
    const SearchRecord record = {.name = "search",
                                 .strategy = "grid",
                                 .objective = "valid_loss",
                                 .folder = folder,
                                 .space = "space",
                                 .planned = 6};
    int64_t search = 0;
    assert_ok(database_begin_search(database, &record, &search, error));
    return search;
}

/* Epoch e: loss 1/(e + 1), validation loss e, after e + 1 seconds. */
static inline void add_epoch(Database *database, int64_t run, size_t epoch, bool best)
{
    const percept_progress progress = {.epoch = epoch,
                                       .epoch_done = 1,
                                       .best = best,
                                       .learning_rate = 0.1,
                                       .train_loss = 1.0 / (double)(epoch + 1),
                                       .train_accuracy = NAN,
                                       .valid_loss = (double)epoch,
                                       .valid_accuracy = NAN,
                                       .test_loss = NAN,
                                       .test_accuracy = NAN,
                                       .seconds = (double)(epoch + 1)};
    assert_ok(database_add_epoch(database, run, &progress, error));
}

static inline RunRow read_run(Database *database, int64_t run)
{
    RunRows rows = {0};
    assert_ok(database_runs(database, &(RunQuery){.id = run}, &rows, error));
    assert_int_equal(rows.count, 1);
    const RunRow row = rows.rows[0];
    memory_free(rows.rows);
    return row;
}

static inline void free_run(RunRow *row)
{
    RunRow *block = NULL;
    assert_ok(memory_allocate(1, sizeof *block, "a row", &block, error));
    *block = *row;
    run_rows_clear(&(RunRows){block, 1});
}

/* What is asked, once it is seen. */
static inline RunRequest await_request(Database *database, int64_t run)
{
    RunRequest request = REQUEST_NONE;
    while (request == REQUEST_NONE)
        request = database_request(database, run);
    return request;
}

#endif
