#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "export/onnx_build.h"
#include "export/onnx_embed.h"
#include "nn/activation.h"

/* The values of tensor t of the stage. */
static const double *tensor(const OnnxStage *stage, size_t t)
{
    return stage->parameters + stage->stage->offsets[t];
}

/* Tensor t, of the stage's width, as a vector. */
static const char *vector(const OnnxStage *stage, size_t t)
{
    return onnx_vector(stage->graph, stage->stage->inputs, tensor(stage, t));
}

static const char *setting_activation(const OnnxStage *stage, const char *x)
{
    OnnxActivation *write = onnx_activation_find(activation_at_f64(stage->stage->activation)->name);
    return write != NULL ? write(stage->graph, x) : "";
}

const char *onnx_columns(OnnxGraph *graph, const char *x, size_t begin, size_t end)
{
    return ONNX(graph, "Slice", x, onnx_integers(graph, 1, &(int64_t){(int64_t)begin}),
                onnx_integers(graph, 1, &(int64_t){(int64_t)end}), onnx_integers(graph, 1, &(int64_t){1}));
}

/* (x - mean) · weight / √(var + ε) + bias; those behind dense layers are folded away before. */
static const char *batch_norm(const OnnxStage *stage, const char *x)
{
    enum { WEIGHT, BIAS, MEAN, VARIANCE };
    OnnxGraph *graph = stage->graph;
    const double epsilon = stage->stage->settings[stage_setting_find(stage->stage->kind, "epsilon")];
    double *factor = onnx_allocate(graph, stage->stage->inputs, sizeof *factor);
    for (size_t j = 0; j < stage->stage->inputs && factor != NULL; j++)
        factor[j] = tensor(stage, WEIGHT)[j] / sqrt(tensor(stage, VARIANCE)[j] + epsilon);
    if (factor == NULL)
        return "";
    const char *centred = ONNX(graph, "Sub", x, vector(stage, MEAN));
    const char *scaled = ONNX(graph, "Mul", centred, onnx_vector(graph, stage->stage->inputs, factor));
    return ONNX(graph, "Add", scaled, vector(stage, BIAS));
}

/* Means over the columns, whose axis is an attribute up to opset 17. */
static const char *mean(OnnxGraph *graph, const char *x)
{
    if (graph->opset >= 18)
        return ONNX(graph, "ReduceMean", x, onnx_integers(graph, 1, &(int64_t){1}));
    const char *result = ONNX(graph, "ReduceMean", x);
    onnx_set_integers(graph, "axes", 1, &(int64_t){1});
    return result;
}

static const char *layer_norm(const OnnxStage *stage, const char *x)
{
    enum { WEIGHT, BIAS };
    OnnxGraph *graph = stage->graph;
    const double epsilon = stage->stage->settings[stage_setting_find(stage->stage->kind, "epsilon")];
    const char *centred = ONNX(graph, "Sub", x, mean(graph, x));
    const char *variance = mean(graph, ONNX(graph, "Mul", centred, centred));
    const char *deviation = ONNX(graph, "Sqrt", ONNX(graph, "Add", variance, onnx_number(graph, epsilon)));
    const char *normal = ONNX(graph, "Mul", ONNX(graph, "Div", centred, deviation), vector(stage, WEIGHT));
    return ONNX(graph, "Add", normal, vector(stage, BIAS));
}

static const char *feature_scale(const OnnxStage *stage, const char *x)
{
    return ONNX(stage->graph, "Mul", x, vector(stage, 0));
}

static const char *smooth_clip(const OnnxStage *stage, const char *x)
{
    OnnxGraph *graph = stage->graph;
    const double limit = stage->stage->settings[stage_setting_find(stage->stage->kind, "limit")];
    const char *part = ONNX(graph, "Div", x, onnx_number(graph, limit));
    const char *spread = ONNX(graph, "Add", onnx_number(graph, 1), ONNX(graph, "Mul", part, part));
    return ONNX(graph, "Div", x, ONNX(graph, "Sqrt", spread));
}

static const char *residual(const OnnxStage *stage, const char *x)
{
    return ONNX(stage->graph, "Add", x, stage->linked);
}

static const char *prelu(const OnnxStage *stage, const char *x)
{
    OnnxGraph *graph = stage->graph;
    const char *positive = ONNX(graph, "Less", onnx_number(graph, 0), x);
    return ONNX(graph, "Where", positive, x, ONNX(graph, "Mul", x, vector(stage, 0)));
}

static const char *mix(const OnnxStage *stage, const char *x)
{
    OnnxGraph *graph = stage->graph;
    const char *difference = ONNX(graph, "Sub", setting_activation(stage, x), x);
    return ONNX(graph, "Add", x, ONNX(graph, "Mul", difference, vector(stage, 0)));
}

static const char *glu(const OnnxStage *stage, const char *x)
{
    const size_t width = stage->stage->outputs;
    const char *a = onnx_columns(stage->graph, x, 0, width), *b = onnx_columns(stage->graph, x, width, 2 * width);
    return ONNX(stage->graph, "Mul", a, setting_activation(stage, b));
}

static const struct {
    const char *name;
    OnnxStageWrite *write;
} rows[] = {
    {"batch-norm", batch_norm},
    {"layer-norm", layer_norm},
    {"feature-scale", feature_scale},
    {"smooth-clip", smooth_clip},
    {"residual", residual},
    {"prelu", prelu},
    {"mix", mix},
    {"glu", glu},
    {"one-hot", onnx_one_hot},
    {"table", onnx_table},
    {"piecewise-linear", onnx_piecewise_linear},
    {"periodic", onnx_periodic},
    {"quantile-normal", onnx_quantile_normal},
};

OnnxStageWrite *onnx_stage_find(const StageKind *kind)
{
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++)
        if (strcmp(rows[r].name, kind->name) == 0)
            return rows[r].write;
    return NULL;
}
