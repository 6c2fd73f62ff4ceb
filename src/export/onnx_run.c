#include "export/onnx_run.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"

/* A node with the operator that computes it, and the places of its inputs and its output among the values. */
typedef struct Step {
    const OnnxOperator *operator;
    size_t *inputs, output;
    const OnnxValue **given; /* room for the values of the inputs */
} Step;

#define NO_INPUT ((size_t)-1)

struct OnnxRun {
    const OnnxGraph *graph;
    size_t value_count;
    OnnxValue *values; /* the graph's tensors, its inputs, then the outputs of the nodes */
    Step *steps;
    OnnxGraph plan, memory; /* memory of the steps, and of the values of one run */
};

static const OnnxOperator *find_operator(const OnnxNode *node)
{
    static const OnnxOperator *const tables[] = {onnx_elementwise_operators, onnx_shape_operators,
                                                 onnx_product_operators, onnx_foreign_operators};
    for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++)
        for (const OnnxOperator *row = tables[t]; row->name != NULL; row++)
            if (strcmp(row->name, node->op) == 0)
                return row;
    return NULL;
}

/* The place of a name, from the last one back: names are used soon after they are made. */
static size_t find_value(const OnnxRun *run, const char *name)
{
    for (size_t v = run->value_count; v-- > 0;)
        if (strcmp(run->values[v].name, name) == 0)
            return v;
    return NO_INPUT;
}

/* The operator of a node, and whether it can have as many inputs. */
static percept_status check_node(const OnnxNode *node, const OnnxOperator **operator, percept_error * error)
{
    *operator= find_operator(node);
    if (*operator== NULL)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "the operator %s%s%s is not known here", node->domain,
                         node->domain[0] != '\0' ? "." : "", node->op);
    if (node->input_count < (*operator)->least || node->input_count > (*operator)->most)
        return error_set(error, PERCEPT_ERROR_FORMAT, "a node %s has %zu inputs", node->op, node->input_count);
    return PERCEPT_OK;
}

static percept_status prepare_step(OnnxRun *run, const OnnxNode *node, Step *step, percept_error *error)
{
    percept_status status = check_node(node, &step->operator, error);
    if (status != PERCEPT_OK)
        return status;
    step->inputs = onnx_allocate(&run->plan, node->input_count, sizeof *step->inputs);
    step->given = onnx_allocate(&run->plan, node->input_count, sizeof(const OnnxValue *));
    for (size_t i = 0; i < node->input_count && step->given != NULL; i++) {
        step->inputs[i] = node->inputs[i][0] != '\0' ? find_value(run, node->inputs[i]) : NO_INPUT;
        if (node->inputs[i][0] != '\0' && step->inputs[i] == NO_INPUT)
            return error_set(error, PERCEPT_ERROR_FORMAT, "a node %s takes '%.100s', which nothing before it makes",
                             node->op, node->inputs[i]);
    }
    step->output = run->value_count;
    run->values[run->value_count++].name = node->outputs[0];
    return onnx_status(&run->plan, error);
}

percept_status onnx_run_create(const OnnxGraph *graph, OnnxRun **out, percept_error *error)
{
    OnnxRun *run = NULL;
    percept_status status = memory_allocate_zeroed(1, sizeof *run, "a run of a graph", &run, error);
    if (status != PERCEPT_OK)
        return status;
    run->graph = graph;
    status = memory_allocate_zeroed(graph->tensor_count + graph->input_count + graph->node_count, sizeof *run->values,
                                    "the values of a graph", &run->values, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(graph->node_count, sizeof *run->steps, "the nodes", &run->steps, error);
    for (size_t i = 0; i < graph->input_count && status == PERCEPT_OK; i++)
        run->values[run->value_count++].name = graph->inputs[i].name;
    for (size_t t = 0; t < graph->tensor_count && status == PERCEPT_OK; t++)
        run->values[run->value_count++] = graph->tensors[t];
    for (size_t n = 0; n < graph->node_count && status == PERCEPT_OK; n++)
        status = prepare_step(run, &graph->nodes[n], &run->steps[n], error);
    if (status == PERCEPT_OK)
        *out = run;
    else
        onnx_run_free(run);
    return status;
}

void onnx_run_free(OnnxRun *run)
{
    if (run == NULL)
        return;
    onnx_graph_clear(&run->plan);
    onnx_graph_clear(&run->memory);
    memory_free(run->values);
    memory_free(run->steps);
    memory_free(run);
}

/* Checks the inputs that an operator needs, and computes. */
static percept_status compute(const OnnxOperator *operator, const OnnxNode * node, const OnnxValue **inputs,
                              OnnxGraph *memory, OnnxValue *output, percept_error *error)
{
    OnnxCall call = {.memory = memory,
                     .node = node,
                     .input_count = node->input_count,
                     .inputs = inputs,
                     .output = output,
                     .error = error};
    for (size_t i = 0; i < operator->least; i++)
        if (inputs[i] == NULL)
            return onnx_call_refuse(&call, "an input is left out");
    return operator->compute(&call);
}

percept_status onnx_compute(const OnnxNode *node, const OnnxValue **inputs, OnnxGraph *memory, OnnxValue *output,
                            percept_error *error)
{
    const OnnxOperator *operator= NULL;
    percept_status status = check_node(node, &operator, error);
    return status == PERCEPT_OK ? compute(operator, node, inputs, memory, output, error) : status;
}

static percept_status run_step(OnnxRun *run, size_t n, percept_error *error)
{
    const Step *step = &run->steps[n];
    const OnnxNode *node = &run->graph->nodes[n];
    for (size_t i = 0; i < node->input_count; i++)
        step->given[i] = step->inputs[i] != NO_INPUT ? &run->values[step->inputs[i]] : NULL;
    return compute(step->operator, node, step->given, &run->memory, &run->values[step->output], error);
}

percept_status onnx_run(OnnxRun *run, const OnnxValue *inputs, size_t most_values, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    onnx_graph_clear(&run->memory);
    run->memory.most_values = most_values;
    for (size_t i = 0, given = 0; i < run->graph->input_count; i++)
        if (onnx_find_tensor(run->graph, run->graph->inputs[i].name) == NULL) {
            run->values[i] = inputs[given++];
            run->values[i].name = run->graph->inputs[i].name;
        }
    for (size_t n = 0; n < run->graph->node_count && status == PERCEPT_OK; n++)
        status = run_step(run, n, error);
    return status;
}

const OnnxValue *onnx_run_value(const OnnxRun *run, const char *name)
{
    const size_t place = find_value(run, name);
    return place != NO_INPUT ? &run->values[place] : NULL;
}

/* ---- Calls -------------------------------------------------------------------------------------------------------- */

percept_status onnx_call_output(OnnxCall *call, OnnxType type, size_t rank, const int64_t *shape)
{
    OnnxValue *output = call->output;
    output->type = type;
    output->rank = rank;
    output->count = 1;
    output->values = NULL;
    output->texts = NULL;
    for (size_t d = 0; d < rank; d++) {
        output->shape[d] = shape[d];
        if (shape[d] < 0 || __builtin_mul_overflow(output->count, (size_t)shape[d], &output->count))
            return error_set(call->error, PERCEPT_ERROR_FORMAT, "a node %s makes a tensor of impossible size",
                             call->node->op);
    }
    call->memory->values += output->count;
    if (call->memory->most_values > 0 &&
        (output->count > call->memory->most_values || call->memory->values > call->memory->most_values))
        return onnx_call_refuse(call, "it makes more numbers than a dense network does");
    if (type == ONNX_STRING)
        output->texts = onnx_allocate(call->memory, output->count, sizeof *output->texts);
    else
        output->values = onnx_allocate(call->memory, output->count, sizeof *output->values);
    return onnx_status(call->memory, call->error);
}

percept_status onnx_call_refuse(const OnnxCall *call, const char *what)
{
    return error_set(call->error, PERCEPT_ERROR_ARGUMENT, "a node %s is not computed here: %s", call->node->op, what);
}

void onnx_call_round(const OnnxCall *call)
{
    for (size_t i = 0; i < call->output->count && call->output->type == ONNX_FLOAT; i++)
        call->output->values[i] = (double)(float)call->output->values[i];
}

size_t onnx_axis(int64_t axis, size_t rank)
{
    return (size_t)(axis < 0 ? axis + (int64_t)rank : axis);
}
