#include "engine/cpu/output.h"

#include <string.h>

#include "engine/cpu/exponential.h"
#include "nn/activation.h"
#include "nn/loss.h"

typedef int32_t Labels __attribute__((vector_size(LANES * sizeof(int32_t))));

/* One vector of examples: its column in the block, and their labels as wide as reals. */
typedef struct Column {
    const OutputBlock *block;
    real *A;
    VectorBits labels;
    Vector factors;
} Column;

static inline Vector unit(const Column *column, size_t j)
{
    return vector_load(column->A + j * column->block->stride);
}

static inline void set_unit(const Column *column, size_t j, Vector v)
{
    vector_store(column->A + j * column->block->stride, v);
}

/* Where the label of an example is k. */
static inline VectorBits labelled(const Column *column, size_t k)
{
    return column->labels == (VectorBits){0} + (RealBits)k;
}

/* What the output should be where `mask` is set, and elsewhere (nn/loss.h). */
static inline Vector target(const Column *column, VectorBits mask)
{
    const size_t width = column->block->width;
    const real smoothing = column->block->smoothing, other = smoothing / (real)(width > 1 ? width : 2);
    return vector_choose(mask, vector_fill(1 - smoothing + other), vector_fill(other));
}

/* ---- Softmax with cross-entropy ---------------------------------------------------------------------------------- */

/* In place of z: a_j = e^(s_j) / Σ_k e^(s_k), s = z - max z. Returns the losses
 *   Σ_j t_j (log Σ_k e^(s_k) - s_j) = log Σ_k e^(s_k) - (1 - smoothing) s_label - smoothing / width · Σ_j s_j */
static inline Vector softmax_column(const Column *column)
{
    const OutputBlock *block = column->block;
    Vector largest = unit(column, 0), sum = {0}, of_label = {0}, total = {0};
    for (size_t j = 1; j < block->width; j++) {
        const Vector z = unit(column, j);
        largest = vector_choose(z > largest, z, largest);
    }
    for (size_t j = 0; j < block->width; j++) {
        const Vector s = unit(column, j) - largest, e = exponential(s);
        of_label = vector_choose(labelled(column, j), s, of_label);
        total += s;
        sum += e;
        set_unit(column, j, e);
    }
    const Vector inverse = 1 / sum;
    for (size_t j = 0; j < block->width; j++)
        set_unit(column, j, unit(column, j) * inverse);
    if (block->smoothing == 0)
        return logarithm(sum) - of_label;
    return logarithm(sum) - (1 - block->smoothing) * of_label - block->smoothing / (real)block->width * total;
}

/* dL/dz_j = a_j - t_j */
static inline void softmax_delta(const Column *column, real *delta)
{
    for (size_t j = 0; j < column->block->width; j++) {
        const Vector t = target(column, labelled(column, j));
        vector_store(delta + j * column->block->stride, column->factors * (unit(column, j) - t));
    }
}

/* Where the largest output, the first of equals, is the label's, and no output is NaN. */
static inline VectorBits largest_is_right(const Column *column)
{
    Vector best = unit(column, 0);
    /* A NaN is not equal to itself. */
    VectorBits right = labelled(column, 0), numbers = best == best; /* NOLINT(misc-redundant-expression): as said */
    for (size_t j = 1; j < column->block->width; j++) {
        const Vector a = unit(column, j);
        const VectorBits better = a > best;
        best = vector_choose(better, a, best);
        right = (better & labelled(column, j)) | (~better & right);
        numbers &= a == a; /* NOLINT(misc-redundant-expression): as said */
    }
    return right & numbers;
}

/* ---- Sigmoid with binary cross-entropy --------------------------------------------------------------------------- */

/* In place of z: a = 1 / (1 + e^-z), with e^-|z|, which never overflows. Returns the losses
 *   1/k Σ_j (max(z_j, 0) - z_j t_j + log(1 + e^-|z_j|)) */
static inline Vector sigmoid_column(const Column *column)
{
    const size_t width = column->block->width;
    Vector sum = {0};
    for (size_t j = 0; j < width; j++) {
        const Vector z = unit(column, j), e = exponential(-vector_absolute(z));
        const Vector t = target(column, labelled(column, width == 1 ? 1 : j));
        const VectorBits positive = z >= 0;
        sum += (Vector)((VectorBits)z & positive) - z * t + logarithm_of_one_plus(e);
        set_unit(column, j, vector_choose(positive, vector_fill(1), e) / (1 + e));
    }
    return sum / (real)width;
}

/* dL/dz_j = (a_j - t_j) / k */
static inline void sigmoid_delta(const Column *column, real *delta)
{
    const size_t width = column->block->width;
    const Vector factors = column->factors / (real)width;
    for (size_t j = 0; j < width; j++) {
        const Vector t = target(column, labelled(column, width == 1 ? 1 : j));
        vector_store(delta + j * column->block->stride, factors * (unit(column, j) - t));
    }
}

static inline VectorBits half_is_right(const Column *column)
{
    const Vector a = unit(column, 0);
    return ((a >= (real)0.5) & labelled(column, 1)) | ((a < (real)0.5) & labelled(column, 0));
}

/* ------------------------------------------------------------------------------------------------------------------ */

static inline size_t count_set(VectorBits mask, size_t lanes)
{
    size_t count = 0;
    for (size_t lane = 0; lane < LANES && lane < lanes; lane++)
        count += mask[lane] != 0;
    return count;
}

/* All vectors of examples; `softmax` is a constant where it is used. */
static inline __attribute__((always_inline)) void output(OutputBlock *block, bool softmax)
{
    block->correct = 0;
    for (size_t i = 0; i < block->count; i += LANES) {
        Labels labels = {0};
        Column column = {.block = block, .A = block->A + i};
        if (block->labels != NULL)
            memcpy(&labels, block->labels + i, sizeof labels);
        column.labels = __builtin_convertvector(labels, VectorBits);
        const Vector losses = softmax ? softmax_column(&column) : sigmoid_column(&column);
        if (block->labels == NULL)
            continue;
        vector_store(block->losses + i, losses);
        const VectorBits right = softmax || block->width > 1 ? largest_is_right(&column) : half_is_right(&column);
        block->correct += count_set(right, block->count - i);
        if (block->delta == NULL)
            continue;
        column.factors = vector_load(block->factors + i);
        if (softmax)
            softmax_delta(&column, block->delta + i);
        else
            sigmoid_delta(&column, block->delta + i);
    }
}

static void softmax_output(OutputBlock *block)
{
    output(block, true);
}

static void sigmoid_output(OutputBlock *block)
{
    output(block, false);
}

OutputFunction *ISA(output_function)(const Network *network)
{
    static const struct {
        const char *activation, *loss;
        OutputFunction *function;
    } own[] = {
        {"softmax", "cross-entropy", softmax_output},
        {"sigmoid", "binary-cross-entropy", sigmoid_output},
    };
    const char *activation = REAL(activation_at)(network->layers[network->depth - 1].activation)->name;
    const char *loss = REAL(loss_at)(network->loss)->name;
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
        if (strcmp(own[i].activation, activation) == 0 && strcmp(own[i].loss, loss) == 0)
            return own[i].function;
    return NULL;
}
