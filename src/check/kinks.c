#include "check/kinks.h"

#include <math.h>

#include "nn/activation.h"

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

void kinks_find(const Probe_f64 *probe, double step, CheckKinks *out)
{
    *out = (CheckKinks){.z = INFINITY};
    for (size_t l = 0; l < probe->network->depth; l++) {
        const Layer *layer = &probe->network->layers[l];
        if (!has_kink(activation_at_f64(layer->activation)))
            continue;
        for (size_t e = 0; e < probe->count; e++) {
            const double reach = step * largest(probe->A[l] + e * layer->inputs, layer->inputs);
            for (size_t o = 0; o < layer->outputs; o++) {
                const double z = probe->Z[l + 1][e * layer->outputs + o];
                if (!(fabs(z) <= reach))
                    continue;
                out->count++;
                if (fabs(z) < fabs(out->z)) {
                    out->example = e;
                    out->layer = l;
                    out->unit = o;
                    out->z = z;
                }
            }
        }
    }
}
