/* Dense networks in ONNX graphs, as the exporters of PyTorch, skl2onnx and Percept write them. The graph is followed from its
 * input to its scores: products with constant matrices are layers, sums and products with constants are folded into them, and
 * what lies between is an activation (import_section.h). */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "export/import_graph.h"
#include "export/import_network.h"
#include "export/import_section.h"
#include "export/onnx_run.h"

/* Columns of a section, which is computed at some points. */
#define MOST_COLUMNS 65536

/* Where the chain of values is. */
typedef struct Chain {
    const OnnxGraph *graph;
    const bool *needed;
    ImportNetwork *network;
    percept_error *error;
    const char *at, *to;
    size_t width;           /* columns of the value; 0: not known yet */
    double *factor, *shift; /* what the value still has to be multiplied by, and then added to it; or NULL */
    bool linear;            /* the value is a layer's weighted sums: factors go into its rows */
} Chain;

static percept_status refuse(const Chain *chain, const OnnxNode *node, const char *what)
{
    return error_set(chain->error, PERCEPT_ERROR_ARGUMENT, "the operator %s: %s", node->op, what);
}

/* ---- Factors and shifts ------------------------------------------------------------------------------------------- */

/* The columns of the value are known from now on. */
static percept_status set_width(Chain *chain, const OnnxNode *node, size_t width)
{
    if (chain->width == 0 && width > 0)
        chain->width = width;
    if (chain->width == 0 || (width > 0 && width != chain->width))
        return refuse(chain, node, chain->width == 0 ? "the number of columns is not known" : "shapes do not fit");
    return PERCEPT_OK;
}

static percept_status begin_factors(Chain *chain)
{
    OnnxGraph *memory = &chain->network->memory;
    if (chain->factor != NULL)
        return PERCEPT_OK;
    chain->factor = onnx_allocate(memory, chain->width, sizeof *chain->factor);
    chain->shift = onnx_allocate(memory, chain->width, sizeof *chain->shift);
    for (size_t j = 0; j < chain->width && chain->factor != NULL; j++)
        chain->factor[j] = 1;
    return onnx_status(memory, chain->error);
}

/* value ← factor · value + shift for column j. */
static void change_column(Chain *chain, size_t j, double factor, double shift)
{
    ImportNetwork *network = chain->network;
    if (!chain->linear) {
        chain->factor[j] *= factor;
        chain->shift[j] = factor * chain->shift[j] + shift;
        return;
    }
    ImportLayer *layer = &network->layers[network->depth - 1];
    for (size_t k = 0; k < layer->inputs; k++)
        layer->W[j * layer->inputs + k] *= factor;
    layer->b[j] = factor * layer->b[j] + shift;
}

/* The same for all columns, by lists of one value or of one for each column; NULL: 1 and 0. */
static percept_status change(Chain *chain, const OnnxNode *node, size_t factor_count, const double *factors,
                             size_t shift_count, const double *shifts)
{
    const size_t longest = factor_count > shift_count ? factor_count : shift_count;
    if ((factors != NULL && factor_count == 0) || (shifts != NULL && shift_count == 0))
        return refuse(chain, node, "a constant has no values");
    percept_status status = set_width(chain, node, longest > 1 ? longest : 0);
    if (status == PERCEPT_OK && !chain->linear)
        status = begin_factors(chain);
    for (size_t j = 0; j < chain->width && status == PERCEPT_OK; j++)
        change_column(chain, j, factors != NULL ? factors[factor_count > 1 ? j : 0] : 1,
                      shifts != NULL ? shifts[shift_count > 1 ? j : 0] : 0);
    return status;
}

/* The constant operand of a node with two inputs, one of them the value; its other place through *second. */
static const OnnxTensor *constant_of(const Chain *chain, const OnnxNode *node, bool *second)
{
    *second = strcmp(node->inputs[0], chain->at) != 0;
    return node->input_count == 2 ? onnx_find_tensor(chain->graph, node->inputs[*second ? 0 : 1]) : NULL;
}

static percept_status take_arithmetic(Chain *chain, const OnnxNode *node)
{
    bool second = false;
    const OnnxTensor *constant = constant_of(chain, node, &second);
    const char op = node->op[0] == 'S' ? '-' : node->op[0] == 'A' ? '+' : node->op[0] == 'M' ? '*' : '/';
    if (constant == NULL || constant->values == NULL || (op == '/' && second))
        return refuse(chain, node, "its other input is no constant");
    double *values = onnx_allocate(&chain->network->memory, constant->count, sizeof *values);
    for (size_t i = 0; i < constant->count && values != NULL; i++)
        values[i] = op == '-' && !second ? -constant->values[i]
                    : op == '/'          ? 1 / constant->values[i]
                                         : constant->values[i];
    const double sign = op == '-' && second ? -1 : 1;
    return values == NULL           ? onnx_status(&chain->network->memory, chain->error)
           : op == '*' || op == '/' ? change(chain, node, constant->count, values, 0, NULL)
                                    : change(chain, node, 1, &sign, constant->count, values);
}

static percept_status take_negation(Chain *chain, const OnnxNode *node)
{
    return change(chain, node, 1, &(double){-1}, 0, NULL);
}

/* (x - offset) · scale */
static percept_status take_scaler(Chain *chain, const OnnxNode *node)
{
    const OnnxAttribute *offset = onnx_find_attribute(node, "offset"), *scale = onnx_find_attribute(node, "scale");
    if (offset == NULL || offset->numbers == NULL || scale == NULL || scale->numbers == NULL)
        return refuse(chain, node, "offset or scale is missing");
    double *minus = onnx_allocate(&chain->network->memory, offset->count, sizeof *minus);
    for (size_t j = 0; j < offset->count && minus != NULL; j++)
        minus[j] = -offset->numbers[j];
    percept_status status = onnx_status(&chain->network->memory, chain->error);
    if (status == PERCEPT_OK)
        status = change(chain, node, 0, NULL, offset->count, minus);
    return status == PERCEPT_OK ? change(chain, node, scale->count, scale->numbers, 0, NULL) : status;
}

/* (x - mean) / √(var + ε) · scale + bias */
static percept_status take_batch_norm(Chain *chain, const OnnxNode *node)
{
    const OnnxAttribute *epsilon = onnx_find_attribute(node, "epsilon");
    const OnnxTensor *parts[4] = {NULL};
    for (size_t p = 0; p < 4; p++) {
        parts[p] = onnx_find_tensor(chain->graph, node->inputs[p + 1]);
        if (parts[p] == NULL || parts[p]->values == NULL || parts[p]->count != parts[0]->count)
            return refuse(chain, node, "its parameters are no constants");
    }
    const size_t count = parts[0]->count;
    double *values = onnx_allocate(&chain->network->memory, 2 * count, sizeof *values);
    for (size_t j = 0; j < count && values != NULL; j++) {
        const double e = epsilon != NULL && epsilon->numbers != NULL ? epsilon->numbers[0] : 1e-5;
        values[j] = parts[0]->values[j] / sqrt(parts[3]->values[j] + e);
        values[count + j] = parts[1]->values[j] - parts[2]->values[j] * values[j];
    }
    return values != NULL ? change(chain, node, count, values, count, values + count)
                          : onnx_status(&chain->network->memory, chain->error);
}

/* ---- Layers ------------------------------------------------------------------------------------------------------- */

/* Whether all factors can be those of a scaling: 1 over a deviation. */
static bool are_scaling(const Chain *chain)
{
    for (size_t j = 0; j < chain->width; j++)
        if (!(chain->factor[j] > 0 && isfinite(1 / chain->factor[j]) && isfinite(chain->shift[j] / chain->factor[j])))
            return false;
    return true;
}

/* The factors before a layer go into its columns; before the first one they are the scaling of the features. */
static void use_factors(Chain *chain, ImportLayer *layer)
{
    ImportNetwork *network = chain->network;
    if (chain->factor == NULL)
        return;
    if (network->depth == 1 && are_scaling(chain)) {
        network->scale = chain->factor;
        network->shift = chain->shift;
    } else {
        for (size_t j = 0; j < layer->outputs; j++)
            for (size_t k = 0; k < layer->inputs; k++) {
                double *w = &layer->W[j * layer->inputs + k];
                layer->b[j] += *w * chain->shift[k];
                *w *= chain->factor[k];
            }
    }
    chain->factor = chain->shift = NULL;
}

/* A product with a constant matrix of rows × columns, turned over or not. */
static percept_status add_layer(Chain *chain, const OnnxNode *node, const OnnxTensor *matrix, bool turned,
                                double factor)
{
    if (matrix == NULL || matrix->values == NULL || matrix->rank != 2)
        return refuse(chain, node, "its second input is no constant matrix");
    const size_t inputs = (size_t)matrix->shape[turned ? 1 : 0], outputs = (size_t)matrix->shape[turned ? 0 : 1];
    if (matrix->count == 0)
        return refuse(chain, node, "its matrix has no values");
    ImportNetwork *network = chain->network;
    if (network->depth > 0 && network->layers[network->depth - 1].activation == NULL)
        network->layers[network->depth - 1].activation = "identity";
    percept_status status = set_width(chain, node, inputs);
    if (status != PERCEPT_OK)
        return status;
    ImportLayer *layer = import_add_layer(network, inputs, outputs);
    double *W = onnx_allocate(&network->memory, inputs * outputs, sizeof *W);
    if (layer == NULL || W == NULL)
        return onnx_status(&network->memory, chain->error);
    for (size_t j = 0; j < outputs; j++)
        for (size_t k = 0; k < inputs; k++)
            W[j * inputs + k] = factor * matrix->values[turned ? j * inputs + k : k * outputs + j];
    layer->W = W;
    use_factors(chain, layer);
    chain->width = outputs;
    chain->linear = true;
    return PERCEPT_OK;
}

static percept_status take_matmul(Chain *chain, const OnnxNode *node)
{
    if (strcmp(node->inputs[0], chain->at) != 0)
        return refuse(chain, node, "its first input is the constant");
    return add_layer(chain, node, onnx_find_tensor(chain->graph, node->inputs[1]), false, 1);
}

static percept_status take_gemm(Chain *chain, const OnnxNode *node)
{
    const OnnxAttribute *alpha = onnx_find_attribute(node, "alpha"), *beta = onnx_find_attribute(node, "beta");
    const bool biased = node->input_count > 2 && node->inputs[2][0] != '\0';
    const OnnxTensor *bias = biased ? onnx_find_tensor(chain->graph, node->inputs[2]) : NULL;
    if (strcmp(node->inputs[0], chain->at) != 0 || onnx_attribute_integer(node, "transA", 0) != 0)
        return refuse(chain, node, "its first input is a constant, or transposed (transA)");
    if (biased && (bias == NULL || bias->values == NULL))
        return refuse(chain, node, "its bias is no constant");
    percept_status status = add_layer(chain, node, onnx_find_tensor(chain->graph, node->inputs[1]),
                                      onnx_attribute_integer(node, "transB", 0) != 0,
                                      alpha != NULL && alpha->numbers != NULL ? alpha->numbers[0] : 1);
    if (status != PERCEPT_OK || !biased)
        return status;
    if (bias->count != chain->width && bias->count != 1)
        return refuse(chain, node, "shapes do not fit");
    ImportLayer *layer = &chain->network->layers[chain->network->depth - 1];
    for (size_t j = 0; j < chain->width; j++)
        layer->b[j] +=
            bias->values[bias->count > 1 ? j : 0] * (beta != NULL && beta->numbers != NULL ? beta->numbers[0] : 1);
    return PERCEPT_OK;
}

/* ---- Between layers ----------------------------------------------------------------------------------------------- */

static percept_status take_nothing(Chain *chain, const OnnxNode *node)
{
    (void)chain, (void)node;
    return PERCEPT_OK;
}

static percept_status activate(Chain *chain, const OnnxNode *node, const char *name)
{
    if (!chain->linear)
        return refuse(chain, node, "it does not follow a layer");
    chain->network->layers[chain->network->depth - 1].activation = name;
    chain->linear = false;
    return PERCEPT_OK;
}

static percept_status take_softmax(Chain *chain, const OnnxNode *node)
{
    const int64_t axis = onnx_attribute_integer(node, "axis", chain->graph->opset < 13 ? 1 : -1);
    return axis == 1 || axis == -1 ? activate(chain, node, "softmax") : refuse(chain, node, "its axis is not the last");
}

/* Probabilities sum to 1 already. */
static percept_status take_normalizer(Chain *chain, const OnnxNode *node)
{
    const ImportNetwork *network = chain->network;
    const OnnxAttribute *norm = onnx_find_attribute(node, "norm");
    const bool l1 = norm != NULL && norm->texts != NULL && strcmp(norm->texts[0], "L1") == 0;
    if (network->depth > 0 && network->layers[network->depth - 1].activation != NULL && l1 &&
        strcmp(network->layers[network->depth - 1].activation, "softmax") == 0)
        return PERCEPT_OK;
    return refuse(chain, node, "rows are divided by their norm, which Percept does not do");
}

typedef percept_status Take(Chain *chain, const OnnxNode *node);

static const struct {
    const char *op;
    size_t inputs; /* at least */
    Take *take;
} rows[] = {
    {"Gemm", 2, take_gemm},         {"MatMul", 2, take_matmul},      {"Add", 2, take_arithmetic},
    {"Sub", 2, take_arithmetic},    {"Mul", 2, take_arithmetic},     {"Div", 2, take_arithmetic},
    {"Neg", 1, take_negation},      {"Scaler", 1, take_scaler},      {"BatchNormalization", 5, take_batch_norm},
    {"Softmax", 1, take_softmax},   {"LogSoftmax", 1, take_softmax}, {"Normalizer", 1, take_normalizer},
    {"Identity", 1, take_nothing},  {"Cast", 1, take_nothing},       {"Dropout", 1, take_nothing},
    {"Flatten", 1, take_nothing},   {"Reshape", 1, take_nothing},    {"Squeeze", 1, take_nothing},
    {"Unsqueeze", 1, take_nothing},
};

static Take *find_take(const OnnxNode *node)
{
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++)
        if (strcmp(rows[r].op, node->op) == 0 && node->input_count >= rows[r].inputs)
            return rows[r].take;
    return NULL;
}

/* The function between here and the next value that all goes through. */
static percept_status take_section(Chain *chain, const OnnxNode *first)
{
    Section section = {0};
    const SectionKind kind = chain->network->depth == 0 ? SECTION_FILLS
                             : chain->linear            ? SECTION_ACTIVATION
                                                        : SECTION_TWO;
    if (chain->width == 0 || chain->width > MOST_COLUMNS)
        return refuse(chain, first, "the number of columns is not known, or more than are compared");
    percept_status status = section_find(chain->graph, chain->needed, chain->at, chain->to, chain->width, kind,
                                         &chain->network->memory, &section, chain->error);
    if (status != PERCEPT_OK)
        return status;
    chain->at = section.end;
    if (kind == SECTION_TWO)
        return PERCEPT_OK;
    if (kind == SECTION_ACTIVATION)
        return activate(chain, first, section.activation);
    if (chain->factor != NULL)
        return refuse(chain, first, "missing values are filled after the scaling");
    chain->network->fills = section.fills;
    return PERCEPT_OK;
}

/* One step along the chain. *end: nothing takes the value any more. */
static percept_status step(Chain *chain, bool *end)
{
    const OnnxNode *node = NULL;
    const size_t takers = graph_takers(chain->graph, chain->needed, chain->at, &node);
    Take *take = takers == 1 ? find_take(node) : NULL;
    bool second = false;
    *end = takers == 0;
    if (*end)
        return PERCEPT_OK;
    if (take == take_arithmetic && constant_of(chain, node, &second) == NULL)
        take = NULL;
    if (take == NULL)
        return take_section(chain, node);
    percept_status status = take(chain, node);
    chain->at = node->outputs[0];
    return status;
}

/* Softmax of (0, z) is what two classes have of one output z, with a sigmoid (onnx_network.c): the first row is left out. */
static void simplify_odds(ImportNetwork *network)
{
    ImportLayer *last = &network->layers[network->depth - 1];
    if (last->outputs != 2 || last->activation == NULL || strcmp(last->activation, "softmax") != 0 || last->b[0] != 0)
        return;
    for (size_t k = 0; k < last->inputs; k++)
        if (last->W[k] != 0)
            return;
    last->W += last->inputs;
    last->b++;
    last->outputs = 1;
    last->activation = "sigmoid";
}

/* What is left when the chain has ended. */
static percept_status finish(Chain *chain)
{
    ImportNetwork *network = chain->network;
    if (network->depth == 0)
        return error_set(chain->error, PERCEPT_ERROR_ARGUMENT, "the graph has no dense layers (Gemm or MatMul)");
    for (size_t j = 0; chain->factor != NULL && j < chain->width; j++)
        if (chain->factor[j] != 1 || chain->shift[j] != 0)
            return error_set(chain->error, PERCEPT_ERROR_ARGUMENT,
                             "the outputs are scaled behind the last activation, which Percept does not do");
    simplify_odds(network);
    return PERCEPT_OK;
}

percept_status import_onnx(const OnnxGraph *graph, ImportNetwork *network, GraphEnds *ends, percept_error *error)
{
    percept_status status = graph_find_ends(graph, &network->memory, ends, error);
    Chain chain = {.graph = graph,
                   .needed = ends->needed,
                   .network = network,
                   .error = error,
                   .at = ends->from,
                   .to = ends->to,
                   .width = ends->width};
    network->features = ends->features;
    network->precision = graph->real == ONNX_DOUBLE ? PERCEPT_FLOAT64 : PERCEPT_FLOAT32;
    for (bool end = false; status == PERCEPT_OK && !end;)
        status = step(&chain, &end);
    if (status == PERCEPT_OK)
        status = finish(&chain);
    return status == PERCEPT_OK
               ? graph_find_classes(graph, &network->memory, &network->class_count, &network->classes, error)
               : status;
}
