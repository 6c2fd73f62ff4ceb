/* The engine in one instruction set and precision: its methods and its memory. */
#include <stdint.h>
#include <string.h>

#include "base/memory.h"
#include "engine/cpu/create.h"
#include "engine/cpu/layer.h"
#include "engine/cpu/phases.h"
#include "engine/cpu/plan.h"
#include "engine/cpu/small.h"
#include "engine/cpu/stages.h"

/* Sums in the order of examples, and of units of weights. */
static void sum_up(const Pass *pass, EngineSums *sums)
{
    const Cpu *cpu = pass->cpu;
    const double *class_weights = class_weights_of(pass);
    const bool weighted = batch_is_weighted(pass->batch, class_weights);
    *sums = (EngineSums){.count = pass->batch->count, .weight = pass->weight};
    for (size_t i = 0; i < sums->count; i++)
        sums->loss += (weighted ? batch_weight(pass->batch, class_weights, i) : 1) * (double)cpu->losses[i];
    for (size_t strip = 0; strip < pass->strips; strip++)
        sums->correct += cpu->correct[strip];
    for (size_t l = 0; l < cpu->depth; l++) {
        const Layer *layer = &cpu->engine.config.network->layers[l];
        for (size_t unit = 0; unit < *weight_units_at(cpu, l) && (layer->l1 > 0 || layer->l2 > 0); unit++)
            sums->penalty += *penalty_at(cpu, l, unit);
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
    ISA(run)(&pass);
    copy_outputs(pass.cpu, batch, outputs);
}

static void evaluate_method(Engine *engine, const void *parameters, const Batch *batch, void *outputs, EngineSums *sums)
{
    Pass pass = {.cpu = (Cpu *)engine, .parameters = parameters, .batch = batch, .sums_wanted = true};
    ISA(run)(&pass);
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
                 .factor = 1};
    ISA(run)(&pass);
    sum_up(&pass, sums);
}

static void step_method(Engine *engine, void *parameters, const Batch *batch, const EngineUpdate *update,
                        EngineSums *sums)
{
    Cpu *cpu = (Cpu *)engine;
    const bool plain = update->apply == NULL;
    Pass pass = {.cpu = cpu,
                 .parameters = parameters,
                 .batch = batch,
                 .sums_wanted = true,
                 .backward = true,
                 .gradient = plain ? NULL : cpu->gradient,
                 .updated = parameters,
                 .update = update,
                 .factor = plain ? -update->learning_rate : 1};
    ISA(run)(&pass);
    sum_up(&pass, sums);
}

static void free_method(Engine *engine)
{
    Cpu *cpu = (Cpu *)engine;
    claims_free(cpu->claims);
    memory_free(cpu->arena);
    memory_free(cpu->sides);
    memory_free(cpu->runs);
    memory_free(cpu);
}

static const EngineMethods methods = {free_method,     predict_method, evaluate_method,
                                      gradient_method, step_method,    ISA(plan_product)};

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

/* What one rank needs aside: a block of gathered examples, packed columns of W and what they are multiplied to, a unit's
 * gradient, rows for activate_rows. */
static size_t scratch_needed(const Cpu *cpu)
{
    const size_t examples = smaller(UNIT_STRIPS * cpu->strip, cpu->rows);
    size_t needed = LANES * round_up(cpu->sides[0].raw_width, STRIP);
    if (cpu->engine.config.training)
        needed = largest(needed, UNIT * (WEIGHT_COLUMNS + 1));
    for (size_t l = 0; l <= cpu->depth; l++) {
        if (cpu->engine.config.training)
            needed = largest(needed, (smaller(cpu->sides[l].raw_width, COLUMN_DEPTH) + examples) * UNIT);
        if (l > 0 && l < cpu->depth && cpu->sides[l].f.activation == NULL)
            needed = largest(needed, largest(cpu->strip + 1, 4) * cpu->sides[l].width);
    }
    if (cpu->small)
        needed = largest(needed, ISA(small_scratch)(cpu));
    return round_up(needed, MEMORY_ALIGNMENT / sizeof(real));
}

static void lay_out_pairs(Cpu *cpu, Arena *arena)
{
    size_t padded = 0;
    for (size_t l = 0; l <= cpu->depth; l++) {
        Side *side = &cpu->sides[l];
        padded = largest(padded, largest(side->padded, side->raw_padded));
        if (cpu->engine.config.training && l < cpu->depth)
            side->A_pairs = take(arena, cpu->rows / 2, round_up(side->width, STRIP), sizeof(uint32_t));
        if (cpu->engine.config.training && l > 0)
            side->dZ_pairs = take(arena, cpu->rows / 2, side->raw_padded, sizeof(uint32_t));
    }
    cpu->unit_pairs = take(arena, padded / 2, cpu->rows, sizeof(uint32_t));
}

/* A staged side by unit, beside U and A. */
static void lay_out_staged_units(const Cpu *cpu, Side *side, bool first, Arena *arena)
{
    const bool training = cpu->engine.config.training;
    if (!first && !cpu->small)
        side->P = take(arena, cpu->rows, side->raw_padded, sizeof(real));
    if (training && !cpu->small)
        side->dA = take(arena, cpu->rows, side->padded, sizeof(real));
    if (training && !first)
        side->dZ = take(arena, cpu->rows, side->raw_padded, sizeof(real));
}

static void lay_out_rows(const Cpu *cpu, size_t l, Arena *arena)
{
    const EngineConfig *config = &cpu->engine.config;
    const SideStages *stages = &config->network->sides[l];
    Side *side = &cpu->sides[l];
    SideRows *rows = &side->rows;
    const bool drops = l > 0 && config->training && config->network->layers[l - 1].dropout > 0;
    rows->input = take(arena, cpu->rows, row_stride(side->raw_width), sizeof(real));
    if (l > 0) {
        rows->units = config->network->layers[l - 1].units;
        rows->A = take(arena, cpu->rows, row_stride(rows->units), sizeof(real));
        if (config->training && side->f.activation != NULL && !side->f.activation->from_output)
            rows->D = take(arena, cpu->rows, row_stride(rows->units), sizeof(real));
    }
    rows->T = drops ? take(arena, cpu->rows, row_stride(rows->units), sizeof(real)) : NULL;
    rows->mask = drops ? take(arena, cpu->rows, row_stride(rows->units), sizeof(real)) : NULL;
    for (size_t s = stages->first; s < stages->first + stages->before + stages->after; s++) {
        const Stage *stage = &config->network->stages[s];
        cpu->runs[s].Y = take(arena, cpu->rows, row_stride(stage->width_out), sizeof(real));
        cpu->runs[s].kept = take(arena, stage_kept(stage, cpu->rows), 1, sizeof(real));
    }
    for (size_t s = 0; s < config->network->stage_count && config->training && rows->linked == NULL; s++)
        if (config->network->stages[s].kind->links && config->network->stages[s].from == l)
            rows->linked = take(arena, cpu->rows, row_stride(side->width), sizeof(real));
}

static void lay_out_staged(Cpu *cpu, Arena *arena)
{
    const EngineConfig *config = &cpu->engine.config;
    const size_t widest = largest(network_widest(config->network), network_inputs(config->network));
    bool any = false;
    for (size_t l = 0; l < cpu->depth; l++)
        if (cpu->sides[l].staged) {
            lay_out_rows(cpu, l, arena);
            any = true;
        }
    for (size_t i = 0; i < 2 && any && config->training; i++)
        cpu->flow[i] = take(arena, cpu->rows, row_stride(widest), sizeof(real));
    if (any && config->training)
        cpu->stage_gradient =
            take(arena, config->network->parameter_count - config->network->dense_count, 1, sizeof(real));
}

static void lay_out_training(Cpu *cpu, Arena *arena)
{
    for (size_t l = 0; l <= cpu->depth; l++) {
        Side *side = &cpu->sides[l];
        side->U = take(arena, cpu->rows, side->padded, sizeof(real));
        if (l < cpu->depth)
            side->A = take(arena, cpu->rows, round_up(side->width, STRIP), sizeof(real));
        if (side->staged)
            lay_out_staged_units(cpu, side, l == 0, arena);
        if (l == 0 || side->staged)
            continue;
        side->dZ = take(arena, cpu->rows, side->padded, sizeof(real));
        if (l < cpu->depth && !activation_of(cpu, l - 1)->from_output)
            side->D = take(arena, cpu->rows, side->padded, sizeof(real));
        if (cpu->engine.config.network->layers[l - 1].dropout > 0) {
            side->T = take(arena, cpu->rows, side->padded, sizeof(real));
            side->mask = take(arena, cpu->rows, side->padded, sizeof(real));
        }
    }
}

static void lay_out_prediction(Cpu *cpu, Arena *arena)
{
    size_t padded[2] = {0, 0};
    for (size_t l = 0; l <= cpu->depth; l++)
        padded[l % 2] = largest(padded[l % 2], cpu->sides[l].padded);
    real *const places[2] = {take(arena, cpu->rows, padded[0], sizeof(real)),
                             take(arena, cpu->rows, padded[1], sizeof(real))};
    for (size_t l = 0; l <= cpu->depth; l++) {
        cpu->sides[l].U = places[l % 2];
        if (cpu->sides[l].staged)
            lay_out_staged_units(cpu, &cpu->sides[l], l == 0, arena);
        if (cpu->small && l < cpu->depth)
            cpu->sides[l].A = take(arena, cpu->rows, cpu->sides[l].padded, sizeof(real));
    }
}

/* A side of a small network without stages is rows in the places that it has for other layouts. */
static void share_rows(Side *side)
{
    const bool elementwise = side->f.activation != NULL;
    side->rows = (SideRows){.A = side->A, .T = side->T, .D = side->D, .mask = side->mask, .units = side->width};
    side->rows.Z = side->D != NULL && !elementwise ? side->D : side->A;
    side->rows.input = side->rows.Z;
    side->rows.output = side->A;
}

static void lay_out(Cpu *cpu, Arena *arena)
{
    const EngineConfig *config = &cpu->engine.config;
    const size_t outputs = network_outputs(config->network);
    size_t units = 0;
    for (size_t l = 0; l < cpu->depth; l++)
        units += ISA(weight_units)(&config->network->layers[l]);
    cpu->weight_units = take(arena, cpu->depth, 1, sizeof *cpu->weight_units);
    cpu->first_penalty = take(arena, cpu->depth, 1, sizeof *cpu->first_penalty);
    (config->training ? lay_out_training : lay_out_prediction)(cpu, arena);
    lay_out_staged(cpu, arena);
    for (size_t l = 0; l <= cpu->depth; l++)
        if (!cpu->sides[l].staged) {
            cpu->sides[l].P = cpu->sides[l].U;
            cpu->sides[l].dA = l > 0 ? cpu->sides[l].dZ : NULL;
        }
    for (size_t l = 1; l < cpu->depth && cpu->small; l++)
        if (!cpu->sides[l].staged)
            share_rows(&cpu->sides[l]);
    if (config->bfloat16)
        lay_out_pairs(cpu, arena);
    if (config->training && cpu->small && team_size(config->team) > 1) {
        cpu->second_batch = take(arena, cpu->rows, round_up(cpu->sides[0].width, STRIP), sizeof(real));
        cpu->penalty_sums = take(arena, 1, 1, sizeof(PenaltySums));
    }
    if (config->training && cpu->small)
        cpu->gradient = take(arena, config->network->parameter_count, 1, sizeof(real));
    cpu->output_Z = take(arena, cpu->rows, outputs, sizeof(real));
    cpu->output_A = take(arena, cpu->rows, outputs, sizeof(real));
    cpu->targets = take(arena, cpu->rows, outputs, sizeof(real));
    if (config->training)
        cpu->output_delta = take(arena, cpu->rows, outputs, sizeof(real));
    cpu->losses = take(arena, cpu->rows, 1, sizeof(real));
    cpu->factors = take(arena, cpu->rows, 1, sizeof(real));
    cpu->labels = take(arena, cpu->rows, 1, sizeof(int32_t));
    cpu->correct = take(arena, largest(cpu->rows / cpu->strip, team_size(config->team)), 1, sizeof *cpu->correct);
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
    cpu->output = ISA(output_function)(config->network);
    cpu->strip = round_up(smaller(config->batch_capacity, STRIP), LANES);
    cpu->rows = round_up(config->batch_capacity, cpu->strip);
    percept_status status =
        memory_allocate_zeroed(cpu->depth + 1, sizeof *cpu->sides, "the layers", &cpu->sides, error);
    if (status != PERCEPT_OK)
        return status;
    status = memory_allocate_zeroed(config->network->stage_count, sizeof *cpu->runs, "the stages", &cpu->runs, error);
    if (status != PERCEPT_OK)
        return status;
    for (size_t l = 0; l <= cpu->depth; l++) {
        Side *side = &cpu->sides[l];
        side->width = network_side_output(config->network, l);
        side->padded = round_up(side->width, UNIT);
        side->raw_width = network_side_width(config->network, l);
        side->raw_padded = round_up(side->raw_width, UNIT);
        side->staged = network_side_is_staged(config->network, l);
        if (l > 0)
            side->f = ISA(elementwise)(activation_of(cpu, l - 1));
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
    ISA(stages_connect)(cpu);
    for (size_t l = 0; l < cpu->depth; l++) {
        *weight_units_at(cpu, l) = ISA(weight_units)(&config->network->layers[l]);
        cpu->first_penalty[l] = l > 0 ? cpu->first_penalty[l - 1] + *weight_units_at(cpu, l - 1) : 0;
    }
    return claims_create(team_size(config->team), &cpu->claims, error);
}

percept_status ISA(cpu_create)(const EngineConfig *config, const Products *products, CpuWay way, Engine **out,
                               percept_error *error)
{
    Cpu *cpu = NULL;
    percept_status status = memory_allocate_zeroed(1, sizeof *cpu, "the engine", &cpu, error);
    if (status != PERCEPT_OK)
        return status;
    cpu->engine = (Engine){&methods, *config};
    cpu->products = products != NULL ? products : &ISA(products);
    cpu->paced = way == CPU_BY_SHAPE;
    cpu->small = way == CPU_SMALL || (way == CPU_BY_SHAPE && ISA(is_small)(config));
    status = set_up(cpu, error);
    if (status == PERCEPT_OK)
        *out = &cpu->engine;
    else
        free_method(&cpu->engine);
    return status;
}
