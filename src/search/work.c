#include "search/work.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "recipe/experiment.h"
#include "search/observe.h"

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
                                 bench_sync_epochs, bench, &bench->saver, error);
    bench->options.resume = bench->checkpoint;
    bench->options.pause = bench_save;
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
    if (!bench->workshop->keep_models || work->crew != NULL || end_of(bench, trained) != JOB_FINISHED)
        return PERCEPT_OK; /* one from elsewhere is there */
    percept_status status = work_model(bench->workshop, work->trial, work->repeat, &path, error);
    if (status == PERCEPT_OK)
        status = percept_model_save(bench->model, path, error);
    memory_free(path);
    return status;
}

/* ---- Elsewhere ----------------------------------------------------------------------------------------------------- */

static percept_status save_checkpoint(void *user, const void *bytes, size_t size, percept_error *error)
{
    Bench *bench = user;
    if (bench->reason == REASON_REQUEST)
        return PERCEPT_OK;
    const percept_status status = bench_sync_epochs(bench, error);
    return status == PERCEPT_OK ? file_write(bench->path, bytes, size, error) : status;
}

static percept_status save_model(void *user, const void *bytes, size_t size, percept_error *error)
{
    const Bench *bench = user;
    char *path = NULL;
    percept_status status = work_model(bench->workshop, bench->work->trial, bench->work->repeat, &path, error);
    if (status == PERCEPT_OK)
        status = file_write(path, bytes, size, error);
    memory_free(path);
    return status;
}

/* train_run by another process. */
static percept_status train_elsewhere(Bench *bench, percept_result *result, percept_error *later)
{
    const Work *work = bench->work;
    ErrandEnd end;
    Errand errand = {.crew = work->crew,
                     .lane = work->lane,
                     .number = work->errand,
                     .recipe = bench->recipe,
                     .checksum = bench->set->checksum,
                     .checkpoint = bench->checkpoint != NULL ? bench->path : NULL,
                     .to = work->to,
                     .wants_model = bench->workshop->keep_models,
                     .parameters = bench->tensorboard != NULL ? bench->model->parameters : NULL,
                     .parameter_bytes = bench->model->network.value_count * model_real_size(bench->model),
                     .progress = bench_observe,
                     .idle = bench_is_stopped,
                     .save = save_checkpoint,
                     .keep = save_model,
                     .user = bench};
    bench->errand = &errand;
    const percept_status status = errand_run(&errand, &end, bench->error);
    bench->errand = NULL;
    bench->over = end.over;
    *result = end.result;
    if (status != PERCEPT_OK && bench->failure == PERCEPT_OK) {
        bench->failure = status;
        bench->reason = REASON_FAILURE; /* the message is there */
    }
    (void)error_set(later, end.status, "%s", end.message);
    return end.status;
}

static percept_status train(Bench *bench, WorkOutcome *out, percept_error *error)
{
    const Work *work = bench->work;
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
    status = work->crew != NULL ? train_elsewhere(bench, &result, &later)
                                : train_run(bench->model, bench->set->data.train, bench->set->data.valid,
                                            &bench->options, bench->team, bench_observe, bench, &result, &later);
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
