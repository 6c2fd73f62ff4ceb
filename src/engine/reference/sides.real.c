#include "engine/reference/sides.h"

#include <string.h>

#include "base/memory.h"
#include "base/real.h"
#include "nn/activation.h"
#include "nn/dropout.h"

static const SideStages *stages_of(const REAL(Sides) * sides, size_t l)
{
    return &sides->config->network->sides[l];
}

static bool drops(const REAL(Sides) * sides, size_t l, bool training)
{
    return training && sides->config->dropout != NULL && sides->side[l].mask != NULL;
}

/* ---- Forward ----------------------------------------------------------------------------------------------------- */

static const real *run_forward(const REAL(Sides) * sides, size_t s, size_t count, bool training, const real *parameters,
                               const real *X)
{
    REAL(StageRun) *run = &sides->runs[s];
    const Stage *stage = run->stage;
    const REAL(StageFunctions) *functions = REAL(stage_functions)(stage->kind);
    run->count = count;
    run->training = training;
    run->frozen = sides->config->frozen;
    run->parameters = parameters;
    run->X = X + stage->first;
    run->linked = stage->kind->links ? sides->side[stage->from].output : NULL;
    run->linked_row = stage->width_in;
    functions->forward(run, 0, stage->kind->forward == SPLIT_EXAMPLES ? count : stage->outputs);
    real *Y = run->Y - stage->first;
    REAL(stage_pass)(stage, count, X, stage->width_in, stage->inputs, Y, stage->width_out, stage->outputs);
    return Y;
}

/* dropped = A ∘ mask */
static void drop(const REAL(Sides) * sides, size_t l, size_t count)
{
    const Network *network = sides->config->network;
    const REAL(Side) *side = &sides->side[l];
    const size_t width = network->layers[l - 1].units;
    REAL(dropout_mask)
    (network, l - 1, sides->config->dropout, engine_dropout_factor(sides->config), 0, count, 0, width, side->mask,
     width);
    for (size_t i = 0; i < count * width; i++)
        side->dropped[i] = side->A[i] * side->mask[i];
}

void REAL(side_forward)(const REAL(Sides) * sides, size_t l, size_t count, bool training, const real *parameters)
{
    const Network *network = sides->config->network;
    const SideStages *stages = stages_of(sides, l);
    REAL(Side) *side = &sides->side[l];
    const real *X = side->input;
    for (size_t s = stages->first; s < stages->first + stages->before; s++)
        X = run_forward(sides, s, count, training, parameters, X);
    side->Z = (real *)X;
    if (l > 0) {
        const Layer *layer = &network->layers[l - 1];
        REAL(activation_at)(layer->activation)->forward(count, layer->units, side->Z, side->A);
        X = side->A;
        if (drops(sides, l, training)) {
            drop(sides, l, count);
            X = side->dropped;
        }
    }
    for (size_t s = stages->first + stages->before; s < stages->first + stages->before + stages->after; s++)
        X = run_forward(sides, s, count, training, parameters, X);
    side->output = (real *)X;
    if (side->linked != NULL)
        memset(side->linked, 0, count * network_side_output(network, l) * sizeof *side->linked);
}

void REAL(sides_update_statistics)(const REAL(Sides) * sides, real *parameters)
{
    for (size_t s = 0; s < sides->config->network->stage_count; s++) {
        const REAL(StageRun) *run = &sides->runs[s];
        const REAL(StageFunctions) *functions = REAL(stage_functions)(run->stage->kind);
        if (functions->statistics != NULL && !run->frozen)
            functions->statistics(run, 0, run->stage->outputs, parameters);
    }
}

/* ---- Backward ---------------------------------------------------------------------------------------------------- */

/* dX of a stage from dY, both whole matrices of the side. */
static void run_backward(const REAL(Sides) * sides, size_t s, size_t count, const real *dY, real *dX, real *gradient)
{
    REAL(StageRun) *run = &sides->runs[s];
    const Stage *stage = run->stage;
    const REAL(StageFunctions) *functions = REAL(stage_functions)(stage->kind);
    run->dY = dY + stage->first;
    run->dX = dX + stage->first;
    run->gradient = gradient + stage->offsets[0];
    if (functions->gradient != NULL)
        functions->gradient(run, 0, stage_units(stage));
    if (stage->kind->links) {
        real *linked = sides->side[stage->from].linked;
        for (size_t i = 0; i < count * stage->width_out; i++)
            linked[i] += dY[i];
    }
    functions->backward(run, 0, stage->kind->backward == SPLIT_EXAMPLES ? count : stage->inputs);
    REAL(stage_pass)(stage, count, dY, stage->width_out, stage->outputs, dX, stage->width_in, stage->inputs);
}

/* Stages end-1 … first in turn; returns where the gradient is then. */
static real *run_back(const REAL(Sides) * sides, size_t first, size_t end, size_t count, real *dY, real *gradient)
{
    for (size_t s = end; s-- > first;) {
        real *dX = dY == sides->flow[0] ? sides->flow[1] : sides->flow[0];
        run_backward(sides, s, count, dY, dX, gradient);
        dY = dX;
    }
    return dY;
}

void REAL(side_backward)(const REAL(Sides) * sides, size_t l, size_t count, real *from, real *to, real *gradient)
{
    const Network *network = sides->config->network;
    const SideStages *stages = stages_of(sides, l);
    const REAL(Side) *side = &sides->side[l];
    const size_t activation = stages->first + stages->before;
    for (size_t i = 0; side->linked != NULL && i < count * network_side_output(network, l); i++)
        from[i] += side->linked[i];
    real *flow = run_back(sides, activation, activation + stages->after, count, from, gradient);
    if (l > 0) {
        const Layer *layer = &network->layers[l - 1];
        for (size_t i = 0; i < count * layer->units && drops(sides, l, true); i++)
            flow[i] *= side->mask[i];
        real *dZ = stages->before == 0 ? to : flow;
        REAL(activation_at)(layer->activation)->backward(count, layer->units, side->Z, side->A, flow, dZ);
        flow = dZ;
    }
    flow = run_back(sides, stages->first, activation, count, flow, gradient);
    if (flow != to)
        memcpy(to, flow, count * network_side_width(network, l) * sizeof *to);
}

/* ---- Memory ------------------------------------------------------------------------------------------------------ */

static percept_status allocate_matrix(size_t rows, size_t width, const char *what, real **out, percept_error *error)
{
    size_t count = 0;
    if (__builtin_mul_overflow(rows, width, &count))
        return error_set(error, PERCEPT_ERROR_MEMORY, "%s of %zu examples × %zu is more than can be addressed", what,
                         rows, width);
    return memory_allocate(count, sizeof(real), what, out, error);
}

static percept_status allocate_side(const EngineConfig *config, size_t l, REAL(Side) * side, percept_error *error)
{
    const Network *network = config->network;
    const size_t n = config->batch_capacity;
    percept_status status = allocate_matrix(n, network_side_width(network, l), "a batch", &side->input, error);
    if (l == 0 || status != PERCEPT_OK)
        return status;
    const Layer *layer = &network->layers[l - 1];
    status = allocate_matrix(n, layer->units, "activations", &side->A, error);
    if (status != PERCEPT_OK || !config->training || !(layer->dropout > 0))
        return status;
    status = allocate_matrix(n, layer->units, "dropout", &side->mask, error);
    return status == PERCEPT_OK ? allocate_matrix(n, layer->units, "dropout", &side->dropped, error) : status;
}

static percept_status allocate_run(REAL(Sides) * sides, size_t s, percept_error *error)
{
    const EngineConfig *config = sides->config;
    const Stage *stage = &config->network->stages[s];
    REAL(StageRun) *run = &sides->runs[s];
    real *Y = NULL;
    *run = (REAL(StageRun)){.stage = stage, .x_row = stage->width_in, .y_row = stage->width_out};
    percept_status status = allocate_matrix(config->batch_capacity, stage->width_out, "activations", &Y, error);
    if (status != PERCEPT_OK)
        return status;
    run->Y = Y + stage->first;
    status = memory_allocate(stage_kept(stage, config->batch_capacity), sizeof(real), "activations", &run->kept, error);
    REAL(Side) *from = &sides->side[stage->from];
    if (status == PERCEPT_OK && config->training && stage->kind->links && from->linked == NULL)
        status = allocate_matrix(config->batch_capacity, network_side_output(config->network, stage->from), "deltas",
                                 &from->linked, error);
    return status;
}

percept_status REAL(sides_create)(const EngineConfig *config, REAL(Sides) * out, percept_error *error)
{
    const Network *network = config->network;
    *out = (REAL(Sides)){.config = config};
    percept_status status =
        memory_allocate_zeroed(network->depth + 1, sizeof *out->side, "the sides", &out->side, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(network->stage_count, sizeof *out->runs, "the stages", &out->runs, error);
    for (size_t l = 0; l <= network->depth && status == PERCEPT_OK; l++)
        status = allocate_side(config, l, &out->side[l], error);
    for (size_t s = 0; s < network->stage_count && status == PERCEPT_OK; s++)
        status = allocate_run(out, s, error);
    for (size_t i = 0; i < 2 && status == PERCEPT_OK && network->stage_count > 0; i++)
        status = allocate_matrix(config->batch_capacity, network_widest(network), "deltas", &out->flow[i], error);
    return status;
}

void REAL(sides_clear)(REAL(Sides) * sides)
{
    const Network *network = sides->config->network;
    for (size_t l = 0; l <= network->depth && sides->side != NULL; l++) {
        memory_free(sides->side[l].input);
        memory_free(sides->side[l].A);
        memory_free(sides->side[l].mask);
        memory_free(sides->side[l].dropped);
        memory_free(sides->side[l].linked);
    }
    for (size_t s = 0; s < network->stage_count && sides->runs != NULL; s++) {
        if (sides->runs[s].Y != NULL)
            memory_free(sides->runs[s].Y - sides->runs[s].stage->first);
        memory_free(sides->runs[s].kept);
    }
    memory_free(sides->flow[0]);
    memory_free(sides->flow[1]);
    memory_free(sides->side);
    memory_free(sides->runs);
}
