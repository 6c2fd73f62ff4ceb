#include "engine/cpu/elementwise.h"

#include <string.h>

static void relu_forward(size_t rows, size_t width, const real *Z, real *A)
{
    for (size_t i = 0; i < rows * width; i++)
        A[i] = Z[i] > 0 ? Z[i] : 0;
}

static void relu_backward(size_t rows, size_t width, const real *Z, const real *A, const real *dA, real *dZ)
{
    (void)Z;
    for (size_t i = 0; i < rows * width; i++)
        dZ[i] = A[i] > 0 ? dA[i] : 0;
}

static const struct {
    const char *name;
    ElementwiseFunctions functions;
} own[] = {
    {"relu", {relu_forward, relu_backward}},
};

ElementwiseFunctions ISA(elementwise_functions)(const REAL(Activation) * activation)
{
    if (!activation->elementwise)
        return (ElementwiseFunctions){NULL, NULL};
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
        if (strcmp(own[i].name, activation->name) == 0)
            return own[i].functions;
    return (ElementwiseFunctions){activation->forward, activation->backward};
}

static inline real absolute_value(real x)
{
    return x < 0 ? -x : x;
}

double ISA(penalty_value)(const real *W, size_t count, double l1, double l2)
{
    real absolute[LANES] = {0}, squared[LANES] = {0};
    size_t i = 0;
    for (; i + LANES <= count; i += LANES)
        for (size_t lane = 0; lane < LANES; lane++) {
            absolute[lane] += absolute_value(W[i + lane]);
            squared[lane] += W[i + lane] * W[i + lane];
        }
    for (; i < count; i++) {
        absolute[i % LANES] += absolute_value(W[i]);
        squared[i % LANES] += W[i] * W[i];
    }
    double l1_norm = 0, l2_norm = 0;
    for (size_t lane = 0; lane < LANES; lane++) {
        l1_norm += (double)absolute[lane];
        l2_norm += (double)squared[lane];
    }
    return l1 * l1_norm + l2 * l2_norm;
}

void ISA(penalty_add)(const real *W, size_t count, real l1, real l2, real *G)
{
    for (size_t i = 0; i < count; i++) {
        const real sign = W[i] > 0 ? l1 : W[i] < 0 ? -l1 : 0;
        G[i] += sign + l2 * W[i];
    }
}
