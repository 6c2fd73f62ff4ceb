/* The engine in one instruction set and precision: its memory, and a call as a sequence of phases with a barrier after
 * each. In a phase every rank does its share of the units. */
#include <stdint.h>
#include <string.h>

#include "base/memory.h"
#include "engine/cpu/create.h"
#include "engine/cpu/layer.h"

/* ---- Phases ------------------------------------------------------------------------------------------------------ */

/* Most strips of examples in a unit of the forward product. */
#define FORWARD_STRIPS 8

/* Below this many multiply-adds in a call, starting the team costs more than it saves: about 10 µs of one core. */
#define SOLO_WORK 1000000.0

static size_t share(const Worker *worker, size_t units, size_t *end)
{
    if (worker->size > 1)
        return team_share(worker->team, worker->rank, units, end);
    *end = units;
    return 0;
}

static void meet(const Worker *worker)
{
    if (worker->size > 1)
        team_barrier(worker->team, worker->rank);
}

static void gather_phase(const Pass *pass, const Worker *worker)
{
    size_t end = 0;
    for (size_t u = share(worker, (pass->batch->count + LANES - 1) / LANES, &end); u < end; u++)
        ISA(gather_unit)(pass, worker, u * LANES);
    meet(worker);
}

static void forward_phase(const Pass *pass, const Worker *worker, size_t l)
{
    const size_t outputs = pass->cpu->sides[l + 1].width, groups = (pass->strips + FORWARD_STRIPS - 1) / FORWARD_STRIPS;
    size_t end = 0;
    for (size_t u = share(worker, (outputs + UNIT - 1) / UNIT * groups, &end); u < end; u++) {
        const size_t row = u / groups * UNIT, first = u % groups * FORWARD_STRIPS;
        ISA(forward_unit)
        (pass, l, row, smaller(UNIT, outputs - row), first, smaller(first + FORWARD_STRIPS, pass->strips));
    }
    meet(worker);
}

static void rows_phase(const Pass *pass, const Worker *worker, size_t l,
                       void (*unit)(const Pass *, const Worker *, size_t, size_t))
{
    size_t end = 0;
    for (size_t strip = share(worker, pass->strips, &end); strip < end; strip++)
        unit(pass, worker, l, strip);
    meet(worker);
}

/* A narrow last layer is cut by examples alone, so that its loss can follow without a barrier. */
static void output_phase(const Pass *pass, const Worker *worker)
{
    const size_t l = pass->cpu->depth - 1, outputs = pass->cpu->sides[l + 1].width;
    const bool narrow = outputs <= 2 * UNIT;
    size_t end = 0;
    if (!narrow)
        forward_phase(pass, worker, l);
    for (size_t strip = share(worker, pass->strips, &end); strip < end; strip++) {
        if (narrow)
            ISA(forward_unit)(pass, l, 0, outputs, strip, strip + 1);
        ISA(output_unit)(pass, strip);
    }
}

static void input_gradient_phase(const Pass *pass, const Worker *worker, size_t l)
{
    size_t end = 0;
    for (size_t u = share(worker, (pass->cpu->sides[l].width + STRIP - 1) / STRIP, &end); u < end; u++)
        ISA(input_gradient_unit)(pass, worker, l, u);
    meet(worker);
    if (l > 0 && pass->cpu->sides[l].f.backward == NULL)
        rows_phase(pass, worker, l, ISA(differentiate_rows));
}

/* All layers without a barrier between them. Each is shared out by itself, so that a rank meets the same rows of W in
 * every phase and every step, and finds them in its own cache. */
static void weight_phase(const Pass *pass, const Worker *worker)
{
    const Network *network = pass->cpu->engine.config.network;
    double *penalties = pass->cpu->penalties;
    for (size_t l = 0; l < network->depth; l++) {
        const Layer *layer = &network->layers[l];
        const size_t units = ISA(weight_units)(layer);
        const bool penalty = pass->sums_wanted && (layer->l1 > 0 || layer->l2 > 0);
        size_t end = 0;
        for (size_t u = share(worker, units, &end); u < end; u++) {
            if (penalty)
                penalties[u] = ISA(penalty_unit)(pass, l, u);
            if (pass->backward)
                ISA(weight_gradient_unit)(pass, l, u);
        }
        penalties += units;
    }
}

static void run_phases(const Pass *pass, const Worker *worker)
{
    const Cpu *cpu = pass->cpu;
    gather_phase(pass, worker);
    for (size_t l = 0; l + 1 < cpu->depth; l++) {
        forward_phase(pass, worker, l);
        if (cpu->sides[l + 1].f.forward == NULL)
            rows_phase(pass, worker, l + 1, ISA(activate_rows));
    }
    output_phase(pass, worker);
    if (!pass->sums_wanted)
        return;
    if (pass->backward) {
        meet(worker);
        for (size_t l = cpu->depth - 1; l > 0; l--)
            input_gradient_phase(pass, worker, l);
        if (pass->input_gradient != NULL)
            input_gradient_phase(pass, worker, 0);
    }
    weight_phase(pass, worker);
}

static void run_rank(void *context, Team *team, size_t rank)
{
    const Worker worker = {team, rank, team_size(team)};
    run_phases(context, &worker);
}

static void run(Pass *pass)
{
    const Cpu *cpu = pass->cpu;
    const double work = (double)pass->batch->count * (double)cpu->engine.config.network->parameter_count;
    pass->strips = (pass->batch->count + cpu->strip - 1) / cpu->strip;
    if ((pass->backward ? 3 : 1) * work < SOLO_WORK)
        run_phases(pass, &(Worker){NULL, 0, 1});
    else
        team_run(cpu->engine.config.team, run_rank, pass);
}

/* Sums in the order of examples, and of units of weights. */
static void sum_up(const Pass *pass, EngineSums *sums)
{
    const Cpu *cpu = pass->cpu;
    const Network *network = cpu->engine.config.network;
    const double *penalty = cpu->penalties;
    *sums = (EngineSums){.count = pass->batch->count};
    for (size_t i = 0; i < sums->count; i++)
        sums->loss += (double)cpu->losses[i];
    for (size_t strip = 0; strip < pass->strips; strip++)
        sums->correct += cpu->correct[strip];
    for (size_t l = 0; l < network->depth; l++) {
        const Layer *layer = &network->layers[l];
        const size_t units = ISA(weight_units)(layer);
        for (size_t u = 0; u < units && (layer->l1 > 0 || layer->l2 > 0); u++)
            sums->penalty += penalty[u];
        penalty += units;
    }
}

/* ---- The engine's methods ---------------------------------------------------------------------------------------- */

static void copy_outputs(const Cpu *cpu, const Batch *batch, void *outputs)
{
    memcpy(outputs, cpu->output_A, batch->count * cpu->sides[cpu->depth].width * sizeof(real));
}

static void predict_method(Engine *engine, const void *parameters, const Batch *batch, void *outputs)
{
    Pass pass = {.cpu = (Cpu *)engine, .parameters = parameters, .batch = batch};
    run(&pass);
    copy_outputs(pass.cpu, batch, outputs);
}

static void evaluate_method(Engine *engine, const void *parameters, const Batch *batch, void *outputs, EngineSums *sums)
{
    Pass pass = {.cpu = (Cpu *)engine, .parameters = parameters, .batch = batch, .sums_wanted = true};
    run(&pass);
    sum_up(&pass, sums);
    if (outputs != NULL)
        copy_outputs(pass.cpu, batch, outputs);
}

static void gradient_method(Engine *engine, const void *parameters, const Batch *batch, void *gradient,
                            void *input_gradient, EngineSums *sums)
{
    Pass pass = {.cpu = (Cpu *)engine,
                 .parameters = parameters,
                 .batch = batch,
                 .sums_wanted = true,
                 .backward = true,
                 .gradient = gradient,
                 .input_gradient = input_gradient,
                 .scale = engine->config.network->sum ? 1 : 1 / (real)batch->count};
    run(&pass);
    sum_up(&pass, sums);
}

static void step_method(Engine *engine, void *parameters, const Batch *batch, const EngineUpdate *update,
                        EngineSums *sums)
{
    Cpu *cpu = (Cpu *)engine;
    const bool plain = update->apply == NULL;
    const double scale = engine->config.network->sum ? 1 : 1 / (double)batch->count;
    Pass pass = {.cpu = cpu,
                 .parameters = parameters,
                 .batch = batch,
                 .sums_wanted = true,
                 .backward = true,
                 .gradient = plain ? NULL : cpu->gradient,
                 .updated = parameters,
                 .update = update,
                 .scale = (real)(plain ? -update->learning_rate * scale : scale)};
    run(&pass);
    sum_up(&pass, sums);
}

static void free_method(Engine *engine)
{
    Cpu *cpu = (Cpu *)engine;
    memory_free(cpu->arena);
    memory_free(cpu->gradient);
    memory_free(cpu->sides);
    memory_free(cpu);
}

static const EngineMethods methods = {free_method, predict_method, evaluate_method, gradient_method, step_method};

/* ---- Memory ------------------------------------------------------------------------------------------------------ */

/* All buffers lie in one block; it is laid out twice, first to measure it (bytes NULL), then to hand out addresses. */
typedef struct Arena {
    char *bytes;
    size_t used;
    bool overflow;
} Arena;

static void *take(Arena *arena, size_t rows, size_t columns, size_t size)
{
    size_t bytes = 0;
    void *here = arena->bytes != NULL ? arena->bytes + arena->used : NULL;
    if (__builtin_mul_overflow(rows, columns, &bytes) || __builtin_mul_overflow(bytes, size, &bytes) ||
        bytes > SIZE_MAX / 2 || __builtin_add_overflow(arena->used, round_up(bytes, MEMORY_ALIGNMENT), &arena->used))
        arena->overflow = true;
    return here;
}

static size_t largest(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* What one rank needs aside: a block of gathered examples, a packed strip of W, rows for activate_rows. */
static size_t scratch_needed(const Cpu *cpu)
{
    size_t needed = LANES * round_up(cpu->sides[0].width, STRIP);
    for (size_t l = 0; l <= cpu->depth; l++) {
        if (cpu->engine.config.training)
            needed = largest(needed, smaller(round_up(cpu->sides[l].width, STRIP), DEPTH_BLOCK) * STRIP);
        if (l > 0 && l < cpu->depth && cpu->sides[l].f.forward == NULL)
            needed = largest(needed, largest(cpu->strip, 3) * cpu->sides[l].width);
    }
    return round_up(needed, MEMORY_ALIGNMENT / sizeof(real));
}

static void lay_out_sides(Cpu *cpu, Arena *arena)
{
    const bool training = cpu->engine.config.training;
    size_t padded[2] = {0, 0};
    for (size_t l = 0; l <= cpu->depth; l++) {
        Side *side = &cpu->sides[l];
        const size_t columns = round_up(side->width, STRIP);
        padded[l % 2] = largest(padded[l % 2], side->padded);
        if (training && l < cpu->depth)
            side->A = take(arena, cpu->rows, columns, sizeof(real));
        if (training && l > 0 && l < cpu->depth && !activation_of(cpu, l - 1)->from_output)
            side->Z = take(arena, cpu->rows, columns, sizeof(real));
        if (training && l > 0)
            side->dZ = take(arena, cpu->rows, columns, sizeof(real));
    }
    for (size_t i = 0; i < 2; i++)
        cpu->by_unit[i] = take(arena, padded[i], cpu->rows, sizeof(real));
}

static void lay_out(Cpu *cpu, Arena *arena)
{
    const EngineConfig *config = &cpu->engine.config;
    const size_t outputs = network_outputs(config->network);
    size_t units = 0;
    for (size_t l = 0; l < cpu->depth; l++)
        units += ISA(weight_units)(&config->network->layers[l]);
    lay_out_sides(cpu, arena);
    cpu->output_Z = take(arena, cpu->rows, outputs, sizeof(real));
    cpu->output_A = take(arena, cpu->rows, outputs, sizeof(real));
    cpu->targets = take(arena, cpu->rows, outputs, sizeof(real));
    if (config->training)
        cpu->output_delta = take(arena, cpu->rows, outputs, sizeof(real));
    cpu->losses = take(arena, cpu->rows, 1, sizeof(real));
    cpu->labels = take(arena, cpu->rows, 1, sizeof(int32_t));
    cpu->correct = take(arena, cpu->rows / cpu->strip, 1, sizeof *cpu->correct);
    cpu->penalties = take(arena, units, 1, sizeof *cpu->penalties);
    cpu->scratch_size = scratch_needed(cpu);
    cpu->scratch = take(arena, team_size(config->team), cpu->scratch_size, sizeof(real));
}

static percept_status set_up(Cpu *cpu, percept_error *error)
{
    const EngineConfig *config = &cpu->engine.config;
    Arena arena = {0};
    if (config->batch_capacity > SIZE_MAX / 2)
        return error_set(error, PERCEPT_ERROR_MEMORY, "a batch of %zu examples is more than can be addressed",
                         config->batch_capacity);
    cpu->depth = config->network->depth;
    cpu->strip = round_up(smaller(config->batch_capacity, STRIP), LANES);
    cpu->rows = round_up(config->batch_capacity, cpu->strip);
    percept_status status =
        memory_allocate_zeroed(cpu->depth + 1, sizeof *cpu->sides, "the layers", &cpu->sides, error);
    if (status != PERCEPT_OK)
        return status;
    for (size_t l = 0; l <= cpu->depth; l++) {
        Side *side = &cpu->sides[l];
        side->width = l == 0 ? network_inputs(config->network) : config->network->layers[l - 1].outputs;
        side->padded = round_up(side->width, UNIT);
        if (l > 0)
            side->f = ISA(elementwise_functions)(activation_of(cpu, l - 1));
    }
    lay_out(cpu, &arena);
    if (arena.overflow)
        return error_set(error, PERCEPT_ERROR_MEMORY, "a batch of %zu examples needs more than can be addressed",
                         config->batch_capacity);
    /* Zeroed: what pads rows and strips must be numbers. */
    status = memory_allocate_zeroed(arena.used, 1, "activations", &cpu->arena, error);
    if (status != PERCEPT_OK)
        return status;
    arena = (Arena){.bytes = cpu->arena};
    lay_out(cpu, &arena);
    if (config->training)
        status = memory_allocate(config->network->parameter_count, sizeof(real), "the gradient", &cpu->gradient, error);
    return status;
}

percept_status ISA(cpu_create)(const EngineConfig *config, Engine **out, percept_error *error)
{
    Cpu *cpu = NULL;
    percept_status status = memory_allocate_zeroed(1, sizeof *cpu, "the engine", &cpu, error);
    if (status != PERCEPT_OK)
        return status;
    cpu->engine = (Engine){&methods, *config};
    status = set_up(cpu, error);
    if (status == PERCEPT_OK)
        *out = &cpu->engine;
    else
        free_method(&cpu->engine);
    return status;
}
