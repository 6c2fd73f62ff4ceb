/* Runs for the tests of the live page, without trainings: what stands on standard input is written into the database of a
 * runs folder, a line at a time, and answered by a line.
 *
 *   watch_runs FOLDER
 *
 *   scene         runs in every state and a search by halving, with figures that follow a formula
 *   begin NAME    a run that is in progress from now on, of 60 epochs; the answer is its id
 *   epochs N      so many epochs of it
 *   wrong N       so many pictures that it takes for something else
 *   search        a search in progress; the answer is its id
 *   request       what is asked of the run, seen at last: the answer is pause, stop or none. It is then obeyed.
 *   asked         the same of the search
 *   lock          holds the database's write lock, until:
 *   unlock        lets go of it
 *   end           it is done */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "store/transactions.h"

#define SIDE 28
#define TRIALS 27
#define RUNGS 4

typedef struct Stage {
    Database *database;
    int64_t run, search;
    size_t epoch;
    RunRequest seen, asked;
} Stage;

static const char *const classes[] = {"T-shirt", "trouser", "pullover", "dress", "coat",
                                      "sandal",  "shirt",   "sneaker",  "bag",   "ankle boot"};

static void check(percept_status status, const percept_error *error)
{
    if (status != PERCEPT_OK) {
        fprintf(stderr, "watch_runs: %s\n", error->message);
        exit(1);
    }
}

/* A number in [0, 1) that looks drawn. */
static double chance(size_t seed)
{
    const double x = sin((double)seed * 12.9898 + 4.1414) * 43758.5453;
    return x - floor(x);
}

/* ---- A run ----------------------------------------------------------------------------------------------------------- */

static percept_recipe *make_recipe(size_t seed, size_t epochs)
{
    static const char *const layers[] = {"784-16-10", "784-32-10", "784-64-10", "784-128-10", "784-64-32-10"};
    static const char *const batches[] = {"32", "64", "128"};
    percept_recipe *recipe = NULL;
    percept_error error;
    char rate[32], number[32];
    snprintf(rate, sizeof rate, "%.3g", pow(10, -3 + 3 * chance(seed * 3)));
    snprintf(number, sizeof number, "%zu", epochs);
    const char *const pairs[][2] = {{"model.layers", layers[(size_t)(chance(seed * 5) * 5)]},
                                    {"model.activation", chance(seed * 7) > 0.5 ? "relu" : "tanh"},
                                    {"train.batch_size", batches[(size_t)(chance(seed * 11) * 3)]},
                                    {"train.learning_rate", rate},
                                    {"train.epochs", number}};
    check(percept_recipe_create(&recipe, &error), &error);
    for (size_t p = 0; p < sizeof pairs / sizeof pairs[0]; p++)
        check(percept_recipe_set(recipe, pairs[p][0], pairs[p][1], &error), &error);
    return recipe;
}

static int64_t begin(Database *database, RunRecord record, size_t seed, size_t epochs)
{
    percept_data data = {NULL, NULL, NULL};
    percept_error error;
    percept_recipe *recipe = make_recipe(seed, epochs);
    int64_t run = 0;
    const float features[] = {0, 1, 2, 3};
    check(
        percept_dataset_create(PERCEPT_FLOAT32, 2, 2, features, (const int32_t[]){0, 1}, 2, NULL, &data.train, &error),
        &error);
    record.recipe = recipe;
    record.data = &data;
    record.parameters = 50890;
    record.threads = 2;
    check(database_begin_run(database, &record, 0, &run, &error), &error);
    percept_data_free(&data);
    percept_recipe_free(recipe);
    return run;
}

/* Losses that fall and rise again, accuracies that rise, a little noise. */
static percept_progress epoch_of(size_t seed, size_t epoch, size_t epochs)
{
    const double quality = 0.06 + 0.3 * chance(seed * 7), x = 6 * (double)epoch / (double)epochs;
    const double noise = 0.012 * (chance(seed * 31 + epoch) - 0.5);
    return (percept_progress){.epoch = epoch,
                              .epochs = epochs,
                              .epoch_done = 1,
                              .learning_rate = 0.1 * pow(0.97, (double)epoch),
                              .train_loss = 2.2 * exp(-1.3 * x) + 0.6 * quality + noise,
                              .train_accuracy = 1 - 0.8 * exp(-1.5 * x) - 0.2 * quality + 0.3 * noise,
                              .valid_loss = 2.1 * exp(-1.2 * x) + quality + 0.008 * x * x + 2 * noise,
                              .valid_accuracy = 1 - 0.8 * exp(-1.3 * x) - 0.5 * quality + noise,
                              .test_loss = NAN,
                              .test_accuracy = NAN,
                              .seconds = 1.9 * (double)(epoch + 1)};
}

static void add_epochs(Database *database, int64_t run, size_t seed, size_t from, size_t to, size_t epochs)
{
    percept_error error;
    double best = -1;
    for (size_t epoch = 0; epoch < to; epoch++) {
        percept_progress progress = epoch_of(seed, epoch, epochs);
        progress.best = progress.valid_accuracy > best;
        best = fmax(best, progress.valid_accuracy);
        if (epoch >= from)
            check(database_add_epoch(database, run, &progress, &error), &error);
    }
}

/* Pictures with a blot each. */
static void set_wrong(const Stage *stage, size_t count)
{
    WrongPicture *pictures = NULL;
    percept_error error;
    check(memory_allocate_zeroed(count, sizeof *pictures, "pictures", &pictures, &error), &error);
    for (size_t p = 0; p < count; p++) {
        const size_t label = (p * 7 + stage->epoch) % 10, predicted = (label + 1 + p % 8) % 10;
        pictures[p] = (WrongPicture){(int32_t)label,
                                     (int32_t)predicted,
                                     classes[label],
                                     classes[predicted],
                                     0.5 + 0.49 * chance(p),
                                     SIDE,
                                     SIDE,
                                     NULL};
        check(memory_allocate(SIDE, SIDE, "pixels", &pictures[p].pixels, &error), &error);
        for (size_t i = 0; i < (size_t)SIDE * SIDE; i++) {
            const double x = (double)(i % SIDE) - 14, y = (double)(i / SIDE) - 14; /* NOLINT: a row */
            const double ring = sqrt(x * x + y * y * (1 + chance(p * 3))) - 9 * chance(p * 5 + 1) - 2;
            pictures[p].pixels[i] = (uint8_t)(255 * exp(-ring * ring / 8));
        }
    }
    check(database_set_wrong(stage->database, stage->run, stage->epoch - 1, pictures, count, &error), &error);
    wrong_pictures_free(pictures, count);
}

/* ---- The scene ------------------------------------------------------------------------------------------------------- */

static void play_runs(Database *database)
{
    static const struct {
        const char *name, *message;
        RunState state;
        size_t epochs, finished;
    } rows[] = {{"fashion-mnist-001", NULL, RUN_DONE, 20, 20},
                {"fashion-mnist-002", "the loss is not finite after step 312; try a smaller learning rate",
                 RUN_DIVERGED, 30, 4},
                {"names <b>with</b> & signs", NULL, RUN_INTERRUPTED, 12, 5},
                {"broken", "cannot read 'data/missing.csv': No such file or directory", RUN_FAILED, 10, 0},
                {"deep-and-patient", NULL, RUN_DONE, 10000, 10000},
                {"fashion-mnist-003", NULL, RUN_DONE, 40, 40}};
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        percept_error error;
        percept_result result = {.epochs = rows[r].finished};
        const percept_metrics test = {.loss = 0.3012, .accuracy = 0.8931};
        const int64_t run = begin(database, (RunRecord){.kind = "train", .name = rows[r].name, .folder = rows[r].name},
                                  r + 1, rows[r].epochs);
        add_epochs(database, run, r + 1, 0, rows[r].finished, rows[r].epochs);
        const percept_progress last = epoch_of(r + 1, rows[r].finished - 1, rows[r].epochs);
        result = (percept_result){.struct_size = sizeof result,
                                  .epochs = rows[r].finished,
                                  .best_epoch = (long)rows[r].finished - 1,
                                  .train_loss = last.train_loss,
                                  .train_accuracy = last.train_accuracy,
                                  .valid_loss = last.valid_loss,
                                  .valid_accuracy = last.valid_accuracy,
                                  .seconds = last.seconds,
                                  .examples_per_second = 1e5};
        const bool done = rows[r].state == RUN_DONE;
        check(database_end_run(database, run, rows[r].state, done ? &result : NULL, done ? &test : NULL,
                               rows[r].message, &error),
              &error);
        if (r == 0)
            check(database_tag(database, run, "baseline", false, &error), &error);
    }
}

static int64_t begin_search(Database *database)
{
    const SearchRecord record = {.name = "lr-and-width",
                                 .strategy = "halving",
                                 .objective = "valid_accuracy",
                                 .folder = "lr-and-width",
                                 .space = "space:\n  train.learning_rate: {from: 0.001, to: 1, scale: log}\n"
                                          "  train.batch_size: [32, 64, 128]\n",
                                 .planned = TRIALS};
    int64_t search = 0;
    percept_error error;
    check(database_begin_search(database, &record, &search, &error), &error);
    return search;
}

/* Trials by halving with a rate of 3: 27, 9, 3 and 1 come to the rungs of 1, 3, 9 and 27 epochs. */
static void play_search(Database *database, int64_t search)
{
    percept_error error;
    for (size_t t = 0; t < TRIALS; t++) {
        const bool diverged = t == 5 || t == 16, running = t > 23;
        size_t rung = 0;
        for (size_t step = 3; t % step == 0 && rung + 1 < RUNGS && !diverged && !running; step *= 3)
            rung++;
        const size_t epochs = (size_t)pow(3, (double)rung);
        const int64_t run = begin(database, (RunRecord){.kind = "trial", .name = "trial", .search = search, .trial = t},
                                  t + 20, TRIALS);
        add_epochs(database, run, t + 20, 0, running ? 1 : epochs, TRIALS);
        size_t row_epochs = 1;
        for (size_t r = 0; r <= rung && !running; r++, row_epochs *= 3) {
            const double figure = diverged ? NAN : epoch_of(t + 20, row_epochs - 1, TRIALS).valid_accuracy;
            const RungRow row = {t, r, row_epochs, figure, r < rung};
            check(database_set_rung(database, search, &row, &error), &error);
        }
        if (!running)
            check(database_end_run(database, run,
                                   diverged            ? RUN_DIVERGED
                                   : rung + 1 == RUNGS ? RUN_DONE
                                                       : RUN_PRUNED,
                                   NULL, NULL, NULL, &error),
                  &error);
    }
}

/* ---- Lines ----------------------------------------------------------------------------------------------------------- */

static const char *request_word(RunRequest request)
{
    return request == REQUEST_PAUSE ? "pause" : request == REQUEST_STOP ? "stop" : "none";
}

/* Waits until something else is asked than before, and obeys. */
static const char *obey_run(Stage *stage)
{
    percept_error error;
    RunRequest request = stage->seen;
    while (request == stage->seen)
        request = database_request(stage->database, stage->run);
    stage->seen = request;
    if (request == REQUEST_STOP)
        check(database_end_run(stage->database, stage->run, RUN_INTERRUPTED, NULL, NULL, NULL, &error), &error);
    else
        check(database_set_state(stage->database, stage->run, request == REQUEST_PAUSE ? RUN_PAUSED : RUN_RUNNING,
                                 &error),
              &error);
    return request_word(request);
}

static const char *obey_search(Stage *stage)
{
    percept_error error;
    RunRequest request = stage->asked;
    while (request == stage->asked)
        request = database_search_request(stage->database, stage->search);
    stage->asked = request;
    if (request == REQUEST_STOP)
        check(database_end_search(stage->database, stage->search, RUN_INTERRUPTED, 0, NULL, &error), &error);
    else
        check(database_set_search_state(stage->database, stage->search,
                                        request == REQUEST_PAUSE ? RUN_PAUSED : RUN_RUNNING, &error),
              &error);
    return request_word(request);
}

static void begin_named(Stage *stage, const char *name)
{
    stage->run = begin(stage->database, (RunRecord){.kind = "train", .name = name, .folder = name}, 9, 60);
    stage->epoch = 0;
    stage->seen = REQUEST_NONE;
}

static void grow(Stage *stage, size_t count)
{
    percept_error error;
    add_epochs(stage->database, stage->run, 9, stage->epoch, stage->epoch + count, 60);
    stage->epoch += count;
    check(database_set_state(stage->database, stage->run, RUN_RUNNING, &error), &error); /* writes what was kept back */
}

static void obey(Stage *stage, const char *word, const char *rest)
{
    percept_error error;
    const size_t count = strtoul(rest, NULL, 10);
    if (strcmp(word, "scene") == 0)
        play_runs(stage->database);
    else if (strcmp(word, "begin") == 0)
        begin_named(stage, rest);
    else if (strcmp(word, "epochs") == 0)
        grow(stage, count);
    else if (strcmp(word, "wrong") == 0)
        set_wrong(stage, count);
    else if (strcmp(word, "search") == 0)
        play_search(stage->database, stage->search = begin_search(stage->database));
    else if (strcmp(word, "lock") == 0)
        check(database_write_begin(stage->database, &error), &error);
    else if (strcmp(word, "unlock") == 0)
        check(database_write_end(stage->database, PERCEPT_OK, &error), &error);
    else if (strcmp(word, "end") == 0)
        check(database_end_run(stage->database, stage->run, RUN_DONE, NULL, NULL, NULL, &error), &error);
    if (strcmp(word, "request") == 0)
        puts(obey_run(stage));
    else if (strcmp(word, "asked") == 0)
        puts(obey_search(stage));
    else
        printf("%lld\n", (long long)(strcmp(word, "search") == 0 ? stage->search : stage->run));
    fflush(stdout);
}

int main(int argc, char **argv)
{
    Stage stage = {.run = 0};
    percept_error error;
    char line[256];
    if (argc != 2)
        return 2;
    check(database_open(argv[1], DATABASE_WRITE, &stage.database, &error), &error);
    while (fgets(line, sizeof line, stdin) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        char *rest = line + strcspn(line, " ");
        if (*rest != '\0')
            *rest++ = '\0';
        obey(&stage, line, rest);
    }
    database_close(stage.database);
    return 0;
}
