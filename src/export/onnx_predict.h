/* Answers of a graph that was read from a file, by the evaluator. */
#ifndef EXPORT_ONNX_PREDICT_H
#define EXPORT_ONNX_PREDICT_H

#include "export/format.h"
#include "export/onnx_graph.h"

/* Computes the answers to raw rows (ExportFormat.run). PERCEPT_ERROR_FORMAT if a label is not the class of its
 * probabilities. */
percept_status onnx_predict(const OnnxGraph *graph, const percept_model *model, const ExportOptions *options,
                            const ExportRows *rows, double *answers, percept_error *error);

#endif
