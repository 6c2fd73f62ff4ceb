/* Trials: begun when the scheduler gives out a job, and added up from what their repeats come to. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "recipe/experiment.h"
#include "search/ensemble.h"
#include "search/state.h"

/* ---- Beginning --------------------------------------------------------------------------------------------------- */

percept_status trials_refuse(void *user, const double *point, const char **out, percept_error *error)
{
    const Search *search = user;
    percept_recipe *recipe = NULL;
    const DataSet *set = NULL;
    *out = NULL;
    if (search->space->condition_count == 0)
        return PERCEPT_OK;
    percept_status status = work_recipe(search->space, search->shared, point, 0, &recipe, &set, error);
    if (status == PERCEPT_OK)
        status = space_refuses(search->space, recipe, out, error);
    else if (status != PERCEPT_ERROR_MEMORY)
        status = PERCEPT_OK; /* the trial will fail, and this is reported */
    shared_data_give_back(search->shared, set);
    percept_recipe_free(recipe);
    return status;
}

static percept_status make_room(Search *search, percept_error *error)
{
    const size_t trials = search->trial_count, jobs = search->job_count, repeats = search->repeats;
    percept_status status = PERCEPT_OK;
    if (trials == search->trial_capacity) {
        const size_t capacity = trials == 0 ? 64 : 2 * trials;
        status = memory_grow(&search->trials, trials * sizeof *search->trials, capacity, sizeof *search->trials,
                             "the trials", error);
        if (status == PERCEPT_OK)
            status = memory_grow(&search->runs, trials * repeats * sizeof *search->runs, capacity,
                                 repeats * sizeof *search->runs, "the trials", error);
        if (status == PERCEPT_OK)
            search->trial_capacity = capacity;
    }
    if (status == PERCEPT_OK && jobs == search->job_capacity) {
        const size_t capacity = jobs == 0 ? 64 : 2 * jobs;
        status = memory_grow(&search->job_records, jobs * sizeof *search->job_records, capacity,
                             sizeof *search->job_records, "the jobs", error);
        if (status == PERCEPT_OK)
            search->job_capacity = capacity;
    }
    while (status == PERCEPT_OK && search->task_capacity - search->task_count < repeats) {
        const size_t capacity = 2 * search->task_capacity + repeats;
        status = memory_grow(&search->tasks, search->task_count * sizeof *search->tasks, capacity,
                             sizeof *search->tasks, "the jobs", error);
        if (status == PERCEPT_OK)
            search->task_capacity = capacity;
    }
    return status;
}

/* What the scheduler and replay.c go by. A recipe that is refused leaves zeros: its runs will fail. */
static percept_status learn_facts(Search *search, const double *point, TrialRecord *trial, percept_error *error)
{
    percept_recipe *recipe = NULL;
    const DataSet *set = NULL;
    percept_status known = PERCEPT_OK;
    const percept_status status = work_recipe(search->space, search->shared, point, 0, &recipe, &set, error);
    if (status == PERCEPT_OK) {
        known = replay_check_data(search, (size_t)(trial - search->trials), set->checksum, error);
        trial->parameters = (size_t)experiment_parameters_of(recipe, &set->data.train->storage->schema);
        trial->epochs = (size_t)recipe_integer(recipe, "train.epochs");
        trial->unit = (double)trial->parameters * (double)percept_dataset_count(set->data.train);
        trial->keeps_best = recipe_is(recipe, "train.keep", "best");
        trial->best_by_accuracy = recipe_is(recipe, "train.monitor", "valid_accuracy");
    }
    shared_data_give_back(search->shared, set);
    percept_recipe_free(recipe);
    return status == PERCEPT_ERROR_MEMORY ? status : known;
}

static percept_status add_trial(Search *search, const double *point, percept_error *error)
{
    TrialRecord *trial = &search->trials[search->trial_count];
    RepeatRecord *runs = search->runs + search->trial_count * search->repeats;
    *trial = (TrialRecord){.state = RUN_RUNNING, .figure = NAN, .deviation = NAN, .score = NAN};
    for (size_t r = 0; r < search->repeats; r++)
        runs[r] = (RepeatRecord){.end = JOB_PAUSED, .figure = NAN};
    search->trial_count++;
    return learn_facts(search, point, trial, error);
}

static RepeatRecord *run_of(const Search *search, size_t trial, size_t repeat)
{
    return &search->runs[trial * search->repeats + repeat];
}

/* ---- Adding up --------------------------------------------------------------------------------------------------- */

static int compare(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static double mean_of(const double *values, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += values[i];
    return sum / (double)count;
}

static double deviation_of(const double *values, size_t count)
{
    const double mean = mean_of(values, count);
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += (values[i] - mean) * (values[i] - mean);
    return count > 1 ? sqrt(sum / (double)(count - 1)) : NAN;
}

/* Score and deviation over the repeats that did not diverge, and the number of those that did. *stopped: the user ended
 * one. */
static percept_status add_up(const Search *search, size_t number, bool *stopped, percept_error *error)
{
    TrialRecord *trial = &search->trials[number];
    double *figures = NULL;
    percept_status status = memory_allocate(search->repeats, sizeof *figures, "the figures", &figures, error);
    if (status != PERCEPT_OK)
        return status;
    trial->converged = trial->diverged = trial->failed = trial->reached = 0;
    *stopped = false;
    for (size_t r = 0; r < search->repeats; r++) {
        const RepeatRecord *run = run_of(search, number, r);
        *stopped = *stopped || run->end == JOB_STOPPED;
        trial->diverged += run->end == JOB_DIVERGED;
        trial->failed += run->end == JOB_FAILED;
        trial->reached = run->epochs > trial->reached ? run->epochs : trial->reached;
        if (run->end != JOB_DIVERGED && run->end != JOB_FAILED)
            figures[trial->converged++] = run->figure;
    }
    const size_t count = trial->converged;
    trial->figure = count > 0 ? mean_of(figures, count) : NAN;
    trial->deviation = count > 0 ? deviation_of(figures, count) : NAN;
    if (count > 0 && search->median) {
        qsort(figures, count, sizeof *figures, compare);
        trial->figure = (figures[(count - 1) / 2] + figures[count / 2]) / 2;
    }
    trial->score = search->by_accuracy ? trial->figure : -trial->figure;
    memory_free(figures);
    return PERCEPT_OK;
}

/* How the job of a trial ended whose repeats are added up. */
static JobEnd end_of(const Search *search, size_t number, bool stopped)
{
    const TrialRecord *trial = &search->trials[number];
    if (stopped)
        return JOB_STOPPED;
    if (trial->converged == 0)
        return trial->diverged > 0 ? JOB_DIVERGED : JOB_FAILED;
    for (size_t r = 0; r < search->repeats; r++)
        if (run_of(search, number, r)->end == JOB_PAUSED)
            return JOB_PAUSED;
    return JOB_FINISHED;
}

static percept_status add_news(Search *search, size_t trial, percept_error *error)
{
    if (search->news_count == search->news_capacity) {
        const size_t capacity = 2 * search->news_capacity + 64;
        percept_status status = memory_grow(&search->news, search->news_count * sizeof *search->news, capacity,
                                            sizeof *search->news, "the news", error);
        if (status != PERCEPT_OK)
            return status;
        search->news_capacity = capacity;
    }
    search->news[search->news_count++] = trial;
    return PERCEPT_OK;
}

/* All repeats of a job are known. */
static percept_status finish_job(Search *search, size_t job, percept_error *error)
{
    const size_t number = scheduler_ledger(search->scheduler)->jobs[job].trial;
    bool stopped = false;
    percept_status status = add_up(search, number, &stopped, error);
    if (status != PERCEPT_OK)
        return status;
    const JobEnd end = end_of(search, number, stopped);
    search->trials[number].state = work_state(end);
    if (search->most_members > 0)
        ensemble_forget_worst(search);
    scheduler_report(search->scheduler, job, end, search->trials[number].score, search->job_records[job].cost);
    return add_news(search, number, error);
}

/* A run that finishes with an accuracy below search.diverged_below, or without one, has diverged. */
static bool is_lost(const Search *search, const WorkOutcome *outcome)
{
    return outcome->end == JOB_FINISHED &&
           (isnan(outcome->figure) || (search->by_accuracy && outcome->figure < search->diverged_below));
}

percept_status trials_note(Search *search, Task task, const WorkOutcome *outcome, bool before, percept_error *error)
{
    JobRecord *record = &search->job_records[task.job];
    const size_t number = scheduler_ledger(search->scheduler)->jobs[task.job].trial;
    RepeatRecord *run = run_of(search, number, task.repeat);
    const double cost =
        outcome->epochs > run->epochs ? (double)(outcome->epochs - run->epochs) * search->trials[number].unit : 0;
    run->begun = true;
    run->end = is_lost(search, outcome) ? JOB_DIVERGED : outcome->end;
    run->figure = outcome->figure;
    run->seconds = before ? outcome->seconds : run->seconds + outcome->seconds;
    run->epochs = outcome->epochs > run->epochs ? outcome->epochs : run->epochs;
    run->run = outcome->run;
    percept_status status = PERCEPT_OK;
    if (outcome->message[0] != '\0' && run->message == NULL)
        status = memory_copy_string(outcome->message, &run->message, error);
    record->cost += cost;
    record->pending--;
    return status == PERCEPT_OK && record->pending == 0 ? finish_job(search, task.job, error) : status;
}

/* ---- The scheduler's hooks --------------------------------------------------------------------------------------- */

/* A run of the job: known, or a task. */
static percept_status begin_run(Search *search, Task task, size_t number, percept_error *error)
{
    const RepeatRecord *run = run_of(search, number, task.repeat);
    const JobRecord *record = &search->job_records[task.job];
    WorkOutcome outcome = {0};
    bool found = run->begun && run->end != JOB_PAUSED; /* it will not be trained any more */
    if (found)
        outcome = (WorkOutcome){run->end, run->figure, run->epochs, 0, run->run, ""};
    else if (search->earlier_count > 0) {
        percept_status status = replay_find(search, number, task.repeat, record->to, &outcome, &found, error);
        if (status != PERCEPT_OK)
            return status;
        if (found)
            return trials_note(search, task, &outcome, true, error);
    }
    if (found)
        return trials_note(search, task, &outcome, false, error);
    search->tasks[search->task_count++] = task;
    return PERCEPT_OK;
}

/* Records in the database that a job reached a rung. */
static percept_status tell_rung(const Search *search, const Job *job, percept_error *error)
{
    const RungRow rung = {.trial = job->trial,
                          .rung = job->rung,
                          .epochs = search->strategy->epochs[job->rung],
                          .figure = search->by_accuracy ? job->score : -job->score,
                          .promoted = job->continued};
    return database_set_rung(search->database, search->id, &rung, error);
}

percept_status trials_ended(void *user, const Scheduler *scheduler, size_t job, percept_error *error)
{
    const Search *search = user;
    return search->strategy->kind->rungs ? tell_rung(search, &scheduler_ledger(scheduler)->jobs[job], error)
                                         : PERCEPT_OK;
}

/* The rung that a job of a trial leaves. */
static percept_status tell_promotion(const Search *search, const Ledger *ledger, const Job *job, percept_error *error)
{
    for (size_t j = 0; job->rung > 0 && j < ledger->job_count; j++)
        if (ledger->jobs[j].trial == job->trial && ledger->jobs[j].rung + 1 == job->rung)
            return tell_rung(search, &ledger->jobs[j], error);
    return PERCEPT_OK;
}

percept_status trials_begin(void *user, const Scheduler *scheduler, size_t job, double *most, percept_error *error)
{
    Search *search = user;
    const Ledger *ledger = scheduler_ledger(scheduler);
    const Job *row = &ledger->jobs[job];
    percept_status status = make_room(search, error);
    if (status == PERCEPT_OK && row->trial == search->trial_count)
        status = add_trial(search, ledger->points + row->trial * search->space->count, error);
    if (status != PERCEPT_OK)
        return status;
    TrialRecord *trial = &search->trials[row->trial];
    const size_t to = row->to < trial->epochs ? row->to : trial->epochs;
    trial->state = RUN_RUNNING;
    trial->rung = row->rung;
    search->job_records[job] = (JobRecord){.to = to, .pending = search->repeats};
    search->job_count = job + 1;
    *most = 0;
    for (size_t r = 0; r < search->repeats; r++) {
        const RepeatRecord *run = run_of(search, row->trial, r);
        if (!run->begun || run->end == JOB_PAUSED)
            *most += (double)(to - run->epochs) * trial->unit;
    }
    status = tell_promotion(search, ledger, row, error);
    for (size_t r = 0; status == PERCEPT_OK && r < search->repeats; r++)
        status = begin_run(search, (Task){job, r}, row->trial, error);
    return status;
}

/* ---- The end ----------------------------------------------------------------------------------------------------- */

percept_status trials_prune(Search *search, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    for (size_t t = 0; status == PERCEPT_OK && t < search->trial_count; t++) {
        TrialRecord *trial = &search->trials[t];
        if (trial->state != RUN_WAITING)
            continue;
        trial->state = RUN_PRUNED;
        for (size_t r = 0; status == PERCEPT_OK && r < search->repeats; r++) {
            const RepeatRecord *run = run_of(search, t, r);
            if (run->end == JOB_PAUSED)
                status = database_end_run(search->database, run->run, RUN_PRUNED, NULL, NULL, NULL, error);
            work_forget(&search->workshop, t, r);
        }
    }
    return status;
}

void trials_release(Search *search)
{
    for (size_t i = 0; i < search->trial_count * search->repeats; i++)
        memory_free(search->runs[i].message);
    memory_free(search->runs);
    memory_free(search->trials);
    memory_free(search->job_records);
    memory_free(search->tasks);
    memory_free(search->news);
}
