/* A search as others see it. */
#include <math.h>
#include <string.h>

#include "search/state.h"

/* ---- The space -------------------------------------------------------------------------------------------- */

bool search_is_finished(const Search *search)
{
    return search->finished;
}

const Space *search_space(const Search *search)
{
    return search->space;
}

const char *search_folder(const Search *search)
{
    return search->folder;
}

size_t search_jobs(const Search *search)
{
    return search->slot_count;
}

size_t search_repeats(const Search *search)
{
    return search->repeats;
}

bool search_by_accuracy(const Search *search)
{
    return search->by_accuracy;
}

bool search_has_rungs(const Search *search)
{
    return search->strategy->kind->rungs;
}

bool search_needs_workers(const Search *search)
{
    return !search->strategy->kind->independent;
}

size_t search_planned(const Search *search)
{
    return search->strategy->trials;
}

double search_minutes(const Search *search)
{
    return search->minutes;
}

bool search_is_out_of_time(const Search *search)
{
    return search->out_of_time;
}

int64_t search_seed(const Search *search, size_t trial, size_t repeat)
{
    return recipe_integer(search->space->base, "seed") + (int64_t)work_seed(&search->workshop, trial, repeat);
}

bool search_wants_ensemble(const Search *search)
{
    return search->most_members > 0;
}

const SearchEnsemble *search_ensemble(const Search *search)
{
    return &search->ensemble;
}

/* ---- Trials ------------------------------------------------------------------------------------------------------ */

size_t search_count(const Search *search)
{
    return search->trial_count;
}

bool search_has_diverged(const Search *search, size_t trial, size_t repeat)
{
    const RepeatRecord *run = &search->runs[trial * search->repeats + repeat];
    return run->begun && run->end == JOB_DIVERGED;
}

void search_trial(const Search *search, size_t number, SearchTrial *out)
{
    const TrialRecord *trial = &search->trials[number];
    const size_t dimensions = search->space->count;
    *out = (SearchTrial){.number = number,
                         .state = trial->state,
                         .rung = trial->rung,
                         .epochs = trial->reached,
                         .figure = trial->figure,
                         .deviation = trial->deviation,
                         .converged = trial->converged,
                         .diverged = trial->diverged,
                         .failed = trial->failed,
                         .parameters = trial->parameters};
    memcpy(out->point, scheduler_ledger(search->scheduler)->points + number * dimensions, dimensions * sizeof(double));
    for (size_t r = 0; r < search->repeats; r++) {
        const RepeatRecord *run = &search->runs[number * search->repeats + r];
        out->seconds += run->seconds;
        if (out->message == NULL)
            out->message = run->message;
    }
}

size_t search_rungs(const Search *search)
{
    return search->strategy->rungs;
}

SearchRung search_rung(const Search *search, size_t rung)
{
    const Ledger *ledger = scheduler_ledger(search->scheduler);
    SearchRung out = {.epochs = search->strategy->epochs[rung], .best = NAN};
    double best = -INFINITY;
    for (size_t j = 0; j < ledger->job_count; j++) {
        const Job *job = &ledger->jobs[j];
        if (job->rung != rung || !job->ended)
            continue;
        out.arrived++;
        out.promoted += job->continued;
        out.lost += job->end == JOB_DIVERGED || job->end == JOB_FAILED || job->end == JOB_STOPPED;
        if (job->score > best)
            best = job->score;
    }
    if (best > -INFINITY)
        out.best = search->by_accuracy ? best : -best;
    return out;
}
