/* From the network's outputs to the answers: label and probabilities, or targets. */
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "export/onnx_build.h"
#include "export/onnx_interpolate.h"

/* Whether all classes are named by integers in their usual form; they go to `integers`. */
static bool are_integers(const percept_model *model, int64_t *integers)
{
    for (size_t k = 0; k < model->class_count; k++) {
        char usual[32];
        if (integer_parse(model->class_names[k], &integers[k]) != INTEGER_OK)
            return false;
        snprintf(usual, sizeof usual, "%lld", (long long)integers[k]);
        if (strcmp(usual, model->class_names[k]) != 0)
            return false;
    }
    return true;
}

/* What the class with the largest score is taken from: the probabilities, or with a threshold of its own (threshold, p). */
static const char *scores_of(OnnxGraph *graph, const percept_model *model, const char *probabilities)
{
    const double second[] = {0, 1}, first[] = {model->threshold, 0};
    if (!(model->threshold > 0))
        return probabilities;
    const char *alone = ONNX(graph, "Mul", probabilities, onnx_vector(graph, 2, second));
    return ONNX(graph, "Add", alone, onnx_vector(graph, 2, first));
}

/* The name of the most probable class. Of equal ones it is the first, but with one output or a threshold the second. */
static void label(OnnxGraph *graph, const percept_model *model, const char *probabilities)
{
    int64_t *integers = onnx_allocate(graph, model->class_count, sizeof *integers);
    bool in_order = true;
    if (integers == NULL)
        return;
    const bool whole = are_integers(model, integers);
    const char *place = ONNX(graph, "ArgMax", scores_of(graph, model, probabilities));
    onnx_set_integer(graph, "axis", 1);
    onnx_set_integer(graph, "keepdims", 0);
    if (network_outputs(&model->network) == 1 || model->threshold > 0)
        onnx_set_integer(graph, "select_last_index", 1);
    for (size_t k = 0; k < model->class_count; k++)
        in_order = in_order && integers[k] == (int64_t)k;
    if (!whole)
        (void)ONNX(graph, "Gather", onnx_texts(graph, model->class_count, (const char *const *)model->class_names),
                   place);
    else if (!in_order)
        (void)ONNX(graph, "Gather", onnx_integers(graph, model->class_count, integers), place);
    if (!whole || !in_order)
        onnx_set_integer(graph, "axis", 0);
    onnx_named(graph, ONNX_LABEL);
    onnx_output(graph, ONNX_LABEL, whole ? ONNX_INT64 : ONNX_STRING, 0);
}

/* t of z (data/target_transform.h) */
static const char *turn_back(OnnxGraph *graph, const TargetTransform *transform, const char *z)
{
    switch (transform->kind) {
    case TARGET_LOG:
        return ONNX(graph, "Exp", z);
    case TARGET_LOG1P:
        return ONNX(graph, "Sub", ONNX(graph, "Exp", z), onnx_number(graph, 1));
    case TARGET_QUANTILE:
        return onnx_interpolate(graph, z, transform->width, transform->knots, transform->normals, transform->values);
    default:
        return z;
    }
}

/* y = output · deviation + mean, turned back */
static const char *restore_units(OnnxGraph *graph, const Scaler *scaler, const char *outputs)
{
    if (scaler->mean == NULL && scaler->transform.kind == TARGET_AS_IT_IS)
        return ONNX(graph, "Identity", outputs);
    if (scaler->mean == NULL)
        return turn_back(graph, &scaler->transform, outputs);
    const char *scaled = ONNX(graph, "Mul", outputs, onnx_vector(graph, scaler->width, scaler->deviation));
    return turn_back(graph, &scaler->transform,
                     ONNX(graph, "Add", scaled, onnx_vector(graph, scaler->width, scaler->mean)));
}

/* Intervals contain what is predicted: low = min(low, mean), high = max(high, mean). */
static const char *order_intervals(OnnxGraph *graph, size_t width, const char *targets)
{
    int64_t *means = onnx_allocate(graph, width, sizeof *means);
    double *ends = onnx_allocate(graph, width, sizeof *ends); /* 0, -1, 1 */
    if (means == NULL || ends == NULL)
        return "";
    for (size_t j = 0; j < width; j++) {
        means[j] = (int64_t)(j - j % 3);
        ends[j] = j % 3 == 1 ? -1 : j % 3 == 2 ? 1 : 0;
    }
    const char *end = onnx_vector(graph, width, ends), *zero = onnx_number(graph, 0);
    const char *mean = ONNX(graph, "Gather", targets, onnx_integers(graph, width, means));
    onnx_set_integer(graph, "axis", 1);
    const char *low = ONNX(graph, "Min", targets, mean), *high = ONNX(graph, "Max", targets, mean);
    const char *with_low = ONNX(graph, "Where", ONNX(graph, "Less", end, zero), low, targets);
    return ONNX(graph, "Where", ONNX(graph, "Less", zero, end), high, with_low);
}

void onnx_answers(OnnxGraph *graph, const percept_model *model, const char *outputs)
{
    const size_t width = network_outputs(&model->network);
    if (model->class_count == 0) {
        const char *targets = restore_units(graph, &model->target_scaler, outputs);
        if (model->network.intervals > 0)
            (void)order_intervals(graph, width, targets);
        onnx_output(graph, onnx_named(graph, ONNX_TARGETS), graph->real, (int64_t)width);
        return;
    }
    if (model->class_count == 2 && width == 1 && !onnx_is_odds(model)) {
        (void)ONNX(graph, "Concat", ONNX(graph, "Sub", onnx_number(graph, 1), outputs), outputs);
        onnx_set_integer(graph, "axis", 1);
    } else {
        (void)ONNX(graph, "Identity", outputs);
    }
    const char *probabilities = onnx_named(graph, ONNX_PROBABILITIES);
    label(graph, model, probabilities);
    onnx_output(graph, ONNX_PROBABILITIES, graph->real, (int64_t)model->class_count);
}
