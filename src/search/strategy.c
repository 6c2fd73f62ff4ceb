#include "search/strategy.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/quote.h"

#define ROW(name) &strategy_##name,
static const StrategyKind *const kinds[] = {STRATEGY_EACH(ROW) NULL};
#undef ROW

const StrategyKind *strategy_at(size_t index)
{
    for (size_t i = 0; kinds[i] != NULL; i++)
        if (i == index)
            return kinds[i];
    return NULL;
}

static const StrategyKind *find(const char *name)
{
    size_t i = 0;
    while (strcmp(kinds[i]->name, name) != 0) /* it is one: the settings know no other */
        i++;
    return kinds[i];
}

percept_status strategy_create(const Candidates *candidates, Strategy **out, percept_error *error)
{
    Strategy *strategy = NULL;
    percept_status status = memory_allocate_zeroed(1, sizeof *strategy, "a strategy", &strategy, error);
    if (status != PERCEPT_OK)
        return status;
    const SearchSettings *settings = &candidates->space->settings;
    strategy->kind = find(search_setting_text(settings, "strategy"));
    strategy->candidates = *candidates;
    strategy->trials = search_settings_trials(settings);
    strategy->rungs = 1;
    if (strategy->kind->create != NULL)
        status = strategy->kind->create(strategy, error);
    if (status == PERCEPT_OK)
        *out = strategy;
    else
        strategy_free(strategy);
    return status;
}

void strategy_free(Strategy *strategy)
{
    if (strategy == NULL)
        return;
    memory_free(strategy->epochs);
    memory_free(strategy->points);
    memory_free(strategy);
}

percept_status strategy_next(const Strategy *strategy, const Ledger *ledger, Job *job, double *point,
                             StrategyAnswer *answer, percept_error *error)
{
    *job = (Job){.to = JOB_TO_THE_END, .score = NAN};
    return strategy->kind->next(strategy, ledger, job, point, answer, error);
}

/* ---- Drawing ----------------------------------------------------------------------------------------------------- */

RandomStream strategy_stream(const Strategy *strategy, size_t trial)
{
    RandomStream stream;
    random_spawn(&stream, (uint64_t)search_setting_integer(&strategy->candidates.space->settings, "seed"),
                 (uint32_t)trial);
    return stream;
}

void strategy_draw_uniformly(const Strategy *strategy, const Ledger *ledger, RandomStream *stream, double *point)
{
    const Space *space = strategy->candidates.space;
    (void)ledger;
    for (size_t d = 0; d < space->count; d++) {
        point[d] = dimension_draw(&space->dimensions[d], stream);
        if (!space_has(space, point, d))
            point[d] = NAN;
    }
}

/* Equal, or not there in both. */
static bool is_same(const double *a, const double *b, size_t count)
{
    for (size_t d = 0; d < count; d++)
        if (!(a[d] >= b[d] && a[d] <= b[d]) && !(isnan(a[d]) && isnan(b[d])))
            return false;
    return true;
}

static bool is_tried(const Ledger *ledger, const double *point, size_t count)
{
    for (size_t t = 0; t < ledger->trial_count; t++)
        if (is_same(ledger->points + t * count, point, count))
            return true;
    return false;
}

percept_status strategy_allows(const Strategy *strategy, const double *point, Refusals *refusals, bool *out,
                               percept_error *error)
{
    const Candidates *candidates = &strategy->candidates;
    const char *condition = NULL;
    size_t c = 0;
    percept_status status = PERCEPT_OK;
    if (candidates->refuses != NULL)
        status = candidates->refuses(candidates->user, point, &condition, error);
    *out = condition == NULL;
    if (status != PERCEPT_OK || condition == NULL)
        return status;
    while (c < refusals->count && refusals->conditions[c] != condition)
        c++;
    if (c == refusals->count && c < SPACE_MOST_CONDITIONS)
        refusals->conditions[refusals->count++] = condition;
    if (c < SPACE_MOST_CONDITIONS)
        refusals->counts[c]++;
    return PERCEPT_OK;
}

percept_status strategy_refuse_space(const Strategy *strategy, const Refusals *refusals, size_t looked_at, bool drawn,
                                     percept_error *error)
{
    char quoted[QUOTED_SIZE];
    size_t most = 0;
    for (size_t c = 1; c < refusals->count; c++)
        most = refusals->counts[c] > refusals->counts[most] ? c : most;
    const bool named = refusals->count > 0;
    return error_set(error, PERCEPT_ERROR_ARGUMENT,
                     "%s: none of the %zu combinations%s meets the conditions%s%s; widen the space or ask for less",
                     strategy->candidates.space->path, looked_at, drawn ? " that were drawn" : " of the grid",
                     named ? "; most fail " : "", named ? quote_text(refusals->conditions[most], quoted) : "");
}

percept_status strategy_draw(const Strategy *strategy, const Ledger *ledger, StrategyDraw *draw, double *point,
                             bool *found, percept_error *error)
{
    const size_t dimensions = strategy->candidates.space->count;
    Refusals refusals = {0};
    RandomStream stream = strategy_stream(strategy, ledger->trial_count);
    percept_status status = PERCEPT_OK;
    bool ever = ledger->trial_count > 0;
    *found = false;
    for (size_t i = 0; status == PERCEPT_OK && !*found && i < STRATEGY_MOST_DRAWS; i++) {
        bool allowed = true;
        draw(strategy, ledger, &stream, point);
        if (is_tried(ledger, point, dimensions))
            continue;
        status = strategy_allows(strategy, point, &refusals, &allowed, error);
        *found = status == PERCEPT_OK && allowed;
        ever = ever || *found;
    }
    if (status == PERCEPT_OK && !ever)
        status = strategy_refuse_space(strategy, &refusals, STRATEGY_MOST_DRAWS, true, error);
    return status;
}

percept_status strategy_next_drawn(const Strategy *strategy, const Ledger *ledger, StrategyDraw *draw, Job *job,
                                   double *point, StrategyAnswer *answer, percept_error *error)
{
    bool found = false;
    *answer = STRATEGY_OVER;
    if (ledger->trial_count >= strategy->trials)
        return PERCEPT_OK;
    percept_status status = strategy_draw(strategy, ledger, draw, point, &found, error);
    job->trial = ledger->trial_count;
    if (found)
        *answer = STRATEGY_JOB;
    return status;
}
