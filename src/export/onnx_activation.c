#include <string.h>

#include "export/onnx_build.h"
#include "export/onnx_erf.h"

static const char *identity(OnnxGraph *graph, const char *z)
{
    (void)graph;
    return z;
}

/* e^-|z|, which never overflows. */
static const char *decay(OnnxGraph *graph, const char *z)
{
    return ONNX(graph, "Exp", ONNX(graph, "Neg", ONNX(graph, "Abs", z)));
}

/* (1 or e^-|z|) / (1 + e^-|z|) */
const char *onnx_sigmoid(OnnxGraph *graph, const char *z)
{
    const char *e = decay(graph, z), *one = onnx_number(graph, 1);
    const char *negative = ONNX(graph, "Less", z, onnx_number(graph, 0));
    return ONNX(graph, "Div", ONNX(graph, "Where", negative, e, one), ONNX(graph, "Add", e, one));
}

static const char *hyperbolic_tangent(OnnxGraph *graph, const char *z)
{
    return ONNX(graph, "Tanh", z);
}

static const char *relu(OnnxGraph *graph, const char *z)
{
    return ONNX(graph, "Relu", z);
}

/* z where it is positive, else another value. */
static const char *positive_or(OnnxGraph *graph, const char *z, const char *otherwise)
{
    return ONNX(graph, "Where", ONNX(graph, "Less", onnx_number(graph, 0), z), z, otherwise);
}

static const char *leaky_relu(OnnxGraph *graph, const char *z)
{
    return positive_or(graph, z, ONNX(graph, "Mul", z, onnx_number(graph, 0.01)));
}

/* e^z - 1 = tanh(z/2) (e^z + 1), without cancellation, for z ≤ 0. */
static const char *exp_minus_one(OnnxGraph *graph, const char *z)
{
    const char *low = ONNX(graph, "Min", z, onnx_number(graph, 0));
    const char *half = ONNX(graph, "Tanh", ONNX(graph, "Mul", low, onnx_number(graph, 0.5)));
    return ONNX(graph, "Mul", half, ONNX(graph, "Add", ONNX(graph, "Exp", low), onnx_number(graph, 1)));
}

static const char *elu(OnnxGraph *graph, const char *z)
{
    return positive_or(graph, z, exp_minus_one(graph, z));
}

static const char *selu(OnnxGraph *graph, const char *z)
{
    const char *below = ONNX(graph, "Mul", exp_minus_one(graph, z), onnx_number(graph, 1.6732632423543772848));
    return ONNX(graph, "Mul", positive_or(graph, z, below), onnx_number(graph, 1.0507009873554804934));
}

/* max(z, 0) + log(1 + e^-|z|) */
static const char *softplus(OnnxGraph *graph, const char *z)
{
    const char *rest = ONNX(graph, "Log", ONNX(graph, "Add", decay(graph, z), onnx_number(graph, 1)));
    return ONNX(graph, "Add", ONNX(graph, "Relu", z), rest);
}

/* z (1 + erf(z/√2)) / 2 */
static const char *gelu(OnnxGraph *graph, const char *z)
{
    const char *erf = onnx_erf(graph, ONNX(graph, "Mul", z, onnx_number(graph, 0.70710678118654752440)));
    const char *below = ONNX(graph, "Mul", ONNX(graph, "Add", erf, onnx_number(graph, 1)), onnx_number(graph, 0.5));
    return ONNX(graph, "Mul", z, below);
}

static const char *silu(OnnxGraph *graph, const char *z)
{
    return ONNX(graph, "Mul", z, onnx_sigmoid(graph, z));
}

static const char *mish(OnnxGraph *graph, const char *z)
{
    return ONNX(graph, "Mul", z, ONNX(graph, "Tanh", softplus(graph, z)));
}

static const char *softmax(OnnxGraph *graph, const char *z)
{
    const char *a = ONNX(graph, "Softmax", z);
    onnx_set_integer(graph, "axis", 1);
    return a;
}

static const struct {
    const char *name;
    OnnxActivation *write;
} rows[] = {
    {"identity", identity},
    {"sigmoid", onnx_sigmoid},
    {"tanh", hyperbolic_tangent},
    {"relu", relu},
    {"leaky-relu", leaky_relu},
    {"elu", elu},
    {"softplus", softplus},
    {"gelu", gelu},
    {"softmax", softmax},
    {"selu", selu},
    {"silu", silu},
    {"mish", mish},
};

OnnxActivation *onnx_activation_find(const char *name)
{
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++)
        if (strcmp(rows[r].name, name) == 0)
            return rows[r].write;
    return NULL;
}
