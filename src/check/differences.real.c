#include "check/differences.h"
#include "base/real.h"

#if PERCEPT_REAL != F32

#include <stdbool.h>
#include <string.h>

#include "base/memory.h"
#include "check/classes.h"
#include "check/probe.h"
#include "check/step.h"

/* One thread's room. */
typedef struct Rank {
    REAL(ProbeSpace) space;
    uint32_t *columns; /* of the unit at hand: inputs whose weights are chosen, and layer->inputs for the bias */
    uint8_t *needed;   /* by class */
    double *changes;   /* by class: what a unit's change does to one example's loss */
} Rank;

typedef struct Work {
    const Differences *task;
    REAL(Probe) probe;
    Classes *
        *classes; /* by layer, then by example: of the layer's inputs, and of the 1 that the bias is the weight of */
    Rank *ranks;
} Work;

/* ---- One unit ----------------------------------------------------------------------------------------------------- */

/* rank->changes[c] = ±(L(z_o ± ε·a_c) - L(z_o)) of one example, for the classes that are needed; sign is 1 or -1. */
static void respond(const Work *work, Rank *rank, size_t example, size_t l, size_t o, double sign)
{
    const Classes *classes = &work->classes[l][example];
    const real step = sign * STEP(work->task->step);
    const double kept = PART(work->probe.losses[example]);
    real moves[PROBE_LANES], losses[PROBE_LANES];
    size_t lanes[PROBE_LANES], count = 0;
    for (size_t c = 0; c <= classes->count; c++) {
        if (count == PROBE_LANES || (c == classes->count && count > 0)) {
            REAL(probe_unit)(&work->probe, &rank->space, example, l, o, moves, count, losses);
            for (size_t b = 0; b < count; b++)
                rank->changes[lanes[b]] = sign * (PART(losses[b]) - kept);
            count = 0;
        }
        if (c == classes->count || !rank->needed[c])
            continue;
        rank->changes[c] = 0;
        if (classes->values[c] != 0) {
            lanes[count] = c;
            moves[count++] = step * classes->values[c];
        }
    }
}

/* λ₁|w| + λ₂w² */
static real penalty(const Layer *layer, real w)
{
    const real_scalar sign = (real_scalar)((real_part(w) > 0) - (real_part(w) < 0));
    return layer->l1 * sign * w + layer->l2 * w * w;
}

/* A mean; 0 where nothing has weight. */
static double part(double sum, double weight)
{
    return weight > 0 ? sum / weight : 0;
}

/* From sums over the examples to differences of the loss: the mean or the sum, the penalty, over ε. */
static void settle(const Work *work, const Layer *layer, size_t p, double sign, double *sum)
{
    const Differences *task = work->task;
    const double weight = work->probe.weight, step = task->step;
    const double w = task->parameters[p];
    const double own = p < layer->biases ? sign * PART(penalty(layer, w + sign * STEP(step)) - penalty(layer, w)) : 0;
    *sum = (task->network->sum ? *sum + weight * own : part(*sum, weight) + own) / step;
}

/* Column i of unit o: the weight of input i, or behind them the bias. */
static size_t parameter_at(const Layer *layer, size_t o, size_t i)
{
    return i < layer->inputs ? layer->weights + o * layer->inputs + i : layer->biases + o;
}

/* Lists the chosen columns of a unit. */
static size_t list_columns(const Differences *task, const Layer *layer, size_t o, uint32_t *columns)
{
    size_t count = 0;
    for (size_t i = 0; i <= layer->inputs; i++)
        if (task->chosen[parameter_at(layer, o, i)])
            columns[count++] = (uint32_t)i;
    return count;
}

/* One direction of a unit's changes, added up over the examples. */
static void unit(const Work *work, Rank *rank, size_t l, size_t o, double sign, double *out)
{
    const Layer *layer = &work->task->network->layers[l];
    const size_t count = out != NULL ? list_columns(work->task, layer, o, rank->columns) : 0;
    for (size_t k = 0; k < count; k++)
        out[parameter_at(layer, o, rank->columns[k])] = 0;
    for (size_t e = 0; count > 0 && e < work->probe.count; e++) {
        const Classes *classes = &work->classes[l][e];
        memset(rank->needed, 0, classes->count);
        for (size_t k = 0; k < count; k++)
            rank->needed[classes->of[rank->columns[k]]] = 1;
        respond(work, rank, e, l, o, sign);
        for (size_t k = 0; k < count; k++)
            out[parameter_at(layer, o, rank->columns[k])] +=
                work->probe.weights[e] * rank->changes[classes->of[rank->columns[k]]];
    }
    for (size_t k = 0; k < count; k++) {
        const size_t p = parameter_at(layer, o, rank->columns[k]);
        settle(work, layer, p, sign, &out[p]);
    }
}

/* ---- Features ----------------------------------------------------------------------------------------------------- */

/* Features first … first+count-1 of an example, in one direction. */
static void features(const Work *work, Rank *rank, size_t example, size_t first, size_t count, double sign, double *out)
{
    const Differences *task = work->task;
    const size_t width = network_inputs(task->network), at = task->network->parameter_count + example * width + first;
    real losses[PROBE_LANES];
    bool any = false;
    for (size_t b = 0; b < count; b++)
        any |= task->chosen[at + b] != 0;
    if (!any || out == NULL)
        return;
    REAL(probe_inputs)(&work->probe, &rank->space, example, first, sign * STEP(task->step), count, losses);
    for (size_t b = 0; b < count; b++) {
        const double change =
            work->probe.weights[example] * sign * (PART(losses[b]) - PART(work->probe.losses[example]));
        if (task->chosen[at + b])
            out[at + b] = (task->network->sum ? change : part(change, work->probe.weight)) / task->step;
    }
}

/* ---- All of them --------------------------------------------------------------------------------------------------- */

static void run_rank(void *context, Team *team, size_t number)
{
    Work *work = context;
    const Network *network = work->task->network;
    Rank *rank = &work->ranks[number];
    size_t end = 0;
    for (size_t l = 0; l < network->depth; l++)
        for (size_t o = team_share(team, number, network->layers[l].outputs, &end); o < end; o++) {
            unit(work, rank, l, o, 1, work->task->up);
            unit(work, rank, l, o, -1, work->task->down);
        }
    const size_t width = network_inputs(network), pieces = (width + PROBE_LANES - 1) / PROBE_LANES;
    if (!work->task->inputs)
        return;
    for (size_t u = team_share(team, number, work->probe.count * pieces, &end); u < end; u++) {
        const size_t first = u % pieces * PROBE_LANES, left = width - first;
        const size_t count = left < PROBE_LANES ? left : PROBE_LANES;
        features(work, rank, u / pieces, first, count, 1, work->task->up);
        features(work, rank, u / pieces, first, count, -1, work->task->down);
    }
}

/* The classes of what comes into layer l, for each example. */
static percept_status classify(Work *work, size_t l, percept_error *error)
{
    const size_t inputs = work->task->network->layers[l].inputs, width = inputs + 1, n = work->probe.count;
    double *values = NULL;
    percept_status status = memory_allocate(n, width * sizeof *values, "values to compare", &values, error);
    if (status != PERCEPT_OK)
        return status;
    for (size_t e = 0; e < n; e++) {
        for (size_t i = 0; i < inputs; i++)
            values[e * width + i] = real_part(work->probe.A[l][e * inputs + i]);
        values[e * width + inputs] = 1;
    }
    status = classes_create(values, n, width, &work->classes[l], error);
    memory_free(values);
    return status;
}

static percept_status prepare(Work *work, percept_error *error)
{
    const Network *network = work->task->network;
    size_t most = 0;
    percept_status status = /* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
        memory_allocate_zeroed(network->depth, sizeof *work->classes, "equal values", &work->classes, error);
    for (size_t l = 0; l < network->depth && status == PERCEPT_OK; l++) {
        most = network->layers[l].inputs + 1 > most ? network->layers[l].inputs + 1 : most;
        status = classify(work, l, error);
    }
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(team_size(work->task->team), sizeof *work->ranks, "the threads' room",
                                        &work->ranks, error);
    for (size_t r = 0; status == PERCEPT_OK && r < team_size(work->task->team); r++) {
        Rank *rank = &work->ranks[r];
        status = REAL(probe_space_create)(&work->probe, &rank->space, error);
        if (status == PERCEPT_OK)
            status = memory_allocate(most, 1, "the threads' room", &rank->needed, error);
        if (status == PERCEPT_OK)
            status = memory_allocate(most, sizeof *rank->columns, "the threads' room", &rank->columns, error);
        if (status == PERCEPT_OK)
            status = memory_allocate(most, sizeof *rank->changes, "the threads' room", &rank->changes, error);
    }
    return status;
}

static void work_clear(Work *work)
{
    for (size_t l = 0; work->classes != NULL && l < work->task->network->depth; l++)
        memory_free(work->classes[l]);
    for (size_t r = 0; work->ranks != NULL && r < team_size(work->task->team); r++) {
        REAL(probe_space_clear)(&work->ranks[r].space);
        memory_free(work->ranks[r].needed);
        memory_free(work->ranks[r].columns);
        memory_free(work->ranks[r].changes);
    }
    memory_free(work->classes);
    memory_free(work->ranks);
    REAL(probe_clear)(&work->probe);
}

/* The unchanged loss with penalty. */
static double whole_loss(const Work *work)
{
    const Network *network = work->task->network;
    const double weight = work->probe.weight;
    double sum = 0, penalties = 0;
    for (size_t e = 0; e < work->probe.count; e++)
        sum += work->probe.weights[e] * real_part(work->probe.losses[e]);
    for (size_t l = 0; l < network->depth; l++)
        for (size_t p = network->layers[l].weights; p < network->layers[l].biases; p++)
            penalties += real_part(penalty(&network->layers[l], work->task->parameters[p]));
    return network->sum ? sum + weight * penalties : part(sum, weight) + penalties;
}

percept_status REAL(differences)(const Differences *differences, double *loss, percept_error *error)
{
    Work work = {.task = differences};
    if (differences->network->members > 1)
        return REAL(differences_members)(differences, loss, error);
    if (differences->network->stage_count > 0)
        return REAL(differences_anew)(differences, loss, error);
    percept_status status =
        REAL(probe_create)(differences->network, differences->parameters, differences->batch, &work.probe, error);
    if (status == PERCEPT_OK)
        status = prepare(&work, error);
    if (status == PERCEPT_OK) {
        team_run(differences->team, run_rank, &work);
        if (loss != NULL)
            *loss = whole_loss(&work);
    }
    work_clear(&work);
    return status;
}

#endif
