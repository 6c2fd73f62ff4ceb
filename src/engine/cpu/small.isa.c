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

void ISA(small_penalty)(const Pass *pass, size_t l)
{
    const Cpu *cpu = pass->cpu;
    const Layer *layer = layer_of(cpu, l);
    const size_t weights = layer->outputs * layer->inputs;
    if (layer->l1 > 0 || layer->l2 > 0)
        *penalty_at(cpu, l, 0) =
            ISA(penalty_value)(pass->parameters + layer->weights, 1, weights, weights, layer->l1, layer->l2);
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

void ISA(small_examples)(const Pass *pass, const Share *share, size_t l, EngineTrace *trace)
{
    const Cpu *cpu = pass->cpu;
    for (; l < cpu->depth; l++) {
        ISA(small_forward)(pass, share, l);
        trace_product(trace, l - 1, ENGINE_FORWARD);
    }
    ISA(small_output)(pass, share);
    trace_product(trace, cpu->depth - 1, ENGINE_FORWARD);
    if (pass->backward)
        find_deltas(pass, share, trace);
}

static void update_weights(const Pass *pass, const Share *share, EngineTrace *trace)
{
    const EngineUpdate *update = pass->update;
    const Network *network = pass->cpu->engine.config.network;
    trace_begin(trace);
    for (size_t l = network->depth; l-- > 0;) {
        const Layer *layer = layer_of(pass->cpu, l);
        ISA(small_weight_gradient)(pass, share, l, (Block){0, layer->outputs, 0, layer->inputs});
        ISA(small_bias_gradient)(pass, l, 0, layer->outputs);
        trace_product(trace, l, ENGINE_WEIGHT_GRADIENT);
    }
    if (pass->cpu->stage_gradient != NULL)
        ISA(update_stages)(pass, &(Worker){.team = NULL});
    if (update != NULL && update->apply != NULL)
        update->apply(update->state, 0, network->parameter_count, pass->updated, pass->gradient);
}

static void run_alone(Pass *pass)
{
    const Cpu *cpu = pass->cpu;
    EngineTrace *trace = cpu->engine.config.trace;
    const Share all = {.end = pass->batch->count, .batch = cpu->sides[0].A, .scratch = cpu->scratch};
    pass->strips = 1; /* of right answers */
    trace_begin(trace);
    ISA(small_gather)(pass, &all);
    trace_gathering(trace);
    ISA(small_examples)(pass, &all, 1, trace);
    for (size_t l = 0; l < cpu->depth && pass->sums_wanted; l++)
        ISA(small_penalty)(pass, l);
    if (wants_weights(pass))
        update_weights(pass, &all, trace);
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
    const bool can = ISA(small_can_share)(pass), shared = can && (cpu->pace.shared || !cpu->paced);
    const bool timed = can && cpu->paced && pass->batch->count == cpu->engine.config.batch_capacity;
    const double start = timed ? now() : 0;
    (shared ? ISA(run_shared) : run_alone)(pass);
    if (timed)
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
