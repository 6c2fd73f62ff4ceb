#include "show/trials_read.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "show/trial_keys.h"

#define SPACE_FILE "space.yaml"

bool trials_are_in(const char *folder)
{
    char *path = NULL;
    percept_error error;
    const bool there = file_join(folder, SPACE_FILE, &path, &error) == PERCEPT_OK && file_exists(path);
    memory_free(path);
    return there;
}

/* ---- Adding up repeats -------------------------------------------------------------------------------------------- */

/* The reported state of a trial: the first state in this list that one of its repeats has. */
static RunState joined_state(RunState a, RunState b)
{
    static const RunState order[] = {RUN_RUNNING, RUN_PAUSED, RUN_INTERRUPTED, RUN_WAITING,
                                     RUN_DONE,    RUN_PRUNED, RUN_DIVERGED,    RUN_FAILED};
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
        if (order[i] == a || order[i] == b)
            return order[i];
    return a;
}

static double figure_of(const Trials *trials, const RunRow *run)
{
    const bool lost = run->state == RUN_DIVERGED || run->state == RUN_FAILED;
    const double figure = trials->by_accuracy ? run->valid_accuracy : run->valid_loss;
    return lost || !isfinite(figure) ? NAN : figure;
}

static int compare(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Sets mean or median, and deviation, of `count` scores, which it sorts. */
static void set_figure(const Trials *trials, Trial *trial, double *figures, size_t count)
{
    double mean = 0, squares = 0;
    trial->converged = count;
    trial->figure = trial->deviation = NAN;
    if (count == 0)
        return;
    qsort(figures, count, sizeof *figures, compare);
    for (size_t i = 0; i < count; i++)
        mean += figures[i] / (double)count;
    for (size_t i = 0; i < count; i++)
        squares += (figures[i] - mean) * (figures[i] - mean);
    trial->figure = trials->by_median ? (figures[(count - 1) / 2] + figures[count / 2]) / 2 : mean;
    trial->deviation = count > 1 ? sqrt(squares / (double)(count - 1)) : NAN;
}

/* Adds a trial from the runs of its repeats; figures: room for as many numbers. */
static void add_trial(Trials *trials, const RunRow *const *runs, size_t count, double *figures)
{
    Trial *trial = &trials->list[trials->count++];
    size_t converged = 0;
    *trial = (Trial){.number = runs[0]->trial, .state = runs[0]->state, .repeats = count};
    for (size_t r = 0; r < count; r++) {
        const RunRow *run = runs[r];
        trial->state = joined_state(trial->state, run->state);
        trial->epochs = run->epoch > trial->epochs ? run->epoch : trial->epochs;
        trial->parameters = run->parameters > 0 ? run->parameters : trial->parameters;
        trial->seconds += isnan(run->seconds) ? 0 : run->seconds;
        figures[converged] = figure_of(trials, run);
        converged += isnan(figures[converged]) ? 0 : 1;
    }
    set_figure(trials, trial, figures, converged);
}

static bool is_trial(const RunRow *run)
{
    return run->kind != NULL && strcmp(run->kind, "trial") == 0;
}

static int by_trial(const void *a, const void *b)
{
    const RunRow *x = *(const RunRow *const *)a, *y = *(const RunRow *const *)b;
    return x->trial != y->trial ? (x->trial > y->trial) - (x->trial < y->trial)
                                : (x->repeat > y->repeat) - (x->repeat < y->repeat);
}

static void find_best(Trials *trials)
{
    trials->best = trials->count;
    for (size_t t = 0; t < trials->count; t++)
        if (trials->list[t].state == RUN_DONE &&
            trials_better(trials, trials->list[t].figure,
                          trials->best < trials->count ? trials->list[trials->best].figure : NAN))
            trials->best = t;
}

/* Room for as many as there are runs. */
typedef struct TrialRoom {
    const RunRow **runs;
    const char **recipes;
    double *figures;
} TrialRoom;

static void add_up(Trials *trials, const RunRows *rows, const TrialRoom *room)
{
    size_t count = 0, end = 0;
    trials->test_loss = trials->test_accuracy = NAN;
    for (size_t r = 0; r < rows->count; r++) {
        const RunRow *row = &rows->rows[r];
        if (is_trial(row)) {
            room->runs[count++] = row;
        } else { /* the winner, trained again */
            trials->test_loss = row->test_loss;
            trials->test_accuracy = row->test_accuracy;
        }
    }
    if (count > 0)
        qsort(room->runs, count, sizeof(const RunRow *), by_trial);
    for (size_t first = 0; first < count; first = end) {
        for (end = first + 1; end < count && room->runs[end]->trial == room->runs[first]->trial; end++)
            ;
        room->recipes[trials->count] = room->runs[first]->recipe;
        add_trial(trials, room->runs + first, end - first, room->figures);
    }
    find_best(trials);
}

static percept_status add_runs(Trials *trials, const RunRows *rows, percept_error *error)
{
    TrialRoom room = {0};
    TrialSpace space = {0};
    percept_status status =
        memory_allocate_zeroed(rows->count, sizeof *trials->list, "the trials", &trials->list, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(rows->count, sizeof(const RunRow *), "the trials", &room.runs, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(rows->count, sizeof *room.recipes, "the trials", &room.recipes, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(rows->count, sizeof *room.figures, "the trials", &room.figures, error);
    if (status == PERCEPT_OK)
        status = trial_space_read(trials->search->space, &space, error);
    if (status == PERCEPT_OK) {
        trials->by_median = space.by_median;
        add_up(trials, rows, &room);
        status = trial_keys_find(trials, &space, room.recipes, error);
    }
    trial_space_clear(&space);
    memory_free(room.runs);
    memory_free(room.recipes);
    memory_free(room.figures);
    return status;
}

/* ---- Reading ------------------------------------------------------------------------------------------------------ */

static percept_status read_runs(Trials *trials, Database *database, percept_error *error)
{
    RunRows rows = {0};
    const RunQuery query = {.search = trials->search->id};
    percept_status status = database_runs(database, &query, &rows, error);
    if (status == PERCEPT_OK)
        status = add_runs(trials, &rows, error);
    run_rows_clear(&rows);
    return status;
}

/* The search of this name. */
static percept_status find_search(Trials *trials, Database *database, const char *name, percept_error *error)
{
    percept_status status = database_searches(database, &trials->searches, error);
    for (size_t s = 0; s < trials->searches.count; s++) {
        const SearchRow *row = &trials->searches.rows[s];
        if (row->folder != NULL && strcmp(row->folder, name) == 0)
            trials->search = row;
    }
    if (status == PERCEPT_OK && trials->search == NULL)
        status = error_set(error, PERCEPT_ERROR_IO,
                           "the runs database in '%s' knows of no search '%s'; it was begun in another folder",
                           database_folder(database), name);
    if (status == PERCEPT_OK)
        trials->by_accuracy = trials->search->objective == NULL || strcmp(trials->search->objective, "valid_loss") != 0;
    return status;
}

/* The folder that a folder lies in: "runs" of "runs/grid/", "." of "grid". */
static percept_status parent_of(const char *folder, char **out, percept_error *error)
{
    percept_status status = memory_copy_string(folder, out, error);
    if (status != PERCEPT_OK)
        return status;
    char *end = *out + strlen(*out);
    while (end > *out && end[-1] == '/')
        end--;
    while (end > *out && end[-1] != '/')
        end--;
    while (end > *out + 1 && end[-1] == '/')
        end--;
    *end = '\0';
    if (**out != '\0')
        return PERCEPT_OK;
    memory_free(*out);
    return memory_copy_string(".", out, error);
}

percept_status trials_read(const char *folder, Trials *out, percept_error *error)
{
    char *parent = NULL, *name = NULL;
    Trials trials = {0};
    Database *database = NULL;
    percept_status status = parent_of(folder, &parent, error);
    if (status == PERCEPT_OK)
        status = file_last_name(folder, &name, error);
    if (status == PERCEPT_OK)
        status = database_open(parent, DATABASE_READ, &database, error);
    if (status == PERCEPT_OK)
        status = find_search(&trials, database, name, error);
    if (status == PERCEPT_OK)
        status = read_runs(&trials, database, error);
    if (status == PERCEPT_OK)
        status = database_rungs(database, trials.search->id, &trials.rungs, &trials.rung_count, error);
    database_close(database);
    memory_free(parent);
    memory_free(name);
    if (status == PERCEPT_OK)
        *out = trials;
    else
        trials_clear(&trials);
    return status;
}

void trials_clear(Trials *trials)
{
    trial_keys_clear(trials);
    memory_free(trials->list);
    memory_free(trials->rungs);
    search_rows_clear(&trials->searches);
    *trials = (Trials){0};
}
