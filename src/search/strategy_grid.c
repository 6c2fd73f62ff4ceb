/* The full grid: every combination of all values, the last key of the space changing fastest. Combinations that do not meet
 * the conditions are left out.
 *
 * To look at a combination takes tens of microseconds where there are conditions: a million of them half a minute. So the
 * combinations are counted first, and where there are many, some are drawn at random: if none of these meets the conditions
 * the grid is refused at once. */
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "search/strategy.h"

/* A grid of more is a mistake; those that the conditions refuse are counted, too. */
#define MOST_COMBINATIONS 1000000

/* Where there are more, a sample is looked at first. */
#define MANY_COMBINATIONS 100000

typedef struct Walk {
    Strategy *strategy;
    double point[SPACE_MOST_DIMENSIONS];
    bool counting; /* only count */
    size_t seen, capacity, count;
    Refusals refusals;
    percept_error *error;
} Walk;

/* Adds the walk's point, if it is allowed. */
static percept_status add_point(Walk *walk)
{
    const size_t dimensions = walk->strategy->candidates.space->count, size = dimensions * sizeof(double);
    bool allowed = true;
    walk->seen++;
    if (walk->counting)
        return PERCEPT_OK;
    percept_status status = strategy_allows(walk->strategy, walk->point, &walk->refusals, &allowed, walk->error);
    if (status != PERCEPT_OK || !allowed)
        return status;
    if (walk->count == walk->capacity) {
        const size_t capacity = walk->capacity == 0 ? 64 : 2 * walk->capacity;
        status = memory_grow(&walk->strategy->points, walk->count * size, capacity, size, "the grid", walk->error);
        if (status != PERCEPT_OK)
            return status;
        walk->capacity = capacity;
    }
    memcpy(walk->strategy->points + walk->count++ * dimensions, walk->point, size);
    return PERCEPT_OK;
}

/* All values of dimension d and those behind it, until there are too many. */
static percept_status walk_from(Walk *walk, size_t d)
{
    const Space *space = walk->strategy->candidates.space;
    percept_status status = PERCEPT_OK;
    if (d == space->count)
        return add_point(walk);
    if (!space_has(space, walk->point, d)) {
        walk->point[d] = NAN;
        return walk_from(walk, d + 1);
    }
    const size_t count = dimension_grid_count(&space->dimensions[d]);
    for (size_t i = 0; status == PERCEPT_OK && i < count && walk->seen <= MOST_COMBINATIONS; i++) {
        const double value = dimension_grid_value(&space->dimensions[d], i);
        if (i > 0 && value <= walk->point[d]) /* two steps that are rounded to one integer */
            continue;
        walk->point[d] = value;
        status = walk_from(walk, d + 1);
    }
    return status;
}

static void draw(const Strategy *strategy, const Ledger *ledger, RandomStream *stream, double *point)
{
    const Space *space = strategy->candidates.space;
    (void)ledger;
    for (size_t d = 0; d < space->count; d++) {
        const size_t count = dimension_grid_count(&space->dimensions[d]);
        const size_t place = (size_t)(random_unit(stream) * (double)count);
        point[d] = dimension_grid_value(&space->dimensions[d], place < count ? place : count - 1);
        if (!space_has(space, point, d))
            point[d] = NAN;
    }
}

/* Refuses the grid if no combination of a sample meets the conditions, or if there are too many. */
static percept_status check_size(Strategy *strategy, percept_error *error)
{
    const Ledger none = {0};
    double point[SPACE_MOST_DIMENSIONS];
    bool found = false;
    Walk walk = {.strategy = strategy, .counting = true, .error = error};
    percept_status status = walk_from(&walk, 0);
    if (status == PERCEPT_OK && walk.seen > MANY_COMBINATIONS)
        status = strategy_draw(strategy, &none, draw, point, &found, error);
    if (status == PERCEPT_OK && walk.seen > MOST_COMBINATIONS)
        status = error_set(error, PERCEPT_ERROR_ARGUMENT,
                           "%s: the grid has more than %d combinations, those that conditions refuse counted, too; "
                           "give fewer values, or search at random",
                           strategy->candidates.space->path, MOST_COMBINATIONS);
    return status;
}

static percept_status create(Strategy *strategy, percept_error *error)
{
    const Space *space = strategy->candidates.space;
    Walk walk = {.strategy = strategy, .error = error};
    for (size_t d = 0; d < space->count; d++)
        if (dimension_grid_count(&space->dimensions[d]) == 0)
            return error_set(error, PERCEPT_ERROR_ARGUMENT,
                             "%s: a grid needs values of %s: give the range `steps: N`, or a list, or search at random",
                             space->path, space->dimensions[d].name);
    percept_status status = check_size(strategy, error);
    if (status == PERCEPT_OK)
        status = walk_from(&walk, 0);
    strategy->trials = walk.count;
    if (status == PERCEPT_OK && walk.count == 0)
        status = strategy_refuse_space(strategy, &walk.refusals, walk.seen, false, error);
    return status;
}

static percept_status next(const Strategy *strategy, const Ledger *ledger, Job *job, double *point,
                           StrategyAnswer *answer, percept_error *error)
{
    const size_t count = strategy->candidates.space->count;
    (void)error;
    *answer = STRATEGY_OVER;
    if (ledger->trial_count == strategy->trials)
        return PERCEPT_OK;
    job->trial = ledger->trial_count;
    memcpy(point, strategy->points + job->trial * count, count * sizeof *point);
    *answer = STRATEGY_JOB;
    return PERCEPT_OK;
}

const StrategyKind strategy_grid = {
    .name = "grid",
    .summary = "every combination of the values of lists and of ranges with steps",
    .independent = true,
    .create = create,
    .next = next,
};
