/* A tree-structured Parzen estimator (J. Bergstra, R. Bardenet, Y. Bengio and B. Kégl, 2011, "Algorithms for hyper-parameter
 * optimization", section 4).
 *
 * After tpe.startup trials at random, the n results are cut in two: the best ⌈γ n⌉ are good. From the values of the good
 * and of the others a Parzen estimator each is made for every dimension (parzen.h), l(x) and g(x). The expected improvement
 * over the border between them grows with l(x) / g(x) (equation 11), so of tpe.candidates values drawn from l the one with
 * the largest ratio is taken. A dimension that is not always there (the width of a third layer) learns from those trials
 * that had it: that is the tree. Trials that diverged or failed are among the others, which is how their region is shunned;
 * trials under way are not looked at. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "search/parzen.h"
#include "search/strategy.h"

/* A result, for sorting. */
typedef struct Result {
    size_t trial;
    double score;
} Result;

static int compare(const void *left, const void *right)
{
    const Result *a = left, *b = right;
    const bool na = isnan(a->score), nb = isnan(b->score);
    if (na != nb)
        return na - nb;
    if (!na && (a->score > b->score || a->score < b->score))
        return a->score > b->score ? -1 : 1;
    return (a->trial > b->trial) - (a->trial < b->trial);
}

/* The results there are, the best first. Released with memory_free. */
static percept_status sort_results(const Ledger *ledger, Result **out, size_t *count, percept_error *error)
{
    Result *results = NULL;
    percept_status status = memory_allocate(ledger->job_count, sizeof *results, "the results", &results, error);
    *count = 0;
    if (status != PERCEPT_OK)
        return status;
    for (size_t j = 0; j < ledger->job_count; j++) {
        const Job *job = &ledger->jobs[j];
        if (job->ended && job->end != JOB_STOPPED)
            results[(*count)++] = (Result){job->trial, job->end == JOB_FINISHED ? job->score : NAN};
    }
    qsort(results, *count, sizeof *results, compare);
    *out = results;
    return PERCEPT_OK;
}

/* The two estimators of each dimension. */
typedef struct Model {
    const Space *space;
    Parzen good[SPACE_MOST_DIMENSIONS], others[SPACE_MOST_DIMENSIONS];
} Model;

static void clear_model(Model *model)
{
    for (size_t d = 0; d < model->space->count; d++) {
        parzen_clear(&model->good[d]);
        parzen_clear(&model->others[d]);
    }
}

/* From the values that the results have of dimension d. */
static percept_status learn(const Space *space, size_t d, const Ledger *ledger, const Result *results, size_t count,
                            double *values, Parzen *out, percept_error *error)
{
    size_t found = 0;
    for (size_t r = 0; r < count; r++) {
        const double value = ledger->points[results[r].trial * space->count + d];
        if (!isnan(value))
            values[found++] = value;
    }
    return parzen_create(&space->dimensions[d], values, found, out, error);
}

static percept_status make_model(const Ledger *ledger, const Result *results, size_t count, Model *model,
                                 percept_error *error)
{
    const Space *space = model->space;
    const size_t good = (size_t)ceil(search_setting_number(&space->settings, "tpe.gamma") * (double)count);
    double *values = NULL;
    percept_status status = memory_allocate(count, sizeof *values, "the values of a key", &values, error);
    for (size_t d = 0; status == PERCEPT_OK && d < space->count; d++) {
        status = learn(space, d, ledger, results, good, values, &model->good[d], error);
        if (status == PERCEPT_OK)
            status = learn(space, d, ledger, results + good, count - good, values, &model->others[d], error);
    }
    memory_free(values);
    return status;
}

/* The value with the largest l(x) / g(x) of those drawn from l. */
static double choose(const Model *model, size_t d, RandomStream *stream)
{
    const int64_t candidates = search_setting_integer(&model->space->settings, "tpe.candidates");
    double best = 0, best_ratio = -INFINITY;
    for (int64_t i = 0; i < candidates; i++) {
        const double value = parzen_draw(&model->good[d], stream);
        const double ratio = parzen_log_density(&model->good[d], value) - parzen_log_density(&model->others[d], value);
        if (i == 0 || ratio > best_ratio) {
            best = value;
            best_ratio = ratio;
        }
    }
    return best;
}

typedef struct Guided {
    Strategy strategy; /* a copy, whose draws come from: */
    Model model;
} Guided;

static void draw(const Strategy *strategy, const Ledger *ledger, RandomStream *stream, double *point)
{
    const Model *model = &((const Guided *)strategy)->model;
    (void)ledger;
    for (size_t d = 0; d < model->space->count; d++) {
        point[d] = choose(model, d, stream);
        if (!space_has(model->space, point, d))
            point[d] = NAN;
    }
}

static percept_status next(const Strategy *strategy, const Ledger *ledger, Job *job, double *point,
                           StrategyAnswer *answer, percept_error *error)
{
    const Space *space = strategy->candidates.space;
    Guided guided = {.strategy = *strategy, .model = {.space = space}};
    Result *results = NULL;
    size_t count = 0;
    percept_status status = sort_results(ledger, &results, &count, error);
    if (status == PERCEPT_OK && count < (size_t)search_setting_integer(&space->settings, "tpe.startup")) {
        status = strategy_next_drawn(strategy, ledger, strategy_draw_uniformly, job, point, answer, error);
    } else if (status == PERCEPT_OK) {
        status = make_model(ledger, results, count, &guided.model, error);
        if (status == PERCEPT_OK)
            status = strategy_next_drawn(&guided.strategy, ledger, draw, job, point, answer, error);
        clear_model(&guided.model);
    }
    memory_free(results);
    return status;
}

const StrategyKind strategy_tpe = {
    .name = "tpe",
    .summary = "tree-structured Parzen estimator: new trials near earlier good ones",
    .next = next,
};
