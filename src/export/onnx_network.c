/* Layers and stages of a network, member by member. */
#include <string.h>

#include "export/onnx_build.h"
#include "nn/activation.h"
#include "nn/members.h"

bool onnx_is_odds(const percept_model *model)
{
    const Network *network = &model->network;
    return model->class_count == 2 && network_outputs(network) == 1 &&
           strcmp(activation_at_f64(network_output_activation(network))->name, "sigmoid") == 0;
}

/* W (outputs × inputs) turned over. */
static const char *turned(OnnxGraph *graph, size_t outputs, size_t inputs, const double *W)
{
    double *turned = onnx_allocate(graph, inputs * outputs, sizeof *turned);
    for (size_t j = 0; j < outputs && turned != NULL; j++)
        for (size_t k = 0; k < inputs; k++)
            turned[k * outputs + j] = W[j * inputs + k];
    return turned != NULL ? onnx_numbers(graph, 2, (int64_t[]){(int64_t)inputs, (int64_t)outputs}, turned) : "";
}

/* x (rows × inputs) · Wᵀ + b; with `odds` a column of zeros stands before the only one. In float64 without Gemm: up to 1.17,
 * ONNX Runtime fuses it with the activation behind it into an operator that has no float64, and then refuses the file. */
static const char *dense(OnnxGraph *graph, const Layer *layer, const double *parameters, bool odds, const char *x)
{
    const size_t rows = layer->outputs + odds;
    const int64_t shape[2] = {(int64_t)rows, (int64_t)layer->inputs};
    double *W = onnx_allocate(graph, rows * layer->inputs, sizeof *W), *b = onnx_allocate(graph, rows, sizeof *b);
    if (W == NULL || b == NULL)
        return "";
    memcpy(W + (odds ? layer->inputs : 0), parameters + layer->weights, layer->outputs * layer->inputs * sizeof *W);
    memcpy(b + odds, parameters + layer->biases, layer->outputs * sizeof *b);
    if (graph->real == ONNX_DOUBLE) {
        const char *product = ONNX(graph, "MatMul", x, turned(graph, rows, layer->inputs, W));
        return ONNX(graph, "Add", product, onnx_vector(graph, rows, b));
    }
    const char *z = ONNX(graph, "Gemm", x, onnx_numbers(graph, 2, shape, W), onnx_vector(graph, rows, b));
    onnx_set_integer(graph, "transB", 1);
    return z;
}

static const char *activate(OnnxGraph *graph, const char *name, const char *z)
{
    OnnxActivation *write = onnx_activation_find(name);
    return write != NULL ? write(graph, z) : "";
}

/* The stage of its columns of x; others pass it by. */
static const char *apply(OnnxGraph *graph, const Stage *stage, const double *parameters, const char *const *sides,
                         const char *x)
{
    OnnxStageWrite *write = onnx_stage_find(stage->kind);
    const OnnxStage own = {graph, stage, parameters, stage->kind->links ? sides[stage->from] : NULL};
    const size_t end = stage->first + stage->inputs;
    const char *parts[4];
    size_t count = 0;
    if (write == NULL)
        return "";
    if (stage->inputs == stage->width_in)
        return write(&own, x); /* cppcheck-suppress returnDanglingLifetime ; the name belongs to the graph */
    if (stage->first > 0)
        parts[count++] = onnx_columns(graph, x, 0, stage->first);
    parts[count++] = write(&own, onnx_columns(graph, x, stage->first, end));
    if (end < stage->width_in)
        parts[count++] = onnx_columns(graph, x, end, stage->width_in);
    parts[count] = NULL;
    const char *all = onnx_node(graph, "", "Concat", parts);
    onnx_set_integer(graph, "axis", 1);
    return all;
}

/* All sides of one member. */
static const char *forward(OnnxGraph *graph, const Network *network, const double *parameters, bool odds,
                           const char *features)
{
    const char **sides = onnx_allocate(graph, network->depth + 1, sizeof *sides), *x = features;
    for (size_t l = 0; l <= network->depth && sides != NULL; l++) {
        const SideStages *own = &network->sides[l];
        const bool last = l == network->depth;
        for (size_t s = 0; s < own->before; s++)
            x = apply(graph, &network->stages[own->first + s], parameters, sides, x);
        if (l > 0)
            x = activate(graph, last && odds ? "softmax" : activation_at_f64(network->layers[l - 1].activation)->name,
                         x);
        for (size_t s = own->before; s < own->before + own->after; s++)
            x = apply(graph, &network->stages[own->first + s], parameters, sides, x);
        sides[l] = x;
        if (!last)
            x = dense(graph, &network->layers[l], parameters, odds && l + 1 == network->depth, x);
    }
    return x;
}

const char *onnx_network(OnnxGraph *graph, const percept_model *model, const double *parameters, const char *features)
{
    const Network *network = &model->network;
    const bool odds = onnx_is_odds(model);
    const char *sum = NULL;
    for (size_t m = 0; m < network->members && graph->error.status == PERCEPT_OK; m++) {
        Network own = {0};
        if (network_member(network, m, &own, &graph->error) != PERCEPT_OK)
            break;
        const char *outputs = forward(graph, &own, parameters + network_member_offset(network, m), odds, features);
        sum = sum == NULL ? outputs : ONNX(graph, "Add", sum, outputs);
        network_clear(&own);
    }
    return network->members > 1 ? ONNX(graph, "Div", sum, onnx_number(graph, (double)network->members)) : sum;
}
