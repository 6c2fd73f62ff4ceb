/* The error function in a graph. */
#ifndef EXPORT_ONNX_ERF_H
#define EXPORT_ONNX_ERF_H

#include "export/onnx_graph.h"

/* erf(x): in float32 the operator Erf; in float64, which ONNX Runtime has no kernel for, a Chebyshev series. */
const char *onnx_erf(OnnxGraph *graph, const char *x);

#endif
