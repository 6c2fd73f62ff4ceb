/* Operators that compute each element by itself. Shapes of several inputs are broadcast as NumPy does. */
#include <math.h>
#include <string.h>

#include "export/onnx_run.h"

/* ---- Of one input ------------------------------------------------------------------------------------------------- */

typedef double Unary(double x);

static double negate(double x)
{
    return -x;
}

static double is_nan(double x)
{
    return isnan(x);
}

static double logical_not(double x)
{
    return x == 0;
}

static double relu(double x)
{
    return x <= 0 ? 0 : x;
}

static double sigmoid(double x)
{
    const double e = exp(-fabs(x));
    return (x >= 0 ? 1 : e) / (1 + e);
}

static double softplus(double x)
{
    return fmax(x, 0) + log1p(exp(-fabs(x)));
}

static double identity(double x)
{
    return x;
}

static double reciprocal(double x)
{
    return 1 / x;
}

typedef struct UnaryRow {
    const char *name;
    Unary *function;
    bool logical; /* the result is a truth value */
} UnaryRow;

static const UnaryRow unary_rows[] = {
    {"Abs", fabs, false},
    {"Ceil", ceil, false},
    {"Cos", cos, false},
    {"Erf", erf, false},
    {"Exp", exp, false},
    {"Floor", floor, false},
    {"IsNaN", is_nan, true},
    {"Log", log, false},
    {"Neg", negate, false},
    {"Not", logical_not, true},
    {"Reciprocal", reciprocal, false},
    {"Relu", relu, false},
    {"Round", rint, false},
    {"Sigmoid", sigmoid, false},
    {"Sin", sin, false},
    {"Softplus", softplus, false},
    {"Sqrt", sqrt, false},
    {"Tanh", tanh, false},
    {"Identity", identity, false},
};

static percept_status compute_unary(OnnxCall *call)
{
    const OnnxValue *x = call->inputs[0];
    const UnaryRow *row = unary_rows;
    while (strcmp(row->name, call->node->op) != 0)
        row++;
    if (x->texts != NULL && row->function != identity)
        return onnx_call_refuse(call, "its input is texts");
    percept_status status = onnx_call_output(call, row->logical ? ONNX_BOOL : x->type, x->rank, x->shape);
    if (status != PERCEPT_OK)
        return status;
    for (size_t i = 0; i < x->count && x->texts != NULL; i++)
        call->output->texts[i] = x->texts[i];
    for (size_t i = 0; i < x->count && x->values != NULL; i++)
        call->output->values[i] = row->function(x->values[i]);
    onnx_call_round(call);
    return PERCEPT_OK;
}

/* ---- Of several --------------------------------------------------------------------------------------------------- */

/* Steps of each input along each dimension of the output: 0 where it is broadcast. */
typedef struct Strides {
    size_t rank;
    int64_t shape[ONNX_RANK];
    size_t step[3][ONNX_RANK];
} Strides;

static bool broadcast(const OnnxCall *call, Strides *out)
{
    *out = (Strides){0};
    for (size_t k = 0; k < call->input_count; k++)
        out->rank = call->inputs[k]->rank > out->rank ? call->inputs[k]->rank : out->rank;
    for (size_t d = 0; d < out->rank; d++)
        out->shape[d] = 1;
    for (size_t k = 0; k < call->input_count; k++) {
        const OnnxValue *x = call->inputs[k];
        size_t step = 1;
        for (size_t d = x->rank; d-- > 0;) {
            const size_t place = d + out->rank - x->rank;
            if (x->shape[d] != 1 && out->shape[place] != 1 && out->shape[place] != x->shape[d])
                return false;
            if (x->shape[d] != 1)
                out->shape[place] = x->shape[d];
            out->step[k][place] = x->shape[d] != 1 ? step : 0;
            step *= (size_t)x->shape[d];
        }
    }
    return true;
}

/* The element of input k for element i of the output. */
static size_t element(const Strides *strides, size_t k, size_t i)
{
    size_t place = 0;
    for (size_t d = strides->rank; d-- > 0;) {
        const size_t size = (size_t)strides->shape[d];
        place += i % size * strides->step[k][d];
        i /= size;
    }
    return place;
}

typedef double Binary(double x, double y);

static double add(double x, double y)
{
    return x + y;
}

static double subtract(double x, double y)
{
    return x - y;
}

static double multiply(double x, double y)
{
    return x * y;
}

static double divide(double x, double y)
{
    return x / y;
}

static double least(double x, double y)
{
    return isnan(x) || x < y ? x : y;
}

static double most(double x, double y)
{
    return isnan(x) || x > y ? x : y;
}

static double less(double x, double y)
{
    return x < y;
}

static double equal(double x, double y)
{
    return x == y;
}

static double greater(double x, double y)
{
    return x > y;
}

static double and (double x, double y)
{
    return x != 0 && y != 0;
}

typedef struct BinaryRow {
    const char *name;
    Binary *function;
    bool logical;
} BinaryRow;

static const BinaryRow binary_rows[] = {
    {"Add", add, false},    {"Sub", subtract, false},   {"Mul", multiply, false}, {"Div", divide, false},
    {"Min", least, false},  {"Max", most, false},       {"Pow", pow, false},      {"Less", less, true},
    {"Equal", equal, true}, {"Greater", greater, true}, {"And", and, true},
};

static percept_status compute_binary(OnnxCall *call)
{
    const OnnxValue *x = call->inputs[0], *y = call->inputs[1];
    const BinaryRow *row = binary_rows;
    Strides strides;
    while (strcmp(row->name, call->node->op) != 0)
        row++;
    if (!broadcast(call, &strides))
        return onnx_call_refuse(call, "shapes do not fit");
    if (x->values == NULL || y->values == NULL || x->type != y->type)
        return onnx_call_refuse(call, "its inputs are no numbers of one type");
    percept_status status = onnx_call_output(call, row->logical ? ONNX_BOOL : x->type, strides.rank, strides.shape);
    for (size_t i = 0; i < call->output->count && status == PERCEPT_OK; i++)
        call->output->values[i] = row->function(x->values[element(&strides, 0, i)], y->values[element(&strides, 1, i)]);
    if (status == PERCEPT_OK)
        onnx_call_round(call);
    return status;
}

static percept_status compute_where(OnnxCall *call)
{
    const OnnxValue *condition = call->inputs[0], *x = call->inputs[1], *y = call->inputs[2];
    Strides strides;
    if (!broadcast(call, &strides))
        return onnx_call_refuse(call, "shapes do not fit");
    if (condition->values == NULL || x->values == NULL || y->values == NULL || x->type != y->type)
        return onnx_call_refuse(call, "its inputs are no numbers of one type");
    percept_status status = onnx_call_output(call, x->type, strides.rank, strides.shape);
    for (size_t i = 0; i < call->output->count && status == PERCEPT_OK; i++)
        call->output->values[i] = condition->values[element(&strides, 0, i)] != 0 ? x->values[element(&strides, 1, i)]
                                                                                  : y->values[element(&strides, 2, i)];
    return status;
}

static percept_status compute_cast(OnnxCall *call)
{
    const OnnxValue *x = call->inputs[0];
    const OnnxType to = (OnnxType)onnx_attribute_integer(call->node, "to", 0);
    const OnnxType type = to == ONNX_HALF || to == ONNX_BFLOAT16 ? ONNX_FLOAT : to;
    if (x->values == NULL || type == ONNX_STRING)
        return onnx_call_refuse(call, "it casts texts");
    percept_status status = onnx_call_output(call, type, x->rank, x->shape);
    for (size_t i = 0; i < x->count && status == PERCEPT_OK; i++)
        call->output->values[i] = type == ONNX_BOOL                          ? x->values[i] != 0
                                  : type == ONNX_INT64 || type == ONNX_INT32 ? trunc(x->values[i])
                                                                             : x->values[i];
    if (status == PERCEPT_OK)
        onnx_call_round(call);
    return status;
}

#define UNARY(name)                                                                                                    \
    {                                                                                                                  \
        name, 1, 1, compute_unary                                                                                      \
    }
#define BINARY(name)                                                                                                   \
    {                                                                                                                  \
        name, 2, 2, compute_binary                                                                                     \
    }

const OnnxOperator onnx_elementwise_operators[] = {
    UNARY("Abs"),
    UNARY("Ceil"),
    UNARY("Cos"),
    UNARY("Erf"),
    UNARY("Exp"),
    UNARY("Floor"),
    UNARY("IsNaN"),
    UNARY("Log"),
    UNARY("Neg"),
    UNARY("Not"),
    UNARY("Reciprocal"),
    UNARY("Relu"),
    UNARY("Round"),
    UNARY("Sigmoid"),
    UNARY("Sin"),
    UNARY("Softplus"),
    UNARY("Sqrt"),
    UNARY("Tanh"),
    UNARY("Identity"),
    BINARY("Add"),
    BINARY("Sub"),
    BINARY("Mul"),
    BINARY("Div"),
    BINARY("Min"),
    BINARY("Max"),
    BINARY("Pow"),
    BINARY("Less"),
    BINARY("Equal"),
    BINARY("Greater"),
    BINARY("And"),
    {"Where", 3, 3, compute_where},
    {"Cast", 1, 1, compute_cast},
    {NULL, 0, 0, NULL},
};
