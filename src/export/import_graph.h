/* Where the network of a graph begins and ends, and what its classes are called. */
#ifndef EXPORT_IMPORT_GRAPH_H
#define EXPORT_IMPORT_GRAPH_H

#include "export/onnx_graph.h"

/* Replaces what depends on constants alone (Constant, Transpose of weights, …) by its values, and finds the type of numbers,
 * graph->real. */
percept_status graph_fold_constants(OnnxGraph *graph, percept_error *error);

typedef struct GraphEnds {
    bool *needed;          /* of each node: the scores depend on it, and it is part of the network */
    const char *from, *to; /* the matrix of features, and the scores: probabilities where there are some */
    size_t width;          /* columns of `from`; 0: not known */
    const char **features; /* names, where each column has an input of its own; or NULL */
} GraphEnds;

percept_status graph_find_ends(const OnnxGraph *graph, OnnxGraph *memory, GraphEnds *out, percept_error *error);

/* The number of needed nodes that take a value, and the first of them. */
size_t graph_takers(const OnnxGraph *graph, const bool *needed, const char *name, const OnnxNode **first);

/* Names of classes, from ZipMap or from the list that labels are taken from; none: *count stays 0. */
percept_status graph_find_classes(const OnnxGraph *graph, OnnxGraph *memory, size_t *count, const char ***names,
                                  percept_error *error);

#endif
