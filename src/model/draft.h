/* A model under construction from a file; for the files that read its parts. */
#ifndef MODEL_DRAFT_H
#define MODEL_DRAFT_H

#include <stdbool.h>

#include "model/layers_text.h"
#include "model/model.h"
#include "model/safetensors.h"

typedef struct Draft {
    const Safetensors *file;
    bool first_format;
    percept_type precision;
    size_t members;
    LayersText layers;
    uint64_t *sizes; /* depth + 1 */
    double label_smoothing, intervals;
    char **classes;
    size_t class_count;
    Network network;
    Scaler scaler, target_scaler;
    Schema schema;
} Draft;

/* The metadata's value for a key, or a tensor of this type and rank; PERCEPT_ERROR_FORMAT if the file lacks it. */
percept_status draft_metadata(const Draft *draft, const char *key, const char **value, percept_error *error);
percept_status draft_tensor(const Draft *draft, const char *name, TensorType type, size_t rank, const Tensor **out,
                            percept_error *error);

/* Reads the scaling of features and targets, and the facts about the columns; needs the sizes of the layers. */
percept_status draft_read_scalers(Draft *draft, percept_error *error);
percept_status draft_read_schema(Draft *draft, percept_error *error);

#endif
