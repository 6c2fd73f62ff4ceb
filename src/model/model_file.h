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
 *              dropout          JSON list, one a hidden layer
 *              label_smoothing  0
 *              scaler           none, standardize, standardize-all
 *              scaler_divisor   255
 *              classes          JSON list of names; empty for regression
 *
 * Nothing else goes in, so that equal models are equal files. A checkpoint is such a file with more in it; it loads as
 * the model that it continues. */
#ifndef MODEL_MODEL_FILE_H
#define MODEL_MODEL_FILE_H

#include <stddef.h>
#include <stdio.h>

#include "model/model.h"
#include "model/safetensors.h"

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

/* Saves a model with more tensors and metadata in the same file; 8-byte types go before the parameters. */
percept_status model_save_with(const percept_model *model, const Tensor *more, size_t more_count,
                               const MetadataEntry *metadata, size_t metadata_count, const char *path,
                               percept_error *error);

/* Takes the parameters from a file of this very model: same metadata, same shapes, same scaler, whatever else the file
 * holds. Anything else is PERCEPT_ERROR_FORMAT, and the model stays as it was. */
percept_status model_restore(percept_model *model, const Safetensors *file, percept_error *error);

#endif
