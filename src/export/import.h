/* Dense networks that were trained elsewhere become models: from an ONNX graph, or from the weights in a safetensors file.
 * What Percept does not know it names and refuses. */
#ifndef EXPORT_IMPORT_H
#define EXPORT_IMPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "export/import_options.h"
#include "model/model.h"

typedef struct ImportResult {
    percept_model *model; /* released with percept_model_free */
    bool compared;        /* an ONNX graph was computed beside the model … */
    size_t rows;          /* … for so many rows; their largest difference */
    double difference;
} ImportResult;

/* Reads a file, which is ONNX or safetensors by its name. PERCEPT_ERROR_ARGUMENT for networks that are not made of dense
 * layers and known activations, and where an option is missing; the message names it. */
percept_status import_model(const char *path, const ImportOptions *options, ImportResult *out, percept_error *error);

/* The same for a file of ONNX, whatever its name. */
percept_status import_model_onnx(const char *path, const ImportOptions *options, ImportResult *out,
                                 percept_error *error);

#endif
