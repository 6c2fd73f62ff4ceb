/* Operators that sum: products of matrices, softmax, means, the largest element. Sums are taken in float64. */
#include <math.h>

#include "export/onnx_run.h"

/* Y (n × m) = alpha · X · W + beta · C, with either matrix transposed. */
static percept_status compute_gemm(OnnxCall *call)
{
    const OnnxNode *node = call->node;
    const OnnxValue *X = call->inputs[0], *W = call->inputs[1], *C = call->input_count > 2 ? call->inputs[2] : NULL;
    const OnnxAttribute *alpha = onnx_find_attribute(node, "alpha"), *beta = onnx_find_attribute(node, "beta");
    const bool turned = onnx_attribute_integer(node, "transB", 0) != 0;
    if (X->values == NULL || W->values == NULL || (C != NULL && C->values == NULL) || X->rank != 2 || W->rank != 2 ||
        onnx_attribute_integer(node, "transA", 0) != 0)
        return onnx_call_refuse(call, "its inputs are no matrices, or the first is transposed");
    const size_t n = (size_t)X->shape[0], k = (size_t)X->shape[1], m = (size_t)W->shape[turned ? 0 : 1];
    if ((size_t)W->shape[turned ? 1 : 0] != k || (C != NULL && C->count != m && C->count != 1))
        return onnx_call_refuse(call, "shapes do not fit");
    percept_status status = onnx_call_output(call, X->type, 2, (int64_t[]){(int64_t)n, (int64_t)m});
    for (size_t i = 0; i < n && status == PERCEPT_OK; i++)
        for (size_t j = 0; j < m; j++) {
            double sum = 0;
            for (size_t p = 0; p < k; p++)
                sum += X->values[i * k + p] * W->values[turned ? j * k + p : p * m + j];
            sum *= alpha != NULL && alpha->numbers != NULL ? alpha->numbers[0] : 1;
            if (C != NULL)
                sum +=
                    C->values[C->count == 1 ? 0 : j] * (beta != NULL && beta->numbers != NULL ? beta->numbers[0] : 1);
            call->output->values[i * m + j] = sum;
        }
    if (status == PERCEPT_OK)
        onnx_call_round(call);
    return status;
}

/* Matrices in the last two dimensions. The dimensions before them are those of X, and W has the last ones of these. */
static percept_status compute_matmul(OnnxCall *call)
{
    const OnnxValue *X = call->inputs[0], *W = call->inputs[1];
    if (X->values == NULL || W->values == NULL || X->rank < 2 || W->rank < 2 || W->rank > X->rank)
        return onnx_call_refuse(call, "its inputs are no matrices");
    const size_t n = (size_t)X->shape[X->rank - 2], k = (size_t)X->shape[X->rank - 1];
    const size_t m = (size_t)W->shape[W->rank - 1], of_W = k * m > 0 ? W->count / (k * m) : 0;
    int64_t shape[ONNX_RANK] = {0};
    bool fits = (size_t)W->shape[W->rank - 2] == k;
    for (size_t d = 0; d + 2 < X->rank; d++) {
        shape[d] = X->shape[d];
        fits = fits && (d + W->rank < X->rank || W->shape[d + W->rank - X->rank] == X->shape[d]);
    }
    if (!fits || of_W == 0)
        return onnx_call_refuse(call, "shapes do not fit");
    shape[X->rank - 2] = (int64_t)n;
    shape[X->rank - 1] = (int64_t)m;
    percept_status status = onnx_call_output(call, X->type, X->rank, shape);
    for (size_t i = 0; i < X->count / k && status == PERCEPT_OK; i++)
        for (size_t j = 0; j < m; j++) {
            const double *x = X->values + i * k, *w = W->values + i / n % of_W * k * m + j;
            double sum = 0;
            for (size_t p = 0; p < k; p++)
                sum += x[p] * w[p * m];
            call->output->values[i * m + j] = sum;
        }
    if (status == PERCEPT_OK)
        onnx_call_round(call);
    return status;
}

/* ---- Along the last axis ------------------------------------------------------------------------------------------ */

static bool is_last(const OnnxValue *x, int64_t axis)
{
    return x->values != NULL && x->rank > 0 && onnx_axis(axis, x->rank) == x->rank - 1;
}

/* The logarithm of a sum of exponentials is taken relative to the largest. */
static void softmax_row(const double *x, size_t width, bool logarithm, double *y)
{
    double largest = -INFINITY, sum = 0;
    for (size_t j = 0; j < width; j++)
        largest = isnan(x[j]) || x[j] > largest ? x[j] : largest;
    for (size_t j = 0; j < width; j++)
        sum += exp(x[j] - largest);
    for (size_t j = 0; j < width; j++)
        y[j] = logarithm ? x[j] - largest - log(sum) : exp(x[j] - largest) / sum;
}

static percept_status compute_softmax(OnnxCall *call)
{
    const OnnxValue *x = call->inputs[0];
    if (!is_last(x, onnx_attribute_integer(call->node, "axis", -1)))
        return onnx_call_refuse(call, "its axis is not the last one");
    const size_t width = (size_t)x->shape[x->rank - 1];
    percept_status status = onnx_call_output(call, x->type, x->rank, x->shape);
    for (size_t i = 0; width > 0 && i < x->count / width && status == PERCEPT_OK; i++)
        softmax_row(x->values + i * width, width, call->node->op[0] == 'L', call->output->values + i * width);
    if (status == PERCEPT_OK)
        onnx_call_round(call);
    return status;
}

static percept_status compute_argmax(OnnxCall *call)
{
    const OnnxValue *x = call->inputs[0];
    const bool last = onnx_attribute_integer(call->node, "select_last_index", 0) != 0;
    const bool keep = onnx_attribute_integer(call->node, "keepdims", 1) != 0;
    if (!is_last(x, onnx_attribute_integer(call->node, "axis", 0)))
        return onnx_call_refuse(call, "its axis is not the last one");
    const size_t width = (size_t)x->shape[x->rank - 1];
    int64_t shape[ONNX_RANK];
    for (size_t d = 0; d < x->rank; d++)
        shape[d] = d + 1 < x->rank ? x->shape[d] : 1;
    percept_status status = onnx_call_output(call, ONNX_INT64, keep ? x->rank : x->rank - 1, shape);
    for (size_t i = 0; i < call->output->count && status == PERCEPT_OK; i++) {
        const double *row = x->values + i * width;
        size_t best = 0;
        for (size_t j = 1; j < width; j++)
            best = row[j] > row[best] || (last && row[j] == row[best]) ? j : best;
        call->output->values[i] = (double)best;
    }
    return status;
}

/* Means, whose axis is an attribute up to opset 17 and an input since 18. */
static percept_status compute_mean(OnnxCall *call)
{
    const OnnxValue *x = call->inputs[0];
    const OnnxAttribute *axes = onnx_find_attribute(call->node, "axes");
    const bool given = call->input_count > 1 && call->inputs[1] != NULL && call->inputs[1]->type == ONNX_INT64 &&
                       call->inputs[1]->count == 1;
    const int64_t axis = given                                    ? (int64_t)call->inputs[1]->values[0]
                         : axes != NULL && axes->integers != NULL ? axes->integers[0]
                                                                  : 0;
    if (!is_last(x, axis) || onnx_attribute_integer(call->node, "keepdims", 1) == 0)
        return onnx_call_refuse(call, "its axis is not the last one, which is kept");
    const size_t width = (size_t)x->shape[x->rank - 1];
    int64_t shape[ONNX_RANK];
    for (size_t d = 0; d < x->rank; d++)
        shape[d] = d + 1 < x->rank ? x->shape[d] : 1;
    percept_status status = onnx_call_output(call, x->type, x->rank, shape);
    for (size_t i = 0; i < call->output->count && status == PERCEPT_OK; i++) {
        double sum = 0;
        for (size_t j = 0; j < width; j++)
            sum += x->values[i * width + j];
        call->output->values[i] = sum / (double)width;
    }
    if (status == PERCEPT_OK)
        onnx_call_round(call);
    return status;
}

const OnnxOperator onnx_product_operators[] = {
    {"Gemm", 2, 3, compute_gemm},
    {"MatMul", 2, 2, compute_matmul},
    {"Softmax", 1, 1, compute_softmax},
    {"LogSoftmax", 1, 1, compute_softmax},
    {"ArgMax", 1, 1, compute_argmax},
    {"ReduceMean", 1, 2, compute_mean},
    {NULL, 0, 0, NULL},
};
