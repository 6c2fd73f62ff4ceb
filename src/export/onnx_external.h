/* Values of tensors that lie in another file beside the model (external data), as PyTorch's exporter writes them. */
#ifndef EXPORT_ONNX_EXTERNAL_H
#define EXPORT_ONNX_EXTERNAL_H

#include "export/onnx_message.h"

/* Where the values of a tensor lie. Begins as {.length = -1}. */
typedef struct OnnxExternal {
    const char *location; /* a path below the folder of the model; NULL: they lie in the model */
    int64_t offset;       /* in bytes */
    int64_t length;       /* in bytes; -1: as many as the shape needs */
} OnnxExternal;

/* Takes an entry of TensorProto.external_data. */
void onnx_read_external(OnnxGraph *graph, const ProtoField *field, OnnxExternal *external);

/* Reads `size` bytes, which are released with memory_free; NULL after a failure. Files outside of the model's folder are
 * refused: a model must not make a reader look there. */
uint8_t *onnx_external_bytes(OnnxGraph *graph, const OnnxExternal *external, size_t size);

#endif
