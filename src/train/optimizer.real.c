#include "train/optimizer.h"
#include "base/real.h"

static size_t sgd_slots(const OptimizerOptions *options)
{
    return options->momentum > 0 ? 1 : 0;
}

/* v ← μ v + g;  p ← p - η v  (B. Polyak, 1964, in the form of I. Sutskever et al., 2013, without Nesterov's step) */
static void sgd_apply(void *state, size_t begin, size_t end, void *parameters, const void *gradient)
{
    const OptimizerState *optimizer = state;
    const real_scalar momentum = (real_scalar)optimizer->options.momentum;
    const real_scalar rate = (real_scalar)optimizer->learning_rate;
    real *restrict p = parameters, *restrict v = optimizer->slots[0];
    const real *restrict g = gradient;
    for (size_t i = begin; i < end; i++) {
        v[i] = momentum * v[i] + g[i];
        p[i] -= rate * v[i];
    }
}

static size_t adam_slots(const OptimizerOptions *options)
{
    (void)options;
    return 2;
}

/* D. Kingma, J. Ba, 2015, algorithm 1:
 *   m ← β₁ m + (1 - β₁) g;  v ← β₂ v + (1 - β₂) g²
 *   p ← p - η m̂ / (√v̂ + ε),  m̂ = m / (1 - β₁ᵗ), v̂ = v / (1 - β₂ᵗ) */
static void adam_apply(void *state, size_t begin, size_t end, void *parameters, const void *gradient)
{
    const OptimizerState *optimizer = state;
    const OptimizerOptions *options = &optimizer->options;
    const real_scalar beta1 = (real_scalar)options->beta1, beta2 = (real_scalar)options->beta2;
    const real_scalar rest1 = (real_scalar)(1 - options->beta1), rest2 = (real_scalar)(1 - options->beta2);
    const double t = (double)optimizer->step;
    const real_scalar rate = (real_scalar)(optimizer->learning_rate / (1 - pow(options->beta1, t)));
    const real_scalar root = (real_scalar)sqrt(1 - pow(options->beta2, t));
    const real_scalar epsilon = (real_scalar)options->epsilon;
    real *restrict p = parameters, *restrict m = optimizer->slots[0], *restrict v = optimizer->slots[1];
    const real *restrict g = gradient;
    for (size_t i = begin; i < end; i++) {
        m[i] = beta1 * m[i] + rest1 * g[i];
        v[i] = beta2 * v[i] + rest2 * (g[i] * g[i]);
        p[i] -= rate * m[i] / (sqrt(v[i]) / root + epsilon);
    }
}

static const REAL(Optimizer) table[] = {
    {"sgd", "v = momentum v + g; p = p - learning_rate v", 0.1, sgd_slots, sgd_apply},
    {"adam", "p = p - learning_rate m / (sqrt(v) + epsilon), bias-corrected moments m of g and v of g^2", 0.001,
     adam_slots, adam_apply},
};

const REAL(Optimizer) * REAL(optimizer_at)(size_t index)
{
    return index < sizeof table / sizeof table[0] ? &table[index] : NULL;
}
