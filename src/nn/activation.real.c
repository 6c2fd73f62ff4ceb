#include <string.h>

#include "base/real.h"
#include "nn/activation.h"
#include "nn/special.h"

/* Formulas of elementwise functions: z is the weighted sum, a = f(z), and the derivative f'(z) may use either. */

static real identity(real z)
{
    return z;
}

static real identity_derivative(real z, real a)
{
    (void)z;
    (void)a;
    return 1;
}

/* 1/(1 + e^-z), written so that exp never overflows. */
static real sigmoid(real z)
{
    if (real_part(z) >= 0)
        return 1 / (1 + exp(-z));
    real e = exp(z);
    return e / (1 + e);
}

static real sigmoid_derivative(real z, real a)
{
    (void)z;
    return a * (1 - a);
}

static real hyperbolic_tangent(real z)
{
    return tanh(z);
}

static real hyperbolic_tangent_derivative(real z, real a)
{
    (void)z;
    return 1 - a * a;
}

/* Comparisons with NaN are false, so NaN stays NaN. */
static real relu(real z)
{
    return real_part(z) <= 0 ? 0 : z;
}

/* At the kink the left derivative, 0. That of NaN is 1, so the result is NaN itself. */
static real relu_derivative(real z, real a)
{
    (void)a;
    return real_part(z) <= 0 ? 0 : 1;
}

#define LEAKY_SLOPE ((real_scalar)0.01)

/* A. L. Maas, A. Y. Hannun, A. Y. Ng, 2013 */
static real leaky_relu(real z)
{
    return real_part(z) > 0 ? z : LEAKY_SLOPE * z;
}

/* At the kink the left derivative. */
static real leaky_relu_derivative(real z, real a)
{
    (void)z;
    return real_part(a) > 0 ? 1 : LEAKY_SLOPE;
}

/* D.-A. Clevert, T. Unterthiner, S. Hochreiter, 2016, with α = 1 */
static real elu(real z)
{
    return real_part(z) > 0 ? z : exp_minus_one(z);
}

static real elu_derivative(real z, real a)
{
    (void)z;
    return real_part(a) > 0 ? 1 : a + 1;
}

/* log(1 + e^z) = max(z, 0) + log(1 + e^-|z|), which never overflows. */
static real softplus(real z)
{
    return real_part(z) > 0 ? z + log_one_plus(exp(-z)) : log_one_plus(exp(z));
}

/* sigmoid(z) = 1 - e^-a */
static real softplus_derivative(real z, real a)
{
    (void)z;
    return -exp_minus_one(-a);
}

#define SELU_SCALE ((real_scalar)1.0507009873554804934)
#define SELU_ALPHA ((real_scalar)1.6732632423543772848)

/* G. Klambauer, T. Unterthiner, A. Mayr, S. Hochreiter, 2017: mean 0 and variance 1 are a fixed point */
static real selu(real z)
{
    return SELU_SCALE * (real_part(z) > 0 ? z : SELU_ALPHA * exp_minus_one(z));
}

/* At the kink the left derivative. */
static real selu_derivative(real z, real a)
{
    (void)z;
    return real_part(a) > 0 ? SELU_SCALE : a + SELU_SCALE * SELU_ALPHA;
}

/* z share, and its limit 0 where the share has become 0 before z is -∞ */
static real share_of(real z, real share)
{
    return real_part(share) == 0 ? 0 : z * share;
}

/* D. Hendrycks, K. Gimpel, 2016: z Φ(z), exact, not the approximation through tanh */
static real gelu(real z)
{
    return share_of(z, normal_below(z));
}

/* Φ(z) + z φ(z) */
static real gelu_derivative(real z, real a)
{
    (void)a;
    return normal_below(z) + share_of(z, (real_scalar)0.39894228040143268 * exp(-z * z / 2));
}

/* S. Elfwing, E. Uchibe, K. Doya, 2017; P. Ramachandran, B. Zoph, Q. V. Le, 2017, as Swish: z σ(z) */
static real silu(real z)
{
    return share_of(z, sigmoid(z));
}

/* σ(z) + z σ(z) σ(-z) */
static real silu_derivative(real z, real a)
{
    (void)a;
    return sigmoid(z) + share_of(z, sigmoid(z) * sigmoid(-z));
}

/* D. Misra, 2019: z tanh(log(1 + e^z)) */
static real mish(real z)
{
    return share_of(z, tanh(softplus(z)));
}

/* With T = tanh(log(1 + e^z)): T + z (1 - T²) σ(z) */
static real mish_derivative(real z, real a)
{
    (void)a;
    const real T = tanh(softplus(z));
    return T + share_of(z, (1 - T * T) * sigmoid(z));
}

/* The two array functions of an elementwise activation. */
#define ELEMENTWISE(function)                                                                                          \
    static void function##_forward(size_t rows, size_t width, const real *Z, real *A)                                  \
    {                                                                                                                  \
        for (size_t i = 0; i < rows * width; i++)                                                                      \
            A[i] = function(Z[i]);                                                                                     \
    }                                                                                                                  \
    static void function##_backward(size_t rows, size_t width, const real *Z, const real *A, const real *dA, real *dZ) \
    {                                                                                                                  \
        for (size_t i = 0; i < rows * width; i++)                                                                      \
            dZ[i] = dA[i] * function##_derivative(Z[i], A[i]);                                                         \
    }

ELEMENTWISE(identity)
ELEMENTWISE(sigmoid)
ELEMENTWISE(hyperbolic_tangent)
ELEMENTWISE(relu)
ELEMENTWISE(leaky_relu)
ELEMENTWISE(elu)
ELEMENTWISE(selu)
ELEMENTWISE(softplus)
ELEMENTWISE(gelu)
ELEMENTWISE(silu)
ELEMENTWISE(mish)

/* a_j = e^(z_j - m) / Σ_k e^(z_k - m) with m = max_k z_k, row by row. */
static void softmax_forward(size_t rows, size_t width, const real *Z, real *A)
{
    for (size_t i = 0; i < rows; i++, Z += width, A += width) {
        real largest = Z[0];
        for (size_t j = 1; j < width; j++)
            if (real_part(Z[j]) > real_part(largest))
                largest = Z[j];
        real sum = 0;
        for (size_t j = 0; j < width; j++) {
            A[j] = exp(Z[j] - largest);
            sum += A[j];
        }
        for (size_t j = 0; j < width; j++)
            A[j] /= sum;
    }
}

/* dz_j = a_j (da_j - Σ_k da_k a_k): the product with softmax's Jacobian diag(a) - a aᵀ. */
static void softmax_backward(size_t rows, size_t width, const real *Z, const real *A, const real *dA, real *dZ)
{
    (void)Z;
    for (size_t i = 0; i < rows; i++, A += width, dA += width, dZ += width) {
        real inner = 0;
        for (size_t j = 0; j < width; j++)
            inner += dA[j] * A[j];
        for (size_t j = 0; j < width; j++)
            dZ[j] = A[j] * (dA[j] - inner);
    }
}

/* Gains from relu on, except softmax, are 1/√E[f(z)²] for z ~ N(0, 1): the inputs of the next layer then have the same
 * second moment as those of this one. SELU's is 1 by construction: what is drawn is its authors' N(0, 1/fan_in). */
static const REAL(Activation) table[] = {
    {"identity", 1.0, "f(z) = z", identity_forward, identity_backward, true, true},
    {"sigmoid", 1.0, "f(z) = 1 / (1 + e^-z)", sigmoid_forward, sigmoid_backward, true, true},
    {"tanh", 5.0 / 3.0, "f(z) = tanh z", hyperbolic_tangent_forward, hyperbolic_tangent_backward, true, true},
    {"relu", 1.4142135623730951, "f(z) = max(z, 0)", relu_forward, relu_backward, true, true},
    {"leaky-relu", 1.4141428569978354, "f(z) = max(z, 0.01 z)", leaky_relu_forward, leaky_relu_backward, true, true},
    {"elu", 1.2451983007007066, "f(z) = z if z > 0, else e^z - 1", elu_forward, elu_backward, true, true},
    {"softplus", 1.0418668355353016, "f(z) = log(1 + e^z)", softplus_forward, softplus_backward, true, true},
    {"gelu", 1.5335304411955353, "f(z) = z Phi(z), Phi the normal distribution", gelu_forward, gelu_backward, true,
     false},
    {"softmax", 1.0, "f(z)_j = e^z_j / sum_k e^z_k", softmax_forward, softmax_backward, false, true},
    {"selu", 1.0, "f(z) = 1.0507 z if z > 0, else 1.7581 (e^z - 1)", selu_forward, selu_backward, true, true},
    {"silu", 1.6765324703310912, "f(z) = z / (1 + e^-z), also called swish", silu_forward, silu_backward, true, false},
    {"mish", 1.4868475812732081, "f(z) = z tanh(log(1 + e^z))", mish_forward, mish_backward, true, false},
};

const REAL(Activation) * REAL(activation_at)(size_t index)
{
    return index < sizeof table / sizeof table[0] ? &table[index] : NULL;
}
