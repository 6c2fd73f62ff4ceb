/* For the files that read messages of ONNX. The first failure stays in graph->error. */
#ifndef EXPORT_ONNX_MESSAGE_H
#define EXPORT_ONNX_MESSAGE_H

#include "base/protobuf.h"
#include "export/onnx_graph.h"

/* Takes a field of a message. */
typedef void OnnxReadField(OnnxGraph *graph, const ProtoField *field, void *out);

/* Reads all fields of a message. */
void onnx_read_message(OnnxGraph *graph, ProtoReader reader, OnnxReadField *read, void *out);

/* Remembers why the file cannot be read: PERCEPT_ERROR_FORMAT. */
void onnx_refuse(OnnxGraph *graph, const char *what);

const char *onnx_read_text(OnnxGraph *graph, const ProtoField *field);

/* The list of `count` items with room for one more: a copy where it was full. NULL after a failure. */
void *onnx_room(OnnxGraph *graph, void *list, size_t count, size_t size);

void onnx_append_text(OnnxGraph *graph, const ProtoField *field, const char ***list, size_t *count);

/* The number with these bits. */
double onnx_float(uint64_t bits);

/* TensorProto. */
void onnx_read_tensor(OnnxGraph *graph, const ProtoField *field, OnnxTensor *out);

#endif
