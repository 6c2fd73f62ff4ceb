#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "export/onnx_fields.h"
#include "export/onnx_file.h"
#include "export/onnx_message.h"

/* ---- Nodes -------------------------------------------------------------------------------------------------------- */

/* Whether an attribute may get another value of this list: it has no values of another one. */
static bool may_append(OnnxGraph *graph, const OnnxAttribute *attribute, const void *list)
{
    if (attribute->count > 0 && list == NULL)
        onnx_refuse(graph, "it has an attribute with values of several types");
    return graph->error.status == PERCEPT_OK;
}

static void append_integer(OnnxGraph *graph, OnnxAttribute *attribute, int64_t value)
{
    if (!may_append(graph, attribute, attribute->integers))
        return;
    int64_t *longer = onnx_room(graph, attribute->integers, attribute->count, sizeof *longer);
    if (longer == NULL)
        return;
    longer[attribute->count++] = value;
    attribute->integers = longer;
}

static void append_number(OnnxGraph *graph, OnnxAttribute *attribute, double value)
{
    if (!may_append(graph, attribute, attribute->numbers))
        return;
    double *longer = onnx_room(graph, attribute->numbers, attribute->count, sizeof *longer);
    if (longer == NULL)
        return;
    longer[attribute->count++] = value;
    attribute->numbers = longer;
}

static void read_attribute_field(OnnxGraph *graph, const ProtoField *field, void *out)
{
    OnnxAttribute *attribute = out;
    ProtoReader packed = proto_inside(field);
    uint64_t bits = field->integer;
    switch (field->number) {
    case ATTRIBUTE_NAME:
        attribute->name = onnx_read_text(graph, field);
        break;
    case ATTRIBUTE_FLOAT:
        append_number(graph, attribute, onnx_float(bits));
        break;
    case ATTRIBUTE_INT:
        append_integer(graph, attribute, (int64_t)bits);
        break;
    case ATTRIBUTE_STRING:
    case ATTRIBUTE_STRINGS:
        if (may_append(graph, attribute, attribute->texts))
            onnx_append_text(graph, field, &attribute->texts, &attribute->count);
        break;
    case ATTRIBUTE_FLOATS:
        if (field->bytes == NULL)
            append_number(graph, attribute, onnx_float(bits));
        while (field->bytes != NULL && proto_next_fixed(&packed, 4, &bits))
            append_number(graph, attribute, onnx_float(bits));
        break;
    case ATTRIBUTE_INTS:
        if (field->bytes == NULL)
            append_integer(graph, attribute, (int64_t)bits);
        while (field->bytes != NULL && proto_next_varint(&packed, &bits))
            append_integer(graph, attribute, (int64_t)bits);
        break;
    case ATTRIBUTE_TENSOR:
        attribute->tensor = onnx_allocate(graph, 1, sizeof *attribute->tensor);
        if (attribute->tensor != NULL)
            onnx_read_tensor(graph, field, attribute->tensor);
        break;
    case ATTRIBUTE_GRAPH:
        onnx_refuse(graph, "it has a node that holds a graph of its own (If, Loop, Scan), which Percept does not read");
        break;
    case ATTRIBUTE_TYPE:
        attribute->kind = (OnnxAttributeKind)bits;
        break;
    default:
        break;
    }
}

static void read_node_field(OnnxGraph *graph, const ProtoField *field, void *out)
{
    OnnxNode *node = out;
    if (field->number == NODE_INPUT)
        onnx_append_text(graph, field, &node->inputs, &node->input_count);
    else if (field->number == NODE_OUTPUT)
        onnx_append_text(graph, field, &node->outputs, &node->output_count);
    else if (field->number == NODE_OP)
        node->op = onnx_read_text(graph, field);
    else if (field->number == NODE_DOMAIN)
        node->domain = onnx_read_text(graph, field);
    if (field->number != NODE_ATTRIBUTE)
        return;
    OnnxAttribute attribute = {.name = ""};
    onnx_read_message(graph, proto_inside(field), read_attribute_field, &attribute);
    if (node->attribute_count == ONNX_ATTRIBUTES)
        onnx_refuse(graph, "it has a node with more attributes than Percept reads");
    else
        node->attributes[node->attribute_count++] = attribute;
}

/* ---- The graph ---------------------------------------------------------------------------------------------------- */

/* A product of sizes that are known, else -1. */
static int64_t multiply(int64_t a, int64_t b)
{
    int64_t product = 0;
    return a > 0 && b > 0 && !__builtin_mul_overflow(a, b, &product) ? product : -1;
}

/* Reads the type and the width of a port: its dimensions behind the first, multiplied, as of pictures that are flattened; -1
 * if one is not known. The fields above the sizes have one message each. */
static void read_port_field(OnnxGraph *graph, const ProtoField *field, void *out)
{
    OnnxPort *port = out;
    if (field->number == PORT_NAME)
        port->name = onnx_read_text(graph, field);
    if (field->number != PORT_TYPE)
        return;
    ProtoReader type = proto_inside(field);
    ProtoField tensor, part, dimension, size;
    while (proto_next(&type, &tensor)) {
        ProtoReader parts = proto_inside(&tensor);
        while (tensor.number == TYPE_TENSOR && proto_next(&parts, &part)) {
            ProtoReader dimensions = proto_inside(&part);
            size_t place = 0;
            if (part.number == TENSOR_TYPE_ELEMENT)
                port->type =
                    part.integer == ONNX_HALF || part.integer == ONNX_BFLOAT16 ? ONNX_FLOAT : (OnnxType)part.integer;
            while (part.number == TENSOR_TYPE_SHAPE && proto_next(&dimensions, &dimension)) {
                ProtoReader sizes = proto_inside(&dimension);
                int64_t value = -1;
                while (proto_next(&sizes, &size))
                    if (size.number == DIMENSION_VALUE)
                        value = (int64_t)size.integer;
                if (place == 1 || (place > 1 && port->width > 0))
                    port->width = place == 1 ? value : multiply(port->width, value);
                place++;
            }
        }
    }
}

static void read_graph_field(OnnxGraph *graph, const ProtoField *field, void *out)
{
    OnnxPort port = {.name = "", .width = -1};
    (void)out;
    if (field->number == GRAPH_NODE) {
        OnnxNode node = {.op = "", .domain = ""}, *place = onnx_add_node(graph);
        onnx_read_message(graph, proto_inside(field), read_node_field, &node);
        if (node.output_count == 0 || node.op[0] == '\0')
            onnx_refuse(graph, "it has a node without an operator or without an output");
        if (place != NULL)
            graph->nodes[graph->node_count - 1] = node;
    } else if (field->number == GRAPH_INITIALIZER) {
        OnnxTensor tensor = {.name = ""}, *place = onnx_add_tensor(graph);
        onnx_read_tensor(graph, field, &tensor);
        if (place != NULL)
            graph->tensors[graph->tensor_count - 1] = tensor;
    } else if (field->number == GRAPH_INPUT || field->number == GRAPH_OUTPUT) {
        onnx_read_message(graph, proto_inside(field), read_port_field, &port);
        if (field->number == GRAPH_INPUT)
            onnx_input(graph, port.name, port.type, port.width);
        else
            onnx_output(graph, port.name, port.type, port.width);
    }
}

/* StringStringEntryProto, or OperatorSetIdProto: its domain and version. */
typedef struct Pair {
    const char *first, *second;
    uint64_t number;
} Pair;

static void read_pair_field(OnnxGraph *graph, const ProtoField *field, void *out)
{
    Pair *pair = out;
    if (field->bytes == NULL)
        pair->number = field->number == OPSET_VERSION ? field->integer : pair->number;
    else if (field->number == ENTRY_KEY)
        pair->first = onnx_read_text(graph, field);
    else if (field->number == ENTRY_VALUE)
        pair->second = onnx_read_text(graph, field);
}

static void read_model_field(OnnxGraph *graph, const ProtoField *field, void *out)
{
    Pair pair = {"", "", 0};
    (void)out;
    switch (field->number) {
    case MODEL_IR_VERSION:
        graph->ir_version = field->integer;
        break;
    case MODEL_PRODUCER:
        graph->producer = onnx_read_text(graph, field);
        break;
    case MODEL_GRAPH:
        onnx_read_message(graph, proto_inside(field), read_graph_field, NULL);
        break;
    case MODEL_OPSETS:
        onnx_read_message(graph, proto_inside(field), read_pair_field, &pair);
        if (pair.first[0] == '\0' || strcmp(pair.first, "ai.onnx") == 0)
            graph->opset = pair.number;
        break;
    case MODEL_METADATA:
        onnx_read_message(graph, proto_inside(field), read_pair_field, &pair);
        onnx_metadata(graph, pair.first, pair.second);
        break;
    case MODEL_FUNCTIONS:
        onnx_refuse(graph, "it has functions of its own, which Percept does not read");
        break;
    default:
        break;
    }
}

percept_status onnx_read(const char *path, OnnxGraph *out, percept_error *error)
{
    uint8_t *bytes = NULL;
    size_t size = 0;
    *out = (OnnxGraph){.producer = ""};
    percept_status status = file_read(path, &bytes, &size, error);
    if (status != PERCEPT_OK)
        return status;
    const char *slash = strrchr(path, '/');
    out->folder = slash == NULL ? "" : onnx_copy(out, path, (size_t)(slash - path) + 1);
    onnx_read_message(out, (ProtoReader){bytes, bytes + size, false}, read_model_field, NULL);
    if (out->error.status == PERCEPT_OK && (out->opset == 0 || out->output_count == 0))
        onnx_refuse(out, "it is no ONNX model");
    memory_free(bytes);
    status = onnx_status(out, error);
    return status == PERCEPT_OK ? status : error_prefix(error, "cannot read '%s'", path);
}
