#include "cli/train_run.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/interrupt.h"
#include "cli/message.h"
#include "cli/notes.h"
#include "cli/text.h"
#include "cli/train_json.h"
#include "cli/train_report.h"
#include "plot/curves.h"
#include "plot/progress.h"
#include "recipe/recipe.h"
#include "run/run.h"

/* A run, and its output. */
typedef struct Job {
    const TrainRun *how;
    Run run;
    ProgressBar *bar;
    percept_error *error;
    TrainReport report;
    Notes warnings;
    bool paused; /* that it waits was said */
    bool warned; /* that it is not recorded was said */
} Job;

/* Warns, and keeps the warning for the answer. Where it cannot be kept, it was printed at least. */
static void warn_of(Job *job, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void warn_of(Job *job, const char *format, ...)
{
    char text[2048];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    warn("%s", text);
    (void)notes_add(&job->warnings, NOTE_WARNING, NULL, "%s", text);
}

/* ---- Before the first step ---------------------------------------------------------------------------------------- */

/* Warns if a run continues with another instruction set. */
static percept_status compare_arithmetic(Job *job)
{
    char here[ARITHMETIC_SIZE];
    if (job->run.checkpoint == NULL)
        return PERCEPT_OK;
    const char *before = checkpoint_arithmetic(job->run.checkpoint);
    percept_status status = arithmetic_name(recipe_text(job->run.recipe, "engine"), here, job->error);
    if (status == PERCEPT_OK && strcmp(here, before) != 0)
        warn_of(job,
                "the run was started with other instructions (%s, here %s): the last digits of its results may differ",
                before, here);
    return status;
}

/* Head and progress bar. */
static percept_status begin_report(Job *job)
{
    const Run *run = &job->run;
    percept_status status = compare_arithmetic(job);
    if (run->unknown_data)
        warn_of(job,
                "'%s' was started by an older Percept, which kept no checksum of the data; whether they have changed "
                "is not known",
                run->folder);
    if (run->threshold > 0)
        warn_of(job,
                "the model keeps its threshold of %g, which was chosen before these epochs; 'percept evaluate %s "
                "--threshold-by RULE' chooses it again",
                run->threshold, run->folder);
    if (status == PERCEPT_OK && !job->how->quiet)
        status = progress_bar_create(stderr, isatty(STDERR_FILENO) == 1, &job->bar, job->error);
    job->report = (TrainReport){.recipe = run->recipe,
                                .data = &run->data,
                                .model = run->model,
                                .folder = run->folder,
                                .resume = job->how->whole != NULL ? job->how->whole : run->folder};
    /* The first of several folds speaks for all. */
    if (status == PERCEPT_OK &&
        (!recipe_is_set(run->recipe, "data.fold") || recipe_integer(run->recipe, "data.fold") == 0))
        notes_print(stderr, &run->data.train->storage->notes, job->how->quiet);
    if (status == PERCEPT_OK && !job->how->quiet) {
        report_head(&job->report, team_size(run->team), run->crew != NULL ? run->crew->ranks->count : 0);
        if (run->checkpoint != NULL)
            report_resumption(checkpoint_epochs(run->checkpoint), checkpoint_step(run->checkpoint));
    }
    return status;
}

/* The runs database is optional: runs continue without it if it cannot be opened. */
static void record(Job *job)
{
    percept_error error;
    const char *whole = job->how->whole;
    const RunPlace place = {.kind = whole != NULL ? "fold" : "train", .whole = whole};
    job->warned = run_record(&job->run, &place, &error) != PERCEPT_OK;
    if (job->warned)
        warn_of(job, "the run is not recorded: %s", error.message);
}

static void check_record(Job *job)
{
    percept_error error;
    if (job->warned || run_recorded(&job->run, &error) == PERCEPT_OK)
        return;
    job->warned = true;
    warn_of(job, "the run is not recorded to its end: %s", error.message);
}

/* ---- Training ----------------------------------------------------------------------------------------------------- */

/* Prints that the run is paused, or that it continues. */
static void tell_pause(Job *job)
{
    if (job->paused == job->run.paused)
        return;
    job->paused = job->run.paused;
    if (!job->how->quiet)
        fprintf(stderr, "\n%s\n", job->paused ? "paused by request; Ctrl-C stops the training" : "continued");
}

static int observe(const percept_progress *progress, void *user)
{
    Job *job = user;
    tell_pause(job);
    if (job->bar != NULL)
        progress_bar_update(job->bar, progress);
    return interrupt_signal() != 0;
}

/* Trains; *caught is the signal that ended it early, or 0. A requested stop counts as SIGTERM. */
static percept_status train(Job *job, int *caught)
{
    interrupt_watch();
    percept_status status = run_train(&job->run, observe, job, job->error);
    interrupt_unwatch();
    progress_bar_free(job->bar);
    job->bar = NULL;
    job->report.result = job->run.result;
    job->report.stopped = job->run.stopped && interrupt_signal() == 0;
    *caught = status != PERCEPT_ERROR_INTERRUPTED ? 0 /* or it came too late to end anything */
              : job->report.stopped               ? SIGTERM
                                                  : interrupt_signal();
    return *caught != 0 ? PERCEPT_OK : status;
}

/* ---- After the last step ------------------------------------------------------------------------------------------ */

/* Curves, and last the summary. That the curves could not be drawn spoils nothing else. */
static percept_status finish(Job *job)
{
    TrainReport *report = &job->report;
    percept_error error;
    if (!job->how->no_plot) {
        report->curves = plot_curves(job->run.folder, report->result.best_epoch, &error) == PERCEPT_OK;
        if (!report->curves)
            warn_of(job, "no curves were drawn: %s", error.message);
    }
    percept_status status = run_finish(&job->run, job->error);
    report->test = job->run.test;
    report->test_r2 = job->run.test_r2;
    report->test_coverage = job->run.test_coverage;
    return status;
}

/* From the first step on, results so far are kept. */
static int fail_later(const Job *job, percept_status status)
{
    complain("%s", job->error->message);
    if (status == PERCEPT_ERROR_DIVERGED)
        fprintf(stderr, "kept      %s/recipe.yaml and metrics.csv, no model\n", text_plain(job->run.folder).text);
    else
        report_way_on(&job->report);
    return STATUS_FAILED;
}

/* Prints what came out, unless it is a fold's. Returns the exit status. */
static int answer(const Job *job, int caught)
{
    const bool alone = job->how->whole == NULL;
    if (alone && job->how->json &&
        train_json_print(&job->report, &job->warnings, caught != 0, job->error) != PERCEPT_OK)
        return fail(job->error);
    if (alone && caught == 0 && !job->how->json && !job->how->quiet)
        report_result(&job->report);
    return caught != 0 ? STATUS_SIGNAL + caught : STATUS_DONE;
}

static int run_to_end(Job *job)
{
    int caught = 0;
    percept_status status = begin_report(job);
    if (status == PERCEPT_OK) {
        record(job);
        status = train(job, &caught);
    }
    if (status != PERCEPT_OK)
        return fail_later(job, status);
    if (!job->how->quiet)
        report_speed(&job->report);
    if (caught == 0)
        status = finish(job);
    if (status != PERCEPT_OK)
        return fail_later(job, status);
    check_record(job);
    if (caught != 0)
        report_interrupt(&job->report);
    return answer(job, caught);
}

/* ------------------------------------------------------------------------------------------------------------------ */

/* A run that was begun, or not. */
static int do_job(Job *job, percept_status begun)
{
    const int result = begun == PERCEPT_OK ? run_to_end(job) : fail(job->error);
    check_record(job);
    progress_bar_free(job->bar);
    notes_clear(&job->warnings);
    run_clear(&job->run);
    return result;
}

int train_new(const TrainRun *how, percept_recipe *recipe)
{
    percept_error error;
    Job job = {.how = how, .run = {.crew = how->crew, .lock = -1}, .error = &error};
    return do_job(&job, run_begin(&job.run, recipe, how->out, how->force, &error));
}

int train_resumed(const TrainRun *how, percept_recipe *recipe)
{
    percept_error error;
    Job job = {.how = how, .run = {.crew = how->crew, .lock = -1}, .error = &error};
    return do_job(&job, run_resume(&job.run, recipe, how->out, &error));
}
