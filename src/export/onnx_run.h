/* A small evaluator of ONNX graphs: it computes what a file means, operator by operator, and shares no code with the engines.
 * Numbers are float64 in memory; results of float32 are rounded to it after each operator. */
#ifndef EXPORT_ONNX_RUN_H
#define EXPORT_ONNX_RUN_H

#include "export/onnx_graph.h"

/* The values of one name while a graph runs: as OnnxTensor, without a limit of rows. Texts and values belong to the run. */
typedef OnnxTensor OnnxValue;

typedef struct OnnxRun OnnxRun;

/* Prepares a graph for running, which must outlive the run. PERCEPT_ERROR_ARGUMENT names operators, and forms of them, that
 * the evaluator does not know. */
percept_status onnx_run_create(const OnnxGraph *graph, OnnxRun **out, percept_error *error);
void onnx_run_free(OnnxRun *run);

/* Computes all nodes. inputs: a value for each of the graph's inputs that is no initializer, in their order. most_values:
 * OnnxGraph.most_values of all results, for graphs from anywhere; 0: no limit. */
percept_status onnx_run(OnnxRun *run, const OnnxValue *inputs, size_t most_values, percept_error *error);

/* The value of a name after a run, valid until the next one; NULL if there is none. */
const OnnxValue *onnx_run_value(const OnnxRun *run, const char *name);

/* Computes one node by itself, without a run: values belong to `memory`. inputs: NULL where one is left out. */
percept_status onnx_compute(const OnnxNode *node, const OnnxValue **inputs, OnnxGraph *memory, OnnxValue *output,
                            percept_error *error);

/* ---- For the files of operators ----------------------------------------------------------------------------------- */

/* One call of an operator. */
typedef struct OnnxCall {
    OnnxGraph *memory; /* for values */
    const OnnxNode *node;
    size_t input_count;
    const OnnxValue **inputs; /* NULL where one is left out */
    OnnxValue *output;
    percept_error *error;
} OnnxCall;

typedef percept_status OnnxCompute(OnnxCall *call);

typedef struct OnnxOperator {
    const char *name;
    size_t least, most; /* inputs */
    OnnxCompute *compute;
} OnnxOperator;

/* The operators of each file, ended by a row without a name. */
extern const OnnxOperator onnx_elementwise_operators[], onnx_shape_operators[], onnx_product_operators[],
    onnx_foreign_operators[];

/* Allocates the output: type, rank and shape. */
percept_status onnx_call_output(OnnxCall *call, OnnxType type, size_t rank, const int64_t *shape);

/* PERCEPT_ERROR_ARGUMENT: this form of the operator is not computed; `what` says which. */
percept_status onnx_call_refuse(const OnnxCall *call, const char *what);

/* Rounds the output's numbers to its type. */
void onnx_call_round(const OnnxCall *call);

/* Axis `axis` of a rank, counted from the end if negative; rank or more if it is out of range. */
size_t onnx_axis(int64_t axis, size_t rank);

#endif
