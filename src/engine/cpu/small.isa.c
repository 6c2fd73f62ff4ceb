#include "engine/cpu/small.h"

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

static void sum_penalty(const Cpu *cpu, const real *parameters, size_t l)
{
    const Layer *layer = layer_of(cpu, l);
    const size_t weights = layer->outputs * layer->inputs;
    if (layer->l1 > 0 || layer->l2 > 0)
        *penalty_at(cpu, l, 0) =
            ISA(penalty_value)(parameters + layer->weights, 1, weights, weights, layer->l1, layer->l2);
}

/* From the last layer to the first: dZ of a side is made with W before W changes. */
static void run_backward(const Pass *pass, EngineTrace *trace)
{
    const EngineUpdate *update = pass->update;
    const Network *network = pass->cpu->engine.config.network;
    for (size_t l = network->depth; l-- > 0;) {
        if (l > 0) {
            ISA(small_delta)(pass, l);
            trace_product(trace, l, ENGINE_INPUT_GRADIENT);
        } else if (needs_input_gradient(pass)) {
            ISA(small_input_gradient)(pass);
            trace_begin(trace);
        }
        sum_penalty(pass->cpu, pass->parameters, l);
        ISA(small_weight_gradient)(pass, l);
        trace_product(trace, l, ENGINE_WEIGHT_GRADIENT);
    }
    if (pass->cpu->stage_gradient != NULL)
        ISA(update_stages)(pass, &(Worker){.team = NULL});
    if (update != NULL && update->apply != NULL)
        update->apply(update->state, 0, network->parameter_count, pass->updated, pass->gradient);
}

void ISA(run_small)(Pass *pass)
{
    const Cpu *cpu = pass->cpu;
    EngineTrace *trace = cpu->engine.config.trace;
    pass->strips = 1; /* of right answers */
    trace_begin(trace);
    ISA(small_gather)(pass);
    trace_gathering(trace);
    for (size_t l = 1; l < cpu->depth; l++) {
        ISA(small_forward)(pass, l);
        trace_product(trace, l - 1, ENGINE_FORWARD);
    }
    ISA(small_output)(pass);
    trace_product(trace, cpu->depth - 1, ENGINE_FORWARD);
    if (pass->backward)
        run_backward(pass, trace);
    for (size_t l = 0; l < cpu->depth && pass->sums_wanted && !pass->backward; l++)
        sum_penalty(cpu, pass->parameters, l);
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
