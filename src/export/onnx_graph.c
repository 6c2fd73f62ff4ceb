#include "export/onnx_graph.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"

/* A block of the graph's memory. */
struct OnnxMemory {
    OnnxMemory *next;
};

/* Where the caller's part of a block begins: at the alignment of all memory. */
#define BLOCK_HEAD MEMORY_ALIGNMENT

percept_status onnx_status(const OnnxGraph *graph, percept_error *error)
{
    if (graph->error.status != PERCEPT_OK && error != NULL)
        *error = graph->error;
    return graph->error.status;
}

void onnx_graph_clear(OnnxGraph *graph)
{
    while (graph->memory != NULL) {
        OnnxMemory *next = graph->memory->next;
        memory_free(graph->memory);
        graph->memory = next;
    }
    memory_free(graph->nodes);
    memory_free(graph->tensors);
    memory_free(graph->inputs);
    memory_free(graph->outputs);
    memory_free(graph->metadata);
    *graph = (OnnxGraph){0};
}

void *onnx_allocate(OnnxGraph *graph, size_t count, size_t size)
{
    OnnxMemory *block = NULL;
    size_t bytes = 0;
    if (graph->error.status != PERCEPT_OK)
        return NULL;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX - BLOCK_HEAD) {
        error_set(&graph->error, PERCEPT_ERROR_MEMORY, "a graph with a list of %zu is more than memory holds", count);
        return NULL;
    }
    if (memory_allocate_zeroed(BLOCK_HEAD + bytes, 1, "the graph", &block, &graph->error) != PERCEPT_OK)
        return NULL;
    block->next = graph->memory;
    graph->memory = block;
    return (char *)block + BLOCK_HEAD;
}

const char *onnx_copy(OnnxGraph *graph, const char *text, size_t length)
{
    char *copy = onnx_allocate(graph, length + 1, 1);
    if (copy == NULL)
        return "";
    if (length > 0)
        memcpy(copy, text, length);
    return copy;
}

/* Makes room for another item of a list, which is zeroed, and counts it. */
static bool add_item(OnnxGraph *graph, void *list, size_t size, size_t *count, size_t *room)
{
    char *items = NULL;
    if (graph->error.status != PERCEPT_OK)
        return false;
    if (*count == *room) {
        const size_t more = *room > 0 ? 2 * *room : 16;
        if (memory_grow(list, *count * size, more, size, "the graph", &graph->error) != PERCEPT_OK)
            return false;
        *room = more;
    }
    memcpy(&items, list, sizeof items);
    memset(items + *count * size, 0, size);
    ++*count;
    return true;
}

OnnxNode *onnx_add_node(OnnxGraph *graph)
{
    return add_item(graph, &graph->nodes, sizeof *graph->nodes, &graph->node_count, &graph->node_room)
               ? &graph->nodes[graph->node_count - 1]
               : NULL;
}

OnnxTensor *onnx_add_tensor(OnnxGraph *graph)
{
    return add_item(graph, &graph->tensors, sizeof *graph->tensors, &graph->tensor_count, &graph->tensor_room)
               ? &graph->tensors[graph->tensor_count - 1]
               : NULL;
}

void onnx_input(OnnxGraph *graph, const char *name, OnnxType type, int64_t width)
{
    if (add_item(graph, &graph->inputs, sizeof *graph->inputs, &graph->input_count, &graph->input_room))
        graph->inputs[graph->input_count - 1] = (OnnxPort){onnx_copy(graph, name, strlen(name)), type, width};
}

void onnx_output(OnnxGraph *graph, const char *name, OnnxType type, int64_t width)
{
    if (add_item(graph, &graph->outputs, sizeof *graph->outputs, &graph->output_count, &graph->output_room))
        graph->outputs[graph->output_count - 1] = (OnnxPort){onnx_copy(graph, name, strlen(name)), type, width};
}

void onnx_metadata(OnnxGraph *graph, const char *key, const char *value)
{
    if (!add_item(graph, &graph->metadata, sizeof *graph->metadata, &graph->metadata_count, &graph->metadata_room))
        return;
    graph->metadata[graph->metadata_count - 1][0] = onnx_copy(graph, key, strlen(key));
    graph->metadata[graph->metadata_count - 1][1] = onnx_copy(graph, value, strlen(value));
}

/* ---- Nodes -------------------------------------------------------------------------------------------------------- */

/* "/Gemm_12". No column has such a name: the format onnx refuses inputs whose names begin with a slash. */
static const char *make_name(OnnxGraph *graph, const char *what)
{
    char name[64];
    const int length = snprintf(name, sizeof name, "/%s_%zu", what, graph->numbered++);
    return onnx_copy(graph, name, length > 0 ? (size_t)length : 0);
}

const char *onnx_node(OnnxGraph *graph, const char *domain, const char *op, const char *const *inputs)
{
    size_t count = 0;
    while (inputs[count] != NULL)
        count++;
    const char **in = onnx_allocate(graph, count, sizeof *in), **out = onnx_allocate(graph, 1, sizeof *out);
    const char *name = make_name(graph, op);
    OnnxNode *node = onnx_add_node(graph);
    if (node == NULL)
        return "";
    memcpy(in, inputs, count * sizeof *in);
    out[0] = name;
    *node =
        (OnnxNode){.op = op, .domain = domain, .input_count = count, .output_count = 1, .inputs = in, .outputs = out};
    return name;
}

const char *onnx_named(OnnxGraph *graph, const char *name)
{
    const char *copy = onnx_copy(graph, name, strlen(name));
    if (graph->error.status == PERCEPT_OK)
        graph->nodes[graph->node_count - 1].outputs[0] = copy;
    return copy;
}

/* A place among the attributes of the last node; a dummy after a failure. */
static OnnxAttribute *add_attribute(OnnxGraph *graph, const char *name, OnnxAttributeKind kind, size_t count,
                                    OnnxAttribute *dummy)
{
    OnnxNode *node = graph->error.status == PERCEPT_OK ? &graph->nodes[graph->node_count - 1] : NULL;
    if (node == NULL || node->attribute_count == ONNX_ATTRIBUTES)
        return dummy;
    OnnxAttribute *attribute = &node->attributes[node->attribute_count++];
    *attribute = (OnnxAttribute){.name = name, .kind = kind, .count = count};
    return attribute;
}

static void *copy_list(OnnxGraph *graph, const void *values, size_t count, size_t size)
{
    void *copy = onnx_allocate(graph, count, size);
    if (copy != NULL && count > 0)
        memcpy(copy, values, count * size);
    return copy;
}

void onnx_set_integer(OnnxGraph *graph, const char *name, int64_t value)
{
    OnnxAttribute dummy;
    add_attribute(graph, name, ONNX_ATTRIBUTE_INT, 1, &dummy)->integers = copy_list(graph, &value, 1, sizeof value);
}

void onnx_set_integers(OnnxGraph *graph, const char *name, size_t count, const int64_t *values)
{
    OnnxAttribute dummy;
    add_attribute(graph, name, ONNX_ATTRIBUTE_INTS, count, &dummy)->integers =
        copy_list(graph, values, count, sizeof *values);
}

void onnx_set_number(OnnxGraph *graph, const char *name, double value)
{
    OnnxAttribute dummy;
    add_attribute(graph, name, ONNX_ATTRIBUTE_FLOAT, 1, &dummy)->numbers = copy_list(graph, &value, 1, sizeof value);
}

void onnx_set_numbers(OnnxGraph *graph, const char *name, size_t count, const double *values)
{
    OnnxAttribute dummy;
    add_attribute(graph, name, ONNX_ATTRIBUTE_FLOATS, count, &dummy)->numbers =
        copy_list(graph, values, count, sizeof *values);
}

/* Copies a list of texts. */
static const char **copy_texts(OnnxGraph *graph, size_t count, const char *const *values)
{
    const char **texts = onnx_allocate(graph, count, sizeof *texts);
    for (size_t i = 0; i < count && texts != NULL; i++)
        texts[i] = onnx_copy(graph, values[i], strlen(values[i]));
    return texts;
}

void onnx_set_texts(OnnxGraph *graph, const char *name, size_t count, const char *const *values)
{
    OnnxAttribute dummy;
    add_attribute(graph, name, ONNX_ATTRIBUTE_STRINGS, count, &dummy)->texts = copy_texts(graph, count, values);
}

/* ---- Constants ---------------------------------------------------------------------------------------------------- */

static OnnxTensor *add_constant(OnnxGraph *graph, OnnxType type, size_t rank, const int64_t *shape)
{
    const char *name = make_name(graph, "constant");
    OnnxTensor *tensor = onnx_add_tensor(graph);
    if (tensor == NULL)
        return NULL;
    *tensor = (OnnxTensor){.name = name, .type = type, .rank = rank, .count = 1};
    for (size_t d = 0; d < rank; d++) {
        tensor->shape[d] = shape[d];
        tensor->count *= (size_t)shape[d];
    }
    return tensor;
}

const char *onnx_numbers(OnnxGraph *graph, size_t rank, const int64_t *shape, const double *values)
{
    OnnxTensor *tensor = add_constant(graph, graph->real, rank, shape);
    if (tensor == NULL)
        return "";
    tensor->values = copy_list(graph, values, tensor->count, sizeof *values);
    for (size_t i = 0; i < tensor->count && tensor->values != NULL && graph->real == ONNX_FLOAT; i++)
        tensor->values[i] = (double)(float)tensor->values[i];
    return tensor->name;
}

const char *onnx_vector(OnnxGraph *graph, size_t count, const double *values)
{
    return onnx_numbers(graph, 1, &(int64_t){(int64_t)count}, values);
}

const char *onnx_number(OnnxGraph *graph, double value)
{
    return onnx_numbers(graph, 0, NULL, &value);
}

const char *onnx_integers(OnnxGraph *graph, size_t count, const int64_t *values)
{
    OnnxTensor *tensor = add_constant(graph, ONNX_INT64, 1, &(int64_t){(int64_t)count});
    if (tensor == NULL)
        return "";
    tensor->values = onnx_allocate(graph, count, sizeof *tensor->values);
    for (size_t i = 0; i < count && tensor->values != NULL; i++)
        tensor->values[i] = (double)values[i];
    return tensor->name;
}

const char *onnx_texts(OnnxGraph *graph, size_t count, const char *const *values)
{
    OnnxTensor *tensor = add_constant(graph, ONNX_STRING, 1, &(int64_t){(int64_t)count});
    if (tensor == NULL)
        return "";
    tensor->texts = copy_texts(graph, count, values);
    return tensor->name;
}

/* ---- Finding ------------------------------------------------------------------------------------------------------ */

const OnnxTensor *onnx_find_tensor(const OnnxGraph *graph, const char *name)
{
    for (size_t t = 0; t < graph->tensor_count; t++)
        if (strcmp(graph->tensors[t].name, name) == 0)
            return &graph->tensors[t];
    return NULL;
}

const OnnxAttribute *onnx_find_attribute(const OnnxNode *node, const char *name)
{
    for (size_t a = 0; a < node->attribute_count; a++)
        if (strcmp(node->attributes[a].name, name) == 0)
            return &node->attributes[a];
    return NULL;
}

int64_t onnx_attribute_integer(const OnnxNode *node, const char *name, int64_t otherwise)
{
    const OnnxAttribute *attribute = onnx_find_attribute(node, name);
    return attribute != NULL && attribute->integers != NULL ? attribute->integers[0] : otherwise;
}
