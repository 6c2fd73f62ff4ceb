#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/protobuf.h"
#include "export/onnx_fields.h"
#include "export/onnx_file.h"

#define ML_DOMAIN "ai.onnx.ml"
#define ML_VERSION 2 /* the first whose LabelEncoder maps texts to numbers */

/* The values in the bytes of their type, lowest first. */
static void write_raw(ProtoWriter *writer, const OnnxTensor *tensor)
{
    const size_t size = tensor->type == ONNX_FLOAT || tensor->type == ONNX_INT32 ? 4
                        : tensor->type == ONNX_BOOL                              ? 1
                                                                                 : 8;
    uint8_t *bytes = NULL;
    if (writer->error.status != PERCEPT_OK ||
        memory_allocate(tensor->count, size, "a tensor", &bytes, &writer->error) != PERCEPT_OK)
        return;
    for (size_t i = 0; i < tensor->count; i++) {
        const double value = tensor->values[i];
        const float narrow = (float)value;
        uint64_t bits = 0;
        uint32_t low = 0;
        if (tensor->type == ONNX_DOUBLE) {
            memcpy(&bits, &value, sizeof bits);
        } else if (tensor->type == ONNX_FLOAT) {
            memcpy(&low, &narrow, sizeof low);
            bits = low;
        } else {
            bits = (uint64_t)(int64_t)value;
        }
        for (size_t b = 0; b < size; b++)
            bytes[i * size + b] = (uint8_t)(bits >> 8 * b);
    }
    proto_bytes(writer, TENSOR_RAW, bytes, tensor->count * size);
    memory_free(bytes);
}

static void write_tensor(ProtoWriter *writer, uint32_t field, const OnnxTensor *tensor)
{
    const size_t message = proto_begin(writer, field);
    for (size_t d = 0; d < tensor->rank; d++)
        proto_integer(writer, TENSOR_DIMENSION, (uint64_t)tensor->shape[d]);
    proto_integer(writer, TENSOR_TYPE, tensor->type);
    for (size_t i = 0; i < tensor->count && tensor->texts != NULL; i++)
        proto_text(writer, TENSOR_STRINGS, tensor->texts[i]);
    proto_text(writer, TENSOR_NAME, tensor->name);
    if (tensor->texts == NULL)
        write_raw(writer, tensor);
    proto_end(writer, message);
}

static void write_attribute(ProtoWriter *writer, const OnnxAttribute *attribute)
{
    const OnnxAttributeKind kind = attribute->kind;
    const size_t message = proto_begin(writer, NODE_ATTRIBUTE);
    proto_text(writer, ATTRIBUTE_NAME, attribute->name);
    for (size_t i = 0; i < attribute->count; i++)
        if (attribute->integers != NULL)
            proto_integer(writer, kind == ONNX_ATTRIBUTE_INT ? ATTRIBUTE_INT : ATTRIBUTE_INTS,
                          (uint64_t)attribute->integers[i]);
        else if (attribute->numbers != NULL)
            proto_float(writer, kind == ONNX_ATTRIBUTE_FLOAT ? ATTRIBUTE_FLOAT : ATTRIBUTE_FLOATS,
                        (float)attribute->numbers[i]);
        else if (attribute->texts != NULL)
            proto_text(writer, kind == ONNX_ATTRIBUTE_STRING ? ATTRIBUTE_STRING : ATTRIBUTE_STRINGS,
                       attribute->texts[i]);
    if (attribute->tensor != NULL)
        write_tensor(writer, ATTRIBUTE_TENSOR, attribute->tensor);
    proto_integer(writer, ATTRIBUTE_TYPE, kind);
    proto_end(writer, message);
}

static void write_node(ProtoWriter *writer, const OnnxNode *node)
{
    const size_t message = proto_begin(writer, GRAPH_NODE);
    for (size_t i = 0; i < node->input_count; i++)
        proto_text(writer, NODE_INPUT, node->inputs[i]);
    for (size_t i = 0; i < node->output_count; i++)
        proto_text(writer, NODE_OUTPUT, node->outputs[i]);
    proto_text(writer, NODE_NAME, node->outputs[0]);
    proto_text(writer, NODE_OP, node->op);
    for (size_t a = 0; a < node->attribute_count; a++)
        write_attribute(writer, &node->attributes[a]);
    if (node->domain[0] != '\0')
        proto_text(writer, NODE_DOMAIN, node->domain);
    proto_end(writer, message);
}

/* Rows are free: their dimension has a name in place of a size. */
static void write_port(ProtoWriter *writer, uint32_t field, const OnnxPort *port)
{
    const size_t message = proto_begin(writer, field);
    proto_text(writer, PORT_NAME, port->name);
    const size_t type = proto_begin(writer, PORT_TYPE), tensor = proto_begin(writer, TYPE_TENSOR);
    proto_integer(writer, TENSOR_TYPE_ELEMENT, port->type);
    const size_t shape = proto_begin(writer, TENSOR_TYPE_SHAPE), rows = proto_begin(writer, SHAPE_DIMENSION);
    proto_text(writer, DIMENSION_NAME, "rows");
    proto_end(writer, rows);
    if (port->width > 0) {
        const size_t width = proto_begin(writer, SHAPE_DIMENSION);
        proto_integer(writer, DIMENSION_VALUE, (uint64_t)port->width);
        proto_end(writer, width);
    }
    proto_end(writer, shape);
    proto_end(writer, tensor);
    proto_end(writer, type);
    proto_end(writer, message);
}

static void write_graph(ProtoWriter *writer, const OnnxGraph *graph)
{
    const size_t message = proto_begin(writer, MODEL_GRAPH);
    for (size_t n = 0; n < graph->node_count; n++)
        write_node(writer, &graph->nodes[n]);
    proto_text(writer, GRAPH_NAME, graph->producer);
    for (size_t t = 0; t < graph->tensor_count; t++)
        write_tensor(writer, GRAPH_INITIALIZER, &graph->tensors[t]);
    for (size_t i = 0; i < graph->input_count; i++)
        write_port(writer, GRAPH_INPUT, &graph->inputs[i]);
    for (size_t o = 0; o < graph->output_count; o++)
        write_port(writer, GRAPH_OUTPUT, &graph->outputs[o]);
    proto_end(writer, message);
}

static void write_opset(ProtoWriter *writer, const char *domain, uint64_t version)
{
    const size_t message = proto_begin(writer, MODEL_OPSETS);
    proto_text(writer, OPSET_DOMAIN, domain);
    proto_integer(writer, OPSET_VERSION, version);
    proto_end(writer, message);
}

static void write_model(ProtoWriter *writer, const OnnxGraph *graph)
{
    bool ml = false;
    for (size_t n = 0; n < graph->node_count; n++)
        ml = ml || strcmp(graph->nodes[n].domain, ML_DOMAIN) == 0;
    proto_integer(writer, MODEL_IR_VERSION, graph->ir_version);
    proto_text(writer, MODEL_PRODUCER, graph->producer);
    proto_text(writer, MODEL_PRODUCER_VERSION, percept_version());
    write_graph(writer, graph);
    write_opset(writer, "", graph->opset);
    if (ml)
        write_opset(writer, ML_DOMAIN, ML_VERSION);
    for (size_t m = 0; m < graph->metadata_count; m++) {
        const size_t entry = proto_begin(writer, MODEL_METADATA);
        proto_text(writer, ENTRY_KEY, graph->metadata[m][0]);
        proto_text(writer, ENTRY_VALUE, graph->metadata[m][1]);
        proto_end(writer, entry);
    }
}

percept_status onnx_write(const OnnxGraph *graph, const char *path, percept_error *error)
{
    ProtoWriter writer = {0};
    write_model(&writer, graph);
    percept_status status = proto_status(&writer, error);
    if (status == PERCEPT_OK && writer.buffer.size > INT32_MAX)
        status = error_set(error, PERCEPT_ERROR_ARGUMENT,
                           "an ONNX file holds at most 2 GB, and this model takes %zu bytes; export it as npz",
                           writer.buffer.size);
    if (status == PERCEPT_OK)
        status = file_write(path, writer.buffer.bytes, writer.buffer.size, error);
    proto_clear(&writer);
    return status;
}
