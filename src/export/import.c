#include "export/import.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/quote.h"
#include "export/export.h"
#include "export/import_network.h"
#include "export/onnx_file.h"
#include "export/onnx_run.h"

#define ROWS 100
/* Bytes of a reason within another message. */
#define SHOWN 90

/* ---- The model beside the graph ----------------------------------------------------------------------------------- */

/* Leaves the nodes that the network is made of. */
static void prune(OnnxGraph *graph, const bool *needed)
{
    size_t kept = 0;
    for (size_t n = 0; n < graph->node_count; n++)
        if (needed[n])
            graph->nodes[kept++] = graph->nodes[n];
    graph->node_count = kept;
}

/* The rows as the graph's inputs: one matrix, or a column for each. */
static percept_status make_inputs(const OnnxGraph *graph, const GraphEnds *ends, const double *rows, size_t width,
                                  OnnxGraph *memory, OnnxValue *inputs, percept_error *error)
{
    size_t given = 0;
    for (size_t i = 0; i < graph->input_count; i++) {
        const size_t columns = ends->features != NULL ? 1 : width;
        size_t place = 0;
        if (onnx_find_tensor(graph, graph->inputs[i].name) != NULL)
            continue;
        while (ends->features != NULL && strcmp(ends->features[place], graph->inputs[i].name) != 0)
            place++;
        OnnxValue *input = &inputs[given++];
        *input = (OnnxValue){.type = graph->inputs[i].type,
                             .rank = 2,
                             .shape = {ROWS, (int64_t)columns},
                             .count = ROWS * columns,
                             .values = onnx_allocate(memory, ROWS * columns, sizeof(double))};
        for (size_t k = 0; input->values != NULL && k < input->count; k++) {
            const double x = rows[k / columns * width + place + k % columns];
            input->values[k] = input->type == ONNX_FLOAT ? (double)(float)x : x;
        }
    }
    return onnx_status(memory, error);
}

/* The largest difference of the graph's scores and the model's outputs, relative to those above 1. LogSoftmax gives logarithms;
 * of two columns from one output the second counts. */
static percept_status compare(const OnnxValue *scores, const percept_model *model, bool sums, const double *outputs,
                              double *difference, percept_error *error)
{
    const size_t width = network_outputs(&model->network), columns = scores != NULL ? scores->count / ROWS : 0;
    bool logarithms = false;
    if (scores == NULL || scores->values == NULL || (columns != width && !(columns == 2 && width == 1)))
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "the graph gives %zu scores a row, and its last layer %zu",
                         columns, width);
    for (size_t k = 0; k < scores->count; k++)
        logarithms = logarithms || (!sums && model->class_count > 0 && scores->values[k] < 0);
    for (size_t k = 0; k < ROWS * width; k++) {
        const double score = scores->values[columns == width ? k : 2 * k + 1];
        const double value = logarithms ? exp(score) : score;
        const double distance = fabs(value - outputs[k]) / fmax(1, fabs(value));
        *difference = fmax(*difference, isnan(distance) ? INFINITY : distance);
    }
    return PERCEPT_OK;
}

/* Far more than the values of a dense network and its activations. */
static size_t most_values(const OnnxGraph *graph, const Network *network)
{
    const size_t widest = network_widest(network) + network_inputs(network) + 2;
    return 2 * ROWS * widest * (graph->node_count + 1);
}

/* Lets the graph and the model answer rows that are drawn from the scaling. `sums`: the graph ends with weighted sums. */
static percept_status check(OnnxGraph *graph, const GraphEnds *ends, bool sums, ImportResult *out, percept_error *error)
{
    const percept_model *model = out->model;
    const size_t width = network_inputs(&model->network);
    OnnxGraph memory = {0};
    OnnxRun *run = NULL;
    percept_predictor *predictor = NULL;
    OnnxValue *inputs = onnx_allocate(&memory, graph->input_count, sizeof *inputs);
    double *rows = onnx_allocate(&memory, ROWS * width, sizeof *rows);
    double *outputs = onnx_allocate(&memory, ROWS * network_outputs(&model->network), sizeof *outputs);
    percept_status status = onnx_status(&memory, error);
    prune(graph, ends->needed);
    if (status == PERCEPT_OK)
        status = onnx_run_create(graph, &run, error);
    if (status == PERCEPT_OK)
        status = percept_predictor_create(model, 1, &predictor, error);
    if (status == PERCEPT_OK) {
        export_draw_rows(model, ROWS, rows);
        for (size_t k = 0; k < ROWS * width && graph->real == ONNX_FLOAT; k++)
            rows[k] = (double)(float)rows[k];
        (sums ? percept_predictor_logits : percept_predictor_run)(predictor, rows, ROWS, outputs);
        status = make_inputs(graph, ends, rows, width, &memory, inputs, error);
    }
    if (status == PERCEPT_OK)
        status = onnx_run(run, inputs, most_values(graph, &model->network), error);
    if (status == PERCEPT_OK)
        status = compare(onnx_run_value(run, ends->to), model, sums, outputs, &out->difference, error);
    out->compared = status == PERCEPT_OK;
    out->rows = ROWS;
    percept_predictor_free(predictor);
    onnx_run_free(run);
    onnx_graph_clear(&memory);
    return status;
}

/* ---- Files -------------------------------------------------------------------------------------------------------- */

/* What cannot be read back of a file of ours is in the model file that it was made from. */
static percept_status name_source(const OnnxGraph *graph, percept_status status, percept_error *error)
{
    char reason[SHOWN];
    if (status != PERCEPT_ERROR_ARGUMENT || error == NULL || strcmp(graph->producer, "percept") != 0)
        return status;
    snprintf(reason, sizeof reason, "%.*s", SHOWN - 1, error->message);
    return error_set(error, status,
                     "Percept wrote this file from a network that is not read back (%s); use its run or its model file "
                     "(model.safetensors)",
                     text_make_plain(reason));
}

percept_status import_model_onnx(const char *path, const ImportOptions *options, ImportResult *out,
                                 percept_error *error)
{
    OnnxGraph graph = {0};
    ImportNetwork network = {0};
    GraphEnds ends = {0};
    percept_status status = onnx_read(path, &graph, error);
    if (status == PERCEPT_OK)
        status = graph_fold_constants(&graph, error);
    if (status == PERCEPT_OK)
        status = name_source(&graph, import_onnx(&graph, &network, &ends, error), error);
    if (status == PERCEPT_OK)
        status = import_network_model(&network, options, &out->model, error);
    if (status == PERCEPT_OK)
        status = check(&graph, &ends, network.layers[network.depth - 1].activation == NULL, out, error);
    import_network_clear(&network);
    onnx_graph_clear(&graph);
    if (status != PERCEPT_OK) {
        percept_model_free(out->model);
        out->model = NULL;
    }
    return status;
}

static percept_status import_weights(const char *path, const ImportOptions *options, ImportResult *out,
                                     percept_error *error)
{
    ImportNetwork network = {0};
    percept_status status = import_safetensors(path, &network, error);
    if (status == PERCEPT_OK)
        status = import_network_model(&network, options, &out->model, error);
    import_network_clear(&network);
    return status;
}

static bool ends_with(const char *text, const char *end)
{
    const size_t length = strlen(text), size = strlen(end);
    return length >= size && strcmp(text + length - size, end) == 0;
}

percept_status import_model(const char *path, const ImportOptions *options, ImportResult *out, percept_error *error)
{
    *out = (ImportResult){0};
    if (ends_with(path, ".onnx"))
        return import_model_onnx(path, options, out, error);
    if (ends_with(path, ".safetensors"))
        return import_weights(path, options, out, error);
    return error_set(error, PERCEPT_ERROR_ARGUMENT, "'%.100s' ends in neither .onnx nor .safetensors", path);
}
