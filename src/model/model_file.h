/* A model as a safetensors file (percept_model_save, percept_model_load).
 *
 *   tensors    scaler.mean, scaler.deviation   F64 (inputs): how features are scaled; absent if they are only divided.
 *                                              They come first, so that all data are aligned.
 *              targets.mean, .deviation        F64 (outputs): how targets were scaled in training; absent where not
 *              targets.values, .normals        F64 (outputs × knots): target_transform quantile; absent where not
 *              features.fill                   F64 (inputs): replaces a missing value, in the file's units; absent if not known
 *              layers.0.weight                 F32 or F64 (outputs × inputs)
 *              layers.0.bias                   (outputs)
 *              layers.1.weight, …              one after another: the flat parameter vector as it lies in memory
 *              inputs.NAME.PART, layers.0.NAME.PART   of stages (nn/stage.h), behind those of the layers
 *              members.1.layers.0.weight, …    where there are several members, each tensor of each
 *   metadata   format           percept-model
 *              format_version   2; 3 where there is a target_transform, which earlier releases do not know
 *              precision        float32 or float64
 *              layers           what each layer is (layers_text.h)
 *              loss, reduction  cross-entropy, mean or sum
 *              label_smoothing  0
 *              features         names, kinds and categories of the features' columns (schema_text.h)
 *              missing_tokens   JSON list of the tokens for a missing value; empty: the default ones
 *              scaler_divisor   255
 *              ids              JSON list of the names of columns that identify rows
 *              ignored          JSON list of the names of columns that training left out; absent where there are none
 *              label            name of the column of labels, or nothing
 *              classes          JSON list of names; empty for regression
 *              targets          JSON list of the names of the targets' columns; empty if they have none
 *              target_transform log, log1p or quantile (data/target_transform.h); absent where targets are learned as they are
 *              members          how many, if there are several
 *              intervals        fraction of the targets that the intervals are for; absent where there are none
 *              threshold        of two classes: least probability of the second to predict it; absent where none was set
 *
 * The kind of scaling that made the means is not stored. Version 1 had no columns: it had the lists activations, l1, l2
 * and dropout for `layers`, and `scaler` (none, standardize, standardize-all). It is read as before.
 *
 * The file has no other content, so equal models are equal files. A checkpoint is such a file with additional content;
 * it loads as the model that it continues. */
#ifndef MODEL_MODEL_FILE_H
#define MODEL_MODEL_FILE_H

#include <stddef.h>
#include <stdio.h>

#include "model/model.h"
#include "model/safetensors.h"

#define MODEL_FORMAT "percept-model"
#define MODEL_FORMAT_VERSION "2"
#define MODEL_FORMAT_FIRST "1"
#define MODEL_FORMAT_TRANSFORMED "3"

#define MODEL_SCALER_MEAN "scaler.mean"
#define MODEL_SCALER_DEVIATION "scaler.deviation"
#define MODEL_TARGET_MEAN "targets.mean"
#define MODEL_TARGET_DEVIATION "targets.deviation"
#define MODEL_TARGET_VALUES "targets.values"
#define MODEL_TARGET_NORMALS "targets.normals"
#define MODEL_FILLS "features.fill"
#define MODEL_IGNORED "ignored"

/* Room for the name of a layer's tensor. */
#define MODEL_TENSOR_NAME_SIZE 48

/* Writes the name of a tensor of layer l, of the first member; part is "weight" or "bias". */
static inline void model_tensor_name(char name[MODEL_TENSOR_NAME_SIZE], size_t members, size_t l, const char *part)
{
    snprintf(name, MODEL_TENSOR_NAME_SIZE, "%slayers.%zu.%s", members > 1 ? "members.0." : "", l, part);
}

/* percept_model_load for a model whose parameters need not be finite: the result of a training with train.on_nonfinite
 * report, to be measured nevertheless. */
percept_status model_load_any(const char *path, percept_model **out, percept_error *error);

/* Saves a model with more tensors and metadata in the same file; 8-byte types go before the parameters. */
percept_status model_save_with(const percept_model *model, const Tensor *more, size_t more_count,
                               const MetadataEntry *metadata, size_t metadata_count, const char *path,
                               percept_error *error);

/* Reads the parameters from a file of the same model: same metadata, same shapes, same scaler, whatever else the file
 * holds. Anything else is PERCEPT_ERROR_FORMAT, and the model stays as it was. */
percept_status model_restore(percept_model *model, const Safetensors *file, percept_error *error);

#endif
