/* A call of the engine as a sequence of phases. */
#include "engine/cpu/phases.h"

#include "engine/cpu/few.h"
#include "engine/cpu/last_side.h"
#include "engine/cpu/layer.h"
#include "engine/cpu/small.h"
#include "engine/cpu/stages.h"
#include "engine/trace.h"

/* Below this many multiply-adds in a call, starting the team costs more than it saves: about 10 µs of one core. */
#define SOLO_WORK 1000000.0

static void gather_phase(const Pass *pass, Worker *worker)
{
    const size_t units = (pass->batch->count + LANES - 1) / LANES;
    size_t list = 0, unit = 0;
    Phase phase = phase_begin(worker, &units, 1);
    while (phase_next(&phase, &list, &unit))
        ISA(gather_unit)(pass, worker, unit * LANES);
    phase_end(&phase);
}

/* Rows of W (its columns, for the input gradient) × strips of examples, UNIT × UNIT_STRIPS in a unit. */
typedef struct Blocks {
    size_t rows, strips, groups; /* groups of strips */
} Blocks;

static Blocks blocks_of(const Pass *pass, size_t rows)
{
    return (Blocks){rows, pass->strips, (pass->strips + UNIT_STRIPS - 1) / UNIT_STRIPS};
}

static size_t block_count(const Blocks *blocks)
{
    return (blocks->rows + UNIT - 1) / UNIT * blocks->groups;
}

static void forward_phase(const Pass *pass, Worker *worker, size_t l)
{
    const Blocks blocks = blocks_of(pass, pass->cpu->sides[l + 1].raw_width);
    const size_t units = block_count(&blocks);
    size_t list = 0, unit = 0;
    Phase phase = phase_begin(worker, &units, 1);
    while (phase_next(&phase, &list, &unit)) {
        const size_t row = unit / blocks.groups * UNIT, first = unit % blocks.groups * UNIT_STRIPS;
        pass->cpu->products->forward(pass, l, row, smaller(UNIT, blocks.rows - row), first,
                                     smaller(first + UNIT_STRIPS, blocks.strips));
    }
    phase_end(&phase);
}

static void rows_phase(const Pass *pass, Worker *worker, size_t l,
                       void (*do_unit)(const Pass *, const Worker *, size_t, size_t))
{
    size_t list = 0, unit = 0;
    Phase phase = phase_begin(worker, &pass->strips, 1);
    while (phase_next(&phase, &list, &unit))
        do_unit(pass, worker, l, unit);
    phase_end(&phase);
}

/* Operands that products want in another form than the sides have them. */
static void take_phase(const Pass *pass, Worker *worker, size_t l,
                       void (*take)(const Pass *, const Worker *, size_t, size_t))
{
    if (take != NULL)
        rows_phase(pass, worker, l, take);
}

/* Output, losses and delta of one strip of examples. What pads it gets a delta of 0. */
static void finish_output(const Pass *pass, size_t strip)
{
    const Cpu *cpu = pass->cpu;
    const Side *last = &cpu->sides[cpu->depth];
    const size_t first = strip * cpu->strip, count = smaller(cpu->strip, pass->batch->count - first);
    real *dZ = pass->backward ? at_unit(cpu, cpu->depth, last->dZ, strip, 0) : NULL;
    ISA(finish_last_side)(pass, strip, first, count, cpu->strip, at_unit(cpu, cpu->depth, last->U, strip, 0), dZ);
    for (size_t j = 0; j < last->width && pass->backward; j++)
        for (size_t i = count; i < cpu->strip; i++)
            dZ[j * cpu->strip + i] = 0;
}

/* A narrow last layer is cut by examples alone, so that its loss can follow without a barrier. */
static void output_phase(const Pass *pass, Worker *worker)
{
    const size_t l = pass->cpu->depth - 1, outputs = pass->cpu->sides[l + 1].width;
    const bool narrow = outputs <= 2 * UNIT;
    size_t list = 0, strip = 0;
    if (!narrow)
        forward_phase(pass, worker, l);
    Phase phase = phase_begin(worker, &pass->strips, 1);
    while (phase_next(&phase, &list, &strip)) {
        if (narrow)
            pass->cpu->products->forward(pass, l, 0, outputs, strip, strip + 1);
        finish_output(pass, strip);
    }
    phase_end(&phase);
}

static void input_gradient_phase(const Pass *pass, Worker *worker, size_t l)
{
    const Blocks blocks = blocks_of(pass, pass->cpu->sides[l].width);
    const size_t units = block_count(&blocks);
    size_t list = 0, unit = 0;
    Phase phase = phase_begin(worker, &units, 1);
    while (phase_next(&phase, &list, &unit)) {
        const size_t row = unit / blocks.groups * UNIT, first = unit % blocks.groups * UNIT_STRIPS;
        pass->cpu->products->input_gradient(pass, worker, l, row, smaller(UNIT, blocks.rows - row), first,
                                            smaller(first + UNIT_STRIPS, blocks.strips));
    }
    phase_end(&phase);
    if (pass->cpu->sides[l].staged)
        ISA(staged_backward)(pass, worker, l);
    else if (l > 0 && pass->cpu->sides[l].f.activation == NULL)
        rows_phase(pass, worker, l, ISA(differentiate_rows));
    if (l > 0)
        take_phase(pass, worker, l, pass->cpu->products->take_deltas);
}

/* Layers first … first+count-1, the last one first, without a barrier between them. Each is shared out by itself, so that
 * a rank meets about the same rows of W in every phase and every step: the last layer's are in its cache from the input
 * gradient, the first layer's will be for the next step. */
static void weight_phase(const Pass *pass, Worker *worker, size_t first, size_t count)
{
    const Cpu *cpu = pass->cpu;
    size_t list = 0, unit = 0;
    Phase phase = phase_begin(worker, cpu->weight_units + (cpu->depth - first - count), count);
    while (phase_next(&phase, &list, &unit)) {
        const size_t l = first + count - 1 - list;
        const Layer *layer = &cpu->engine.config.network->layers[l];
        if (layer->l1 > 0 || layer->l2 > 0)
            *penalty_at(cpu, l, unit) = ISA(penalty_unit)(pass, l, unit);
        if (wants_weights(pass))
            ISA(weight_gradient_unit)(pass, worker, l, unit);
    }
    phase_end(&phase);
}

/* All weights; where a trace is wanted, layer by layer. */
static void weight_phases(const Pass *pass, Worker *worker, EngineTrace *trace)
{
    const size_t depth = pass->cpu->depth;
    if (pass->cpu->engine.config.trace == NULL) {
        weight_phase(pass, worker, 0, depth);
        return;
    }
    for (size_t l = depth; l-- > 0;) {
        weight_phase(pass, worker, l, 1);
        trace_product(trace, l, ENGINE_WEIGHT_GRADIENT);
    }
}

static void run_layers(const Pass *pass, Worker *worker, EngineTrace *trace)
{
    const Cpu *cpu = pass->cpu;
    trace_begin(trace);
    if (cpu->sides[0].staged)
        ISA(staged_forward)(pass, worker, 0);
    else
        gather_phase(pass, worker);
    take_phase(pass, worker, 0, cpu->products->take_activations);
    trace_gathering(trace);
    for (size_t l = 0; l + 1 < cpu->depth; l++) {
        forward_phase(pass, worker, l);
        if (cpu->sides[l + 1].staged)
            ISA(staged_forward)(pass, worker, l + 1);
        else if (cpu->sides[l + 1].f.activation == NULL)
            rows_phase(pass, worker, l + 1, ISA(activate_rows));
        take_phase(pass, worker, l + 1, cpu->products->take_activations);
        trace_product(trace, l, ENGINE_FORWARD);
    }
    output_phase(pass, worker);
    if (pass->backward)
        take_phase(pass, worker, cpu->depth, cpu->products->take_deltas);
    trace_product(trace, cpu->depth - 1, ENGINE_FORWARD);
    for (size_t l = cpu->depth - 1; l > 0 && pass->backward; l--) {
        input_gradient_phase(pass, worker, l);
        trace_product(trace, l, ENGINE_INPUT_GRADIENT);
    }
    if (pass->backward && needs_input_gradient(pass))
        input_gradient_phase(pass, worker, 0);
}

static void run_phases(const Pass *pass, Worker *worker)
{
    const Cpu *cpu = pass->cpu;
    EngineTrace *trace = worker->rank == 0 ? cpu->engine.config.trace : NULL;
    if (are_few(pass->cpu, pass->backward, pass->batch->count))
        ISA(run_few)(pass, worker);
    else
        run_layers(pass, worker, trace);
    trace_begin(trace);
    if (wants_weights(pass) || (pass->sums_wanted && network_has_penalty(cpu->engine.config.network)))
        weight_phases(pass, worker, trace);
    if (wants_weights(pass) && cpu->stage_gradient != NULL)
        ISA(update_stages)(pass, worker);
}

static void run_rank(void *context, Team *team, size_t rank)
{
    const Pass *pass = context;
    Worker worker = {team, rank, pass->cpu->claims, pass->cpu->phase};
    run_phases(pass, &worker);
    if (rank == 0) /* the others have read it: they have been at a barrier since */
        pass->cpu->phase = worker.phase;
}

/* About how many multiply-adds the call takes as long as. Few examples wait for the weights: reading one takes as long
 * as some multiply-adds. */
static double work_of(const Pass *pass)
{
    const double parameters = (double)pass->cpu->engine.config.network->parameter_count;
    return (are_few(pass->cpu, pass->backward, pass->batch->count)
                ? READING
                : (pass->backward ? 3.0 : 1.0) * (double)pass->batch->count) *
           parameters;
}

/* What a weighted loss is multiplied with in that of the batch. */
static double example_scale(const Pass *pass)
{
    if (pass->cpu->engine.config.network->sum)
        return 1;
    return pass->weight > 0 ? 1 / pass->weight : 0;
}

void ISA(run)(Pass *pass)
{
    const Cpu *cpu = pass->cpu;
    pass->strips = (pass->batch->count + cpu->strip - 1) / cpu->strip;
    if (pass->sums_wanted)
        pass->weight = batch_total_weight(pass->batch, class_weights_of(pass));
    if (pass->backward)
        pass->scale = (real)(pass->factor * example_scale(pass));
    if (cpu->small)
        ISA(run_small)(pass);
    else if (work_of(pass) < SOLO_WORK || team_size(cpu->engine.config.team) == 1)
        run_phases(pass, &(Worker){.team = NULL});
    else
        team_run(cpu->engine.config.team, run_rank, pass);
}
