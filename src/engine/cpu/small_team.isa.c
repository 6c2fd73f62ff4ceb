/* A step of a small network on two ranks; others of the team wait. Between cores pass few lines, in three parts with a barrier
 * after each:
 *
 *   1. units of side 1, for all examples: each rank gathers the batch for itself, so it meets the same rows of W in every step
 *   2. examples, from side 2 to the deltas of side 1
 *   3. weights: the same units of the first layer; of the others units, too, but of a narrow second one inputs
 *
 * Where side 1 cannot be cut by units, the first part is missing, and the second one begins with the batch. */
#include <string.h>

#include "engine/cpu/small.h"
#include "engine/trace.h"

#define RANKS 2

/* Multiply-adds in a step from which a team may share it, about 10 µs of one core. */
#define SHARED_WORK 1e6

/* A layer with at least so many inputs for each output is narrow. */
#define NARROW_INPUTS 4

static bool has_stages(const Cpu *cpu)
{
    for (size_t l = 0; l < cpu->depth; l++)
        if (cpu->sides[l].staged)
            return true;
    return false;
}

bool ISA(small_can_share)(const Pass *pass)
{
    const Cpu *cpu = pass->cpu;
    if (team_size(cpu->engine.config.team) < RANKS || !wants_weights(pass) || has_stages(cpu))
        return false;
    const double work = 3 * (double)pass->batch->count * (double)cpu->engine.config.network->parameter_count;
    return work >= SHARED_WORK || !cpu->paced;
}

/* The part of `count` items that is rank 1's begins here, at a whole vector. */
static size_t middle(size_t count)
{
    return (count + LANES - 1) / LANES / 2 * LANES;
}

/* What passes between the cores is then activations, else weights. */
static bool is_cut_by_units(const Cpu *cpu)
{
    const Side *side = &cpu->sides[1];
    const size_t inputs = cpu->sides[0].width, n = cpu->engine.config.batch_capacity;
    return cpu->depth > 1 && n * (inputs + side->width) < inputs * side->width && side->f.activation != NULL &&
           side->rows.mask == NULL && side->width >= 2 * LANES;
}

static size_t first_of(size_t rank, size_t middle)
{
    return rank == 0 ? 0 : middle;
}

static size_t end_of(size_t rank, size_t middle, size_t count)
{
    return rank == 0 ? middle : count;
}

/* ---- Part 1 -------------------------------------------------------------------------------------------------------- */

/* The sums of a penalty go through all weights in turn: rank 0 begins with those that are its own, rank 1 goes on. */
static size_t penalty_cut(const Pass *pass)
{
    const Layer *layer = layer_of(pass->cpu, 0);
    return middle(layer->outputs) * layer->inputs / (2 * LANES) * (2 * LANES);
}

static bool has_penalty(const Layer *layer)
{
    return layer->l1 > 0 || layer->l2 > 0;
}

static void do_units(const Pass *pass, const Share *share, EngineTrace *trace)
{
    const Cpu *cpu = pass->cpu;
    const Layer *layer = layer_of(cpu, 0);
    const size_t half = middle(layer->outputs);
    const Share all = {share->rank, 0, pass->batch->count, share->batch, share->scratch};
    ISA(small_gather)(pass, &all);
    trace_gathering(trace);
    ISA(small_forward_units)
    (pass, &all, first_of(share->rank, half), end_of(share->rank, half, layer->outputs));
    if (share->rank == 0 && has_penalty(layer)) {
        PenaltySums sums = {0};
        ISA(penalty_sum)(pass->parameters + layer->weights, penalty_cut(pass), &sums);
        memcpy(cpu->penalty_sums, &sums, sizeof sums);
    }
    trace_product(trace, 0, ENGINE_FORWARD);
}

/* ---- Part 2 -------------------------------------------------------------------------------------------------------- */

static void finish_penalty(const Pass *pass)
{
    const Cpu *cpu = pass->cpu;
    const Layer *layer = layer_of(cpu, 0);
    const size_t cut = penalty_cut(pass);
    PenaltySums sums;
    if (!has_penalty(layer))
        return;
    memcpy(&sums, cpu->penalty_sums, sizeof sums);
    ISA(penalty_sum)(pass->parameters + layer->weights + cut, layer->outputs * layer->inputs - cut, &sums);
    *penalty_at(cpu, 0, 0) = ISA(penalty_total)(&sums, layer->l1, layer->l2);
}

static void do_examples(const Pass *pass, const Share *share, bool by_units, EngineTrace *trace)
{
    const Cpu *cpu = pass->cpu;
    cpu->correct[share->rank] = 0;
    if (!by_units && share->begin < share->end) {
        ISA(small_gather)(pass, share);
        trace_gathering(trace);
    }
    if (share->begin < share->end)
        ISA(small_examples)(pass, share, by_units ? 2 : 1, trace);
    if (share->rank == 0)
        return;
    if (by_units)
        finish_penalty(pass);
    for (size_t l = by_units; l < cpu->depth; l++)
        ISA(small_penalty)(pass, l);
}

/* ---- Part 3 -------------------------------------------------------------------------------------------------------- */

static void apply_update(const Pass *pass, size_t begin, size_t end)
{
    const EngineUpdate *update = pass->update;
    if (update != NULL && update->apply != NULL && begin < end)
        update->apply(update->state, begin, end, pass->updated, pass->gradient);
}

static void update_weights(const Pass *pass, const Share *share, size_t l, Block block)
{
    const Layer *layer = layer_of(pass->cpu, l);
    const size_t first = layer->weights + block.row * layer->inputs + block.column;
    if (block.rows == 0 || block.columns == 0)
        return;
    ISA(small_weight_gradient)(pass, share, l, block);
    if (block.columns == layer->inputs)
        apply_update(pass, first, first + block.rows * layer->inputs);
    else
        for (size_t i = 0; i < block.rows; i++)
            apply_update(pass, first + i * layer->inputs, first + i * layer->inputs + block.columns);
}

static void do_weights(const Pass *pass, const Share *share, bool by_units, EngineTrace *trace)
{
    const Cpu *cpu = pass->cpu;
    const size_t rank = share->rank;
    trace_begin(trace);
    for (size_t l = cpu->depth; l-- > 0;) {
        const Layer *layer = layer_of(cpu, l);
        const size_t outputs = layer->outputs, inputs = layer->inputs;
        const bool narrow =
            by_units && l == 1 && inputs >= NARROW_INPUTS * outputs && !ISA(small_turns_gradient)(cpu, l);
        const size_t unit = by_units && l == 0 ? middle(outputs) : outputs / 2, input = middle(inputs);
        const size_t first = first_of(rank, unit), end = end_of(rank, unit, outputs);
        const size_t left = first_of(rank, input), right = end_of(rank, input, inputs);
        update_weights(pass, share, l,
                       narrow ? (Block){0, outputs, left, right - left} : (Block){first, end - first, 0, inputs});
        if (first < end) {
            ISA(small_bias_gradient)(pass, l, first, end);
            apply_update(pass, layer->biases + first, layer->biases + end);
        }
        trace_product(trace, l, ENGINE_WEIGHT_GRADIENT);
    }
}

/* ------------------------------------------------------------------------------------------------------------------ */

static Share share_of(const Pass *pass, size_t rank, bool by_units)
{
    const Cpu *cpu = pass->cpu;
    const size_t n = pass->batch->count, half = middle(n);
    return (Share){.rank = rank,
                   .begin = first_of(rank, half),
                   .end = end_of(rank, half, n),
                   .batch = rank > 0 && by_units ? cpu->second_batch : cpu->sides[0].A,
                   .scratch = cpu->scratch + rank * cpu->scratch_size};
}

static void run_rank(void *context, Team *team, size_t rank)
{
    const Pass *pass = context;
    const bool by_units = is_cut_by_units(pass->cpu), works = rank < RANKS;
    EngineTrace *trace = rank == 0 ? pass->cpu->engine.config.trace : NULL;
    const Share share = share_of(pass, rank, by_units);
    trace_begin(trace);
    if (by_units && works)
        do_units(pass, &share, trace);
    if (by_units)
        team_barrier(team, rank);
    if (works)
        do_examples(pass, &share, by_units, trace);
    team_barrier(team, rank);
    if (works)
        do_weights(pass, &share, by_units, trace);
}

void ISA(run_shared)(Pass *pass)
{
    pass->strips = RANKS; /* of right answers */
    team_run(pass->cpu->engine.config.team, run_rank, pass);
}
