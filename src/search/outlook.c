/* Estimates the remaining time of a search: the remaining epochs, at the speed measured so far.
 *
 * Of started jobs, these are the epochs up to each job's end; a trial that was stopped, diverged or failed has none
 * left. Of jobs not yet started:
 *   without rungs   each trial that has not started takes the mean of those that have
 *   with rungs      of Aₖ trials that reach rung k, ⌊Aₖ / reduction⌋ continue, at least one, and at least as many as already did
 * An epoch takes the seconds of training that all epochs together took, over their number. All threads that have work
 * run at once. The search does not end before its longest training, and the epochs that follow it, have ended.
 * A time limit may end it earlier. view_search.js does the same for the live page. */
#include <math.h>

#include "search/state.h"

typedef struct Outlook {
    double trained, seconds; /* epochs, and what their trainings took */
    double given, expected;  /* epochs left */
    double longest;          /* epochs left of the running training that has most of them */
    double chain;            /* epochs that must follow one after the other: those of rungs that no job works for yet */
    size_t working;          /* trainings under way, or waiting for a thread */
} Outlook;

static void add_known(const Search *search, Outlook *outlook)
{
    for (size_t r = 0; r < search->trial_count * search->repeats; r++) {
        outlook->trained += (double)search->runs[r].epochs;
        outlook->seconds += search->runs[r].seconds;
    }
}

static void add_running(const Search *search, double now, Outlook *outlook)
{
    for (size_t i = 0; i < search->slot_count; i++) {
        const Slot *slot = &search->slots[i];
        if (!slot->busy)
            continue;
        const double epoch = (double)atomic_load(&slot->progress.epoch), began = (double)slot->began;
        const double left = fmax((double)search->job_records[slot->task.job].to - epoch, 0);
        outlook->trained += fmax(epoch - began, 0);
        outlook->seconds += epoch > began ? now - slot->began_at : 0;
        outlook->given += left;
        outlook->longest = fmax(outlook->longest, left);
        outlook->working++;
    }
    for (size_t t = 0; t < search->task_count; t++) {
        const Task *task = &search->tasks[t];
        const size_t trial = scheduler_ledger(search->scheduler)->jobs[task->job].trial;
        const RepeatRecord *run = &search->runs[trial * search->repeats + task->repeat];
        outlook->given += (double)search->job_records[task->job].to - (double)run->epochs;
        outlook->working++;
    }
}

/* Jobs that were given out for a rung. */
static size_t count_given(const Search *search, size_t rung)
{
    const Ledger *ledger = scheduler_ledger(search->scheduler);
    size_t count = 0;
    for (size_t j = 0; j < ledger->job_count; j++)
        count += ledger->jobs[j].rung == rung;
    return count;
}

static void expect_rungs(const Search *search, Outlook *outlook)
{
    const Strategy *strategy = search->strategy;
    const size_t reduction = (size_t)search_setting_integer(&search->space->settings, "halving.reduction");
    size_t come = strategy->trials;
    for (size_t k = 0; k < strategy->rungs; k++) {
        const size_t given = count_given(search, k);
        const size_t epochs = strategy->epochs[k] - (k > 0 ? strategy->epochs[k - 1] : 0);
        if (k > 0)
            come = come / reduction > 1 ? come / reduction : 1;
        come = come > given ? come : given;
        outlook->expected += (double)((come - given) * epochs * search->repeats);
        if (k > 0 && come > given)
            outlook->chain += (double)epochs;
    }
}

static void expect_trials(const Search *search, Outlook *outlook)
{
    double epochs = 0;
    const size_t begun = search->trial_count, planned = search->strategy->trials;
    for (size_t t = 0; t < begun; t++)
        epochs += (double)search->trials[t].epochs;
    if (begun > 0 && planned > begun)
        outlook->expected += epochs / (double)begun * (double)((planned - begun) * search->repeats);
}

void outlook_add(const Search *search, double now, SearchView *view)
{
    Outlook outlook = {0};
    add_known(search, &outlook);
    add_running(search, now, &outlook);
    if (search->strategy->kind->rungs)
        expect_rungs(search, &outlook);
    else if (!search->strategy->kind->independent)
        expect_trials(search, &outlook);
    const double left = outlook.given + outlook.expected;
    view->epochs_trained = outlook.trained;
    view->epochs_left = left;
    view->left = NAN;
    if (!(outlook.trained > 0))
        return;
    const size_t working = outlook.working < search->slot_count ? outlook.working : search->slot_count;
    const double together = left / (double)(working > 0 ? working : 1);
    view->left = fmax(together, outlook.longest + outlook.chain) * outlook.seconds / outlook.trained;
    view->left = fmin(view->left, fmax(pool_deadline(search) - now, 0));
}
