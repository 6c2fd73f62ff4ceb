#include "engine/cpu/small.h"

#include <time.h>

#include "engine/cpu/few.h"
#include "engine/cpu/small_product.h"
#include "engine/cpu/stages.h"
#include "engine/trace.h"

/* Multiply-adds in a call, about 30 µs of one core, up to which this was the faster way even beside two cores; and
 * examples, whose sums are one chain here. */
#define LARGEST_WORK 5e6
#define LARGEST_BATCH DEPTH_BLOCK

/* Multiply-adds in a step from which a team may share it (pace.h), about 10 µs of one core. */
#define SHARED_WORK 1e6

bool ISA(is_small)(const EngineConfig *config)
{
#if defined PERCEPT_CBLAS
    return false; /* products are to be the library's */
#endif
    const double capacity = (double)config->batch_capacity;
    const double examples = config->training ? 3 * capacity : capacity > READING ? capacity : READING;
    return config->batch_capacity <= LARGEST_BATCH &&
           examples * (double)config->network->parameter_count <= LARGEST_WORK;
}

/* Wᵀ, W or dWᵀ of one layer, and the elements read beyond them. */
size_t ISA(small_scratch)(const Cpu *cpu)
{
    size_t needed = 0;
    for (size_t l = 0; l < cpu->depth; l++) {
        const size_t room = round_up(cpu->sides[l].width, LANES) * round_up(cpu->sides[l + 1].raw_width, LANES) + LANES;
        needed = room > needed ? room : needed;
    }
    return needed;
}

/* ---- A call ---------------------------------------------------------------------------------------------------------- */

static void sum_penalty(const Cpu *cpu, const real *parameters, size_t l)
{
    const Layer *layer = layer_of(cpu, l);
    const size_t weights = layer->outputs * layer->inputs;
    if (layer->l1 > 0 || layer->l2 > 0)
        *penalty_at(cpu, l, 0) =
            ISA(penalty_value)(parameters + layer->weights, 1, weights, weights, layer->l1, layer->l2);
}

static void find_deltas(const Pass *pass, const Share *share, EngineTrace *trace)
{
    for (size_t l = pass->cpu->depth - 1; l > 0; l--) {
        ISA(small_delta)(pass, share, l);
        trace_product(trace, l, ENGINE_INPUT_GRADIENT);
    }
    if (needs_input_gradient(pass))
        ISA(small_input_gradient)(pass, share);
}

/* From the batch to the deltas of the first layer. */
static void run_examples(const Pass *pass, const Share *share, EngineTrace *trace)
{
    const Cpu *cpu = pass->cpu;
    trace_begin(trace);
    ISA(small_gather)(pass, share);
    trace_gathering(trace);
    for (size_t l = 1; l < cpu->depth; l++) {
        ISA(small_forward)(pass, share, l);
        trace_product(trace, l - 1, ENGINE_FORWARD);
    }
    ISA(small_output)(pass, share);
    trace_product(trace, cpu->depth - 1, ENGINE_FORWARD);
    if (pass->backward)
        find_deltas(pass, share, trace);
}

/* Units of layer l that a rank updates. */
static Share units_of(const Pass *pass, const Team *team, size_t rank, size_t l)
{
    const Cpu *cpu = pass->cpu;
    Share share = {.end = layer_of(cpu, l)->outputs, .rank = rank, .scratch = cpu->scratch + rank * cpu->scratch_size};
    if (team != NULL)
        share.begin = team_share(team, rank, share.end, &share.end);
    return share;
}

static void apply_update(const Pass *pass, const Share *share, size_t l)
{
    const EngineUpdate *update = pass->update;
    const Layer *layer = layer_of(pass->cpu, l);
    if (update == NULL || update->apply == NULL || share->begin == share->end)
        return;
    update->apply(update->state, layer->weights + share->begin * layer->inputs,
                  layer->weights + share->end * layer->inputs, pass->updated, pass->gradient);
    update->apply(update->state, layer->biases + share->begin, layer->biases + share->end, pass->updated,
                  pass->gradient);
}

static void run_weights(const Pass *pass, const Team *team, size_t rank, EngineTrace *trace)
{
    trace_begin(trace);
    for (size_t l = pass->cpu->depth; l-- > 0;) {
        const Share share = units_of(pass, team, rank, l);
        ISA(small_weight_gradient)(pass, &share, l);
        if (team != NULL)
            apply_update(pass, &share, l);
        trace_product(trace, l, ENGINE_WEIGHT_GRADIENT);
    }
}

/* Of all layers, before their weights change. */
static void sum_penalties(const Pass *pass)
{
    for (size_t l = 0; l < pass->cpu->depth; l++)
        sum_penalty(pass->cpu, pass->parameters, l);
}

static void run_alone(const Pass *pass, EngineTrace *trace)
{
    const Cpu *cpu = pass->cpu;
    const EngineUpdate *update = pass->update;
    run_examples(pass, &(Share){.end = pass->batch->count, .scratch = cpu->scratch}, trace);
    if (pass->sums_wanted)
        sum_penalties(pass);
    if (!pass->backward)
        return;
    run_weights(pass, NULL, 0, trace);
    if (cpu->stage_gradient != NULL)
        ISA(update_stages)(pass, &(Worker){.team = NULL});
    if (update != NULL && update->apply != NULL)
        update->apply(update->state, 0, cpu->engine.config.network->parameter_count, pass->updated, pass->gradient);
}

static void run_rank(void *context, Team *team, size_t rank)
{
    const Pass *pass = context;
    const Cpu *cpu = pass->cpu;
    EngineTrace *trace = rank == 0 ? cpu->engine.config.trace : NULL;
    Share examples = {.rank = rank, .scratch = cpu->scratch + rank * cpu->scratch_size};
    examples.begin = team_share(team, rank, (pass->batch->count + LANES - 1) / LANES, &examples.end) * LANES;
    examples.end = smaller(examples.end * LANES, pass->batch->count);
    cpu->correct[rank] = 0;
    if (examples.begin < examples.end)
        run_examples(pass, &examples, trace);
    if (rank + 1 == team_size(team))
        sum_penalties(pass);
    team_barrier(team, rank);
    run_weights(pass, team, rank, trace);
}

/* Whether a team can share the call, and its work is worth the waiting. */
static bool can_share(const Pass *pass)
{
    const Cpu *cpu = pass->cpu;
    bool staged = false;
    for (size_t l = 0; l < cpu->depth; l++)
        staged = staged || cpu->sides[l].staged;
    const double work = 3 * (double)pass->batch->count * (double)cpu->engine.config.network->parameter_count;
    return team_size(cpu->engine.config.team) > 1 && pass->backward && !staged && (work >= SHARED_WORK || !cpu->paced);
}

static void run_as(Pass *pass, bool shared)
{
    const EngineConfig *config = &pass->cpu->engine.config;
    pass->strips = shared ? team_size(config->team) : 1; /* of right answers */
    if (shared)
        team_run(config->team, run_rank, pass);
    else
        run_alone(pass, config->trace);
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return 1e9 * (double)time.tv_sec + (double)time.tv_nsec;
}

void ISA(run_small)(Pass *pass)
{
    Cpu *cpu = pass->cpu;
    const bool can = can_share(pass);
    if (!can || !cpu->paced || pass->batch->count < cpu->engine.config.batch_capacity) {
        run_as(pass, can && (!cpu->paced || cpu->pace.shared));
        return;
    }
    const double start = now();
    run_as(pass, cpu->pace.shared);
    pace_note(&cpu->pace, now() - start);
}

/* ---- Plan ------------------------------------------------------------------------------------------ */

void ISA(plan_small)(const Cpu *cpu, size_t l, EngineProduct product, size_t examples, EnginePlan *out)
{
    const Layer *layer = layer_of(cpu, l);
    const size_t units = ISA(dot_tile_units)(examples), columns = ROW_TILE_VECTORS * LANES;
    const bool forward = product == ENGINE_FORWARD, weights = product == ENGINE_WEIGHT_GRADIENT;
    out->unit_rows = product == ENGINE_INPUT_GRADIENT ? examples : layer->outputs;
    out->unit_columns = forward ? examples : layer->inputs;
    out->depth = forward ? layer->inputs : weights ? examples : layer->outputs;
    out->tile_rows = ROW_TILE_ROWS;
    out->tile_columns = columns;
    if (forward && !ISA(small_turns_weights)(cpu, l)) {
        out->tile_rows = units;
        out->tile_columns = LANES / units;
    } else if (forward || (weights && ISA(small_turns_gradient)(cpu, l))) { /* of the result turned round */
        out->tile_rows = columns;
        out->tile_columns = ROW_TILE_ROWS;
    }
}
