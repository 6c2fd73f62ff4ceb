#include "engine/cpu/activate.h"

#include <string.h>

#include "engine/cpu/exponential.h"
#include "engine/cpu/normal.h"

/* What an activation of a large |z| has become: e^-|z| is below the smallest normal number. */
#define SATURATED (PERCEPT_REAL == F32 ? 88 : 709)

/* max(z, 0). NaN compares as false, and stays NaN. */
static inline Vector positive(Vector z)
{
    return (Vector)((VectorBits)z & ~(z <= 0));
}

/* |z|, at most `limit`, so that it may be multiplied with 0 where z is infinite; NaN stays NaN. */
static inline Vector size_within(Vector z, real limit)
{
    const Vector size = vector_absolute(z);
    return vector_choose(size > limit, vector_fill(limit), size);
}

static inline Vector with_sign_of(Vector z, Vector size)
{
    return vector_choose((VectorBits)vector_fill(-(real)0), z, size);
}

/* ---- Derivatives that follow from the output: f(z), and δ f'(z) from a = f(z) -------------------------------------- */

#define LEAKY_SLOPE ((real)0.01)

static inline Vector leaky_relu(Vector z)
{
    return vector_choose(z > 0, z, LEAKY_SLOPE * z);
}

static inline Vector leaky_relu_delta(Vector a, Vector delta)
{
    return delta * vector_choose(a > 0, vector_fill(1), vector_fill(LEAKY_SLOPE));
}

static inline Vector sigmoid(Vector z)
{
    const Vector e = exponential(-vector_absolute(z));
    return vector_choose(z >= 0, vector_fill(1), e) / (1 + e);
}

static inline Vector sigmoid_delta(Vector a, Vector delta)
{
    return delta * (a * (1 - a));
}

/* tanh |z| = -q / (2 + q) with q = e^(-2|z|) - 1, and the sign of z */
static inline Vector hyperbolic_tangent(Vector z)
{
    const Vector q = exponential_minus_one(-2 * vector_absolute(z)), size = -q / (2 + q);
    return with_sign_of(z, size);
}

static inline Vector hyperbolic_tangent_delta(Vector a, Vector delta)
{
    return delta * (1 - a * a);
}

/* e^z - 1 where z ≤ 0; elsewhere something finite. */
static inline Vector below_zero(Vector z)
{
    return exponential_minus_one((Vector)((VectorBits)z & ~(z > 0)));
}

static inline Vector elu(Vector z)
{
    return vector_choose(z > 0, z, below_zero(z));
}

static inline Vector elu_delta(Vector a, Vector delta)
{
    return delta * vector_choose(a > 0, vector_fill(1), a + 1);
}

#define SELU_SCALE ((real)1.0507009873554804934)
#define SELU_ALPHA ((real)1.6732632423543772848)

static inline Vector selu(Vector z)
{
    return SELU_SCALE * vector_choose(z > 0, z, SELU_ALPHA * below_zero(z));
}

static inline Vector selu_delta(Vector a, Vector delta)
{
    return delta * vector_choose(a > 0, vector_fill(SELU_SCALE), a + SELU_SCALE * SELU_ALPHA);
}

/* log(1 + e^z) = max(z, 0) + log(1 + e^-|z|) */
static inline Vector softplus(Vector z)
{
    return positive(z) + logarithm_of_one_plus(exponential(-vector_absolute(z)));
}

/* 1 - e^-a */
static inline Vector softplus_delta(Vector a, Vector delta)
{
    return delta * -exponential_minus_one(-a);
}

/* ---- Others: f(z) and f'(z) from what they have in common ---------------------------------------------------------- */

/* z Φ(z) = max(z, 0) - t Φ(-t) with t = |z|; Φ(t) + t φ(t) = 1 + g with g = t φ(t) - Φ(-t), and -g is the derivative
 * at -t. */
static inline Vector gelu(Vector z, Vector *slope)
{
    const Vector t = size_within(z, FARTHEST), e = bell(t), mills = mills_ratio(t);
    const Vector g = e * (t * DENSITY_AT_ZERO - mills);
    *slope = vector_choose(z < 0, -g, 1 + g);
    return positive(z) - t * (e * mills);
}

/* z σ(z) = max(z, 0) - t σ(-t) with t = |z|, σ(-t) = e^-t / (1 + e^-t); σ(z) (1 + z σ(-z)) */
static inline Vector silu(Vector z, Vector *slope)
{
    const Vector t = size_within(z, SATURATED), e = exponential(-t), above = 1 / (1 + e), below = e * above;
    *slope = vector_choose(z < 0, below * (1 - t * above), above * (1 + t * below));
    return positive(z) - t * below;
}

/* T = tanh(log(1 + e^z)) = p/q: with e = e^-|z|
 *
 *   z < 0:  p = e² + 2 e,  q = p + 2       z ≥ 0:  p = 1 + 2 e,  q = p + 2 e²
 *
 * and T' = 4 (1 + e) e/q², or with e² for e. */
static inline Vector mish(Vector z, Vector *slope)
{
    const VectorBits negative = z < 0;
    const Vector t = size_within(z, SATURATED), e = exponential(-t), e2 = e * e;
    const Vector p = 2 * e + vector_choose(negative, e2, vector_fill(1));
    const Vector inverse = 1 / (p + 2 * vector_choose(negative, vector_fill(1), e2)), value = p * inverse;
    const Vector change = 4 * (1 + e) * vector_choose(negative, e, e2) * inverse * inverse;
    *slope = value + with_sign_of(z, t) * change;
    return vector_choose(negative, -t, z) * value;
}

/* ---- Runs of elements ---------------------------------------------------------------------------------------------- */

/* One loop, whose last turn may meet fewer elements: the compiler contracts products and sums in it in one way. */
#define EACH_VECTOR for (size_t i = 0, rest = count; i < count; i += LANES, rest -= LANES)

#define FROM_OUTPUT(function)                                                                                          \
    static void function##_values(size_t count, const real *Z, real *A)                                                \
    {                                                                                                                  \
        EACH_VECTOR                                                                                                    \
        vector_store_first(A + i, function(vector_load_first(Z + i, rest)), rest);                                     \
    }                                                                                                                  \
    static void function##_deltas(size_t count, const real *A, real *delta)                                            \
    {                                                                                                                  \
        EACH_VECTOR                                                                                                    \
        vector_store_first(                                                                                            \
            delta + i, function##_delta(vector_load_first(A + i, rest), vector_load_first(delta + i, rest)), rest);    \
    }

#define WITH_SLOPE(function)                                                                                           \
    static void function##_values_and_slopes(size_t count, const real *Z, real *A, real *D)                            \
    {                                                                                                                  \
        EACH_VECTOR                                                                                                    \
        {                                                                                                              \
            Vector slope;                                                                                              \
            vector_store_first(A + i, function(vector_load_first(Z + i, rest), &slope), rest);                         \
            vector_store_first(D + i, slope, rest);                                                                    \
        }                                                                                                              \
    }

/* Nothing is contracted here, so the compiler may unroll as it likes. NaN compares as false, and stays NaN both ways. */
static void relu_values(size_t count, const real *Z, real *A)
{
    INDEPENDENT
    for (size_t i = 0; i < count; i++)
        A[i] = Z[i] <= 0 ? 0 : Z[i];
}

static void relu_deltas(size_t count, const real *A, real *delta)
{
    INDEPENDENT
    for (size_t i = 0; i < count; i++) {
        const real old = delta[i]; /* read in each turn, for the compiler */
        delta[i] = A[i] <= 0 ? 0 : old;
    }
}

FROM_OUTPUT(leaky_relu)
FROM_OUTPUT(sigmoid)
FROM_OUTPUT(hyperbolic_tangent)
FROM_OUTPUT(elu)
FROM_OUTPUT(selu)
FROM_OUTPUT(softplus)
WITH_SLOPE(gelu)
WITH_SLOPE(silu)
WITH_SLOPE(mish)

#define FROM_OUTPUT_ROW(function)                                                                                      \
    {                                                                                                                  \
        .values = function##_values, .multiply_by_slopes = function##_deltas                                           \
    }
#define WITH_SLOPE_ROW(function)                                                                                       \
    {                                                                                                                  \
        .values_and_slopes = function##_values_and_slopes                                                              \
    }

static const struct {
    const char *name;
    REAL(Elementwise) functions;
} table[] = {
    {"relu", FROM_OUTPUT_ROW(relu)},         {"leaky-relu", FROM_OUTPUT_ROW(leaky_relu)},
    {"sigmoid", FROM_OUTPUT_ROW(sigmoid)},   {"tanh", FROM_OUTPUT_ROW(hyperbolic_tangent)},
    {"elu", FROM_OUTPUT_ROW(elu)},           {"selu", FROM_OUTPUT_ROW(selu)},
    {"softplus", FROM_OUTPUT_ROW(softplus)}, {"gelu", WITH_SLOPE_ROW(gelu)},
    {"silu", WITH_SLOPE_ROW(silu)},          {"mish", WITH_SLOPE_ROW(mish)},
};

REAL(Elementwise) ISA(elementwise)(const REAL(Activation) * activation)
{
    REAL(Elementwise) functions = {.activation = activation->elementwise ? activation : NULL};
    for (size_t i = 0; i < sizeof table / sizeof table[0] && activation->elementwise; i++)
        if (strcmp(table[i].name, activation->name) == 0)
            functions = table[i].functions;
    functions.activation = activation->elementwise ? activation : NULL;
    return functions;
}

static void fill_with_ones(size_t count, real *D)
{
    for (size_t i = 0; i < count; i++)
        D[i] = 1;
}

enum { PIECE = 64 };

static size_t piece(size_t count, size_t i)
{
    return count - i < PIECE ? count - i : PIECE;
}

/* Through the table of room nn, whose derivatives may ask for Z, which A may be the place of. */
static void activate_by_table(const REAL(Activation) * activation, size_t count, const real *Z, real *A, real *D)
{
    real z[PIECE];
    for (size_t i = 0; i < count; i += PIECE) {
        const size_t length = piece(count, i);
        memcpy(z, Z + i, length * sizeof(real));
        activation->forward(1, length, z, A + i);
        if (D == NULL)
            continue;
        fill_with_ones(length, D + i);
        activation->backward(1, length, z, A + i, D + i, D + i);
    }
}

/* With derivatives that nobody asks for: a compiler might contract products and sums otherwise in a loop without them. */
static void values_by_slopes(const REAL(Elementwise) * f, size_t count, const real *Z, real *A)
{
    real D[PIECE];
    for (size_t i = 0; i < count; i += PIECE)
        f->values_and_slopes(piece(count, i), Z + i, A + i, D);
}

void ISA(activate)(const REAL(Elementwise) * f, size_t count, const real *Z, real *A, real *D)
{
    if (f->values == NULL && f->values_and_slopes == NULL) {
        activate_by_table(f->activation, count, Z, A, D);
    } else if (f->values == NULL) {
        if (D != NULL)
            f->values_and_slopes(count, Z, A, D);
        else
            values_by_slopes(f, count, Z, A);
    } else {
        f->values(count, Z, A);
        if (D == NULL)
            return;
        fill_with_ones(count, D);
        f->multiply_by_slopes(count, A, D);
    }
}

void ISA(activate_backward)(const REAL(Elementwise) * f, size_t count, const real *A, const real *D, real *delta)
{
    if (D == NULL && f->multiply_by_slopes != NULL)
        f->multiply_by_slopes(count, A, delta);
    else if (D == NULL)
        f->activation->backward(1, count, A, A, delta, delta);
    else
        for (size_t i = 0; i < count; i++)
            delta[i] *= D[i];
}
