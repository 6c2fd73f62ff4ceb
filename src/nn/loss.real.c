#include <math.h>
#include <stdbool.h>

#include "base/real.h"
#include "nn/loss.h"
#include "nn/special.h"

/* The targets that a label gives to its own output and to the others; with a single output, for labels 1 and 0. */
typedef struct Marks {
    real_scalar own, other;
} Marks;

static Marks marks_of(REAL(Answers) answers, size_t width)
{
    const real_scalar smoothing = (real_scalar)answers.smoothing;
    const real_scalar other = smoothing / (real_scalar)(width > 1 ? width : 2);
    return (Marks){1 - smoothing + other, other};
}

/* Target of output j of example i: the given number, or that of its label. */
static real target(REAL(Answers) answers, Marks marks, size_t i, size_t j, size_t width)
{
    if (answers.targets != NULL)
        return answers.targets[i * width + j];
    return answers.labels[i] == (width == 1 ? 1 : (int32_t)j) ? marks.own : marks.other;
}

/* The factor of output j's loss in the sum. */
static real_scalar unit_of(REAL(Answers) answers, size_t j)
{
    return answers.units != NULL ? (real_scalar)answers.units[j] : 1;
}

/* L = 1/k Σ_j (a_j - t_j)² */
static void squared_forward(size_t rows, size_t width, const real *Z, const real *A, REAL(Answers) answers,
                            real *losses)
{
    (void)Z;
    const Marks marks = marks_of(answers, width);
    for (size_t i = 0; i < rows; i++) {
        real sum = 0;
        for (size_t j = 0; j < width; j++) {
            real difference = A[i * width + j] - target(answers, marks, i, j, width);
            sum += difference * difference * unit_of(answers, j);
        }
        losses[i] = sum / (real_scalar)width;
    }
}

/* dL/da_j = 2/k (a_j - t_j) */
static void squared_backward(size_t rows, size_t width, const real *Z, const real *A, REAL(Answers) answers,
                             real *delta)
{
    (void)Z;
    const Marks marks = marks_of(answers, width);
    const real_scalar factor = 2 / (real_scalar)width;
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < width; j++)
            delta[i * width + j] = factor * (A[i * width + j] - target(answers, marks, i, j, width));
}

/* L = 1/k Σ_j |a_j - t_j| */
static void absolute_forward(size_t rows, size_t width, const real *Z, const real *A, REAL(Answers) answers,
                             real *losses)
{
    (void)Z;
    const Marks marks = marks_of(answers, width);
    for (size_t i = 0; i < rows; i++) {
        real sum = 0;
        for (size_t j = 0; j < width; j++) {
            const real difference = A[i * width + j] - target(answers, marks, i, j, width);
            sum += (real_part(difference) < 0 ? -difference : difference) * unit_of(answers, j);
        }
        losses[i] = sum / (real_scalar)width;
    }
}

/* dL/da_j = 1/k sign(a_j - t_j), 0 if they are equal, NaN if one is NaN */
static void absolute_backward(size_t rows, size_t width, const real *Z, const real *A, REAL(Answers) answers,
                              real *delta)
{
    (void)Z;
    const Marks marks = marks_of(answers, width);
    const real_scalar part = 1 / (real_scalar)width;
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < width; j++) {
            const real_scalar difference = real_part(A[i * width + j] - target(answers, marks, i, j, width));
            delta[i * width + j] = difference > 0 ? part : difference < 0 ? -part : isnan(difference) ? NAN : 0;
        }
}

/* L = 1/k Σ_j h(a_j - t_j), h(d) = d²/2 for |d| ≤ 1, else |d| - 1/2 (P. J. Huber, 1964) */
static void huber_forward(size_t rows, size_t width, const real *Z, const real *A, REAL(Answers) answers, real *losses)
{
    (void)Z;
    const Marks marks = marks_of(answers, width);
    for (size_t i = 0; i < rows; i++) {
        real sum = 0;
        for (size_t j = 0; j < width; j++) {
            const real difference = A[i * width + j] - target(answers, marks, i, j, width);
            const real size = real_part(difference) < 0 ? -difference : difference;
            sum += (real_part(size) <= 1 ? size * size / 2 : size - (real_scalar)0.5) * unit_of(answers, j);
        }
        losses[i] = sum / (real_scalar)width;
    }
}

/* dL/da_j = 1/k (a_j - t_j), limited to ±1/k */
static void huber_backward(size_t rows, size_t width, const real *Z, const real *A, REAL(Answers) answers, real *delta)
{
    (void)Z;
    const Marks marks = marks_of(answers, width);
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < width; j++) {
            const real difference = A[i * width + j] - target(answers, marks, i, j, width);
            const real cut = real_part(difference) > 1 ? 1 : real_part(difference) < -1 ? -1 : difference;
            delta[i * width + j] = cut / (real_scalar)width;
        }
}

/* NaN: the output is no quantile, but the mean. */
static real_scalar level_of(REAL(Answers) answers, size_t j)
{
    return answers.levels != NULL ? (real_scalar)answers.levels[j % 3] : (real_scalar)0.5;
}

/* L = 1/k Σ_j max(τ_j d, (τ_j - 1) d), d = t_j - a_j (R. Koenker and G. Bassett, 1978); of a mean d² */
static void quantile_forward(size_t rows, size_t width, const real *Z, const real *A, REAL(Answers) answers,
                             real *losses)
{
    (void)Z;
    const Marks marks = marks_of(answers, width);
    for (size_t i = 0; i < rows; i++) {
        real sum = 0;
        for (size_t j = 0; j < width; j++) {
            const real_scalar level = level_of(answers, j);
            const real difference = target(answers, marks, i, j, width) - A[i * width + j];
            const real slope = isnan(level) ? difference : real_part(difference) < 0 ? level - 1 : level;
            sum += slope * difference * unit_of(answers, j);
        }
        losses[i] = sum / (real_scalar)width;
    }
}

/* dL/da_j = 1/k (1 - τ_j) where a_j > t_j, -1/k τ_j where a_j < t_j, 0 if they are equal; of a mean 2/k (a_j - t_j) */
static void quantile_backward(size_t rows, size_t width, const real *Z, const real *A, REAL(Answers) answers,
                              real *delta)
{
    (void)Z;
    const Marks marks = marks_of(answers, width);
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < width; j++) {
            const real_scalar level = level_of(answers, j);
            const real difference = A[i * width + j] - target(answers, marks, i, j, width);
            const real slope = isnan(level) || isnan(real_part(difference)) ? 2 * difference
                               : real_part(difference) > 0                  ? 1 - level
                               : real_part(difference) < 0                  ? -level
                                                                            : 0;
            delta[i * width + j] = slope / (real_scalar)width;
        }
}

/* L = -1/k Σ_j (t_j log a_j + (1 - t_j) log(1 - a_j)) with a = sigmoid(z)
 *   =  1/k Σ_j (max(z_j, 0) - z_j t_j + log(1 + e^-|z_j|)), which never overflows. */
static void binary_forward(size_t rows, size_t width, const real *Z, const real *A, REAL(Answers) answers, real *losses)
{
    (void)A;
    const Marks marks = marks_of(answers, width);
    for (size_t i = 0; i < rows; i++) {
        real sum = 0;
        for (size_t j = 0; j < width; j++) {
            const real z = Z[i * width + j];
            const bool positive = real_part(z) > 0;
            sum += (positive ? z : 0) - z * target(answers, marks, i, j, width) + log_one_plus(exp(positive ? -z : z));
        }
        losses[i] = sum / (real_scalar)width;
    }
}

/* dL/dz_j = 1/k (a_j - t_j) */
static void binary_backward(size_t rows, size_t width, const real *Z, const real *A, REAL(Answers) answers, real *delta)
{
    (void)Z;
    const Marks marks = marks_of(answers, width);
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < width; j++)
            delta[i * width + j] = (A[i * width + j] - target(answers, marks, i, j, width)) / (real_scalar)width;
}

/* L = -Σ_j t_j log a_j with a = softmax(z) = Σ_j t_j (m + log Σ_k e^(z_k - m) - z_j), m = max_k z_k */
static void entropy_forward(size_t rows, size_t width, const real *Z, const real *A, REAL(Answers) answers,
                            real *losses)
{
    (void)A;
    const Marks marks = marks_of(answers, width);
    for (size_t i = 0; i < rows; i++, Z += width) {
        real largest = Z[0];
        for (size_t j = 1; j < width; j++)
            if (real_part(Z[j]) > real_part(largest))
                largest = Z[j];
        real sum = 0;
        for (size_t j = 0; j < width; j++)
            sum += exp(Z[j] - largest);
        const real log_sum = log(sum); /* cppcheck-suppress invalidFunctionArg ; sum ≥ 1: one term is e^0 */
        if (answers.targets == NULL && answers.smoothing == 0) {
            losses[i] = log_sum - (Z[answers.labels[i]] - largest);
            continue;
        }
        losses[i] = 0;
        for (size_t j = 0; j < width; j++)
            losses[i] += target(answers, marks, i, j, width) * (log_sum - (Z[j] - largest));
    }
}

/* dL/dz_j = a_j Σ_k t_k - t_j */
static void entropy_backward(size_t rows, size_t width, const real *Z, const real *A, REAL(Answers) answers,
                             real *delta)
{
    (void)Z;
    const Marks marks = marks_of(answers, width);
    for (size_t i = 0; i < rows; i++) {
        real total = 1;
        if (answers.targets != NULL) {
            total = 0;
            for (size_t j = 0; j < width; j++)
                total += answers.targets[i * width + j];
        }
        for (size_t j = 0; j < width; j++)
            delta[i * width + j] = A[i * width + j] * total - target(answers, marks, i, j, width);
    }
}

static const REAL(Loss) table[] = {
    {"mean-squared-error", NULL, "1/k sum_j (a_j - t_j)^2", squared_forward, squared_backward, 2},
    {"mean-absolute-error", NULL, "1/k sum_j |a_j - t_j|", absolute_forward, absolute_backward, 1},
    {"huber", NULL, "1/k sum_j h(a_j - t_j), h(d) = d^2/2 if |d| <= 1, else |d| - 1/2", huber_forward, huber_backward,
     2},
    {"quantile", NULL, "1/k sum_j max(q d, (q - 1) d), d = t_j - a_j, q = 1/2", quantile_forward, quantile_backward, 1},
    {"binary-cross-entropy", "sigmoid", "-1/k sum_j (t_j log a_j + (1 - t_j) log(1 - a_j))", binary_forward,
     binary_backward, 0},
    {"cross-entropy", "softmax", "-sum_j t_j log a_j", entropy_forward, entropy_backward, 0},
};

const REAL(Loss) * REAL(loss_at)(size_t index)
{
    return index < sizeof table / sizeof table[0] ? &table[index] : NULL;
}

int32_t REAL(output_class)(size_t width, const real *A)
{
    size_t best = 0;
    for (size_t j = 0; j < width; j++) {
        if (isnan(real_part(A[j])))
            return -1;
        if (real_part(A[j]) > real_part(A[best]))
            best = j;
    }
    return width == 1 ? real_part(A[0]) >= (real_scalar)0.5 : (int32_t)best;
}
