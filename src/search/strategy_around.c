/* A search around a recipe that is good already, such as a preset.
 *
 * The first around.startup trials are the recipe itself, each with a seed of its own. Every later trial begins from one of the
 * best quarter of the trials that are finished, each of them equally often, and changes each key with the probability
 * around.change: half of the changes leave the key to the recipe again, the others draw it from the space. So values that
 * help are kept and joined, and most trials stay good enough to be members of an ensemble (search.ensemble). This is the
 * mutation of evolutionary searches (E. Real, A. Aggarwal, Y. Huang and Q. Le, 2019, "Regularized evolution for image
 * classifier architecture search"), with a truncated selection in place of tournaments. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "search/strategy.h"

/* One in so many finished trials is a parent. */
#define PARENTS 4

/* Defaults of the keys; settings.c names them, too. */
#define STARTUP 8
#define CHANGE 0.25

/* A finished trial, for sorting. */
typedef struct Result {
    size_t trial;
    double score;
} Result;

static int compare(const void *left, const void *right)
{
    const Result *a = left, *b = right;
    if (a->score > b->score || a->score < b->score)
        return a->score > b->score ? -1 : 1;
    return (a->trial > b->trial) - (a->trial < b->trial);
}

/* A copy of the strategy, whose draws begin from these trials. */
typedef struct Bred {
    Strategy strategy;
    Result *results; /* finished trials, the best first */
    size_t parents;  /* of them; 0: there are none yet */
} Bred;

static percept_status sort_results(const Ledger *ledger, Bred *bred, percept_error *error)
{
    size_t count = 0;
    percept_status status =
        memory_allocate(ledger->job_count, sizeof *bred->results, "the results", &bred->results, error);
    for (size_t j = 0; status == PERCEPT_OK && j < ledger->job_count; j++) {
        const Job *job = &ledger->jobs[j];
        if (job->ended && job->end == JOB_FINISHED && !isnan(job->score))
            bred->results[count++] = (Result){job->trial, job->score};
    }
    if (count > 0)
        qsort(bred->results, count, sizeof *bred->results, compare);
    bred->parents = (count + PARENTS - 1) / PARENTS;
    return status;
}

static double change(const Dimension *dimension, RandomStream *stream)
{
    return random_unit(stream) < 0.5 ? NAN : dimension_draw(dimension, stream);
}

static void draw(const Strategy *strategy, const Ledger *ledger, RandomStream *stream, double *point)
{
    const Bred *bred = (const Bred *)strategy;
    const Space *space = strategy->candidates.space;
    const double probability = search_setting_number_or(&space->settings, "around.change", CHANGE);
    const double *parent = NULL;
    if (bred->parents > 0) {
        const double place = floor(random_unit(stream) * (double)bred->parents);
        const size_t chosen = (size_t)fmin(place, (double)bred->parents - 1);
        parent = ledger->points + bred->results[chosen].trial * space->count;
    }
    for (size_t d = 0; d < space->count; d++) {
        point[d] = parent != NULL ? parent[d] : NAN;
        if (random_unit(stream) < probability)
            point[d] = change(&space->dimensions[d], stream);
        if (!space_has(space, point, d))
            point[d] = NAN;
        else if (isnan(point[d]) && space->dimensions[d].least_depth > 0) /* the depth is new */
            point[d] = dimension_draw(&space->dimensions[d], stream);
    }
}

static percept_status next(const Strategy *strategy, const Ledger *ledger, Job *job, double *point,
                           StrategyAnswer *answer, percept_error *error)
{
    const Space *space = strategy->candidates.space;
    Bred bred = {.strategy = *strategy};
    percept_status status = PERCEPT_OK;
    const size_t startup = search_setting_count_or(&space->settings, "around.startup", STARTUP);
    if (ledger->trial_count < startup && ledger->trial_count < strategy->trials) {
        for (size_t d = 0; d < space->count; d++)
            point[d] = NAN;
        job->trial = ledger->trial_count;
        *answer = STRATEGY_JOB;
        return PERCEPT_OK;
    }
    status = sort_results(ledger, &bred, error);
    if (status == PERCEPT_OK)
        status = strategy_next_drawn(&bred.strategy, ledger, draw, job, point, answer, error);
    memory_free(bred.results);
    return status;
}

const StrategyKind strategy_around = {
    .name = "around",
    .summary = "the recipe itself with several seeds, then changes of the best trials",
    .own_seeds = true,
    .next = next,
};
