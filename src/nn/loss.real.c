#include <stdbool.h>

#include "base/real.h"
#include "nn/loss.h"
#include "nn/special.h"

/* Target of output j of example i: a given number, or 1 for the label's output and 0 for others; with a single output
 * the label itself. */
static real target(REAL(Answers) answers, size_t i, size_t j, size_t width)
{
    if (answers.targets != NULL)
        return answers.targets[i * width + j];
    if (width == 1)
        return (real_scalar)answers.labels[i];
    return answers.labels[i] == (int32_t)j ? 1 : 0;
}

/* L = 1/k Σ_j (a_j - t_j)² */
static void squared_forward(size_t rows, size_t width, const real *Z, const real *A, REAL(Answers) answers,
                            real *losses)
{
    (void)Z;
    for (size_t i = 0; i < rows; i++) {
        real sum = 0;
        for (size_t j = 0; j < width; j++) {
            real difference = A[i * width + j] - target(answers, i, j, width);
            sum += difference * difference;
        }
        losses[i] = sum / (real_scalar)width;
    }
}

/* dL/da_j = 2/k (a_j - t_j) */
static void squared_backward(size_t rows, size_t width, const real *Z, const real *A, REAL(Answers) answers,
                             real *delta)
{
    (void)Z;
    const real_scalar factor = 2 / (real_scalar)width;
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < width; j++)
            delta[i * width + j] = factor * (A[i * width + j] - target(answers, i, j, width));
}

/* L = -1/k Σ_j (t_j log a_j + (1 - t_j) log(1 - a_j)) with a = sigmoid(z)
 *   =  1/k Σ_j (max(z_j, 0) - z_j t_j + log(1 + e^-|z_j|)), which never overflows. */
static void binary_forward(size_t rows, size_t width, const real *Z, const real *A, REAL(Answers) answers, real *losses)
{
    (void)A;
    for (size_t i = 0; i < rows; i++) {
        real sum = 0;
        for (size_t j = 0; j < width; j++) {
            const real z = Z[i * width + j];
            const bool positive = real_part(z) > 0;
            sum += (positive ? z : 0) - z * target(answers, i, j, width) + log_one_plus(exp(positive ? -z : z));
        }
        losses[i] = sum / (real_scalar)width;
    }
}

/* dL/dz_j = 1/k (a_j - t_j) */
static void binary_backward(size_t rows, size_t width, const real *Z, const real *A, REAL(Answers) answers, real *delta)
{
    (void)Z;
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < width; j++)
            delta[i * width + j] = (A[i * width + j] - target(answers, i, j, width)) / (real_scalar)width;
}

/* L = -Σ_j t_j log a_j with a = softmax(z) = Σ_j t_j (m + log Σ_k e^(z_k - m) - z_j), m = max_k z_k */
static void entropy_forward(size_t rows, size_t width, const real *Z, const real *A, REAL(Answers) answers,
                            real *losses)
{
    (void)A;
    for (size_t i = 0; i < rows; i++, Z += width) {
        real largest = Z[0];
        for (size_t j = 1; j < width; j++)
            if (real_part(Z[j]) > real_part(largest))
                largest = Z[j];
        real sum = 0;
        for (size_t j = 0; j < width; j++)
            sum += exp(Z[j] - largest);
        const real log_sum = log(sum); /* cppcheck-suppress invalidFunctionArg ; sum ≥ 1: one term is e^0 */
        if (answers.targets == NULL) {
            losses[i] = log_sum - (Z[answers.labels[i]] - largest);
            continue;
        }
        losses[i] = 0;
        for (size_t j = 0; j < width; j++)
            losses[i] += answers.targets[i * width + j] * (log_sum - (Z[j] - largest));
    }
}

/* dL/dz_j = a_j Σ_k t_k - t_j */
static void entropy_backward(size_t rows, size_t width, const real *Z, const real *A, REAL(Answers) answers,
                             real *delta)
{
    (void)Z;
    for (size_t i = 0; i < rows; i++) {
        real total = 1;
        if (answers.targets != NULL) {
            total = 0;
            for (size_t j = 0; j < width; j++)
                total += answers.targets[i * width + j];
        }
        for (size_t j = 0; j < width; j++)
            delta[i * width + j] = A[i * width + j] * total - target(answers, i, j, width);
    }
}

static const REAL(Loss) table[] = {
    {"mean-squared-error", NULL, "1/k sum_j (a_j - t_j)^2", squared_forward, squared_backward},
    {"binary-cross-entropy", "sigmoid", "-1/k sum_j (t_j log a_j + (1 - t_j) log(1 - a_j))", binary_forward,
     binary_backward},
    {"cross-entropy", "softmax", "-sum_j t_j log a_j", entropy_forward, entropy_backward},
};

const REAL(Loss) * REAL(loss_at)(size_t index)
{
    return index < sizeof table / sizeof table[0] ? &table[index] : NULL;
}

int32_t REAL(output_class)(size_t width, const real *A)
{
    if (width == 1)
        return real_part(A[0]) >= (real_scalar)0.5;
    size_t best = 0;
    for (size_t j = 1; j < width; j++)
        if (real_part(A[j]) > real_part(A[best]))
            best = j;
    return (int32_t)best;
}
