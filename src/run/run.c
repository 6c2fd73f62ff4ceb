#include "run/run.h"

#include <math.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/team.h"
#include "data/checksum.h"
#include "model/model_file.h"
#include "run/resume.h"
#include "store/data_record.h"
#include "train/training.h"
#include "train/training_prepare.h"

/* ---- Before the first step ---------------------------------------------------------------------------------------- */

static percept_status load_here(Run *run, percept_error *error)
{
    percept_status status = run->folder == NULL
                                ? percept_data_load(run->recipe, &run->data, error)
                                : data_record_load(run->folder, run->recipe, NULL, &run->data, NULL, error);
    if (status == PERCEPT_OK)
        status = percept_model_create(run->recipe, &run->data, &run->model, error);
    if (status == PERCEPT_OK)
        status = experiment_training(run->recipe, &run->data, &run->options, error);
    if (status == PERCEPT_OK)
        status = training_check(run->model, run->data.train, run->data.valid, &run->options, error);
    if (status == PERCEPT_OK)
        status = data_checksum(&run->data, &run->checksum, error);
    run->options.data = run->checksum;
    return status;
}

/* Here, and in the processes that train along. */
static percept_status load(Run *run, percept_error *error)
{
    const RunCrew *crew = run->crew;
    if (crew == NULL)
        return load_here(run, error);
    percept_status status = crew->load(crew->state, run->recipe, error);
    if (status != PERCEPT_OK)
        return status;
    status = load_here(run, error);
    run->options.blocks.ranks = crew->ranks;
    return crew->agree(crew->state, status, run->checksum, error);
}

/* Event files are called as the run's folder is. */
static percept_status begin_tensorboard(Run *run, size_t epochs, percept_error *error)
{
    char *name = NULL;
    const TensorBoardSource source = {run->recipe, &run->data, run->model, &run->options, run->team};
    percept_status status = file_last_name(run->folder, &name, error);
    if (status == PERCEPT_OK)
        status = tensorboard_begin(name, &source, epochs, &run->tensorboard, error);
    memory_free(name);
    return status;
}

/* Tells the processes that train along; the state of the optimizer is then brought together. */
static void give_order(const Run *run, const Training *training, CrewOrder order)
{
    if (run->crew == NULL)
        return;
    run->crew->order(run->crew->state, order);
    if (order == CREW_SAVE)
        training_collect(training);
}

/* Takes a checkpoint if one is due, and looks what the model does wrong. */
static percept_status pause_training(const Training *training, bool stopping, void *user, percept_error *error)
{
    Run *run = user;
    const bool due = saver_is_due(&run->saver, training, stopping);
    if (due)
        give_order(run, training, CREW_SAVE);
    percept_status status = due ? saver_write(&run->saver, training, error) : PERCEPT_OK;
    if (status == PERCEPT_OK && !stopping)
        recording_show_wrong(&run->recording, training, run->data.valid);
    give_order(run, training, stopping || status != PERCEPT_OK ? CREW_STOP : CREW_GO);
    return status;
}

/* Logs, checkpoints and threads, ready for the first step. */
static percept_status make_ready(Run *run, percept_error *error)
{
    const bool classes = percept_model_classes(run->model) > 0;
    const size_t epochs = run->checkpoint != NULL ? checkpoint_epochs(run->checkpoint) : 0;
    percept_status status = metrics_log_open(
        run->folder, metrics_log_columns(run->recipe, classes, run->data.valid != NULL), epochs, &run->log, error);
    if (status == PERCEPT_OK)
        status = saver_create(run->folder, (size_t)recipe_integer(run->recipe, "train.checkpoint_every"), run->log,
                              &run->saver, error);
    if (status == PERCEPT_OK)
        status = team_create((size_t)recipe_integer(run->recipe, "threads"), &run->team, error);
    if (status == PERCEPT_OK)
        status = begin_tensorboard(run, epochs, error);
    run->options.resume = run->checkpoint;
    run->options.pause = pause_training;
    run->options.pause_user = run;
    return status;
}

percept_status run_begin(Run *run, percept_recipe *recipe, const char *out, bool force, percept_error *error)
{
    *run = (Run){.crew = run->crew, .recipe = recipe, .lock = -1};
    percept_status status = load(run, error);
    if (status == PERCEPT_OK)
        status = run_folder_create(out, recipe_text(recipe, "name"), force, &run->folder, error);
    if (status == PERCEPT_OK)
        status = run_folder_lock(run->folder, &run->lock, error);
    if (status == PERCEPT_OK)
        status = resume_describe(run, error);
    return status == PERCEPT_OK ? make_ready(run, error) : status;
}

percept_status run_resume(Run *run, percept_recipe *recipe, const char *folder, percept_error *error)
{
    *run = (Run){.crew = run->crew, .recipe = recipe, .lock = -1};
    percept_status status = memory_copy_string(folder, &run->folder, error);
    if (status == PERCEPT_OK)
        status = run_folder_lock(folder, &run->lock, error);
    if (status == PERCEPT_OK)
        status = load(run, error);
    if (status == PERCEPT_OK)
        status = resume_prepare(run, error);
    return status == PERCEPT_OK ? make_ready(run, error) : status;
}

percept_status run_open(Run *run, percept_recipe *recipe, const char *folder, percept_error *error)
{
    char *path = NULL;
    *run = (Run){.recipe = recipe, .lock = -1};
    percept_status status = memory_copy_string(folder, &run->folder, error);
    if (status == PERCEPT_OK)
        status = data_record_load(folder, recipe, NULL, &run->data, NULL, error);
    if (status == PERCEPT_OK)
        status = run_folder_model(folder, &path, error);
    if (status == PERCEPT_OK)
        status = model_load_any(path, &run->model, error);
    memory_free(path);
    return status;
}

/* ---- Training ----------------------------------------------------------------------------------------------------- */

static int call_back(const Run *run, const percept_progress *progress)
{
    return run->callback != NULL ? run->callback(progress, run->user) : 0;
}

/* Waits for as long as that is asked; true if the run is to end. */
static bool wait_as_asked(Run *run, const percept_progress *progress)
{
    static const struct timespec nap = {.tv_nsec = 100000000};
    percept_progress still = *progress;
    bool stop = false;
    still.epoch_done = still.best = 0; /* told before */
    run->paused = true;
    recording_set_state(&run->recording, RUN_PAUSED);
    while (run->paused && !stop) {
        stop = call_back(run, &still) != 0;
        if (!stop)
            nanosleep(&nap, NULL); /* a signal ends it */
        const RunRequest request = recording_request_now(&run->recording);
        run->stopped = request == REQUEST_STOP;
        run->paused = request == REQUEST_PAUSE;
        stop = stop || run->stopped;
    }
    run->paused = false;
    if (!stop)
        recording_set_state(&run->recording, RUN_RUNNING);
    return stop;
}

/* Does what was asked; true if the run is to end. */
static bool obey(Run *run, const percept_progress *progress)
{
    const RunRequest request = recording_request(&run->recording, progress);
    if (request == REQUEST_PAUSE)
        return wait_as_asked(run, progress);
    run->stopped = request == REQUEST_STOP;
    return run->stopped;
}

static int observe(const percept_progress *progress, void *user)
{
    Run *run = user;
    bool stop = call_back(run, progress) != 0;
    if (progress->epoch_done)
        run->log_status = metrics_log_add(run->log, progress, run->error);
    if (progress->epoch_done && run->log_status == PERCEPT_OK)
        run->log_status = tensorboard_add(run->tensorboard, progress, run->error);
    recording_observe(&run->recording, progress);
    run->saver.refuse = run->log_status != PERCEPT_OK;
    stop = stop || run->log_status != PERCEPT_OK;
    return stop || obey(run, progress);
}

static percept_status save_model(const Run *run, percept_error *error)
{
    char *path = NULL;
    percept_status status = PERCEPT_OK;
    if (run->threshold > 0)
        status = percept_model_set_threshold(run->model, run->threshold, error);
    if (status == PERCEPT_OK)
        status = file_join(run->folder, "model.safetensors", &path, error);
    if (status == PERCEPT_OK)
        status = percept_model_save(run->model, path, error);
    memory_free(path);
    return status;
}

/* Trains to an end of whatever kind, and saves what came of it. */
static percept_status train(Run *run, percept_error *error)
{
    percept_error later;
    if (run->crew != NULL)
        run->crew->start(run->crew->state);
    const percept_status status = train_run(run->model, run->data.train, run->data.valid, &run->options, run->team,
                                            observe, run, &run->result, &later);
    if (run->crew != NULL)
        run->crew->end(run->crew->state, status);
    if (run->log_status != PERCEPT_OK) /* *error says why */
        return run->log_status;
    percept_status closed = metrics_log_close(run->log, error);
    run->log = NULL;
    if (closed == PERCEPT_OK)
        closed = tensorboard_trained(run->tensorboard, status, error);
    team_free(run->team);
    run->team = NULL;
    if (closed == PERCEPT_OK &&
        (status == PERCEPT_OK || (status == PERCEPT_ERROR_INTERRUPTED && run->result.epochs > 0)))
        closed = save_model(run, error);
    if (status == PERCEPT_OK || (status == PERCEPT_ERROR_INTERRUPTED && closed != PERCEPT_OK))
        return closed;
    if (error != NULL)
        *error = later;
    return status;
}

percept_status run_adopt(Run *run, percept_model *model, const percept_result *result, const percept_progress *epochs,
                         size_t count, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    tensorboard_free(run->tensorboard); /* its engine refers to the model */
    run->tensorboard = NULL;
    percept_model_free(run->model);
    run->model = model;
    run->result = *result;
    for (size_t e = 0; status == PERCEPT_OK && e < count; e++) {
        status = metrics_log_add(run->log, &epochs[e], error);
        recording_observe(&run->recording, &epochs[e]);
    }
    if (status == PERCEPT_OK) {
        status = metrics_log_close(run->log, error);
        run->log = NULL;
    }
    return status == PERCEPT_OK ? save_model(run, error) : status;
}

/* Records how a run ended when a call failed. */
static RunState state_of(percept_status status)
{
    return status == PERCEPT_ERROR_INTERRUPTED ? RUN_INTERRUPTED
           : status == PERCEPT_ERROR_DIVERGED  ? RUN_DIVERGED
                                               : RUN_FAILED;
}

percept_status run_train(Run *run, percept_callback *callback, void *user, percept_error *error)
{
    percept_error own = {PERCEPT_OK, ""};
    run->callback = callback;
    run->user = user;
    run->error = error != NULL ? error : &own;
    const percept_status status = train(run, run->error);
    if (status != PERCEPT_OK)
        recording_end(&run->recording, state_of(status), run->result.epochs > 0 ? &run->result : NULL, NULL,
                      run->stopped ? "stopped by request" : run->error->message);
    run->error = NULL;
    return status;
}

/* ------------------------------------------------------------------------------------------------------------------ */

/* Results that are not finite are a failure, unless the recipe records them. */
static percept_status check_test(const Run *run, percept_error *error)
{
    if (run->data.test == NULL || isfinite(run->test.loss) ||
        strcmp(recipe_text(run->recipe, "train.on_nonfinite"), "report") == 0)
        return PERCEPT_OK;
    return error_set(error, PERCEPT_ERROR_DIVERGED,
                     "the test loss is %s; look for features or targets of the test part that are far from the others",
                     isnan(run->test.loss) ? "not a number" : "infinite");
}

/* The metrics of the test part, which is read once. */
static percept_status measure_test(Run *run, percept_error *error)
{
    const size_t threads = (size_t)recipe_integer(run->recipe, "threads");
    run->test = (percept_metrics){.struct_size = sizeof run->test};
    run->test_r2 = run->test_coverage = NAN;
    if (run->data.test == NULL)
        return PERCEPT_OK;
    if (percept_model_classes(run->model) > 0)
        return percept_model_evaluate(run->model, run->data.test, threads, &run->test, error);
    percept_report report = {.struct_size = sizeof report};
    percept_status status = percept_model_report(run->model, run->data.test, threads, &report, error);
    if (status != PERCEPT_OK)
        return status;
    run->test = *report.metrics; /* of targets: they have no confusion matrix */
    run->test_r2 = report.overall.r2;
    run->test_coverage = report.intervals != NULL ? 0 : NAN;
    for (size_t t = 0; report.intervals != NULL && t < report.target_count; t++)
        run->test_coverage += report.intervals[t].coverage / (double)report.target_count;
    percept_report_clear(&report);
    return PERCEPT_OK;
}

percept_status run_finish(Run *run, percept_error *error)
{
    percept_status status = measure_test(run, error);
    if (status == PERCEPT_OK)
        status = check_test(run, error);
    if (status == PERCEPT_OK)
        status = tensorboard_finish(run->tensorboard, &run->result, run->data.test != NULL ? &run->test : NULL, error);
    if (status == PERCEPT_OK)
        status = run_folder_write_summary(run->folder, &run->result, run->data.test != NULL ? &run->test : NULL, error);
    if (status == PERCEPT_OK)
        recording_end(&run->recording, RUN_DONE, &run->result, run->data.test != NULL ? &run->test : NULL, NULL);
    else
        recording_end(&run->recording, state_of(status), &run->result, NULL, error != NULL ? error->message : NULL);
    return status;
}

percept_status run_record(Run *run, const RunPlace *place, percept_error *error)
{
    const RunRecord record = {.name = recipe_text(run->recipe, "name"),
                              .recipe = run->recipe,
                              .data = &run->data,
                              .checksum = run->checksum,
                              .parameters = percept_model_parameters(run->model),
                              .threads = team_size(run->team)};
    const size_t epoch = run->checkpoint != NULL ? checkpoint_epochs(run->checkpoint) : 0;
    return recording_begin(&run->recording, run->folder, place, &record, epoch, error);
}

percept_status run_recorded(const Run *run, percept_error *error)
{
    if (run->recording.failure.status != PERCEPT_OK && error != NULL)
        *error = run->recording.failure;
    return run->recording.failure.status;
}

void run_clear(Run *run)
{
    if (run->crew != NULL)
        run->crew->end(run->crew->state, PERCEPT_OK);
    recording_clear(&run->recording);
    tensorboard_free(run->tensorboard); /* its engine refers to the model */
    percept_data_free(&run->data);
    percept_model_free(run->model);
    checkpoint_free(run->checkpoint);
    metrics_log_close(run->log, NULL);
    saver_clear(&run->saver);
    team_free(run->team);
    percept_metrics_clear(&run->test);
    run_folder_unlock(run->lock);
    memory_free(run->checksum);
    memory_free(run->folder);
    *run = (Run){.lock = -1};
}
