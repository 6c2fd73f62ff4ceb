#include "search/scheduler.h"

#include <math.h>

#include "base/memory.h"

/* A job's place in virtual time. */
typedef struct Span {
    double start;
    double least; /* cost so far: it does not end before start + least */
    double most;
    bool known; /* its result, and its end: start + least */
} Span;

struct Scheduler {
    const Strategy *strategy;
    SchedulerHooks hooks;
    Ledger ledger;
    Job *jobs; /* the ledger's */
    Span *spans;
    size_t job_capacity;
    double *points; /* the ledger's */
    size_t point_capacity;
    double now;
    size_t idle;     /* workers */
    size_t *running; /* jobs that have not ended in virtual time */
    size_t running_count, running_capacity;
    bool over; /* the strategy has nothing more */
};

percept_status scheduler_create(const Strategy *strategy, size_t workers, const SchedulerHooks *hooks, Scheduler **out,
                                percept_error *error)
{
    Scheduler *scheduler = NULL;
    percept_status status = memory_allocate_zeroed(1, sizeof *scheduler, "the scheduler", &scheduler, error);
    if (status != PERCEPT_OK)
        return status;
    scheduler->strategy = strategy;
    scheduler->hooks = *hooks;
    scheduler->idle = strategy->kind->independent ? SIZE_MAX : workers;
    *out = scheduler;
    return PERCEPT_OK;
}

void scheduler_free(Scheduler *scheduler)
{
    if (scheduler == NULL)
        return;
    memory_free(scheduler->jobs);
    memory_free(scheduler->spans);
    memory_free(scheduler->points);
    memory_free(scheduler->running);
    memory_free(scheduler);
}

const Ledger *scheduler_ledger(const Scheduler *scheduler)
{
    return &scheduler->ledger;
}

bool scheduler_is_over(const Scheduler *scheduler)
{
    return scheduler->over && scheduler->running_count == 0;
}

double scheduler_latest_end(const Scheduler *scheduler, size_t job)
{
    return scheduler->spans[job].start + scheduler->spans[job].most;
}

/* ---- What becomes known ------------------------------------------------------------------------------------------ */

void scheduler_progress(Scheduler *scheduler, size_t job, double cost)
{
    Span *span = &scheduler->spans[job];
    if (!span->known && cost > span->least)
        span->least = cost;
}

void scheduler_report(Scheduler *scheduler, size_t job, JobEnd end, double score, double cost)
{
    Job *row = &scheduler->jobs[job];
    row->end = end; /* but not `ended`: that is when its virtual time has come */
    row->score = score;
    scheduler->spans[job].least = cost;
    scheduler->spans[job].known = true;
}

/* ---- Giving out -------------------------------------------------------------------------------------------------- */

static percept_status make_room(Scheduler *scheduler, percept_error *error)
{
    const size_t jobs = scheduler->ledger.job_count, trials = scheduler->ledger.trial_count;
    const size_t point = scheduler->strategy->candidates.space->count * sizeof(double);
    percept_status status = PERCEPT_OK;
    if (jobs == scheduler->job_capacity) {
        const size_t capacity = jobs == 0 ? 64 : 2 * jobs;
        status = memory_grow(&scheduler->jobs, jobs * sizeof(Job), capacity, sizeof(Job), "the jobs", error);
        if (status == PERCEPT_OK)
            status = memory_grow(&scheduler->spans, jobs * sizeof(Span), capacity, sizeof(Span), "the jobs", error);
        if (status == PERCEPT_OK)
            scheduler->job_capacity = capacity;
    }
    if (status == PERCEPT_OK && trials == scheduler->point_capacity) {
        const size_t capacity = trials == 0 ? 64 : 2 * trials;
        status = memory_grow(&scheduler->points, trials * point, capacity, point, "the points", error);
        if (status == PERCEPT_OK)
            scheduler->point_capacity = capacity;
    }
    if (status == PERCEPT_OK && scheduler->running_count == scheduler->running_capacity) {
        const size_t capacity = scheduler->running_count == 0 ? 64 : 2 * scheduler->running_count;
        status = memory_grow(&scheduler->running, scheduler->running_count * sizeof(size_t), capacity, sizeof(size_t),
                             "the jobs", error);
        if (status == PERCEPT_OK)
            scheduler->running_capacity = capacity;
    }
    scheduler->ledger.jobs = scheduler->jobs;
    scheduler->ledger.points = scheduler->points;
    return status;
}

/* The trial's job before a new one of it is continued. */
static void mark_continued(const Scheduler *scheduler, size_t trial)
{
    for (size_t j = scheduler->ledger.job_count; j-- > 0;)
        if (scheduler->jobs[j].trial == trial) {
            scheduler->jobs[j].continued = true;
            return;
        }
}

/* Asks for one job. */
static percept_status give_out(Scheduler *scheduler, StrategyAnswer *answer, percept_error *error)
{
    Ledger *ledger = &scheduler->ledger;
    percept_status status = make_room(scheduler, error);
    if (status != PERCEPT_OK)
        return status;
    const size_t number = ledger->job_count;
    double *point = scheduler->points + ledger->trial_count * scheduler->strategy->candidates.space->count;
    status = strategy_next(scheduler->strategy, ledger, &scheduler->jobs[number], point, answer, error);
    if (status != PERCEPT_OK || *answer != STRATEGY_JOB)
        return status;
    if (scheduler->jobs[number].trial == ledger->trial_count)
        ledger->trial_count++;
    else
        mark_continued(scheduler, scheduler->jobs[number].trial);
    scheduler->spans[number] = (Span){.start = scheduler->now};
    scheduler->running[scheduler->running_count++] = number;
    ledger->job_count++;
    scheduler->idle--;
    double most = 0;
    status = scheduler->hooks.begin(scheduler->hooks.user, scheduler, number, &most, error);
    scheduler->spans[number].most = most;
    return status;
}

/* ---- Time passes ------------------------------------------------------------------------------------------------- */

/* Whether a certainly ends before b, as far as is known of b. */
static bool ends_before(const Scheduler *scheduler, size_t a, size_t b)
{
    const Span *first = &scheduler->spans[a], *second = &scheduler->spans[b];
    const double end = first->start + first->least, other = second->start + second->least;
    if (end < other || end > other)
        return end < other;
    return scheduler->jobs[a].trial < scheduler->jobs[b].trial;
}

/* The place in `running` of the job that ends next, or running_count while that is not certain. */
static size_t find_next_end(const Scheduler *scheduler)
{
    const size_t none = scheduler->running_count;
    size_t first = none;
    for (size_t i = 0; i < scheduler->running_count; i++)
        if (first == none || ends_before(scheduler, scheduler->running[i], scheduler->running[first]))
            first = i;
    /* Of a job that is not known only the earliest end is: if it is the first by that, nothing is certain. */
    return first != none && scheduler->spans[scheduler->running[first]].known ? first : none;
}

static percept_status end_job(Scheduler *scheduler, size_t place, percept_error *error)
{
    const size_t job = scheduler->running[place];
    scheduler->now = scheduler->spans[job].start + scheduler->spans[job].least;
    scheduler->jobs[job].ended = true;
    scheduler->running[place] = scheduler->running[--scheduler->running_count];
    scheduler->idle++;
    if (scheduler->hooks.ended == NULL)
        return PERCEPT_OK;
    return scheduler->hooks.ended(scheduler->hooks.user, scheduler, job, error);
}

percept_status scheduler_advance(Scheduler *scheduler, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    while (status == PERCEPT_OK) {
        StrategyAnswer answer = STRATEGY_JOB;
        while (status == PERCEPT_OK && !scheduler->over && scheduler->idle > 0 && answer == STRATEGY_JOB) {
            status = give_out(scheduler, &answer, error);
            scheduler->over = status == PERCEPT_OK && answer == STRATEGY_OVER;
        }
        const size_t place = find_next_end(scheduler);
        if (status != PERCEPT_OK || place == scheduler->running_count)
            break;
        status = end_job(scheduler, place, error);
    }
    return status;
}
