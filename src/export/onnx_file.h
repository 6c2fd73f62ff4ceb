/* Graphs as files: ModelProto of ONNX, with the field numbers of onnx.proto, release 1.17 (IR version 10). They have been the
 * same since the first release, and new fields are ignored. */
#ifndef EXPORT_ONNX_FILE_H
#define EXPORT_ONNX_FILE_H

#include "export/onnx_graph.h"

/* Writes the graph, whole or not at all. PERCEPT_ERROR_ARGUMENT for one of 2 GB and more, which the format cannot hold. */
percept_status onnx_write(const OnnxGraph *graph, const char *path, percept_error *error);

/* Reads a file from anywhere. *out is zeroed before; released with onnx_graph_clear, also on failure. PERCEPT_ERROR_FORMAT
 * for a file that is no ONNX model or is damaged, and for what graphs here do not hold: other types of numbers, more than
 * ONNX_RANK dimensions, functions, and attributes that are graphs. Values in other files (external data) are read if these lie
 * in the folder of the file or below it. */
percept_status onnx_read(const char *path, OnnxGraph *out, percept_error *error);

#endif
