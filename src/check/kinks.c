#include "check/kinks.h"

#include <math.h>

#include "engine/reference/reference.h"
#include "nn/activation.h"
#include "nn/members.h"

/* Left and right derivative differ at 0: a step there, not just a slope of the derivative. */
static bool has_kink(const Activation_f64 *f)
{
    double derivatives[2];
    if (!f->elementwise)
        return false;
    for (int side = 0; side < 2; side++) {
        const double z = side == 0 ? -1e-9 : 1e-9, one = 1;
        double a = 0;
        f->forward(1, 1, &z, &a);
        f->backward(1, 1, &z, &a, &one, &derivatives[side]);
    }
    return fabs(derivatives[1] - derivatives[0]) > 1e-6;
}

static double largest(const double *values, size_t count)
{
    double most = 1;
    for (size_t i = 0; i < count; i++)
        most = fmax(most, fabs(values[i]));
    return most;
}

static void count_layer(const Engine *engine, size_t l, size_t examples, double step, CheckKinks *out)
{
    const Layer *layer = &engine->config.network->layers[l];
    const ReferenceLayer_f64 kept = reference_layer_f64(engine, l);
    for (size_t e = 0; e < examples; e++) {
        const double reach = step * largest(kept.X + e * layer->inputs, layer->inputs);
        for (size_t u = 0; u < layer->units; u++) {
            const double z = kept.Z[e * layer->units + u];
            if (!(fabs(z) <= reach))
                continue;
            out->count++;
            if (fabs(z) < fabs(out->z)) {
                out->example = e;
                out->layer = l;
                out->unit = u;
                out->z = z;
            }
        }
    }
}

/* What is counted in all members. */
typedef struct Count {
    const double *parameters;
    const Batch *batch;
    double step;
    CheckKinks *out;
} Count;

/* MemberVisit */
static percept_status count_member(void *context, const Network *network, size_t offset, percept_error *error)
{
    const Count *count = context;
    Engine *engine = NULL;
    percept_status status = reference_pass_f64(network, count->parameters + offset, count->batch, &engine, error);
    for (size_t l = 0; status == PERCEPT_OK && l < network->depth; l++)
        if (has_kink(activation_at_f64(network->layers[l].activation)))
            count_layer(engine, l, count->batch->count, count->step, count->out);
    engine_free(engine);
    return status;
}

percept_status kinks_find(const Network *network, const double *parameters, const Batch *batch, double step,
                          CheckKinks *out, percept_error *error)
{
    Count count = {parameters, batch, step, out};
    *out = (CheckKinks){.z = INFINITY};
    return network_each_member(network, count_member, &count, error);
}
