#include "cli/train_run.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/team.h"
#include "cli/interrupt.h"
#include "cli/message.h"
#include "cli/train_report.h"
#include "plot/curves.h"
#include "plot/progress.h"
#include "recipe/experiment.h"
#include "store/metrics_log.h"
#include "store/run_folder.h"
#include "store/saver.h"

/* What a run holds. */
typedef struct Job {
    const TrainRun *run;
    percept_recipe *recipe; /* the caller's */
    percept_data data;
    percept_model *model;
    char *folder;
    int lock;
    Checkpoint *checkpoint; /* to go on from, or NULL */
    MetricsLog *log;
    Saver saver;
    ProgressBar *bar;
    Team *team;
    TrainingOptions options;
    percept_error *error;
    percept_status log_status;
    TrainReport report;
} Job;

/* ---- Before the first step ---------------------------------------------------------------------------------------- */

static percept_status load(Job *job)
{
    percept_status status = percept_data_load(job->recipe, &job->data, job->error);
    if (status == PERCEPT_OK)
        status = percept_model_create(job->recipe, &job->data, &job->model, job->error);
    if (status == PERCEPT_OK)
        status = experiment_training(job->recipe, &job->data, &job->options, job->error);
    return status;
}

/* A folder of its own with the recipe in it. It comes last, so that whatever is refused before leaves nothing behind. */
static percept_status begin_folder(Job *job)
{
    char *path = NULL;
    percept_status status =
        run_folder_create(job->run->out, recipe_text(job->recipe, "name"), job->run->force, &job->folder, job->error);
    if (status == PERCEPT_OK)
        status = run_folder_lock(job->folder, &job->lock, job->error);
    if (status == PERCEPT_OK)
        status = file_join(job->folder, "recipe.yaml", &path, job->error);
    if (status == PERCEPT_OK)
        status = recipe_write(job->recipe, path, job->error);
    memory_free(path);
    return status;
}

/* The checkpoint, if there is one. */
static percept_status find_checkpoint(Job *job)
{
    char *path = NULL, here[ARITHMETIC_SIZE];
    percept_status status = file_join(job->folder, CHECKPOINT_FILE, &path, job->error);
    if (status == PERCEPT_OK && file_exists(path)) {
        status = checkpoint_read(path, &job->checkpoint, job->error);
        if (status == PERCEPT_OK)
            status = arithmetic_name(recipe_text(job->recipe, "engine"), here, job->error);
        if (status == PERCEPT_OK && strcmp(here, checkpoint_arithmetic(job->checkpoint)) != 0)
            warn("the run was begun with other instructions (%s, here %s): its last bits may come out otherwise",
                 checkpoint_arithmetic(job->checkpoint), here);
    }
    memory_free(path);
    return status;
}

/* Files, head and progress bar, ready for the first step. */
static percept_status begin(Job *job)
{
    const bool classes = percept_model_classes(job->model) > 0;
    const size_t epochs = job->checkpoint != NULL ? checkpoint_epochs(job->checkpoint) : 0;
    percept_status status = metrics_log_open(
        job->folder, metrics_log_columns(job->recipe, classes, job->data.valid != NULL), epochs, &job->log, job->error);
    if (status == PERCEPT_OK)
        status = saver_create(job->folder, (size_t)recipe_integer(job->recipe, "train.checkpoint_every"), job->log,
                              &job->saver, job->error);
    if (status == PERCEPT_OK && !job->run->quiet)
        status = progress_bar_create(stderr, isatty(STDERR_FILENO) == 1, &job->bar, job->error);
    if (status == PERCEPT_OK)
        status = team_create((size_t)recipe_integer(job->recipe, "threads"), &job->team, job->error);
    job->options.resume = job->checkpoint;
    job->options.pause = saver_pause;
    job->options.pause_user = &job->saver;
    job->report = (TrainReport){.recipe = job->recipe,
                                .data = &job->data,
                                .model = job->model,
                                .folder = job->folder,
                                .resume = job->run->whole != NULL ? job->run->whole : job->folder};
    if (status == PERCEPT_OK && !job->run->quiet) {
        report_head(&job->report, team_size(job->team));
        if (job->checkpoint != NULL)
            report_resumption(epochs, checkpoint_step(job->checkpoint));
    }
    return status;
}

/* ---- Training ----------------------------------------------------------------------------------------------------- */

static int observe(const percept_progress *progress, void *user)
{
    Job *job = user;
    if (job->bar != NULL)
        progress_bar_update(job->bar, progress);
    if (progress->epoch_done)
        job->log_status = metrics_log_add(job->log, progress, job->error);
    job->saver.refuse = job->log_status != PERCEPT_OK;
    return job->log_status != PERCEPT_OK || interrupt_signal() != 0;
}

/* Trains; *caught is the signal that ended it early, or 0. */
static percept_status train(Job *job, int *caught)
{
    percept_error error;
    interrupt_watch();
    percept_status status = train_run(job->model, job->data.train, job->data.valid, &job->options, job->team, observe,
                                      job, &job->report.result, &error);
    interrupt_unwatch();
    *caught = interrupt_signal();
    progress_bar_free(job->bar);
    job->bar = NULL;
    team_free(job->team);
    job->team = NULL;
    if (job->log_status != PERCEPT_OK) /* job->error says why */
        return job->log_status;
    if (status != PERCEPT_OK)
        *job->error = error;
    if (status == PERCEPT_ERROR_INTERRUPTED && *caught != 0)
        status = PERCEPT_OK;
    else if (status == PERCEPT_OK)
        *caught = 0; /* it came too late to end anything */
    percept_error ignored;
    percept_status closed = metrics_log_close(job->log, status == PERCEPT_OK ? job->error : &ignored);
    job->log = NULL;
    return status == PERCEPT_OK ? closed : status;
}

/* ---- After the last step ------------------------------------------------------------------------------------------ */

static percept_status save_model(Job *job)
{
    char *path = NULL;
    percept_status status = file_join(job->folder, "model.safetensors", &path, job->error);
    if (status == PERCEPT_OK)
        status = percept_model_save(job->model, path, job->error);
    memory_free(path);
    return status;
}

/* Test part, curves, and last the summary, which tells that the run is finished. That the curves could not be drawn
 * spoils nothing else. */
static percept_status finish(Job *job)
{
    TrainReport *report = &job->report;
    percept_status status = PERCEPT_OK;
    percept_error error;
    if (job->data.test != NULL)
        status = percept_model_evaluate(job->model, job->data.test, (size_t)recipe_integer(job->recipe, "threads"),
                                        &report->test, job->error);
    if (status == PERCEPT_OK && !job->run->no_plot) {
        report->curves = plot_curves(job->folder, report->result.best_epoch, &error) == PERCEPT_OK;
        if (!report->curves)
            warn("no curves were drawn: %s", error.message);
    }
    if (status == PERCEPT_OK)
        status = run_folder_write_summary(job->folder, &report->result, job->data.test != NULL ? &report->test : NULL,
                                          job->error);
    return status;
}

/* ---- A run -------------------------------------------------------------------------------------------------------- */

/* From the first step on, what is there is not lost. */
static int fail_later(const Job *job, percept_status status)
{
    complain("%s", job->error->message);
    if (status == PERCEPT_ERROR_DIVERGED)
        fprintf(stderr, "kept      %s/recipe.yaml and metrics.csv, no model\n", job->folder);
    else
        fprintf(stderr, "go on     percept train --resume %s\n", job->report.resume);
    return STATUS_FAILED;
}

static int run_to_end(Job *job)
{
    int caught = 0;
    percept_status status = begin(job);
    if (status == PERCEPT_OK)
        status = train(job, &caught);
    if (status == PERCEPT_OK && (caught == 0 || job->report.result.epochs > 0))
        status = save_model(job);
    if (status != PERCEPT_OK)
        return fail_later(job, status);
    if (!job->run->quiet)
        report_speed(&job->report);
    if (caught != 0) {
        report_interrupt(&job->report);
        return STATUS_SIGNAL + caught;
    }
    status = finish(job);
    if (status != PERCEPT_OK)
        return fail_later(job, status);
    if (job->run->whole == NULL)
        report_result(&job->report);
    return STATUS_DONE;
}

static void job_clear(Job *job)
{
    percept_data_free(&job->data);
    percept_model_free(job->model);
    checkpoint_free(job->checkpoint);
    metrics_log_close(job->log, NULL);
    saver_clear(&job->saver);
    progress_bar_free(job->bar);
    team_free(job->team);
    percept_metrics_clear(&job->report.test);
    run_folder_unlock(job->lock);
    memory_free(job->folder);
}

int train_new(const TrainRun *run, percept_recipe *recipe)
{
    percept_error error;
    Job job = {.run = run, .recipe = recipe, .lock = -1, .error = &error};
    percept_status status = load(&job);
    if (status == PERCEPT_OK)
        status = begin_folder(&job);
    const int result = status == PERCEPT_OK ? run_to_end(&job) : fail(&error);
    job_clear(&job);
    return result;
}

int train_resumed(const TrainRun *run, percept_recipe *recipe)
{
    percept_error error;
    Job job = {.run = run, .recipe = recipe, .lock = -1, .error = &error};
    percept_status status = memory_copy_string(run->out, &job.folder, &error);
    if (status == PERCEPT_OK)
        status = run_folder_lock(job.folder, &job.lock, &error);
    if (status == PERCEPT_OK)
        status = load(&job);
    if (status == PERCEPT_OK)
        status = find_checkpoint(&job);
    const int result = status == PERCEPT_OK ? run_to_end(&job) : fail(&error);
    job_clear(&job);
    return result;
}
