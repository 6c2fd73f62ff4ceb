/* The threads of a search. Each takes the run that ends first in virtual time (of independent trials: the longest, so
 * that all threads end together) and trains it; after each result, it advances virtual time. The calling thread reports
 * progress and receives requests. */
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "search/state.h"

#define VIEWS_PER_SECOND 10

double pool_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* A part of the time is kept for the winner: for its data, predictions of the validation part, and the test part. */
double pool_deadline(const Search *search)
{
    const double seconds = 60 * search->minutes;
    if (isnan(search->minutes))
        return INFINITY;
    const double reserve = fmin(fmax(1, seconds / 25) + 2 * search->loading, seconds / 2);
    return search->opened + seconds - reserve;
}

/* ---- Work -------------------------------------------------------------------------------------------------------- */

/* Whether a task is to be done before another one. */
static bool goes_before(const Search *search, const Task *task, const Task *other)
{
    const Job *jobs = scheduler_ledger(search->scheduler)->jobs;
    const double end = scheduler_latest_end(search->scheduler, task->job);
    const double other_end = scheduler_latest_end(search->scheduler, other->job);
    if (end < other_end || end > other_end)
        return search->strategy->kind->independent ? end > other_end : end < other_end;
    if (jobs[task->job].trial != jobs[other->job].trial)
        return jobs[task->job].trial < jobs[other->job].trial;
    return task->repeat < other->repeat;
}

/* The place of the task to be done next, or task_count. */
static size_t choose_task(const Search *search)
{
    size_t best = search->task_count;
    for (size_t i = 0; i < search->task_count; i++)
        if (best == search->task_count || goes_before(search, &search->tasks[i], &search->tasks[best]))
            best = i;
    return best;
}

static void take_task(Search *search, size_t place, Slot *slot)
{
    const Ledger *ledger = scheduler_ledger(search->scheduler);
    const size_t dimensions = search->space->count;
    slot->task = search->tasks[place];
    search->tasks[place] = search->tasks[--search->task_count];
    slot->trial = ledger->jobs[slot->task.job].trial;
    memcpy(slot->point, ledger->points + slot->trial * dimensions, dimensions * sizeof(double));
    const RepeatRecord *run = &search->runs[slot->trial * search->repeats + slot->task.repeat];
    slot->began = run->epochs;
    slot->began_at = pool_clock();
    atomic_store(&slot->progress.epoch, run->epochs);
    atomic_store(&slot->progress.step, 0);
    atomic_store(&slot->progress.figure, run->figure);
    slot->busy = true;
}

/* What running jobs have cost by now. */
static void tell_progress(Search *search)
{
    for (size_t i = 0; i < search->slot_count; i++) {
        const Slot *slot = &search->slots[i];
        if (!slot->busy)
            continue;
        double cost = search->job_records[slot->task.job].cost;
        for (size_t other = 0; other < search->slot_count; other++) {
            const Slot *beside = &search->slots[other]; /* another run of the job */
            const size_t epoch = atomic_load(&beside->progress.epoch);
            if (beside->busy && beside->task.job == slot->task.job && epoch > beside->began)
                cost += (double)(epoch - beside->began) * search->trials[slot->trial].unit;
        }
        scheduler_progress(search->scheduler, slot->task.job, cost);
    }
}

/* Something ended the search early: the first reason counts. */
static void end_early(Search *search, percept_status status, const percept_error *error)
{
    if (status != PERCEPT_OK && search->status == PERCEPT_OK) {
        search->status = status;
        search->error = *error;
        atomic_store(&search->workshop.stop, true);
    }
}

static void advance(Search *search)
{
    percept_error error;
    tell_progress(search);
    if (search->status == PERCEPT_OK)
        end_early(search, scheduler_advance(search->scheduler, &error), &error);
    pthread_cond_broadcast(&search->changed);
}

/* After an epoch: others may wait for it. */
static void pass_epoch(void *user)
{
    Search *search = user;
    if (search->strategy->kind->independent || atomic_load_explicit(&search->idle, memory_order_relaxed) == 0)
        return;
    pthread_mutex_lock(&search->mutex);
    advance(search);
    pthread_mutex_unlock(&search->mutex);
}

static bool is_over(const Search *search)
{
    return search->status != PERCEPT_OK || search->out_of_time || scheduler_is_over(search->scheduler);
}

/* Under the mutex, which is left for the time of the training. */
static void do_task(Search *search, Slot *slot)
{
    percept_error error;
    WorkOutcome outcome;
    const Work work = {.trial = slot->trial,
                       .repeat = slot->task.repeat,
                       .point = slot->point,
                       .to = search->job_records[slot->task.job].to,
                       .by_accuracy = search->by_accuracy,
                       .crew = slot->crew,
                       .lane = slot->lane,
                       .errand = ++slot->errands,
                       .progress = &slot->progress,
                       .epoch = pass_epoch,
                       .user = search};
    pthread_mutex_unlock(&search->mutex);
    percept_status status = work_run(&search->workshop, &work, &outcome, &error);
    pthread_mutex_lock(&search->mutex);
    slot->busy = false;
    if (status == PERCEPT_OK)
        status = trials_note(search, slot->task, &outcome, false, &error);
    if (status != PERCEPT_ERROR_INTERRUPTED || !search->out_of_time)
        end_early(search, status, &error);
    advance(search);
}

static void *work_on(void *user)
{
    Slot *slot = user;
    Search *search = slot->search;
    pthread_mutex_lock(&search->mutex);
    while (!is_over(search)) {
        const size_t place = choose_task(search);
        if (place < search->task_count) {
            take_task(search, place, slot);
            do_task(search, slot);
            continue;
        }
        atomic_fetch_add(&search->idle, 1);
        pthread_cond_wait(&search->changed, &search->mutex);
        atomic_fetch_sub(&search->idle, 1);
    }
    pthread_cond_broadcast(&search->changed);
    pthread_mutex_unlock(&search->mutex);
    return NULL;
}

/* ---- Looking on -------------------------------------------------------------------------------------------------- */

static int compare(const void *left, const void *right)
{
    const SearchRunning *a = left, *b = right;
    if (a->trial != b->trial)
        return a->trial < b->trial ? -1 : 1;
    return (a->repeat > b->repeat) - (a->repeat < b->repeat);
}

static size_t list_running(const Search *search, SearchRunning *running)
{
    size_t count = 0;
    for (size_t i = 0; i < search->slot_count; i++) {
        const Slot *slot = &search->slots[i];
        if (!slot->busy)
            continue;
        running[count++] = (SearchRunning){.trial = slot->trial,
                                           .repeat = slot->task.repeat,
                                           .epoch = atomic_load(&slot->progress.epoch),
                                           .epochs = search->trials[slot->trial].epochs,
                                           .step = atomic_load(&slot->progress.step),
                                           .steps = atomic_load(&slot->progress.steps),
                                           .figure = atomic_load(&slot->progress.figure)};
    }
    qsort(running, count, sizeof *running, compare);
    return count;
}

static void make_view(const Search *search, double start, SearchRunning *running, SearchView *view)
{
    *view = (SearchView){.planned = search_planned(search),
                         .begun = search->trial_count,
                         .best = search->trial_count,
                         .running = running,
                         .running_count = list_running(search, running),
                         .seconds = pool_clock() - start,
                         .paused = atomic_load(&search->workshop.pause)};
    for (size_t t = 0; t < search->trial_count; t++) {
        const TrialRecord *trial = &search->trials[t];
        view->done += trial->state == RUN_DONE;
        view->waiting += trial->state == RUN_WAITING;
        view->pruned += trial->state == RUN_PRUNED;
        view->diverged += trial->state == RUN_DIVERGED;
        view->failed += trial->state == RUN_FAILED;
        if (!isnan(trial->score) &&
            (view->best == search->trial_count || trial->score > search->trials[view->best].score))
            view->best = t;
    }
    if (view->best < search->trial_count)
        search_trial(search, view->best, &view->best_trial);
    outlook_add(search, pool_clock(), view);
}

/* Reports events without the mutex, because callbacks may be slow. */
static void tell(Search *search, const SearchWatcher *watcher, double start, SearchRunning *running)
{
    SearchView view;
    while (search->news_count > 0) {
        SearchTrial trial;
        search_trial(search, search->news[0], &trial);
        memmove(search->news, search->news + 1, --search->news_count * sizeof *search->news);
        pthread_mutex_unlock(&search->mutex);
        if (watcher->ended != NULL)
            watcher->ended(&trial, watcher->user);
        pthread_mutex_lock(&search->mutex);
    }
    make_view(search, start, running, &view);
    pthread_mutex_unlock(&search->mutex);
    if (watcher->view != NULL)
        watcher->view(&view, watcher->user);
    pthread_mutex_lock(&search->mutex);
}

/* Requests of the user, directly or through the database. */
static void hear(Search *search, const SearchWatcher *watcher)
{
    percept_error error;
    const RunRequest request = database_search_request(search->database, search->id);
    const bool pause = request == REQUEST_PAUSE;
    if (pool_clock() >= pool_deadline(search)) {
        search->out_of_time = true;
        atomic_store(&search->workshop.stop, true);
    }
    if (request == REQUEST_STOP || (watcher->interrupted != NULL && watcher->interrupted(watcher->user)))
        end_early(search, error_set(&error, PERCEPT_ERROR_INTERRUPTED, "the search was stopped"), &error);
    if (pause != atomic_load(&search->workshop.pause)) {
        atomic_store(&search->workshop.pause, pause);
        end_early(search,
                  database_set_search_state(search->database, search->id, pause ? RUN_PAUSED : RUN_RUNNING, &error),
                  &error);
    }
}

/* A moment, or until something has changed. */
static void wait_a_moment(Search *search)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += 1000000000 / VIEWS_PER_SECOND;
    if (until.tv_nsec >= 1000000000) {
        until.tv_nsec -= 1000000000;
        until.tv_sec++;
    }
    while (!is_over(search) && pthread_cond_timedwait(&search->changed, &search->mutex, &until) != ETIMEDOUT) {
    }
}

/* ------------------------------------------------------------------------------------------------------------------ */

/* Starts the threads, which are not to hear signals; *count of them. */
static percept_status start_threads(Search *search, size_t *count, percept_error *error)
{
    sigset_t all, before;
    percept_status status = PERCEPT_OK;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    for (*count = 0; *count < search->slot_count && status == PERCEPT_OK; (*count)++) {
        Slot *slot = &search->slots[*count];
        slot->search = search;
        const int code = pthread_create(&slot->thread, NULL, work_on, slot);
        if (code != 0)
            status = error_set(error, PERCEPT_ERROR_MEMORY, "cannot start thread %zu of %zu: %s", *count + 1,
                               search->slot_count, strerror(code));
        if (code != 0)
            break;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return status;
}

percept_status pool_work(Search *search, const SearchWatcher *watcher, percept_error *error)
{
    SearchRunning *running = NULL;
    size_t threads = 0;
    percept_error early;
    percept_status status = memory_allocate(search->slot_count, sizeof *running, "the view", &running, error);
    if (status != PERCEPT_OK)
        return status;
    const double start = pool_clock();
    pthread_mutex_lock(&search->mutex);
    advance(search); /* gives out the first jobs */
    hear(search, watcher);
    if (search->status == PERCEPT_OK)
        end_early(search, start_threads(search, &threads, &early), &early);
    while (!is_over(search)) {
        tell(search, watcher, start, running);
        hear(search, watcher);
        wait_a_moment(search);
    }
    pthread_cond_broadcast(&search->changed);
    pthread_mutex_unlock(&search->mutex);
    for (size_t t = 0; t < threads; t++)
        pthread_join(search->slots[t].thread, NULL);
    pthread_mutex_lock(&search->mutex);
    tell(search, watcher, start, running);
    pthread_mutex_unlock(&search->mutex);
    memory_free(running);
    if (search->status != PERCEPT_OK && error != NULL)
        *error = search->error;
    return search->status;
}
