#include "engine/members.h"

#include <string.h>

#include "base/real.h"
#include "nn/activation.h"
#include "nn/loss.h"

static const char *output_of(const Network *network)
{
    return REAL(activation_at)(network_output_activation(network))->name;
}

static double largest_of(const real *z, size_t count)
{
    double largest = (double)real_part(z[0]);
    for (size_t j = 1; j < count; j++)
        largest = (double)real_part(z[j]) > largest ? (double)real_part(z[j]) : largest;
    return largest;
}

/* log Σ e^z of a row */
static double log_sum(const real *z, size_t count)
{
    const double largest = largest_of(z, count);
    double sum = 0;
    for (size_t j = 0; j < count; j++)
        sum += exp((double)real_part(z[j]) - largest);
    /* cppcheck-suppress invalidFunctionArg ; the largest term is 1 */
    return largest + log(sum);
}

/* log(1 + e^z) */
static double softplus(double z)
{
    return z > 0 ? z + log1p(exp(-z)) : log1p(exp(z));
}

/* log of the mean over the members of the probability of element `at`: of e^(z - norm), or without norms of σ(sign · z). */
static double log_mean(const Network *network, const real *const *Z, size_t at, const double *norms, double sign)
{
    double largest = -INFINITY, sum = 0;
    for (int pass = 0; pass < 2; pass++)
        for (size_t m = 0; m < network->members; m++) {
            const double z = (double)real_part(Z[m][at]), term = norms != NULL ? z - norms[m] : -softplus(-sign * z);
            if (pass == 0)
                largest = term <= largest ? largest : term; /* NaN stays */
            else
                sum += exp(term - largest);
        }
    return largest + log(sum / (double)network->members);
}

static real mean_of(const Network *network, const real *const *values, size_t at)
{
    real total = 0;
    for (size_t m = 0; m < network->members; m++)
        total += values[m][at];
    return total / (real_scalar)network->members;
}

void REAL(members_average)(const Network *network, size_t rows, const real *const *A, const real *const *Z, real *mean,
                           real *sums, double *norms)
{
    const size_t width = network_outputs(network);
    const bool softmax = strcmp(output_of(network), "softmax") == 0;
    const bool sigmoid = strcmp(output_of(network), "sigmoid") == 0;
    for (size_t i = 0; i < rows; i++) {
        for (size_t m = 0; m < network->members && softmax; m++)
            norms[m] = log_sum(Z[m] + i * width, width);
        for (size_t j = i * width; j < (i + 1) * width; j++) {
            mean[j] = mean_of(network, A, j);
            if (softmax)
                sums[j] = (real_scalar)log_mean(network, Z, j, norms, 1);
            else if (sigmoid)
                sums[j] = (real_scalar)(log_mean(network, Z, j, NULL, 1) - log_mean(network, Z, j, NULL, -1));
            else
                sums[j] = mean_of(network, Z, j);
        }
    }
}

/* A member's share of row δ = dL/dlog p̄ of a mean p̄ of softmax outputs: with r_j = δ_j p_j / (p̄_j members),
 *   dL/dz_k = r_k - p_k Σ_j r_j */
static void softmax_backward(const Network *network, const real *p, const real *z, const real *log_mean_p,
                             const real *delta, real *dz)
{
    const size_t width = network_outputs(network);
    const double norm = log_sum(z, width);
    real sum = 0;
    for (size_t j = 0; j < width; j++) {
        const double ratio = exp((double)real_part(z[j]) - norm - (double)real_part(log_mean_p[j]));
        dz[j] = delta[j] * (real_scalar)(ratio / (double)network->members);
        sum += dz[j];
    }
    for (size_t j = 0; j < width; j++)
        dz[j] -= p[j] * sum;
}

/* log σ'(z) */
static double log_slope(double z)
{
    return -softplus(z) - softplus(-z);
}

void REAL(members_average_backward)(const Network *network, size_t rows, const real *const *A, const real *const *Z,
                                    const real *sums, const real *delta, bool of_sums, real *const *dZ)
{
    const size_t width = network_outputs(network);
    const real_scalar share = 1 / (real_scalar)network->members;
    const bool softmax = strcmp(output_of(network), "softmax") == 0,
               sigmoid = strcmp(output_of(network), "sigmoid") == 0;
    for (size_t m = 0; m < network->members; m++) {
        for (size_t i = 0; i < rows && softmax && of_sums; i++)
            softmax_backward(network, A[m] + i * width, Z[m] + i * width, sums + i * width, delta + i * width,
                             dZ[m] + i * width);
        for (size_t e = 0; e < rows * width && !(softmax && of_sums); e++) {
            const double z = (double)real_part(Z[m][e]), mean = (double)real_part(sums[e]);
            const double ratio = sigmoid && of_sums ? exp(log_slope(z) - log_slope(mean)) : 1;
            dZ[m][e] = delta[e] * share * (real_scalar)ratio;
        }
        if (!of_sums)
            REAL(activation_at)
        (network_output_activation(network))->backward(rows, width, Z[m], A[m], dZ[m], dZ[m]);
    }
}

void REAL(members_judge)(const Network *network, const Batch *batch, const real *A, const real *Z, real *losses,
                         real *targets, int32_t *labels, EngineSums *out)
{
    const size_t width = network_outputs(network), count = batch->count;
    REAL(Answers) answers = {0};
    *out = (EngineSums){.count = count};
    if (batch_has_targets(batch)) {
        answers.levels = network_levels(network, 0);
        REAL(batch_targets_of)(batch, width, 0, count, targets);
        answers.targets = targets;
    } else {
        batch_labels(batch, 0, count, labels);
        answers.labels = labels;
    }
    REAL(loss_at)(network->loss)->forward(count, width, Z, A, answers, losses);
    for (size_t i = 0; i < count; i++) {
        const double weight = batch_weight(batch, NULL, i);
        out->weight += weight;
        out->loss += weight * (double)real_part(losses[i]);
        if (answers.labels != NULL && REAL(output_class)(width, A + i * width) == labels[i])
            out->correct++;
    }
}
