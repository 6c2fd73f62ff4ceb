/* A graph of ONNX in memory: built node by node for a file, or read from one. Everything that it points to lies in its own
 * memory (onnx_graph_clear).
 *
 *     OnnxGraph graph = {.real = ONNX_FLOAT};
 *     onnx_input(&graph, "features", ONNX_FLOAT, width);
 *     ONNX(&graph, "MatMul", "features", onnx_numbers(&graph, 2, (int64_t[]){width, 3}, weights));
 *     onnx_output(&graph, onnx_named(&graph, "answers"), ONNX_FLOAT, 3);
 *     status = onnx_status(&graph, &error);
 *
 * Lack of memory is remembered and reported by onnx_status, so calls need not be checked one by one; names are then "". */
#ifndef EXPORT_ONNX_GRAPH_H
#define EXPORT_ONNX_GRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* TensorProto.DataType */
typedef enum OnnxType {
    ONNX_FLOAT = 1,
    ONNX_INT32 = 6,
    ONNX_INT64 = 7,
    ONNX_STRING = 8,
    ONNX_BOOL = 9,
    ONNX_HALF = 10, /* read as ONNX_FLOAT, as is bfloat16 */
    ONNX_DOUBLE = 11,
    ONNX_BFLOAT16 = 16
} OnnxType;

#define ONNX_RANK 4

/* Values in row-major order. Numbers of all types are kept as float64, which holds all of them but the largest integers. */
typedef struct OnnxTensor {
    const char *name;
    OnnxType type;
    size_t rank;
    int64_t shape[ONNX_RANK];
    size_t count;
    double *values;     /* count, or NULL for texts */
    const char **texts; /* count, or NULL for numbers */
} OnnxTensor;

/* AttributeProto.AttributeType */
typedef enum OnnxAttributeKind {
    ONNX_ATTRIBUTE_FLOAT = 1,
    ONNX_ATTRIBUTE_INT = 2,
    ONNX_ATTRIBUTE_STRING = 3,
    ONNX_ATTRIBUTE_TENSOR = 4,
    ONNX_ATTRIBUTE_FLOATS = 6,
    ONNX_ATTRIBUTE_INTS = 7,
    ONNX_ATTRIBUTE_STRINGS = 8
} OnnxAttributeKind;

/* One value or a list of them, in the field of its kind. */
typedef struct OnnxAttribute {
    const char *name;
    OnnxAttributeKind kind;
    size_t count; /* 1 for a single value */
    double *numbers;
    int64_t *integers;
    const char **texts;
    OnnxTensor *tensor;
} OnnxAttribute;

#define ONNX_ATTRIBUTES 8

typedef struct OnnxNode {
    const char *op, *domain; /* domain "": the standard operators; "ai.onnx.ml" */
    size_t input_count, output_count;
    const char **inputs, **outputs; /* "": an optional input that is left out */
    size_t attribute_count;
    OnnxAttribute attributes[ONNX_ATTRIBUTES];
} OnnxNode;

/* An input or output. Its first dimension is the number of rows, which is free. */
typedef struct OnnxPort {
    const char *name;
    OnnxType type;
    int64_t width; /* columns; 0: one dimension; -1: not known */
} OnnxPort;

typedef struct OnnxMemory OnnxMemory;

typedef struct OnnxGraph {
    OnnxType real; /* of numbers that are added: ONNX_FLOAT or ONNX_DOUBLE */
    uint64_t opset, ir_version;
    const char *producer;
    const char *folder; /* of the file it is read from: values of tensors may lie in files there */
    size_t node_count, node_room;
    OnnxNode *nodes;
    size_t tensor_count, tensor_room;
    OnnxTensor *tensors; /* initializers */
    size_t input_count, input_room, output_count, output_room;
    OnnxPort *inputs, *outputs;
    size_t metadata_count, metadata_room;
    const char *(*metadata)[2]; /* key and value */
    OnnxMemory *memory;
    size_t numbered;    /* names that were made */
    size_t most_values; /* that operators may compute in its memory (onnx_run.h), all together; 0: no limit */
    size_t values;      /* computed so far */
    percept_error error;
} OnnxGraph;

percept_status onnx_status(const OnnxGraph *graph, percept_error *error);
void onnx_graph_clear(OnnxGraph *graph);

/* Zeroed memory that the graph releases; NULL after a failure. */
void *onnx_allocate(OnnxGraph *graph, size_t count, size_t size);
const char *onnx_copy(OnnxGraph *graph, const char *text, size_t length);

/* Adds room for one more to a list and returns its place, zeroed; NULL after a failure. */
OnnxNode *onnx_add_node(OnnxGraph *graph);
OnnxTensor *onnx_add_tensor(OnnxGraph *graph);
void onnx_input(OnnxGraph *graph, const char *name, OnnxType type, int64_t width);
void onnx_output(OnnxGraph *graph, const char *name, OnnxType type, int64_t width);
void onnx_metadata(OnnxGraph *graph, const char *key, const char *value);

/* A node with one output, whose name is returned. The inputs end with NULL. */
const char *onnx_node(OnnxGraph *graph, const char *domain, const char *op, const char *const *inputs);
#define ONNX(graph, op, ...) onnx_node(graph, "", op, (const char *const[]){__VA_ARGS__, NULL})

/* Attributes of the last node. */
void onnx_set_integer(OnnxGraph *graph, const char *name, int64_t value);
void onnx_set_integers(OnnxGraph *graph, const char *name, size_t count, const int64_t *values);
void onnx_set_number(OnnxGraph *graph, const char *name, double value);
void onnx_set_numbers(OnnxGraph *graph, const char *name, size_t count, const double *values);
void onnx_set_texts(OnnxGraph *graph, const char *name, size_t count, const char *const *values);

/* Constants, whose names are returned: numbers of the graph's type, one number, integers (a vector), texts (a vector). */
const char *onnx_numbers(OnnxGraph *graph, size_t rank, const int64_t *shape, const double *values);
const char *onnx_vector(OnnxGraph *graph, size_t count, const double *values);
const char *onnx_number(OnnxGraph *graph, double value);
const char *onnx_integers(OnnxGraph *graph, size_t count, const int64_t *values);
const char *onnx_texts(OnnxGraph *graph, size_t count, const char *const *values);

/* Gives the last node's output another name, which is returned. */
const char *onnx_named(OnnxGraph *graph, const char *name);

/* The initializer, or the attribute, of a name; NULL if there is none. */
const OnnxTensor *onnx_find_tensor(const OnnxGraph *graph, const char *name);
const OnnxAttribute *onnx_find_attribute(const OnnxNode *node, const char *name);

/* An integer attribute, or what it is where the node has none. */
int64_t onnx_attribute_integer(const OnnxNode *node, const char *name, int64_t otherwise);

#endif
