/* Virtual time: why a search comes out alike, whatever the number of threads, and after any interruption.
 *
 * Which trial comes next may depend on which results are there (halving, TPE), and with real threads that is a matter of
 * chance. So decisions are not taken in real time. There are `workers` virtual workers (search.workers), who work in a
 * virtual time in which a job takes exactly what it costs: epochs trained × parameters × training examples, the repeats of a
 * trial added up. Whenever a virtual worker becomes free, in the order of virtual time (ties by the trials' numbers), it asks
 * the strategy for its next job, and the strategy is shown the results of just those jobs that have ended in virtual time.
 * All of this follows from the space, the settings and the results, and the results from the recipes: it is the same on
 * every machine.
 *
 * Real threads only see to it that results become known. They train what is under way in virtual time, what ends first
 * before the rest. A decision waits until it is certain which job ends next: that its result is known, and that every other
 * job under way has been trained past that moment.
 *
 * So nothing of a strategy has to be saved. To resume a search is to play it again from its beginning, with the results that
 * the database already has in place of trainings.
 *
 * A strategy that looks at no result (grid, random) has as many workers as trials: all its jobs are given out at once.
 *
 * Not thread-safe: whoever has several threads locks. */
#ifndef SEARCH_SCHEDULER_H
#define SEARCH_SCHEDULER_H

#include "search/strategy.h"

typedef struct Scheduler Scheduler;

/* What the scheduler asks of those who do the work. */
typedef struct SchedulerHooks {
    /* Job number `job` was given out; *most receives what it costs if it goes to its end. The outcome is reported sooner or
     * later, perhaps before this returns. */
    percept_status (*begin)(void *user, const Scheduler *scheduler, size_t job, double *most, percept_error *error);
    /* Its result now counts. May be NULL. */
    percept_status (*ended)(void *user, const Scheduler *scheduler, size_t job, percept_error *error);
    void *user;
} SchedulerHooks;

/* Released with scheduler_free, which takes NULL; the strategy must outlive it. workers ≥ 1. */
percept_status scheduler_create(const Strategy *strategy, size_t workers, const SchedulerHooks *hooks, Scheduler **out,
                                percept_error *error);
void scheduler_free(Scheduler *scheduler);

/* All that was given out. Valid until the next call that changes the scheduler. */
const Ledger *scheduler_ledger(const Scheduler *scheduler);

/* A job under way has cost so much already, and will have cost no less in the end. */
void scheduler_progress(Scheduler *scheduler, size_t job, double cost);

/* A job's result is known, and what it has cost. */
void scheduler_report(Scheduler *scheduler, size_t job, JobEnd end, double score, double cost);

/* Lets virtual time pass as far as it can with what is known, and gives out what there is to do. After the first call, and
 * after each that reports something. */
percept_status scheduler_advance(Scheduler *scheduler, percept_error *error);

/* Whether all is done: nothing is under way, and the strategy has nothing more. */
bool scheduler_is_over(const Scheduler *scheduler);

/* The latest virtual time at which a job may end: what real threads go by. */
double scheduler_latest_end(const Scheduler *scheduler, size_t job);

#endif
