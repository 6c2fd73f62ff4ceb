/* Random search (J. Bergstra and Y. Bengio, 2012, "Random search for hyper-parameter optimization"): each trial is drawn by
 * itself, uniformly in each dimension or its logarithm. */
#include "search/strategy.h"

static percept_status next(const Strategy *strategy, const Ledger *ledger, Job *job, double *point,
                           StrategyAnswer *answer, percept_error *error)
{
    return strategy_next_drawn(strategy, ledger, strategy_draw_uniformly, job, point, answer, error);
}

const StrategyKind strategy_random = {
    .name = "random",
    .summary = "every trial is drawn independently",
    .independent = true,
    .next = next,
};
