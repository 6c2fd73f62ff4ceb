/* Makes a search as a database has it, without a training: search_fixture FOLDER TRIALS [halving]. Every ninth trial
 * diverges, every 13th fails. What comes of a trial is a formula, so that pages can be compared. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "recipe/recipe.h"
#include "store/database.h"

#define EPOCHS 16
#define RUNGS 3

static const char space[] = "name: made\n"
                            "search: {strategy: %s, trials: %zu}\n"
                            "space:\n"
                            "  train.learning_rate: {low: 0.0001, high: 1, scale: log}\n"
                            "  train.batch_size: [32, 64, 128]\n"
                            "  train.optimizer: [sgd, adam]\n"
                            "  model.hidden: [64, 128-64, 256-128]\n"
                            "  model.dropout: {low: 0, high: 0.5}\n";

static void check(percept_status status, const percept_error *error)
{
    if (status == PERCEPT_OK)
        return;
    fprintf(stderr, "search_fixture: %s\n", error->message);
    exit(1);
}

/* A number in [0, 1) for a trial and a key. */
static double chance(size_t trial, size_t key)
{
    static const double roots[] = {2, 3, 5, 7, 11, 13, 17, 19};
    const double turn = (double)(trial + 1) * sqrt(roots[key]);
    return turn - floor(turn);
}

static void set(percept_recipe *recipe, const char *key, const char *text)
{
    percept_error error;
    check(recipe_set(recipe, key, text, NULL, &error), &error);
}

static void set_number(percept_recipe *recipe, const char *key, double number)
{
    char text[32];
    snprintf(text, sizeof text, "%.5g", number);
    set(recipe, key, text);
}

/* Sets the trial's keys; returns the accuracy that it comes to after all epochs. */
static double choose(percept_recipe *recipe, size_t trial)
{
    static const char *const batches[] = {"32", "64", "128"}, *const optimizers[] = {"sgd", "adam"};
    static const char *const layers[] = {"784-64-10", "784-128-64-10", "784-256-128-10"};
    const double rate = pow(10, -4 + 4 * chance(trial, 0));
    const size_t batch = (size_t)(3 * chance(trial, 1)), hidden = (size_t)(3 * chance(trial, 3));
    const bool adam = chance(trial, 2) > 0.5;
    set_number(recipe, "train.learning_rate", rate);
    set(recipe, "train.batch_size", batches[batch]);
    set(recipe, "train.optimizer", optimizers[adam]);
    set(recipe, "model.layers", layers[hidden]);
    set_number(recipe, "model.dropout", 0.5 * chance(trial, 4));
    set_number(recipe, "train.epochs", EPOCHS);
    const double off = log10(rate) - (adam ? -2.7 : -1);
    return 0.9 + 0.02 * (double)hidden - 0.06 * off * off - 0.03 * chance(trial, 4) + 0.005 * (double)batch;
}

static int64_t begin(Database *database, int64_t search, percept_recipe *recipe, size_t trial)
{
    int64_t run = 0;
    percept_error error;
    const RunRecord record = {.kind = "trial",
                              .name = "made",
                              .recipe = recipe,
                              .parameters = 50890 + 1000 * (trial % 3),
                              .threads = 1,
                              .search = search,
                              .trial = trial};
    check(database_begin_run(database, &record, 0, &run, &error), &error);
    return run;
}

static void end(Database *database, int64_t run, RunState state, double accuracy, size_t epochs)
{
    percept_error error;
    const percept_result result = {.epochs = epochs,
                                   .best_epoch = (long)epochs - 1,
                                   .train_loss = 1 - accuracy,
                                   .train_accuracy = accuracy,
                                   .valid_loss = 1.1 - accuracy,
                                   .valid_accuracy = accuracy,
                                   .seconds = 0.25 * (double)epochs};
    const percept_progress progress = {
        .epoch = epochs - 1, .epoch_done = 1, .best = 1, .valid_loss = 1.1 - accuracy, .valid_accuracy = accuracy};
    check(database_add_epoch(database, run, &progress, &error), &error);
    check(database_end_run(database, run, state, state == RUN_DIVERGED ? NULL : &result, NULL,
                           state == RUN_FAILED ? "not enough memory for <this>" : NULL, &error),
          &error);
}

/* A quarter goes on from each rung, of those with the better figures; returns how many epochs the trial had. */
static size_t climb(Database *database, int64_t search, size_t trial, double accuracy)
{
    percept_error error;
    size_t epochs = 1;
    for (size_t rung = 0; rung < RUNGS; rung++, epochs *= 4) {
        const bool last = rung + 1 == RUNGS;
        const double figure = accuracy - 0.3 / (double)(epochs + 1) + 0.02 * chance(trial, 5 + rung) / (double)epochs;
        const bool promoted = !last && figure > (rung == 0 ? 0.72 : 0.82);
        const RungRow row = {trial, rung, epochs, figure, promoted};
        check(database_set_rung(database, search, &row, &error), &error);
        if (!promoted)
            return epochs;
    }
    return epochs;
}

static void add_trial(Database *database, int64_t search, size_t trial, bool halving)
{
    percept_error error;
    percept_recipe *recipe = NULL;
    check(percept_recipe_create(&recipe, &error), &error);
    const double accuracy = fmax(choose(recipe, trial), 0.1);
    const int64_t run = begin(database, search, recipe, trial);
    const bool diverged = trial % 9 == 8, failed = trial % 13 == 12;
    const size_t epochs = halving && !diverged && !failed ? climb(database, search, trial, accuracy) : EPOCHS;
    const RunState state = diverged ? RUN_DIVERGED : failed ? RUN_FAILED : epochs < EPOCHS ? RUN_PRUNED : RUN_DONE;
    end(database, run, state, accuracy - 0.3 / (double)(epochs + 1), epochs);
    percept_recipe_free(recipe);
}

int main(int argc, char **argv)
{
    percept_error error;
    Database *database = NULL;
    char *path = NULL, text[1024], parent[512];
    int64_t search = 0;
    const bool halving = argc > 3;
    if (argc < 3 || strrchr(argv[1], '/') == NULL)
        return 2;
    const size_t trials = strtoul(argv[2], NULL, 10);
    snprintf(parent, sizeof parent, "%.*s", (int)(strrchr(argv[1], '/') - argv[1]), argv[1]);
    snprintf(text, sizeof text, space, halving ? "halving" : "random", trials);
    check(file_make_folder(argv[1], &error), &error);
    check(file_join(argv[1], "space.yaml", &path, &error), &error);
    check(file_write(path, text, strlen(text), &error), &error);
    check(database_open(parent, DATABASE_WRITE, &database, &error), &error);
    const SearchRecord record = {.name = "made",
                                 .strategy = halving ? "halving" : "random",
                                 .objective = "valid_accuracy",
                                 .folder = strrchr(argv[1], '/') + 1,
                                 .space = text,
                                 .planned = trials};
    check(database_begin_search(database, &record, &search, &error), &error);
    for (size_t t = 0; t < trials; t++)
        add_trial(database, search, t, halving);
    check(database_end_search(database, search, RUN_DONE, 0, NULL, &error), &error);
    database_close(database);
    memory_free(path);
    return 0;
}
