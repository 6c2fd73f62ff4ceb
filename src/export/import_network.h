/* A dense network on its way from a file to a model. */
#ifndef EXPORT_IMPORT_NETWORK_H
#define EXPORT_IMPORT_NETWORK_H

#include "export/import_graph.h"
#include "export/import_options.h"
#include "export/onnx_graph.h"
#include "model/model.h"

typedef struct ImportLayer {
    size_t inputs, outputs;
    double *W, *b;          /* outputs × inputs, outputs */
    const char *activation; /* a name in Percept's table; NULL: none yet */
} ImportLayer;

/* All memory is that of `memory`. */
typedef struct ImportNetwork {
    OnnxGraph memory;
    percept_type precision;
    size_t depth, room;
    ImportLayer *layers;
    double *scale, *shift, *fills; /* of the features: x' = scale · x + shift, and values for missing ones; or NULL */
    size_t class_count;
    const char **classes;  /* names, or NULL */
    const char **features; /* names, or NULL */
} ImportNetwork;

/* Appends a layer with zeroed biases and W still NULL; NULL after a failure. */
ImportLayer *import_add_layer(ImportNetwork *network, size_t inputs, size_t outputs);
void import_network_clear(ImportNetwork *network);

/* Makes the model. Layers without an activation take that of the options: hidden ones `activation`, and the last one
 * `output`, else the identity. */
percept_status import_network_model(const ImportNetwork *network, const ImportOptions *options, percept_model **out,
                                    percept_error *error);

/* Read the network of a graph, whose constants are folded, and that of a file of weights. */
percept_status import_onnx(const OnnxGraph *graph, ImportNetwork *network, GraphEnds *ends, percept_error *error);
percept_status import_safetensors(const char *path, ImportNetwork *network, percept_error *error);

#endif
