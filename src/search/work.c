#include "search/work.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/memory.h"
#include "recipe/experiment.h"
#include "run/tensorboard.h"
#include "store/saver.h"

/* Steps between two checks for requests; a check usually costs a tenth of a microsecond. */
#define STEPS_PER_LOOK 64

static const struct timespec nap = {.tv_nsec = 20000000};

/* ---- The recipe -------------------------------------------------------------------------------------------------- */

/* Outputs that the data ask for. */
static size_t outputs_of(const percept_recipe *recipe, const percept_dataset *data)
{
    const size_t each = recipe_is_set(recipe, "model.intervals") ? 3 : 1;
    return data->class_count > 0 ? data->class_count : each * data->storage->target_width;
}

static percept_status set_number(percept_recipe *recipe, const char *key, int64_t number, percept_error *error)
{
    char text[32];
    snprintf(text, sizeof text, "%lld", (long long)number);
    return recipe_set(recipe, key, text, NULL, error);
}

size_t work_seed(const Workshop *workshop, size_t trial, size_t repeat)
{
    return workshop->own_seeds ? trial * workshop->repeats + repeat : repeat;
}

percept_status work_recipe(const Space *space, SharedData *shared, const double *point, size_t seed,
                           percept_recipe **out, const DataSet **set, percept_error *error)
{
    percept_recipe *recipe = NULL;
    *out = NULL;
    *set = NULL;
    percept_status status = recipe_copy(space->base, &recipe, error);
    if (status != PERCEPT_OK)
        return status;
    *out = recipe;
    status = space_apply(space, point, 0, 0, recipe, error);
    if (status == PERCEPT_OK)
        status = set_number(recipe, "seed", recipe_integer(space->base, "seed") + (int64_t)seed, error);
    if (status == PERCEPT_OK)
        status = set_number(recipe, "threads", 1, error);
    if (status == PERCEPT_OK)
        status = shared_data_take(shared, recipe, set, error);
    if (status == PERCEPT_OK)
        status = space_apply(space, point, (*set)->data.train->storage->width, outputs_of(recipe, (*set)->data.train),
                             recipe, error);
    return status == PERCEPT_OK ? experiment_resolve(recipe, &(*set)->data, error) : status;
}

/* ---- One training ------------------------------------------------------------------------------------------------ */

/* Why a training is stopped. */
typedef enum Reason { REASON_NONE, REASON_RUNG, REASON_REQUEST, REASON_STOP, REASON_FAILURE } Reason;

typedef struct Bench {
    Workshop *workshop;
    const Work *work;
    percept_recipe *recipe;
    const DataSet *set;
    percept_model *model;
    Team *team;
    TrainingOptions options;
    char *path; /* of the checkpoint */
    Checkpoint *checkpoint;
    Saver saver;
    TensorBoard *tensorboard; /* or NULL */
    int64_t run;
    size_t looks;
    bool over; /* it stopped at a rung, and has nothing left to do */
    Reason reason;
    percept_status failure; /* of storing the metrics; *error says what */
    percept_error *error;
} Bench;

static void fail_bench(Bench *bench, percept_status status)
{
    if (status == PERCEPT_OK || bench->failure != PERCEPT_OK)
        return;
    bench->failure = status;
    bench->reason = REASON_FAILURE;
    bench->saver.refuse = true;
}

/* Waits while the search or this run is to pause. */
static void wait_while_paused(Bench *bench)
{
    Workshop *workshop = bench->workshop;
    bool told = false;
    while (!atomic_load_explicit(&workshop->stop, memory_order_relaxed)) {
        const RunRequest request = database_request(workshop->database, bench->run);
        if (request == REQUEST_STOP && bench->reason == REASON_NONE)
            bench->reason = REASON_REQUEST;
        if (request == REQUEST_STOP ||
            (request != REQUEST_PAUSE && !atomic_load_explicit(&workshop->pause, memory_order_relaxed)))
            break;
        if (!told)
            fail_bench(bench, database_set_state(workshop->database, bench->run, RUN_PAUSED, bench->error));
        told = true;
        nanosleep(&nap, NULL);
    }
    if (told)
        fail_bench(bench, database_set_state(workshop->database, bench->run, RUN_RUNNING, bench->error));
}

static void show_progress(const Work *work, const percept_progress *progress)
{
    WorkProgress *shown = work->progress;
    atomic_store_explicit(&shown->steps, progress->steps, memory_order_relaxed);
    atomic_store_explicit(&shown->step, progress->epoch_done ? 0 : progress->step, memory_order_relaxed);
    if (!progress->epoch_done)
        return;
    if (progress->best)
        atomic_store_explicit(&shown->figure, work->by_accuracy ? progress->valid_accuracy : progress->valid_loss,
                              memory_order_relaxed);
    atomic_store_explicit(&shown->epoch, progress->epoch + 1, memory_order_relaxed);
}

static int observe(const percept_progress *progress, void *user)
{
    Bench *bench = user;
    const Work *work = bench->work;
    Workshop *workshop = bench->workshop;
    show_progress(work, progress);
    if (progress->epoch_done) {
        fail_bench(bench, database_add_epoch(workshop->database, bench->run, progress, bench->error));
        fail_bench(bench, tensorboard_add(bench->tensorboard, progress, bench->error));
        if (bench->reason == REASON_NONE && progress->epoch + 1 == work->to && work->to < progress->epochs)
            bench->reason = REASON_RUNG;
        if (work->epoch != NULL)
            work->epoch(work->user);
    }
    if (bench->reason == REASON_NONE && (progress->epoch_done || ++bench->looks % STEPS_PER_LOOK == 0))
        wait_while_paused(bench);
    if (bench->reason == REASON_NONE && atomic_load_explicit(&workshop->stop, memory_order_relaxed))
        bench->reason = REASON_STOP;
    return bench->reason != REASON_NONE;
}

/* Epochs are in the database before a checkpoint that comes after them. */
static percept_status sync_epochs(void *user, percept_error *error)
{
    const Bench *bench = user;
    return database_set_state(bench->workshop->database, bench->run, RUN_RUNNING, error);
}

/* A trial that is over, or was stopped by the user, needs no checkpoint. */
static percept_status save(const Training *training, bool stopping, void *user, percept_error *error)
{
    Bench *bench = user;
    bench->over = training_is_over(training);
    if (bench->over || bench->reason == REASON_REQUEST)
        return PERCEPT_OK;
    const percept_status status = saver_pause(training, stopping, &bench->saver, error);
    if (status != PERCEPT_OK)
        bench->failure = status;
    return status;
}

/* The checkpoint of an earlier part, if there is a good one whose epochs the database has. */
static percept_status find_checkpoint(Bench *bench, percept_error *error)
{
    const Work *work = bench->work;
    percept_status status = work_checkpoint(bench->workshop, work->trial, work->repeat, &bench->path, error);
    if (status != PERCEPT_OK || !file_exists(bench->path))
        return status;
    status = checkpoint_read(bench->path, &bench->checkpoint, error);
    return status == PERCEPT_ERROR_MEMORY ? status : PERCEPT_OK; /* without it the run begins anew */
}

/* Data, model and options. */
static percept_status prepare(Bench *bench, percept_error *error)
{
    const Workshop *workshop = bench->workshop;
    const Work *work = bench->work;
    percept_status status =
        work_recipe(workshop->space, workshop->shared, work->point, work_seed(workshop, work->trial, work->repeat),
                    &bench->recipe, &bench->set, error);
    if (status == PERCEPT_OK)
        status = percept_model_create(bench->recipe, &bench->set->data, &bench->model, error);
    if (status == PERCEPT_OK)
        status = experiment_training(bench->recipe, &bench->set->data, &bench->options, error);
    if (status == PERCEPT_OK)
        bench->options.data = bench->set->checksum;
    if (status == PERCEPT_OK)
        status = team_create(1, &bench->team, error);
    if (status == PERCEPT_OK)
        status = find_checkpoint(bench, error);
    if (status == PERCEPT_OK)
        status = saver_create_at(bench->path, (size_t)recipe_integer(bench->recipe, "train.checkpoint_every"),
                                 sync_epochs, bench, &bench->saver, error);
    bench->options.resume = bench->checkpoint;
    bench->options.pause = save;
    bench->options.pause_user = bench;
    return status;
}

static percept_status begin_run(Bench *bench, percept_error *error)
{
    const Workshop *workshop = bench->workshop;
    const Work *work = bench->work;
    const RunRecord record = {
        .kind = "trial",
        .name = recipe_text(workshop->space->base, "name"),
        .recipe = bench->recipe,
        .data = bench->set != NULL ? &bench->set->data : NULL,
        .checksum = bench->set != NULL ? bench->set->checksum : NULL,
        .parameters = bench->model != NULL ? percept_model_parameters(bench->model) : 0,
        .threads = 1,
        .search = workshop->search,
        .trial = work->trial,
        .repeat = work->repeat,
    };
    return database_begin_run(workshop->database, &record,
                              bench->checkpoint != NULL ? checkpoint_epochs(bench->checkpoint) : 0, &bench->run, error);
}

/* The database must have all epochs before the checkpoint: a process that was killed may have left fewer. */
static percept_status check_epochs(Bench *bench, percept_error *error)
{
    EpochRow *rows = NULL;
    size_t count = 0;
    if (bench->checkpoint == NULL)
        return PERCEPT_OK;
    percept_status status = database_epochs(bench->workshop->database, bench->run, 0, &rows, &count, error);
    memory_free(rows);
    if (status != PERCEPT_OK || count == checkpoint_epochs(bench->checkpoint))
        return status;
    checkpoint_free(bench->checkpoint);
    bench->checkpoint = NULL;
    bench->options.resume = NULL;
    return begin_run(bench, error);
}

static void clear_bench(Bench *bench)
{
    tensorboard_free(bench->tensorboard);
    saver_clear(&bench->saver);
    checkpoint_free(bench->checkpoint);
    team_free(bench->team);
    percept_model_free(bench->model);
    shared_data_give_back(bench->workshop->shared, bench->set);
    percept_recipe_free(bench->recipe);
    memory_free(bench->path);
}

/* ---- How it ended ------------------------------------------------------------------------------------------------ */

RunState work_state(JobEnd end)
{
    static const RunState states[] = {[JOB_PAUSED] = RUN_WAITING,
                                      [JOB_FINISHED] = RUN_DONE,
                                      [JOB_DIVERGED] = RUN_DIVERGED,
                                      [JOB_FAILED] = RUN_FAILED,
                                      [JOB_STOPPED] = RUN_PRUNED};
    return states[end];
}

static JobEnd end_of(const Bench *bench, percept_status status)
{
    if (status == PERCEPT_OK)
        return JOB_FINISHED;
    if (status == PERCEPT_ERROR_INTERRUPTED && bench->reason == REASON_RUNG)
        return bench->over ? JOB_FINISHED : JOB_PAUSED;
    if (status == PERCEPT_ERROR_INTERRUPTED)
        return JOB_STOPPED;
    return status == PERCEPT_ERROR_DIVERGED ? JOB_DIVERGED : JOB_FAILED;
}

/* Records the end in the database, and fills the outcome. */
static percept_status end_run(const Bench *bench, percept_status status, const percept_result *result,
                              const char *message, WorkOutcome *out, percept_error *error)
{
    const Work *work = bench->work;
    const bool interrupted = status == PERCEPT_ERROR_INTERRUPTED && bench->reason == REASON_STOP;
    out->end = end_of(bench, status);
    const bool trained = result != NULL && out->end != JOB_FAILED;
    out->run = bench->run;
    out->epochs = trained ? result->epochs : 0;
    out->seconds = trained ? result->seconds : 0;
    out->figure = !trained || out->end == JOB_DIVERGED ? NAN
                  : work->by_accuracy                  ? result->valid_accuracy
                                                       : result->valid_loss;
    if (out->end == JOB_STOPPED)
        message = "stopped by request";
    if (message != NULL)
        snprintf(out->message, sizeof out->message, "%s", message);
    const percept_status told =
        database_end_run(bench->workshop->database, bench->run, interrupted ? RUN_INTERRUPTED : work_state(out->end),
                         trained ? result : NULL, NULL, interrupted || out->end == JOB_PAUSED ? NULL : message, error);
    if (told != PERCEPT_OK)
        return told;
    if (!interrupted && out->end != JOB_PAUSED)
        work_forget(bench->workshop, work->trial, work->repeat);
    return interrupted ? status : PERCEPT_OK;
}

/* ---- TensorBoard ------------------------------------------------------------------------------------------------- */

static percept_status begin_tensorboard(Bench *bench, percept_error *error)
{
    const Work *work = bench->work;
    char trial[48], *name = NULL;
    const TensorBoardSource source = {bench->recipe, &bench->set->data, bench->model, &bench->options, bench->team};
    snprintf(trial, sizeof trial, "trial-%zu", work->trial);
    if (search_setting_integer(&bench->workshop->space->settings, "repeats") > 1)
        snprintf(trial, sizeof trial, "trial-%zu-%zu", work->trial, work->repeat);
    percept_status status = file_join(bench->workshop->name, trial, &name, error);
    if (status == PERCEPT_OK)
        status = tensorboard_begin(name, &source, bench->checkpoint != NULL ? checkpoint_epochs(bench->checkpoint) : 0,
                                   &bench->tensorboard, error);
    memory_free(name);
    return status;
}

static percept_status end_tensorboard(Bench *bench, percept_status trained, const percept_result *result,
                                      percept_error *error)
{
    percept_status status = tensorboard_trained(bench->tensorboard, trained, error);
    if (status == PERCEPT_OK && end_of(bench, trained) == JOB_FINISHED)
        status = tensorboard_finish(bench->tensorboard, result, NULL, error);
    return status;
}

/* ------------------------------------------------------------------------------------------------------------------ */

static percept_status keep_model(const Bench *bench, percept_status trained, percept_error *error)
{
    const Work *work = bench->work;
    char *path = NULL;
    if (!bench->workshop->keep_models || end_of(bench, trained) != JOB_FINISHED)
        return PERCEPT_OK;
    percept_status status = work_model(bench->workshop, work->trial, work->repeat, &path, error);
    if (status == PERCEPT_OK)
        status = percept_model_save(bench->model, path, error);
    memory_free(path);
    return status;
}

static percept_status train(Bench *bench, WorkOutcome *out, percept_error *error)
{
    percept_error later;
    percept_result result = {.best_epoch = -1};
    percept_status status = begin_run(bench, error);
    if (status == PERCEPT_OK)
        status = check_epochs(bench, error);
    if (status == PERCEPT_OK)
        status = begin_tensorboard(bench, error);
    if (status != PERCEPT_OK)
        return status;
    bench->error = error;
    status = train_run(bench->model, bench->set->data.train, bench->set->data.valid, &bench->options, bench->team,
                       observe, bench, &result, &later);
    if (bench->failure != PERCEPT_OK && error != NULL && bench->reason != REASON_FAILURE)
        *error = later; /* the checkpoint could not be written */
    if (bench->failure != PERCEPT_OK)
        return bench->failure;
    const percept_status ended = end_tensorboard(bench, status, &result, error);
    if (ended != PERCEPT_OK)
        return ended;
    if (status == PERCEPT_ERROR_INTERRUPTED && bench->reason == REASON_STOP && error != NULL)
        *error = later;
    const percept_status kept = keep_model(bench, status, error); /* before the database counts the run as done */
    if (kept != PERCEPT_OK)
        return kept;
    return end_run(bench, status, &result,
                   status != PERCEPT_OK && status != PERCEPT_ERROR_INTERRUPTED ? later.message : NULL, out, error);
}

percept_status work_run(Workshop *workshop, const Work *work, WorkOutcome *out, percept_error *error)
{
    Bench bench = {.workshop = workshop, .work = work, .error = error};
    percept_error refusal;
    *out = (WorkOutcome){.figure = NAN};
    percept_status status = prepare(&bench, &refusal);
    if (status == PERCEPT_OK) {
        status = train(&bench, out, error);
    } else if (bench.recipe != NULL) { /* the trial fails, the search continues */
        const char *message = refusal.message;
        const percept_status told = begin_run(&bench, error);
        status = told == PERCEPT_OK ? end_run(&bench, status, NULL, message, out, error) : told;
    } else if (error != NULL) {
        *error = refusal;
    }
    clear_bench(&bench);
    return status;
}
