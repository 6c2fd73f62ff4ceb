/* Asynchronous successive halving (ASHA; L. Li, K. Jamieson, A. Rostamizadeh and others, 2020, "A system for massively
 * parallel hyperparameter tuning", algorithm 2).
 *
 * Rung k has r ηᵏ epochs, from r = halving.least_epochs up to train.epochs, which is the last rung. A free worker
 * looks, from the last rung but one downwards, for a trial that is among the best ⌊n/η⌋ of the n that reached its rung
 * and has not been promoted yet. The best of these continues to the next rung. If there is none, a new random trial
 * starts. Trials that diverged or failed on the way are the worst of the rung.
 *
 * In the paper the number of trials is unlimited; here it is not. With few trials, early promotions are costly, because
 * early leaders are often overtaken. With halving.promote late, new trials start before promotions, so the first choice
 * is among all of them. If no job is left and no trial has all its epochs, the best trial of the highest rung
 * continues, so that there is a winner. */
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "search/strategy.h"

static percept_status create(Strategy *strategy, percept_error *error)
{
    const Space *space = strategy->candidates.space;
    const size_t epochs = (size_t)recipe_integer(space->base, "train.epochs");
    const size_t least = (size_t)search_setting_integer(&space->settings, "halving.least_epochs");
    const size_t reduction = (size_t)search_setting_integer(&space->settings, "halving.reduction");
    if (space_varies(space, "train.epochs"))
        return error_set(
            error, PERCEPT_ERROR_ARGUMENT,
            "%s: halving gives each trial as many epochs as it deserves; leave train.epochs out of the space",
            space->path);
    if (least >= epochs)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "%s: halving.least_epochs (%zu) must be below train.epochs (%zu), which is the last rung",
                         space->path, least, epochs);
    strategy->rungs = 1;
    for (size_t r = least; r < epochs; strategy->rungs++)
        r = r > epochs / reduction ? epochs : r * reduction;
    percept_status status =
        memory_allocate(strategy->rungs, sizeof *strategy->epochs, "the rungs", &strategy->epochs, error);
    for (size_t k = 0, r = least; status == PERCEPT_OK && k < strategy->rungs; k++) {
        strategy->epochs[k] = r;
        r = r > epochs / reduction ? epochs : r * reduction;
    }
    return status;
}

/* Its trial could be trained on. */
static bool can_go_on(const Job *job)
{
    return job->ended && (job->end == JOB_PAUSED || job->end == JOB_FINISHED) && !isnan(job->score);
}

/* By score, then by number. */
static bool is_better(const Job *job, const Job *other)
{
    if (can_go_on(job) != can_go_on(other))
        return can_go_on(job);
    if (can_go_on(job) && (job->score > other->score || job->score < other->score))
        return job->score > other->score;
    return job->trial < other->trial;
}

/* The best of the rung that was not promoted, if it is among the best one in `part` of those that came there. */
static const Job *find_promotable(const Ledger *ledger, size_t rung, size_t part)
{
    const Job *best = NULL;
    size_t arrived = 0, rank = 0;
    for (size_t j = 0; j < ledger->job_count; j++) {
        const Job *job = &ledger->jobs[j];
        if (job->rung != rung || !job->ended)
            continue;
        arrived++;
        if (can_go_on(job) && !job->continued && (best == NULL || is_better(job, best)))
            best = job;
    }
    for (size_t j = 0; best != NULL && j < ledger->job_count; j++) {
        const Job *job = &ledger->jobs[j];
        rank += job->rung == rung && job->ended && job != best && is_better(job, best);
    }
    return best != NULL && rank < arrived / part ? best : NULL;
}

/* From the highest rung but the last that has one. */
static const Job *find_promotion(const Strategy *strategy, const Ledger *ledger, size_t part)
{
    const Job *found = NULL;
    for (size_t rung = strategy->rungs - 1; found == NULL && rung > 0; rung--)
        found = find_promotable(ledger, rung - 1, part);
    return found;
}

static bool is_under_way(const Ledger *ledger)
{
    for (size_t j = 0; j < ledger->job_count; j++)
        if (!ledger->jobs[j].ended)
            return true;
    return false;
}

static bool has_winner(const Strategy *strategy, const Ledger *ledger)
{
    for (size_t j = 0; j < ledger->job_count; j++)
        if (ledger->jobs[j].rung == strategy->rungs - 1 && can_go_on(&ledger->jobs[j]))
            return true;
    return false;
}

/* The trial to promote if nothing else is left to do. */
static const Job *find_last_promotion(const Strategy *strategy, const Ledger *ledger, size_t reduction)
{
    const Job *found = find_promotion(strategy, ledger, reduction);
    if (found == NULL && !is_under_way(ledger) && !has_winner(strategy, ledger))
        found = find_promotion(strategy, ledger, 1);
    return found;
}

static percept_status next(const Strategy *strategy, const Ledger *ledger, Job *job, double *point,
                           StrategyAnswer *answer, percept_error *error)
{
    const SearchSettings *settings = &strategy->candidates.space->settings;
    const size_t reduction = (size_t)search_setting_integer(settings, "halving.reduction");
    const bool late = strcmp(search_setting_text(settings, "halving.promote"), "late") == 0;
    const Job *promoted = late ? NULL : find_promotion(strategy, ledger, reduction);
    if (promoted == NULL) {
        percept_status status =
            strategy_next_drawn(strategy, ledger, strategy_draw_uniformly, job, point, answer, error);
        job->to = strategy->epochs[0];
        if (status != PERCEPT_OK || *answer == STRATEGY_JOB)
            return status;
        promoted = find_last_promotion(strategy, ledger, reduction);
    }
    if (promoted == NULL) {
        *answer = is_under_way(ledger) ? STRATEGY_WAIT : STRATEGY_OVER;
        return PERCEPT_OK;
    }
    job->trial = promoted->trial;
    job->rung = promoted->rung + 1;
    job->to = strategy->epochs[job->rung];
    *answer = STRATEGY_JOB;
    return PERCEPT_OK;
}

const StrategyKind strategy_halving = {
    .name = "halving",
    .summary = "asynchronous successive halving: many trials start, the best continue",
    .rungs = true,
    .create = create,
    .next = next,
};
