/* Operators that move elements, and tables of texts. */
#include <string.h>

#include "export/onnx_run.h"

/* Copies an element, number or text. */
static void copy_element(const OnnxValue *from, size_t i, OnnxValue *to, size_t k)
{
    if (from->texts != NULL)
        to->texts[k] = from->texts[i];
    else
        to->values[k] = from->values[i];
}

/* Elements before, along and behind an axis. */
typedef struct Cut {
    size_t before, along, behind;
} Cut;

static Cut cut_at(const OnnxValue *x, size_t axis)
{
    Cut cut = {1, (size_t)x->shape[axis], 1};
    for (size_t d = 0; d < axis; d++)
        cut.before *= (size_t)x->shape[d];
    for (size_t d = axis + 1; d < x->rank; d++)
        cut.behind *= (size_t)x->shape[d];
    return cut;
}

static bool are_integers(const OnnxValue *x)
{
    return x->type == ONNX_INT64 || x->type == ONNX_INT32;
}

static percept_status compute_gather(OnnxCall *call)
{
    const OnnxValue *x = call->inputs[0], *indices = call->inputs[1];
    const size_t axis = onnx_axis(onnx_attribute_integer(call->node, "axis", 0), x->rank);
    int64_t shape[ONNX_RANK];
    size_t rank = 0;
    if (axis >= x->rank || x->rank + indices->rank > ONNX_RANK + 1 || indices->values == NULL)
        return onnx_call_refuse(call, "its axis is out of range");
    for (size_t d = 0; d < axis; d++)
        shape[rank++] = x->shape[d];
    for (size_t d = 0; d < indices->rank; d++)
        shape[rank++] = indices->shape[d];
    for (size_t d = axis + 1; d < x->rank; d++)
        shape[rank++] = x->shape[d];
    const Cut cut = cut_at(x, axis);
    percept_status status = onnx_call_output(call, x->type, rank, shape);
    for (size_t k = 0; k < call->output->count && status == PERCEPT_OK; k++) {
        const size_t behind = k % cut.behind, place = k / cut.behind % indices->count;
        const double index = indices->values[place] + (indices->values[place] < 0 ? (double)cut.along : 0);
        if (!(index >= 0 && index < (double)cut.along))
            return onnx_call_refuse(call, "an index is out of range");
        copy_element(x, (k / cut.behind / indices->count * cut.along + (size_t)index) * cut.behind + behind,
                     call->output, k);
    }
    return status;
}

/* One axis, in steps of 1. */
static percept_status compute_slice(OnnxCall *call)
{
    const OnnxValue *x = call->inputs[0], *axes = call->input_count > 3 ? call->inputs[3] : NULL;
    if (call->inputs[1]->count != 1 || call->inputs[2]->count != 1 || axes == NULL || axes->count != 1 ||
        call->input_count > 4)
        return onnx_call_refuse(call, "it cuts more than one axis");
    if (!are_integers(call->inputs[1]) || !are_integers(call->inputs[2]) || !are_integers(axes))
        return onnx_call_refuse(call, "its range is not in integers");
    const size_t axis = onnx_axis((int64_t)axes->values[0], x->rank);
    if (axis >= x->rank)
        return onnx_call_refuse(call, "its axis is out of range");
    const Cut cut = cut_at(x, axis);
    const double begin = call->inputs[1]->values[0], end = call->inputs[2]->values[0];
    if (begin < 0 || end < begin || end > (double)cut.along)
        return onnx_call_refuse(call, "its range is not within the axis");
    int64_t shape[ONNX_RANK];
    for (size_t d = 0; d < x->rank; d++)
        shape[d] = d == axis ? (int64_t)(end - begin) : x->shape[d];
    percept_status status = onnx_call_output(call, x->type, x->rank, shape);
    const size_t count = (size_t)(end - begin) * cut.behind;
    for (size_t k = 0; k < call->output->count && status == PERCEPT_OK; k++)
        copy_element(x, k / count * cut.along * cut.behind + (size_t)begin * cut.behind + k % count, call->output, k);
    return status;
}

static percept_status compute_concat(OnnxCall *call)
{
    const OnnxValue *first = call->inputs[0];
    const size_t axis = onnx_axis(onnx_attribute_integer(call->node, "axis", 0), first->rank);
    int64_t shape[ONNX_RANK];
    if (axis >= first->rank)
        return onnx_call_refuse(call, "its axis is out of range");
    for (size_t d = 0; d < first->rank; d++)
        shape[d] = first->shape[d];
    for (size_t i = 1; i < call->input_count; i++) {
        const OnnxValue *x = call->inputs[i];
        bool alike = x != NULL && x->rank == first->rank && x->type == first->type;
        for (size_t d = 0; d < first->rank && alike; d++)
            alike = d == axis || x->shape[d] == first->shape[d];
        if (!alike)
            return onnx_call_refuse(call, "its inputs are not alike");
        shape[axis] += call->inputs[i]->shape[axis];
    }
    percept_status status = onnx_call_output(call, first->type, first->rank, shape);
    size_t offset = 0;
    const size_t whole = (size_t)shape[axis];
    for (size_t i = 0; i < call->input_count && status == PERCEPT_OK; i++) {
        const OnnxValue *x = call->inputs[i];
        const Cut cut = cut_at(x, axis);
        for (size_t k = 0; k < x->count; k++) {
            const size_t row = k / (cut.along * cut.behind), rest = k % (cut.along * cut.behind);
            copy_element(x, k, call->output, row * whole * cut.behind + offset * cut.behind + rest);
        }
        offset += cut.along;
    }
    return status;
}

/* 0 keeps a dimension, -1 takes what is left. */
static percept_status compute_reshape(OnnxCall *call)
{
    const OnnxValue *x = call->inputs[0], *wanted = call->inputs[1];
    int64_t shape[ONNX_RANK], known = 1;
    size_t open = ONNX_RANK;
    if (wanted->count > ONNX_RANK || !are_integers(wanted))
        return onnx_call_refuse(call, "it has more than four dimensions");
    for (size_t d = 0; d < wanted->count; d++) {
        shape[d] = (int64_t)wanted->values[d];
        if (d < x->rank && shape[d] == 0)
            shape[d] = x->shape[d];
        if (shape[d] < 0)
            open = d;
        else if (__builtin_mul_overflow(known, shape[d], &known))
            return onnx_call_refuse(call, "shapes do not fit");
    }
    if (open < ONNX_RANK)
        shape[open] = known > 0 ? (int64_t)x->count / known : 0;
    percept_status status = onnx_call_output(call, x->type, wanted->count, shape);
    if (status == PERCEPT_OK && call->output->count != x->count)
        status = onnx_call_refuse(call, "shapes do not fit");
    for (size_t k = 0; k < x->count && status == PERCEPT_OK; k++)
        copy_element(x, k, call->output, k);
    return status;
}

/* Everything behind the axis becomes one dimension. */
static percept_status compute_flatten(OnnxCall *call)
{
    const OnnxValue *x = call->inputs[0];
    const size_t axis = onnx_axis(onnx_attribute_integer(call->node, "axis", 1), x->rank);
    size_t before = 1;
    if (axis > x->rank)
        return onnx_call_refuse(call, "its axis is out of range");
    for (size_t d = 0; d < axis; d++)
        before *= (size_t)x->shape[d];
    const size_t behind = before > 0 ? x->count / before : 0;
    percept_status status = onnx_call_output(call, x->type, 2, (int64_t[]){(int64_t)before, (int64_t)behind});
    for (size_t k = 0; k < x->count && status == PERCEPT_OK; k++)
        copy_element(x, k, call->output, k);
    return status;
}

static percept_status compute_transpose(OnnxCall *call)
{
    const OnnxValue *x = call->inputs[0];
    const OnnxAttribute *order = onnx_find_attribute(call->node, "perm");
    int64_t shape[ONNX_RANK];
    size_t step[ONNX_RANK], own[ONNX_RANK];
    bool taken[ONNX_RANK] = {false};
    if (order != NULL && (order->integers == NULL || order->count != x->rank))
        return onnx_call_refuse(call, "shapes do not fit");
    for (size_t d = x->rank, size = 1; d-- > 0; size *= (size_t)x->shape[d])
        own[d] = size;
    for (size_t d = 0; d < x->rank; d++) {
        const size_t from = order != NULL ? onnx_axis(order->integers[d], x->rank) : x->rank - 1 - d;
        if (from >= x->rank || taken[from])
            return onnx_call_refuse(call, "its axis is out of range");
        taken[from] = true;
        shape[d] = x->shape[from];
        step[d] = own[from];
    }
    percept_status status = onnx_call_output(call, x->type, x->rank, shape);
    for (size_t k = 0; k < x->count && status == PERCEPT_OK; k++) {
        size_t place = 0, rest = k;
        for (size_t d = x->rank; d-- > 0; rest /= (size_t)shape[d])
            place += rest % (size_t)shape[d] * step[d];
        copy_element(x, place, call->output, k);
    }
    return status;
}

static percept_status compute_shape(OnnxCall *call)
{
    const OnnxValue *x = call->inputs[0];
    percept_status status = onnx_call_output(call, ONNX_INT64, 1, (int64_t[]){(int64_t)x->rank});
    if (onnx_find_attribute(call->node, "start") != NULL || onnx_find_attribute(call->node, "end") != NULL)
        return onnx_call_refuse(call, "it takes a part of the shape");
    for (size_t d = 0; d < x->rank && status == PERCEPT_OK; d++)
        call->output->values[d] = (double)x->shape[d];
    return status;
}

/* Puts in dimensions of 1, which `axes` (an attribute before opset 13) places in the result. */
static percept_status compute_unsqueeze(OnnxCall *call)
{
    const OnnxValue *x = call->inputs[0], *given = call->input_count > 1 ? call->inputs[1] : NULL;
    const OnnxAttribute *axes = onnx_find_attribute(call->node, "axes");
    const size_t count = given != NULL ? given->count : axes != NULL && axes->integers != NULL ? axes->count : 0;
    const size_t rank = x->rank + count;
    int64_t shape[ONNX_RANK] = {0};
    if (count == 0 || rank > ONNX_RANK || (given != NULL && !are_integers(given)))
        return onnx_call_refuse(call, "its axes are not known, or too many");
    for (size_t a = 0; a < count; a++) {
        const size_t axis = onnx_axis(given != NULL ? (int64_t)given->values[a] : axes->integers[a], rank);
        if (axis >= rank || shape[axis] != 0)
            return onnx_call_refuse(call, "its axis is out of range");
        shape[axis] = -1;
    }
    for (size_t d = 0, own = 0; d < rank; d++)
        shape[d] = shape[d] == -1 ? 1 : x->shape[own++];
    percept_status status = onnx_call_output(call, x->type, rank, shape);
    for (size_t k = 0; k < x->count && status == PERCEPT_OK; k++)
        copy_element(x, k, call->output, k);
    return status;
}

/* Texts to numbers. */
static percept_status compute_encoder(OnnxCall *call)
{
    const OnnxValue *x = call->inputs[0];
    const OnnxAttribute *keys = onnx_find_attribute(call->node, "keys_strings");
    const OnnxAttribute *values = onnx_find_attribute(call->node, "values_floats");
    const OnnxAttribute *otherwise = onnx_find_attribute(call->node, "default_float");
    if (x->texts == NULL || keys == NULL || keys->texts == NULL || values == NULL || values->numbers == NULL ||
        keys->count != values->count)
        return onnx_call_refuse(call, "it does not map texts to numbers");
    percept_status status = onnx_call_output(call, ONNX_FLOAT, x->rank, x->shape);
    for (size_t i = 0; i < x->count && status == PERCEPT_OK; i++) {
        call->output->values[i] = otherwise != NULL && otherwise->numbers != NULL ? otherwise->numbers[0] : 0;
        for (size_t k = 0; k < keys->count; k++)
            if (strcmp(keys->texts[k], x->texts[i]) == 0) {
                call->output->values[i] = values->numbers[k];
                break;
            }
    }
    return status;
}

const OnnxOperator onnx_shape_operators[] = {
    {"Gather", 2, 2, compute_gather},        {"Slice", 3, 5, compute_slice},
    {"Concat", 1, SIZE_MAX, compute_concat}, {"Reshape", 2, 2, compute_reshape},
    {"Flatten", 1, 1, compute_flatten},      {"Transpose", 1, 1, compute_transpose},
    {"LabelEncoder", 1, 1, compute_encoder}, {"Shape", 1, 1, compute_shape},
    {"Unsqueeze", 1, 2, compute_unsqueeze},  {NULL, 0, 0, NULL},
};
