#include "engine/cpu/elementwise.h"

#include <string.h>

#include "engine/cpu/exponential.h"

/* NaN compares as false, and stays NaN, forward and backward. */
static void relu_forward(size_t rows, size_t width, const real *Z, real *A)
{
    for (size_t i = 0; i < rows * width; i++)
        A[i] = Z[i] <= 0 ? 0 : Z[i];
}

static void relu_backward(size_t rows, size_t width, const real *Z, const real *A, const real *dA, real *dZ)
{
    (void)Z;
    for (size_t i = 0; i < rows * width; i++)
        dZ[i] = A[i] <= 0 ? 0 : dA[i];
}

/* One function for a vector, for all of a piece; what is left over goes through a vector, too. */
typedef Vector VectorFunction(Vector z);

static inline __attribute__((always_inline)) void map(VectorFunction *function, size_t count, const real *Z, real *A)
{
    size_t i = 0;
    for (; i + LANES <= count; i += LANES)
        vector_store(A + i, function(vector_load(Z + i)));
    if (i < count)
        vector_store_first(A + i, function(vector_load_first(Z + i, count - i)), count - i);
}

static inline Vector sigmoid(Vector z)
{
    const Vector e = exponential(-vector_absolute(z));
    return vector_choose(z >= 0, vector_fill(1), e) / (1 + e);
}

/* tanh |z| = -q / (2 + q) with q = e^(-2|z|) - 1, and the sign of z */
static inline Vector hyperbolic_tangent(Vector z)
{
    const Vector q = exponential_minus_one(-2 * vector_absolute(z)), size = -q / (2 + q);
    return vector_choose((VectorBits)vector_fill(-(real)0), z, size);
}

static void sigmoid_forward(size_t rows, size_t width, const real *Z, real *A)
{
    map(sigmoid, rows * width, Z, A);
}

static void sigmoid_backward(size_t rows, size_t width, const real *Z, const real *A, const real *dA, real *dZ)
{
    (void)Z;
    for (size_t i = 0; i < rows * width; i++)
        dZ[i] = dA[i] * (A[i] * (1 - A[i]));
}

static void hyperbolic_tangent_forward(size_t rows, size_t width, const real *Z, real *A)
{
    map(hyperbolic_tangent, rows * width, Z, A);
}

static void hyperbolic_tangent_backward(size_t rows, size_t width, const real *Z, const real *A, const real *dA,
                                        real *dZ)
{
    (void)Z;
    for (size_t i = 0; i < rows * width; i++)
        dZ[i] = dA[i] * (1 - A[i] * A[i]);
}

static const struct {
    const char *name;
    ElementwiseFunctions functions;
} own[] = {
    {"relu", {relu_forward, relu_backward}},
    {"sigmoid", {sigmoid_forward, sigmoid_backward}},
    {"tanh", {hyperbolic_tangent_forward, hyperbolic_tangent_backward}},
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

/* What is left of a row after its whole vectors, with zeros behind. */
static Vector last_vector(const real *row, size_t width)
{
    real rest[LANES] = {0};
    memcpy(rest, row + width / LANES * LANES, width % LANES * sizeof(real));
    return vector_load(rest);
}

double ISA(penalty_value)(const real *W, size_t rows, size_t width, size_t stride, double l1, double l2)
{
    Vector absolute = {0}, squared = {0}, absolute_odd = {0}, squared_odd = {0};
    double l1_norm = 0, l2_norm = 0;
    for (size_t i = 0; i < rows; i++, W += stride) {
        size_t j = 0;
        for (; j + 2 * LANES <= width; j += 2 * LANES) {
            const Vector even = vector_load(W + j), odd = vector_load(W + j + LANES);
            absolute += vector_absolute(even);
            squared += even * even;
            absolute_odd += vector_absolute(odd);
            squared_odd += odd * odd;
        }
        for (; j < width; j += LANES) {
            const Vector w = j + LANES <= width ? vector_load(W + j) : last_vector(W, width);
            absolute += vector_absolute(w);
            squared += w * w;
        }
    }
    absolute += absolute_odd;
    squared += squared_odd;
    for (size_t lane = 0; lane < LANES; lane++) {
        l1_norm += (double)absolute[lane];
        l2_norm += (double)squared[lane];
    }
    return l1 * l1_norm + l2 * l2_norm;
}

void ISA(penalty_add)(const real *W, size_t w_stride, size_t rows, size_t width, real l1, real l2, real *G,
                      size_t g_stride)
{
    for (size_t i = 0; i < rows; i++, W += w_stride, G += g_stride)
        for (size_t j = 0; j < width; j++) {
            const real w = W[j], sign = w > 0 ? l1 : w < 0 ? -l1 : 0;
            G[j] += sign + l2 * w;
        }
}
