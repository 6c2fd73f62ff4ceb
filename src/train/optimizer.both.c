#include "train/optimizer.h"

#include "base/both.h"

static size_t sgd_slots(const OptimizerOptions *options)
{
    return options->momentum > 0 ? 1 : 0;
}

static void descend(size_t begin, size_t end, real_scalar rate, real *restrict p, const real *restrict g)
{
    for (size_t i = begin; i < end; i++)
        p[i] -= rate * g[i];
}

/* v ← μ v + g;  p ← p - η v  (B. Polyak, 1964, in the form of I. Sutskever et al., 2013), with Nesterov's step
 * p ← p - η (g + μ v)  (Y. Nesterov, 1983, in PyTorch's form) */
static void sgd_apply(void *state, size_t begin, size_t end, void *parameters, const void *gradient)
{
    const OptimizerState *optimizer = state;
    const real_scalar momentum = (real_scalar)optimizer->options.momentum;
    const real_scalar rate = (real_scalar)optimizer->learning_rate;
    real *restrict p = parameters, *restrict v = optimizer->slots[0];
    const real *restrict g = gradient;
    if (v == NULL) {
        descend(begin, end, rate, p, g);
    } else if (optimizer->options.nesterov) {
        for (size_t i = begin; i < end; i++) {
            v[i] = momentum * v[i] + g[i];
            p[i] -= rate * (g[i] + momentum * v[i]);
        }
    } else {
        for (size_t i = begin; i < end; i++) {
            v[i] = momentum * v[i] + g[i];
            p[i] -= rate * v[i];
        }
    }
}

static size_t rmsprop_slots(const OptimizerOptions *options)
{
    return options->momentum > 0 ? 2 : 1;
}

/* T. Tieleman, G. Hinton, 2012, lecture 6.5, with momentum as in A. Graves, 2013, both in PyTorch's form:
 *   v ← ρ v + (1 - ρ) g²;  u ← μ u + g / (√v + ε);  p ← p - η u */
static void rmsprop_apply(void *state, size_t begin, size_t end, void *parameters, const void *gradient)
{
    const OptimizerState *optimizer = state;
    const OptimizerOptions *options = &optimizer->options;
    const real_scalar rho = (real_scalar)options->rho, rest = (real_scalar)(1 - options->rho);
    const real_scalar momentum = (real_scalar)options->momentum, rate = (real_scalar)optimizer->learning_rate;
    const real_scalar epsilon = (real_scalar)options->epsilon;
    real *restrict p = parameters, *restrict v = optimizer->slots[0], *restrict u = optimizer->slots[1];
    const real *restrict g = gradient;
    if (u == NULL) {
        for (size_t i = begin; i < end; i++) {
            v[i] = rho * v[i] + rest * (g[i] * g[i]);
            p[i] -= rate * (g[i] / (sqrt(v[i]) + epsilon));
        }
        return;
    }
    for (size_t i = begin; i < end; i++) {
        v[i] = rho * v[i] + rest * (g[i] * g[i]);
        u[i] = momentum * u[i] + g[i] / (sqrt(v[i]) + epsilon);
        p[i] -= rate * u[i];
    }
}

static size_t adam_slots(const OptimizerOptions *options)
{
    (void)options;
    return 2;
}

/* Factors of a step of Adam and its kin; the corrections of the moments go into rate and epsilon. */
typedef struct AdamFactors {
    real_scalar beta1, beta2, rest1, rest2; /* rest: 1 - beta */
    real_scalar rate, epsilon;
} AdamFactors;

static inline AdamFactors adam_factors(const OptimizerState *optimizer)
{
    const OptimizerOptions *options = &optimizer->options;
    const double root = sqrt(optimizer->debias2);
    return (AdamFactors){.beta1 = (real_scalar)options->beta1,
                         .beta2 = (real_scalar)options->beta2,
                         .rest1 = (real_scalar)(1 - options->beta1),
                         .rest2 = (real_scalar)(1 - options->beta2),
                         .rate = (real_scalar)(optimizer->learning_rate / optimizer->debias1 * root),
                         .epsilon = (real_scalar)(options->epsilon * root)};
}

/* D. Kingma, J. Ba, 2015, algorithm 1:
 *   m ← β₁ m + (1 - β₁) g;  v ← β₂ v + (1 - β₂) g²
 *   p ← p - η m̂ / (√v̂ + ε),  m̂ = m / (1 - β₁ᵗ), v̂ = v / (1 - β₂ᵗ) */
static void adam_apply(void *state, size_t begin, size_t end, void *parameters, const void *gradient)
{
    const OptimizerState *optimizer = state;
    const AdamFactors factors = adam_factors(optimizer);
    const real_scalar beta1 = factors.beta1, beta2 = factors.beta2, rest1 = factors.rest1, rest2 = factors.rest2;
    const real_scalar rate = factors.rate, epsilon = factors.epsilon;
    real *restrict p = parameters, *restrict m = optimizer->slots[0], *restrict v = optimizer->slots[1];
    const real *restrict g = gradient;
    for (size_t i = begin; i < end; i++) {
        m[i] = beta1 * m[i] + rest1 * g[i];
        v[i] = beta2 * v[i] + rest2 * (g[i] * g[i]);
        p[i] -= rate * m[i] / (sqrt(v[i]) + epsilon);
    }
}

static size_t amsgrad_slots(const OptimizerOptions *options)
{
    (void)options;
    return 3;
}

/* S. Reddi, S. Kale, S. Kumar, 2018, algorithm 2, with Adam's corrections as PyTorch has them:
 *   w ← max(w, v);  p ← p - η m̂ / (√ŵ + ε),  ŵ = w / (1 - β₂ᵗ) */
static void amsgrad_apply(void *state, size_t begin, size_t end, void *parameters, const void *gradient)
{
    const OptimizerState *optimizer = state;
    const AdamFactors factors = adam_factors(optimizer);
    const real_scalar beta1 = factors.beta1, beta2 = factors.beta2, rest1 = factors.rest1, rest2 = factors.rest2;
    const real_scalar rate = factors.rate, epsilon = factors.epsilon;
    real *restrict p = parameters, *restrict m = optimizer->slots[0], *restrict v = optimizer->slots[1];
    real *restrict w = optimizer->slots[2];
    const real *restrict g = gradient;
    for (size_t i = begin; i < end; i++) {
        m[i] = beta1 * m[i] + rest1 * g[i];
        v[i] = beta2 * v[i] + rest2 * (g[i] * g[i]);
        w[i] = real_part(w[i]) > real_part(v[i]) ? w[i] : v[i];
        p[i] -= rate * m[i] / (sqrt(w[i]) + epsilon);
    }
}

/* I. Loshchilov, F. Hutter, 2019, algorithm 2, in PyTorch's form: W ← W - η λ W, then Adam's step. */
static void adamw_apply(void *state, size_t begin, size_t end, void *parameters, const void *gradient)
{
    const OptimizerState *optimizer = state;
    const double decay = optimizer->learning_rate * optimizer->options.weight_decay;
    real *p = parameters;
    size_t from = 0, to = 0;
    for (size_t g = 0; g < optimizer->group_count && decay != 0; g++) {
        const ParameterGroup *group = &optimizer->groups[g];
        const real_scalar kept = (real_scalar)(1 - decay * group->decay);
        if (group->decay != 0 && group_within(group, begin, end, &from, &to))
            for (size_t i = from; i < to; i++)
                p[i] *= kept;
    }
    adam_apply(state, begin, end, parameters, gradient);
}

/* Its slots are of shapes of their own. */
static size_t no_slots(const OptimizerOptions *options)
{
    (void)options;
    return 0;
}

/* Most have the same. */
#define DEFAULTS .beta1 = 0.9, .beta2 = 0.999, .rho = 0.9, .epsilon = 1e-8

static const REAL(Optimizer) table[] = {
    {"sgd", "v = momentum v + g; p = p - learning_rate v", 0.1, {DEFAULTS}, false, sgd_slots, sgd_apply},
    {"rmsprop",
     "v = rho v + (1 - rho) g^2; p = p - learning_rate g / (sqrt(v) + epsilon)",
     0.001,
     {DEFAULTS},
     false,
     rmsprop_slots,
     rmsprop_apply},
    {"adam",
     "p = p - learning_rate m / (sqrt(v) + epsilon), bias-corrected moments m of g and v of g^2",
     0.001,
     {DEFAULTS},
     false,
     adam_slots,
     adam_apply},
    {"adamw", "adam, after p = p - learning_rate weight_decay p", 0.001, {DEFAULTS}, true, adam_slots, adamw_apply},
    {"amsgrad", "adam with the largest v so far in place of v", 0.001, {DEFAULTS}, false, amsgrad_slots, amsgrad_apply},
    {"muon",
     "p = p - learning_rate orthogonal(momentum) for weights between hidden layers, else adamw",
     0.02,
     {.momentum = 0.95, .nesterov = true, .beta1 = 0.9, .beta2 = 0.95, .rho = 0.9, .epsilon = 1e-8},
     true,
     adam_slots,
     adamw_apply},
    {"lbfgs",
     "a quasi-Newton step from the last gradients, with a line search, on all examples",
     1,
     {DEFAULTS},
     false,
     no_slots,
     NULL},
};

const REAL(Optimizer) * BOTH(optimizer_at)(size_t index)
{
    return index < sizeof table / sizeof table[0] ? &table[index] : NULL;
}
