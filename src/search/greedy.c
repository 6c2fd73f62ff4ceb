#include "search/greedy.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"

/* Probabilities below this count as this: one example that is wrong with certainty does not decide alone. */
#define LEAST_PROBABILITY 1e-12

/* ---- Loss -------------------------------------------------------------------------------------------------------- */

/* The sums of predictions, with those of another candidate added; `added` may be NULL. */
static double sum_at(const double *sums, const float *added, size_t at)
{
    return sums[at] + (added != NULL ? (double)added[at] : 0);
}

static double loss_of(const GreedyTask *task, const double *sums, const float *added, double members, size_t i)
{
    double total = 0;
    if (task->labels != NULL) {
        const double p = sum_at(sums, added, i * task->width + (size_t)task->labels[i]) / members;
        return -log(p >= LEAST_PROBABILITY || isnan(p) ? p : LEAST_PROBABILITY);
    }
    for (size_t j = 0; j < task->width; j++) {
        const size_t at = i * task->width + j;
        const double unit = task->units != NULL ? task->units[j] : 1;
        const double difference = (sum_at(sums, added, at) / members - task->targets[at]) / unit;
        total += difference * difference;
    }
    return total / (double)task->width;
}

/* Of the mean prediction of so many members. */
static double measure(const GreedyTask *task, const double *sums, const float *added, size_t members)
{
    double weights = 0, loss = 0;
    for (size_t i = 0; i < task->examples; i++) {
        const double weight = task->weights != NULL ? task->weights[i] : 1;
        weights += weight;
        loss += weight * loss_of(task, sums, added, (double)members, i);
    }
    return loss / weights;
}

static void add(const GreedyTask *task, const float *predictions, double times, double *sums)
{
    for (size_t e = 0; e < task->examples * task->width; e++)
        sums[e] += times * (double)predictions[e];
}

static percept_status make_sums(const GreedyTask *task, double **out, percept_error *error)
{
    return memory_allocate_zeroed(task->examples * task->width, sizeof **out, "the predictions", out, error);
}

percept_status greedy_measure(const GreedyTask *task, const size_t *counts, double *loss, percept_error *error)
{
    double *sums = NULL;
    size_t members = 0;
    percept_status status = make_sums(task, &sums, error);
    if (status != PERCEPT_OK)
        return status;
    for (size_t c = 0; c < task->candidates; c++) {
        if (counts[c] > 0)
            add(task, task->predictions[c], (double)counts[c], sums);
        members += counts[c];
    }
    *loss = measure(task, sums, NULL, members);
    memory_free(sums);
    return PERCEPT_OK;
}

/* ---- Selection --------------------------------------------------------------------------------------------------- */

/* An ensemble that grows. */
typedef struct Growth {
    double *sums, *zeros; /* of the predictions so far; and of none */
    size_t *taken, members;
    size_t first; /* members of its beginning */
    size_t best;  /* the first of them */
} Growth;

/* Whether a candidate is worse than another one by more than two standard errors of the difference. */
static bool is_clearly_worse(const GreedyTask *task, const double *zeros, size_t candidate, size_t than)
{
    double weights = 0, sum = 0, squares = 0;
    for (size_t i = 0; i < task->examples; i++) {
        const double weight = task->weights != NULL ? task->weights[i] : 1;
        const double difference = loss_of(task, zeros, task->predictions[candidate], 1, i) -
                                  loss_of(task, zeros, task->predictions[than], 1, i);
        weights += weight;
        sum += weight * difference;
        squares += weight * difference * difference;
    }
    const double mean = sum / weights, variance = squares / weights - mean * mean;
    return task->examples > 1 && mean > 2 * sqrt(fmax(variance, 0) / (double)task->examples);
}

/* The candidate that makes the ensemble best, or that is best alone among the first; `candidates` if none may be taken. A loss
 * that is not a number is never better. */
static size_t choose(const GreedyTask *task, const Growth *growth, double *loss)
{
    const bool alone = growth->members < growth->first;
    size_t chosen = task->candidates;
    double best = NAN;
    for (size_t c = 0; c < task->candidates; c++) {
        if (growth->taken[c] > 0 && (alone || growth->taken[c] == task->times))
            continue;
        if (alone && growth->members > 0 && is_clearly_worse(task, growth->zeros, c, growth->best))
            continue;
        const double own = alone ? measure(task, growth->zeros, task->predictions[c], 1)
                                 : measure(task, growth->sums, task->predictions[c], growth->members + 1);
        if ((isnan(own) && growth->members > 0) || (chosen < task->candidates && !(own < best || isnan(best))))
            continue;
        best = own;
        chosen = c;
    }
    if (chosen < task->candidates)
        *loss = measure(task, growth->sums, task->predictions[chosen], growth->members + 1);
    return chosen;
}

static size_t common_divisor(size_t a, size_t b)
{
    while (b > 0) {
        const size_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static void divide_by_common(size_t *counts, size_t candidates)
{
    size_t common = 0;
    for (size_t c = 0; c < candidates; c++)
        common = common_divisor(counts[c], common);
    for (size_t c = 0; c < candidates; c++)
        counts[c] /= common;
}

/* counts receives the best ensemble on the way, from its beginning on. */
static void grow(const GreedyTask *task, Growth *growth, size_t most, size_t *counts, double *loss)
{
    *loss = NAN;
    while (growth->members < most) {
        double own = NAN;
        const size_t chosen = choose(task, growth, &own);
        if (chosen == task->candidates && growth->members < growth->first) {
            growth->first = growth->members; /* no more candidates are good enough to come first */
            continue;
        }
        if (chosen == task->candidates)
            break;
        growth->best = growth->members == 0 ? chosen : growth->best;
        add(task, task->predictions[chosen], 1, growth->sums);
        growth->taken[chosen]++;
        growth->members++;
        if (growth->members > growth->first && growth->members > 1 && !(own < *loss) && !isnan(*loss))
            continue;
        *loss = own;
        memcpy(counts, growth->taken, task->candidates * sizeof *counts);
    }
}

percept_status greedy_select(const GreedyTask *task, size_t most, size_t *counts, double *loss, percept_error *error)
{
    Growth growth = {.first = task->first};
    percept_status status = make_sums(task, &growth.sums, error);
    if (status == PERCEPT_OK)
        status = make_sums(task, &growth.zeros, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(task->candidates, sizeof *growth.taken, "the ensemble", &growth.taken, error);
    if (status == PERCEPT_OK) {
        grow(task, &growth, most, counts, loss);
        divide_by_common(counts, task->candidates);
    }
    memory_free(growth.sums);
    memory_free(growth.zeros);
    memory_free(growth.taken);
    return status;
}
