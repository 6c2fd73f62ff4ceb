/* Operators that graphs of other programs have and those of Percept do not. */
#include <math.h>
#include <string.h>

#include "export/onnx_run.h"

/* ---- With a parameter --------------------------------------------------------------------------------------------- */

typedef double Shaped(double x, double alpha, double gamma);

static double leaky(double x, double alpha, double gamma)
{
    (void)gamma;
    return x < 0 ? alpha * x : x;
}

static double elu(double x, double alpha, double gamma)
{
    (void)gamma;
    return x < 0 ? alpha * expm1(x) : x;
}

static double selu(double x, double alpha, double gamma)
{
    return gamma * elu(x, alpha, 1);
}

static double gelu(double x, double alpha, double gamma)
{
    (void)alpha, (void)gamma;
    return x * 0.5 * erfc(-x * 0.70710678118654752440);
}

static double swish(double x, double alpha, double gamma)
{
    (void)gamma;
    return x * (1 / (1 + exp(-alpha * x)));
}

static double mish(double x, double alpha, double gamma)
{
    (void)alpha, (void)gamma;
    return x * tanh(fmax(x, 0) + log1p(exp(-fabs(x))));
}

/* Functions with their standard parameters. */
static const struct {
    const char *name;
    Shaped *function;
    double alpha, gamma;
} shaped_rows[] = {
    {"LeakyRelu", leaky, 0.01, 1},
    {"Elu", elu, 1, 1},
    {"Selu", selu, 1.67326319217681884765625, 1.05070102214813232421875},
    {"Gelu", gelu, 1, 1},
    {"Swish", swish, 1, 1},
    {"Mish", mish, 1, 1},
};

static percept_status compute_shaped(OnnxCall *call)
{
    const OnnxValue *x = call->inputs[0];
    const OnnxAttribute *alpha = onnx_find_attribute(call->node, "alpha");
    const OnnxAttribute *gamma = onnx_find_attribute(call->node, "gamma");
    const OnnxAttribute *approximate = onnx_find_attribute(call->node, "approximate");
    size_t row = 0;
    while (strcmp(shaped_rows[row].name, call->node->op) != 0)
        row++;
    if (approximate != NULL && approximate->texts != NULL && strcmp(approximate->texts[0], "none") != 0)
        return onnx_call_refuse(call, "its approximation by tanh");
    if (x->values == NULL)
        return onnx_call_refuse(call, "its input is texts");
    const double a = alpha != NULL && alpha->numbers != NULL ? alpha->numbers[0] : shaped_rows[row].alpha;
    const double g = gamma != NULL && gamma->numbers != NULL ? gamma->numbers[0] : shaped_rows[row].gamma;
    percept_status status = onnx_call_output(call, x->type, x->rank, x->shape);
    for (size_t i = 0; i < x->count && status == PERCEPT_OK; i++)
        call->output->values[i] = shaped_rows[row].function(x->values[i], a, g);
    if (status == PERCEPT_OK)
        onnx_call_round(call);
    return status;
}

/* ---- With constants ----------------------------------------------------------------------------------------------- */

/* (x - offset) · scale, of the columns or of all */
static percept_status compute_scaler(OnnxCall *call)
{
    const OnnxValue *x = call->inputs[0];
    const OnnxAttribute *offset = onnx_find_attribute(call->node, "offset");
    const OnnxAttribute *scale = onnx_find_attribute(call->node, "scale");
    const size_t width = x->rank == 2 ? (size_t)x->shape[1] : 0;
    if (x->values == NULL || offset == NULL || scale == NULL || offset->numbers == NULL || scale->numbers == NULL ||
        (offset->count != width && offset->count != 1) || (scale->count != width && scale->count != 1))
        return onnx_call_refuse(call, "shapes do not fit");
    percept_status status = onnx_call_output(call, ONNX_FLOAT, x->rank, x->shape);
    for (size_t i = 0; i < x->count && status == PERCEPT_OK; i++)
        call->output->values[i] = (x->values[i] - offset->numbers[offset->count > 1 ? i % width : 0]) *
                                  scale->numbers[scale->count > 1 ? i % width : 0];
    if (status == PERCEPT_OK)
        onnx_call_round(call);
    return status;
}

/* As in prediction: (x - mean) / √(var + ε) · scale + bias for each column */
static percept_status compute_batch_norm(OnnxCall *call)
{
    const OnnxValue *x = call->inputs[0], *const *p = call->inputs + 1;
    const OnnxAttribute *epsilon = onnx_find_attribute(call->node, "epsilon");
    const double e = epsilon != NULL && epsilon->numbers != NULL ? epsilon->numbers[0] : 1e-5;
    const size_t width = x->rank == 2 ? (size_t)x->shape[1] : 0;
    for (size_t k = 0; k < 4; k++)
        if (x->values == NULL || p[k] == NULL || p[k]->values == NULL || p[k]->count != width)
            return onnx_call_refuse(call, "shapes do not fit");
    percept_status status = onnx_call_output(call, x->type, x->rank, x->shape);
    for (size_t i = 0; i < x->count && status == PERCEPT_OK; i++) {
        const size_t j = i % width;
        call->output->values[i] =
            (x->values[i] - p[2]->values[j]) / sqrt(p[3]->values[j] + e) * p[0]->values[j] + p[1]->values[j];
    }
    if (status == PERCEPT_OK)
        onnx_call_round(call);
    return status;
}

/* Rows divided by the sum of their absolute values. */
static percept_status compute_normalizer(OnnxCall *call)
{
    const OnnxValue *x = call->inputs[0];
    const OnnxAttribute *norm = onnx_find_attribute(call->node, "norm");
    if (x->values == NULL || x->rank != 2 || norm == NULL || norm->texts == NULL || strcmp(norm->texts[0], "L1") != 0)
        return onnx_call_refuse(call, "its norm is not L1");
    const size_t width = (size_t)x->shape[1];
    percept_status status = onnx_call_output(call, ONNX_FLOAT, x->rank, x->shape);
    for (size_t i = 0; i < x->count && status == PERCEPT_OK; i += width) {
        double sum = 0;
        for (size_t j = 0; j < width; j++)
            sum += fabs(x->values[i + j]);
        for (size_t j = 0; j < width; j++)
            call->output->values[i + j] = sum > 0 ? x->values[i + j] / sum : x->values[i + j];
    }
    if (status == PERCEPT_OK)
        onnx_call_round(call);
    return status;
}

/* Dropout, which does nothing in prediction. */
static percept_status compute_nothing(OnnxCall *call)
{
    const OnnxValue *x = call->inputs[0];
    if (x->values == NULL)
        return onnx_call_refuse(call, "its input is texts");
    percept_status status = onnx_call_output(call, x->type, x->rank, x->shape);
    if (status == PERCEPT_OK && x->count > 0)
        memcpy(call->output->values, x->values, x->count * sizeof *x->values);
    return status;
}

#define SHAPED(name)                                                                                                   \
    {                                                                                                                  \
        name, 1, 1, compute_shaped                                                                                     \
    }

const OnnxOperator onnx_foreign_operators[] = {
    SHAPED("LeakyRelu"),
    SHAPED("Elu"),
    SHAPED("Selu"),
    SHAPED("Gelu"),
    SHAPED("Swish"),
    SHAPED("Mish"),
    {"Scaler", 1, 1, compute_scaler},
    {"BatchNormalization", 5, 5, compute_batch_norm},
    {"Normalizer", 1, 1, compute_normalizer},
    {"Dropout", 1, 3, compute_nothing},
    {NULL, 0, 0, NULL},
};
