/* Piecewise linear maps in elementary operators of ONNX. */
#ifndef EXPORT_ONNX_INTERPOLATE_H
#define EXPORT_ONNX_INTERPOLATE_H

#include "export/onnx_build.h"

/* Each of the columns of x (rows × columns) through the map of its own knots (data/normal_knots.h): `from` and `to`
 * (columns × knots) ascend, and the last knot may be repeated. */
const char *onnx_interpolate(OnnxGraph *graph, const char *x, size_t columns, size_t knots, const double *from,
                             const double *to);

#endif
