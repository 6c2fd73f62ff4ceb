/* From a model to a graph of ONNX: features, network, answers. Matrices hold a row for each example. Each function takes the
 * name of a value and returns that of the result. */
#ifndef EXPORT_ONNX_BUILD_H
#define EXPORT_ONNX_BUILD_H

#include "export/format.h"
#include "export/onnx_graph.h"

/* The activation of a name (nn/activation.h) of z; NULL if it is not known here. Written in elementary operators: in ONNX
 * Runtime, Sigmoid is inexact for large negative z, and several others have no float64. */
typedef const char *OnnxActivation(OnnxGraph *graph, const char *z);
OnnxActivation *onnx_activation_find(const char *name);

/* e^z / (1 + e^z), without overflow. */
const char *onnx_sigmoid(OnnxGraph *graph, const char *z);

/* One stage of a network. */
typedef struct OnnxStage {
    OnnxGraph *graph;
    const Stage *stage;
    const double *parameters; /* flat vector of the member */
    const char *linked;       /* links: the output of side stage->from */
} OnnxStage;

/* Writes the stage of its columns x (rows × stage->inputs): rows × stage->outputs. */
typedef const char *OnnxStageWrite(const OnnxStage *stage, const char *x);

/* How a kind of stage is written; NULL if it is not known here. */
OnnxStageWrite *onnx_stage_find(const StageKind *kind);

/* Columns begin … end-1 of a matrix. */
const char *onnx_columns(OnnxGraph *graph, const char *x, size_t begin, size_t end);

/* The value that the graph gives a matrix of raw features as; with ExportOptions.columns, each column has its own. */
#define ONNX_FEATURES "features"
#define ONNX_LABEL "label"
#define ONNX_PROBABILITIES "probabilities"
#define ONNX_TARGETS "targets"

/* Adds the inputs of the graph. Returns the scaled features: rows × inputs. */
const char *onnx_features(OnnxGraph *graph, const percept_model *model, const ExportOptions *options);

/* The network, up to the outputs of all members together: probabilities of all classes, or what the last layer gives. */
const char *onnx_network(OnnxGraph *graph, const percept_model *model, const double *parameters, const char *features);

/* Whether two classes come from the sigmoid of one weighted sum z. The softmax of (0, z) gives both probabilities then, and no
 * sigmoid is needed. */
bool onnx_is_odds(const percept_model *model);

/* Adds the outputs of the graph: label and probabilities, or targets in their units. */
void onnx_answers(OnnxGraph *graph, const percept_model *model, const char *outputs);

#endif
