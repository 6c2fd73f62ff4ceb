#include "export/import_graph.h"

#include <stdio.h>
#include <string.h>

#include "export/onnx_run.h"

/* Values that constants may become, beside several times their own. */
#define LEAST_VALUES 65536

/* Columns that an input may say it has; more are only known from a matrix. */
#define MOST_WIDTH ((int64_t)1 << 24)

static bool is_op(const OnnxNode *node, const char *const *ops)
{
    for (; *ops != NULL; ops++)
        if (strcmp(node->op, *ops) == 0)
            return true;
    return false;
}

static bool makes(const OnnxNode *node, const char *name)
{
    return node->output_count > 0 && strcmp(node->outputs[0], name) == 0;
}

/* The node that makes a value, or NULL. */
static const OnnxNode *maker_of(const OnnxGraph *graph, const char *name)
{
    for (size_t n = graph->node_count; n-- > 0;)
        if (makes(&graph->nodes[n], name))
            return &graph->nodes[n];
    return NULL;
}

/* ---- Constants ---------------------------------------------------------------------------------------------------- */

/* The value of a node that takes constants alone. *known is false if it takes something else, or is not computed here. */
static percept_status constant_value(OnnxGraph *graph, const OnnxNode *node, OnnxTensor *value, bool *known,
                                     percept_error *error)
{
    const OnnxAttribute *attribute = onnx_find_attribute(node, "value");
    const OnnxValue **inputs = onnx_allocate(graph, node->input_count, sizeof(const OnnxValue *));
    percept_error unknown;
    *known = strcmp(node->op, "Constant") == 0 && attribute != NULL && attribute->tensor != NULL;
    if (*known || inputs == NULL) {
        if (*known)
            *value = *attribute->tensor;
        return onnx_status(graph, error);
    }
    for (size_t i = 0; i < node->input_count; i++) {
        inputs[i] = onnx_find_tensor(graph, node->inputs[i]);
        if (inputs[i] == NULL && node->inputs[i][0] != '\0')
            return PERCEPT_OK;
    }
    *known = node->input_count > 0 && onnx_compute(node, inputs, graph, value, &unknown) == PERCEPT_OK;
    return onnx_status(graph, error);
}

percept_status graph_fold_constants(OnnxGraph *graph, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    graph->real = ONNX_FLOAT;
    graph->most_values = LEAST_VALUES;
    for (size_t t = 0; t < graph->tensor_count; t++)
        graph->most_values += 8 * graph->tensors[t].count;
    for (size_t n = 0; n < graph->node_count && status == PERCEPT_OK; n++) {
        OnnxTensor value = {0};
        bool known = false;
        status = constant_value(graph, &graph->nodes[n], &value, &known, error);
        OnnxTensor *tensor = status == PERCEPT_OK && known ? onnx_add_tensor(graph) : NULL;
        if (tensor != NULL) {
            *tensor = value;
            tensor->name = graph->nodes[n].outputs[0];
        }
    }
    for (size_t t = 0; t < graph->tensor_count; t++)
        if (graph->tensors[t].type == ONNX_DOUBLE && graph->tensors[t].rank == 2)
            graph->real = ONNX_DOUBLE;
    return status == PERCEPT_OK ? onnx_status(graph, error) : status;
}

/* ---- The end ------------------------------------------------------------------------------------------------------ */

/* Marks the nodes that a value depends on. Returns whether a layer is among them. */
static bool mark(const OnnxGraph *graph, const char *name, bool *needed)
{
    static const char *const layers[] = {"Gemm", "MatMul", NULL};
    bool layer = false;
    if (onnx_find_tensor(graph, name) != NULL)
        return false;
    for (size_t n = graph->node_count; n-- > 0;) {
        const OnnxNode *node = &graph->nodes[n];
        bool taken = makes(node, name);
        for (size_t k = n + 1; k < graph->node_count && !taken; k++)
            for (size_t i = 0; i < graph->nodes[k].input_count && needed[k] && !taken; i++)
                taken = makes(node, graph->nodes[k].inputs[i]);
        needed[n] = taken && onnx_find_tensor(graph, node->outputs[0]) == NULL;
        layer = layer || (needed[n] && is_op(node, layers));
    }
    return layer;
}

/* An output of labels, which follow from the scores. */
static bool is_label(const OnnxPort *port)
{
    return port->type == ONNX_INT64 || port->type == ONNX_INT32 || port->type == ONNX_STRING || port->type == ONNX_BOOL;
}

/* The scores of an output: before ZipMap and what changes nothing. */
static const char *scores_of(const OnnxGraph *graph, const char *name)
{
    static const char *const through[] = {"ZipMap", "Identity", "Cast", NULL};
    for (const OnnxNode *node = maker_of(graph, name); node != NULL && is_op(node, through) && node->input_count > 0;
         node = maker_of(graph, name))
        name = node->inputs[0];
    return name;
}

/* ---- The beginning ------------------------------------------------------------------------------------------------ */

size_t graph_takers(const OnnxGraph *graph, const bool *needed, const char *name, const OnnxNode **first)
{
    size_t count = 0;
    for (size_t n = 0; n < graph->node_count; n++) {
        if (strcmp(graph->nodes[n].op, "Shape") == 0) /* how many rows there are says nothing of the values */
            continue;
        for (size_t i = 0; i < graph->nodes[n].input_count; i++)
            if (needed[n] && strcmp(graph->nodes[n].inputs[i], name) == 0) {
                if (count++ == 0)
                    *first = &graph->nodes[n];
                break;
            }
    }
    return count;
}

/* Where an input goes: the Concat that puts it beside others, or NULL; *last is the value that goes there. */
static OnnxNode *joined_by(const OnnxGraph *graph, const bool *needed, const char *input, const char **last)
{
    static const char *const through[] = {"Identity", "Cast", "Reshape", "Flatten", NULL};
    const OnnxNode *node = NULL;
    *last = input;
    while (graph_takers(graph, needed, *last, &node) == 1 && is_op(node, through))
        *last = node->outputs[0];
    return node != NULL && strcmp(node->op, "Concat") == 0 ? (OnnxNode *)node : NULL;
}

static percept_status refuse_inputs(const OnnxPort *port, percept_error *error)
{
    return error_set(error, PERCEPT_ERROR_ARGUMENT,
                     "its input '%.60s' is not a column of numbers beside the others: Percept imports networks of one "
                     "matrix, or of columns that are joined (Concat)",
                     port->name);
}

/* Several inputs, which one Concat joins in its order. */
static percept_status join_inputs(const OnnxGraph *graph, size_t count, OnnxGraph *memory, GraphEnds *out,
                                  percept_error *error)
{
    const OnnxNode *joint = NULL;
    out->features = onnx_allocate(memory, count, sizeof(const char *));
    for (size_t i = 0; i < graph->input_count && out->features != NULL; i++) {
        const OnnxPort *port = &graph->inputs[i];
        const char *last = NULL;
        if (onnx_find_tensor(graph, port->name) != NULL)
            continue;
        const OnnxNode *own = joined_by(graph, out->needed, port->name, &last);
        if (own == NULL || (joint != NULL && own != joint) || own->input_count != count || port->width != 1 ||
            (port->type != ONNX_FLOAT && port->type != ONNX_DOUBLE))
            return refuse_inputs(port, error);
        joint = own;
        for (size_t k = 0; k < count; k++)
            if (strcmp(joint->inputs[k], last) == 0)
                out->features[k] = port->name;
    }
    if (joint == NULL)
        return onnx_status(memory, error);
    out->from = joint->outputs[0];
    out->width = count;
    return PERCEPT_OK;
}

/* Whether a name is an input, a constant, or made by one of the first `count` nodes. */
static bool is_known(const OnnxGraph *graph, const char *name, size_t count)
{
    bool known = onnx_find_tensor(graph, name) != NULL;
    for (size_t i = 0; i < graph->input_count && !known; i++)
        known = strcmp(graph->inputs[i].name, name) == 0;
    for (size_t n = 0; n < count && !known; n++)
        for (size_t o = 0; o < graph->nodes[n].output_count && !known; o++)
            known = strcmp(graph->nodes[n].outputs[o], name) == 0;
    return known;
}

/* Nodes come after those that they depend on, and make new names: so following the graph ends. */
static percept_status check_order(const OnnxGraph *graph, percept_error *error)
{
    for (size_t n = 0; n < graph->node_count; n++) {
        const OnnxNode *node = &graph->nodes[n];
        bool right = onnx_find_tensor(graph, node->outputs[0]) != NULL || !is_known(graph, node->outputs[0], n);
        for (size_t i = 0; i < node->input_count && right; i++)
            right = node->inputs[i][0] == '\0' || is_known(graph, node->inputs[i], n);
        if (!right)
            return error_set(error, PERCEPT_ERROR_FORMAT,
                             "its node %zu (%.40s) stands before what it depends on, or makes a name again", n + 1,
                             node->op);
    }
    return PERCEPT_OK;
}

/* Finds the scores among the outputs: the first that comes from layers, or its probabilities if they are an output, too. */
static void find_scores(const OnnxGraph *graph, GraphEnds *out)
{
    static const char *const last[] = {"Softmax", "Sigmoid", NULL};
    for (size_t o = 0; o < graph->output_count && out->to == NULL; o++) {
        const char *name = scores_of(graph, graph->outputs[o].name);
        if (!is_label(&graph->outputs[o]) && mark(graph, name, out->needed))
            out->to = name;
    }
    for (size_t o = 0; o < graph->output_count && out->to != NULL; o++) {
        const char *name = scores_of(graph, graph->outputs[o].name);
        const OnnxNode *node = maker_of(graph, name);
        if (node != NULL && is_op(node, last) && node->input_count > 0 && strcmp(node->inputs[0], out->to) == 0) {
            (void)mark(graph, name, out->needed);
            out->to = name;
        }
    }
}

percept_status graph_find_ends(const OnnxGraph *graph, OnnxGraph *memory, GraphEnds *out, percept_error *error)
{
    size_t inputs = 0;
    percept_status status = check_order(graph, error);
    if (status != PERCEPT_OK)
        return status;
    out->needed = onnx_allocate(memory, graph->node_count, sizeof *out->needed);
    if (out->needed == NULL)
        return onnx_status(memory, error);
    find_scores(graph, out);
    if (out->to == NULL)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "no output of the graph comes from dense layers (Gemm or MatMul)");
    for (size_t i = 0; i < graph->input_count; i++)
        if (onnx_find_tensor(graph, graph->inputs[i].name) == NULL) {
            inputs++;
            out->from = graph->inputs[i].name;
            out->width =
                graph->inputs[i].width > 0 && graph->inputs[i].width <= MOST_WIDTH ? (size_t)graph->inputs[i].width : 0;
        }
    return inputs > 1 ? join_inputs(graph, inputs, memory, out, error) : PERCEPT_OK;
}

/* ---- Classes ------------------------------------------------------------------------------------------------------ */

/* Copies names, or integers as names. */
static void take_names(OnnxGraph *memory, size_t count, const char *const *texts, const double *numbers,
                       const int64_t *integers, const char **out)
{
    for (size_t k = 0; k < count; k++) {
        char text[24];
        if (texts == NULL)
            snprintf(text, sizeof text, "%lld", numbers != NULL ? (long long)numbers[k] : (long long)integers[k]);
        const char *name = texts != NULL ? texts[k] : text;
        out[k] = onnx_copy(memory, name, strlen(name));
    }
}

percept_status graph_find_classes(const OnnxGraph *graph, OnnxGraph *memory, size_t *count, const char ***names,
                                  percept_error *error)
{
    static const char *const lists[] = {"classlabels_strings", "classlabels_int64s", NULL};
    static const char *const takers[] = {"ArrayFeatureExtractor", "Gather", NULL};
    for (size_t n = graph->node_count; n-- > 0 && *count == 0;) {
        const OnnxNode *node = &graph->nodes[n];
        const OnnxTensor *list =
            is_op(node, takers) && node->input_count > 0 ? onnx_find_tensor(graph, node->inputs[0]) : NULL;
        const OnnxAttribute *labels = NULL;
        for (size_t l = 0; lists[l] != NULL && labels == NULL; l++)
            labels = onnx_find_attribute(node, lists[l]);
        if (labels != NULL && labels->texts == NULL && labels->integers == NULL)
            labels = NULL;
        const bool own = list != NULL && list->rank == 1 &&
                         (list->texts != NULL || list->type == ONNX_INT64 || list->type == ONNX_INT32);
        const size_t found = labels != NULL ? labels->count : own ? list->count : 0;
        *names = onnx_allocate(memory, found, sizeof(const char *));
        if (*names == NULL)
            return onnx_status(memory, error);
        if (labels != NULL)
            take_names(memory, found, labels->texts, NULL, labels->integers, *names);
        else if (own)
            take_names(memory, found, list->texts, list->values, NULL, *names);
        *count = found;
    }
    return onnx_status(memory, error);
}
