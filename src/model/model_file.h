/* A model as a safetensors file (percept_model_save, percept_model_load).
 *
 *   tensors    scaler.mean, scaler.deviation   F64 (inputs); absent where the scaler has no mean. They come first, so
 *                                              that all data are aligned.
 *              layers.0.weight                 F32 or F64 (outputs × inputs)
 *              layers.0.bias                   (outputs)
 *              layers.1.weight, …              one after another: the flat parameter vector as it lies in memory
 *   metadata   format           percept-model
 *              format_version   1
 *              precision        float32 or float64
 *              activations      JSON list, one a layer: ["relu","softmax"]
 *              loss, reduction  cross-entropy, mean or sum
 *              l1, l2           JSON lists of the penalties, one a layer
 *              scaler           none, standardize, standardize-all
 *              scaler_divisor   255
 *              classes          JSON list of names; empty for regression
 *
 * Nothing else goes in, so that equal models are equal files. */
#ifndef MODEL_MODEL_FILE_H
#define MODEL_MODEL_FILE_H

#include <stddef.h>
#include <stdio.h>

#define MODEL_FORMAT "percept-model"
#define MODEL_FORMAT_VERSION "1"

#define MODEL_SCALER_MEAN "scaler.mean"
#define MODEL_SCALER_DEVIATION "scaler.deviation"

/* Room for the name of a layer's tensor. */
#define MODEL_TENSOR_NAME_SIZE 48

/* Writes the name of a tensor of layer l; part is "weight" or "bias". */
static inline void model_tensor_name(char name[MODEL_TENSOR_NAME_SIZE], size_t l, const char *part)
{
    snprintf(name, MODEL_TENSOR_NAME_SIZE, "layers.%zu.%s", l, part);
}

#endif
