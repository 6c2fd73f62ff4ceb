#include "export/onnx_message.h"

#include <string.h>

void onnx_refuse(OnnxGraph *graph, const char *what)
{
    if (graph->error.status == PERCEPT_OK)
        error_set(&graph->error, PERCEPT_ERROR_FORMAT, "%s", what);
}

void onnx_read_message(OnnxGraph *graph, ProtoReader reader, OnnxReadField *read, void *out)
{
    ProtoField field;
    while (graph->error.status == PERCEPT_OK && proto_next(&reader, &field))
        read(graph, &field, out);
    if (reader.damaged)
        onnx_refuse(graph, "it is no ONNX model, or damaged");
}

const char *onnx_read_text(OnnxGraph *graph, const ProtoField *field)
{
    return onnx_copy(graph, (const char *)field->bytes, field->size);
}

double onnx_float(uint64_t bits)
{
    const uint32_t low = (uint32_t)bits;
    float value = 0;
    memcpy(&value, &low, sizeof value);
    return (double)value;
}

void *onnx_room(OnnxGraph *graph, void *list, size_t count, size_t size)
{
    if (graph->error.status != PERCEPT_OK)
        return NULL;
    if (count > 0 && (count & (count - 1)) != 0) /* lists are full when they hold a power of two */
        return list;
    char *longer = onnx_allocate(graph, count > 0 ? 2 * count : 1, size);
    if (longer != NULL && count > 0)
        memcpy(longer, list, count * size);
    return longer;
}

void onnx_append_text(OnnxGraph *graph, const ProtoField *field, const char ***list, size_t *count)
{
    const char **longer = onnx_room(graph, *list, *count, sizeof *longer);
    if (longer == NULL)
        return;
    longer[(*count)++] = onnx_read_text(graph, field);
    *list = longer;
}
