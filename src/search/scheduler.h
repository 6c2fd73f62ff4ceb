/* Virtual time makes the results of a search independent of the number of threads and of interruptions.
 *
 * The next trial may depend on the existing results (halving, TPE). With real threads, the set of existing results
 * would be random. So decisions are made in virtual time. There are `workers` virtual workers (search.workers). A job
 * takes exactly the virtual time that it costs: trained epochs × parameters × training examples, summed over the
 * repeats of a trial. When a virtual worker becomes free, in the order of virtual time (ties by the number of the
 * trial), it asks the strategy for its next job. The strategy sees only the results of jobs that have ended in virtual
 * time. All of this follows from the space, the settings and the results, and the results follow from the recipes. So
 * it is the same on every machine.
 *
 * Real threads only make results known. They train the jobs that run in virtual time, those that end first before the
 * others. A decision waits until it is certain which job ends next: its result is known, and every other running job
 * has been trained past that moment.
 *
 * So the state of a strategy need not be saved. A search is resumed by replaying it from its beginning, with the
 * results in the database instead of trainings.
 *
 * A strategy that uses no results (grid, random) has as many workers as trials: all its jobs start at once.
 *
 * Not thread-safe: callers with several threads must lock. */
#ifndef SEARCH_SCHEDULER_H
#define SEARCH_SCHEDULER_H

#include "search/strategy.h"

typedef struct Scheduler Scheduler;

/* Callbacks of the scheduler to the code that trains. */
typedef struct SchedulerHooks {
    /* Job number `job` starts; *most receives its cost if it runs to its end. The outcome must be reported later, or
     * before this returns. */
    percept_status (*begin)(void *user, const Scheduler *scheduler, size_t job, double *most, percept_error *error);
    /* Its result now counts. May be NULL. */
    percept_status (*ended)(void *user, const Scheduler *scheduler, size_t job, percept_error *error);
    void *user;
} SchedulerHooks;

/* Released with scheduler_free, which takes NULL; the strategy must outlive it. workers ≥ 1. */
percept_status scheduler_create(const Strategy *strategy, size_t workers, const SchedulerHooks *hooks, Scheduler **out,
                                percept_error *error);
void scheduler_free(Scheduler *scheduler);

/* All started jobs. Valid until the next call that changes the scheduler. */
const Ledger *scheduler_ledger(const Scheduler *scheduler);

/* Reports the cost of a running job so far, a lower bound of its final cost. */
void scheduler_progress(Scheduler *scheduler, size_t job, double cost);

/* Reports the result of a job, and its cost. */
void scheduler_report(Scheduler *scheduler, size_t job, JobEnd end, double score, double cost);

/* Advances virtual time as far as the known results allow, and starts new jobs. Call it first after scheduler_create,
 * and after each report. */
percept_status scheduler_advance(Scheduler *scheduler, percept_error *error);

/* Whether everything is done: no job is running, and the strategy has no more. */
bool scheduler_is_over(const Scheduler *scheduler);

/* The latest virtual time at which a job may end; real threads choose jobs by it. */
double scheduler_latest_end(const Scheduler *scheduler, size_t job);

#endif
