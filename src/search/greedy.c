#include "search/greedy.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"

/* Probabilities below this count as this: one example that is wrong with certainty does not decide alone. */
#define LEAST_PROBABILITY 1e-12

bool greedy_is_better(const GreedyTask *task, GreedyScore a, GreedyScore b)
{
    if (task->by_accuracy && (a.accuracy > b.accuracy || a.accuracy < b.accuracy))
        return a.accuracy > b.accuracy;
    return a.loss < b.loss;
}

/* The sums of an example's predictions with another candidate's added; `added` may be NULL. */
static double sum_at(const double *sums, const float *added, size_t at)
{
    return sums[at] + (added != NULL ? (double)added[at] : 0);
}

/* Whether the right class has the largest sum; of equal ones the first counts. */
static bool is_right(const GreedyTask *task, const double *sums, const float *added, size_t i)
{
    size_t best = i * task->width;
    for (size_t j = best + 1; j < (i + 1) * task->width; j++)
        best = sum_at(sums, added, j) > sum_at(sums, added, best) ? j : best;
    return best - i * task->width == (size_t)task->labels[i];
}

static double loss_of(const GreedyTask *task, const double *sums, const float *added, double members, size_t i)
{
    double total = 0;
    if (task->labels != NULL) {
        const double p = sum_at(sums, added, i * task->width + (size_t)task->labels[i]) / members;
        return -log(p > LEAST_PROBABILITY ? p : LEAST_PROBABILITY);
    }
    for (size_t j = 0; j < task->width; j++) {
        const size_t at = i * task->width + j;
        const double unit = task->units != NULL ? task->units[j] : 1;
        const double difference = (sum_at(sums, added, at) / members - task->targets[at]) / unit;
        total += difference * difference;
    }
    return total / (double)task->width;
}

static GreedyScore measure(const GreedyTask *task, const double *sums, const float *added, size_t members)
{
    double weights = 0, loss = 0, right = 0;
    for (size_t i = 0; i < task->examples; i++) {
        const double weight = task->weights != NULL ? task->weights[i] : 1;
        weights += weight;
        loss += weight * loss_of(task, sums, added, (double)members, i);
        if (task->labels != NULL && task->by_accuracy)
            right += weight * (double)is_right(task, sums, added, i);
    }
    return (GreedyScore){loss / weights, task->labels != NULL && task->by_accuracy ? right / weights : NAN};
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

percept_status greedy_measure(const GreedyTask *task, const size_t *counts, GreedyScore *out, percept_error *error)
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
    *out = measure(task, sums, NULL, members);
    memory_free(sums);
    return PERCEPT_OK;
}

/* The candidate that makes the ensemble of `members` best. A score that is not a number is never better. */
static size_t choose(const GreedyTask *task, const double *sums, size_t members, GreedyScore *best)
{
    size_t chosen = 0;
    for (size_t c = 0; c < task->candidates; c++) {
        const GreedyScore score = measure(task, sums, task->predictions[c], members + 1);
        if (c > 0 && !greedy_is_better(task, score, *best) && !isnan(best->loss))
            continue;
        *best = score;
        chosen = c;
    }
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

/* How often each candidate is among the first `length` chosen. */
static void count(const GreedyTask *task, const size_t *chosen, size_t length, size_t *counts)
{
    size_t common = 0;
    memset(counts, 0, task->candidates * sizeof *counts);
    for (size_t k = 0; k < length; k++)
        counts[chosen[k]]++;
    for (size_t c = 0; c < task->candidates; c++)
        common = common_divisor(counts[c], common);
    for (size_t c = 0; c < task->candidates; c++)
        counts[c] /= common;
}

percept_status greedy_select(const GreedyTask *task, size_t most, size_t *counts, GreedyScore *out,
                             percept_error *error)
{
    double *sums = NULL;
    size_t *chosen = NULL, length = 0;
    *out = (GreedyScore){NAN, NAN};
    percept_status status = make_sums(task, &sums, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(most, sizeof *chosen, "the ensemble", &chosen, error);
    for (size_t k = 0; status == PERCEPT_OK && k < most; k++) {
        GreedyScore score = {NAN, NAN};
        chosen[k] = choose(task, sums, k, &score);
        add(task, task->predictions[chosen[k]], 1, sums);
        if (k > 0 && !greedy_is_better(task, score, *out))
            continue;
        *out = score;
        length = k + 1;
    }
    if (status == PERCEPT_OK)
        count(task, chosen, length, counts);
    memory_free(chosen);
    memory_free(sums);
    return status;
}
