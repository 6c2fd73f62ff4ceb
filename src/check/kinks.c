#include "check/kinks.h"

#include <math.h>

#include "engine/reference/reference.h"
#include "nn/activation.h"
#include "nn/members.h"

static double largest(const double *values, size_t count)
{
    double most = 1;
    for (size_t i = 0; i < count; i++)
        most = fmax(most, fabs(values[i]));
    return most;
}

/* What is counted in all members. */
typedef struct Count {
    const double *parameters;
    const Batch *batch;
    double step;
    bool inputs;
    CheckKinks *out;
} Count;

/* Counts z, which `found` describes, if it may move by `reach` to a kink. */
static void count_one(CheckKinks *out, CheckKinks found, double reach)
{
    if (!(fabs(found.z) <= reach))
        return;
    found.count = out->count + 1;
    if (fabs(found.z) < fabs(out->z))
        *out = found;
    else
        out->count = found.count;
}

/* How far a change of one number moves what example e brings to a side. */
static double reach_of(const Count *count, const Engine *engine, size_t side, size_t e)
{
    const size_t inputs = engine->config.network->layers[side - 1].inputs;
    return count->step * largest(reference_layer_f64(engine, side - 1).X + e * inputs, inputs);
}

static void count_activation(const Count *count, const Engine *engine, size_t side)
{
    const Layer *layer = &engine->config.network->layers[side - 1];
    const ReferenceLayer_f64 kept = reference_layer_f64(engine, side - 1);
    for (size_t e = 0; e < count->batch->count; e++)
        for (size_t u = 0; u < layer->units; u++)
            count_one(count->out,
                      (CheckKinks){.example = e, .side = side, .unit = u, .z = kept.Z[e * layer->units + u]},
                      reach_of(count, engine, side, e));
}

static void count_stage(const Count *count, const Engine *engine, size_t s, const double *parameters)
{
    const StageRun_f64 *run = reference_stage_f64(engine, s);
    const Stage *stage = run->stage;
    for (size_t e = 0; e < count->batch->count; e++)
        for (size_t j = 0; j < stage->inputs; j++) {
            const double x = run->X[e * run->x_row + j];
            const double reach =
                stage->side > 0 ? reach_of(count, engine, stage->side, e) : count->step * fmax(1, fabs(x));
            count_one(count->out,
                      (CheckKinks){.kind = stage->kind,
                                   .example = e,
                                   .side = stage->side,
                                   .unit = j,
                                   .z = stage->kind->from_kink(stage, parameters, j, x)},
                      reach);
        }
}

/* Whether a number that is checked can move what stage s takes. */
static bool moves(const Count *count, const Network *network, size_t s)
{
    bool moved = count->inputs || network->stages[s].side > 0;
    for (size_t before = 0; before < s; before++)
        moved = moved || (network->stages[before].side == 0 && network->stages[before].kind->tensors[0].part != NULL);
    return moved;
}

/* MemberVisit */
static percept_status count_member(void *context, const Network *network, size_t offset, percept_error *error)
{
    const Count *count = context;
    const double *parameters = count->parameters + offset;
    Engine *engine = NULL;
    percept_status status = reference_pass_f64(network, parameters, count->batch, &engine, error);
    for (size_t l = 0; status == PERCEPT_OK && l < network->depth; l++)
        if (activation_has_kink(network->layers[l].activation))
            count_activation(count, engine, l + 1);
    for (size_t s = 0; status == PERCEPT_OK && s < network->stage_count; s++)
        if (network->stages[s].kind->from_kink != NULL && moves(count, network, s))
            count_stage(count, engine, s, parameters);
    engine_free(engine);
    return status;
}

percept_status kinks_find(const Network *network, const double *parameters, const Batch *batch, double step,
                          bool inputs, CheckKinks *out, percept_error *error)
{
    *out = (CheckKinks){.z = INFINITY};
    Count count = {parameters, batch, step, inputs, out};
    return network_each_member(network, count_member, &count, error);
}
