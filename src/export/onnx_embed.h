/* Stages of columns of the features. */
#ifndef EXPORT_ONNX_EMBED_H
#define EXPORT_ONNX_EMBED_H

#include "export/onnx_build.h"

OnnxStageWrite onnx_one_hot, onnx_table, onnx_piecewise_linear, onnx_periodic, onnx_quantile_normal;

#endif
