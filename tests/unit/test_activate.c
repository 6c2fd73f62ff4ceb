/* Activations in vectors, in every instruction set that this processor has and in both precisions: values and derivatives
 * within a few units in the last place of extended precision, whatever lies beside an element. */
#include "unit.h"

#include <float.h>
#include <string.h>

#include "base/isa.h"
#include "engine/cpu/activate.h"

enum { MOST = 5000 };

typedef struct Run {
    const char *isa;
    bool narrow; /* float */
    /* A = f(Z), D = f'(Z) and delta times f' of row `index` of the activations; D and delta may be NULL. */
    void (*activate)(size_t index, size_t count, const double *Z, double *A, double *D, double *delta);
} Run;

#define DEFINE(isa, suffix, type)                                                                                      \
    static void run_##isa##_##suffix(size_t index, size_t count, const double *Z, double *A, double *D, double *delta) \
    {                                                                                                                  \
        type z[MOST], a[MOST], d[MOST], back[MOST];                                                                    \
        const Elementwise_##suffix f = elementwise_##isa##_##suffix(activation_at_##suffix(index));                    \
        for (size_t i = 0; i < count; i++) {                                                                           \
            z[i] = (type)Z[i];                                                                                         \
            back[i] = delta != NULL ? (type)delta[i] : 0;                                                              \
        }                                                                                                              \
        activate_##isa##_##suffix(&f, count, z, a, D != NULL ? d : NULL);                                              \
        if (delta != NULL)                                                                                             \
            activate_backward_##isa##_##suffix(&f, count, a, f.activation->from_output ? NULL : d, back);              \
        for (size_t i = 0; i < count; i++) {                                                                           \
            A[i] = (double)a[i];                                                                                       \
            if (D != NULL)                                                                                             \
                D[i] = (double)d[i];                                                                                   \
            if (delta != NULL)                                                                                         \
                delta[i] = (double)back[i];                                                                            \
        }                                                                                                              \
    }
#define DEFINE_BOTH(isa) DEFINE(isa, f32, float) DEFINE(isa, f64, double)
ISA_EACH(DEFINE_BOTH)

#define ROWS(isa) {#isa, true, run_##isa##_f32}, {#isa, false, run_##isa##_f64},
static const Run runs[] = {ISA_EACH(ROWS)};
enum { RUNS = sizeof runs / sizeof runs[0] };

static bool available(const Run *run)
{
    for (size_t isa = 0; isa < ISA_COUNT; isa++)
        if (strcmp(isa_name(isa), run->isa) == 0)
            return isa_supported(isa);
    return false;
}

/* ---- What is expected ----------------------------------------------------------------------------------------------- */

typedef long double Wide;

static Wide logistic(Wide z)
{
    return 1 / (1 + expl(-z));
}

static Wide log_one_plus_exp(Wide z)
{
    return z > 0 ? z + log1pl(expl(-z)) : log1pl(expl(z));
}

/* Φ(z). What z/√2 loses by rounding is made good to first order: the function falls so steeply that it would count. */
static Wide below(Wide z)
{
    static const Wide root_half = 0.707106781186547524400844362104849039L;
    const Wide x = -z * root_half, lost = fmal(-z, root_half, -x);
    return (erfcl(x) - lost * 1.12837916709551257389615890312154517L * expl(-x * x)) / 2;
}

static Wide density(Wide z)
{
    return 0.398942280401432677939946059934381868L * expl(-z * z / 2);
}

static Wide relu(Wide z)
{
    return z > 0 ? z : 0;
}

static Wide relu_slope(Wide z)
{
    return z > 0;
}

static Wide leaky(Wide z)
{
    return z > 0 ? z : z / 100;
}

static Wide leaky_slope(Wide z)
{
    return z > 0 ? 1 : 0.01L;
}

static Wide logistic_slope(Wide z)
{
    return logistic(z) * logistic(-z);
}

static Wide tanh_slope(Wide z)
{
    return 4 * logistic_slope(2 * z);
}

static Wide elu(Wide z)
{
    return z > 0 ? z : expm1l(z);
}

static Wide elu_slope(Wide z)
{
    return z > 0 ? 1 : expl(z);
}

#define SCALE 1.05070098735548049341933498529460L
#define ALPHA 1.67326324235437728481704299167172L

static Wide selu(Wide z)
{
    return SCALE * (z > 0 ? z : ALPHA * expm1l(z));
}

static Wide selu_slope(Wide z)
{
    return SCALE * (z > 0 ? 1 : ALPHA * expl(z));
}

static Wide gelu(Wide z)
{
    return z * below(z);
}

static Wide gelu_slope(Wide z)
{
    return below(z) + z * density(z);
}

static Wide silu(Wide z)
{
    return z * logistic(z);
}

static Wide silu_slope(Wide z)
{
    return logistic(z) + z * logistic_slope(z);
}

static Wide mish(Wide z)
{
    return z * tanhl(log_one_plus_exp(z));
}

static Wide mish_slope(Wide z)
{
    const Wide t = tanhl(log_one_plus_exp(z));
    return t + z * (1 - t * t) * logistic(z);
}

/* Bounds of errors: of values in units in their last place, of derivatives in units in the last place of 1. They leave some
 * room above the errors that engine/cpu/activate.h states; for GELU more, since erfcl itself is off by up to 4 units in the
 * last place of a double in the far tail. */
static const struct {
    const char *name;
    Wide (*value)(Wide z), (*slope)(Wide z);
    double error, slope_error;
    double lowest, highest, lowest_slope, highest_slope; /* at -∞ and ∞ */
} table[] = {
    {"relu", relu, relu_slope, 0, 0, 0, INFINITY, 0, 1},
    {"leaky-relu", leaky, leaky_slope, 2, 1, -INFINITY, INFINITY, 0.01, 1},
    {"sigmoid", logistic, logistic_slope, 3, 1, 0, 1, 0, 0},
    {"tanh", tanhl, tanh_slope, 3, 3, -1, 1, 0, 0},
    {"elu", elu, elu_slope, 2, 1, -1, INFINITY, 0, 1},
    {"selu", selu, selu_slope, 4, 3, -1.7580993408473766, INFINITY, 0, 1.0507009873554805},
    {"softplus", log_one_plus_exp, logistic, 4, 1, 0, INFINITY, 0, 1},
    {"gelu", gelu, gelu_slope, 14, 2, 0, INFINITY, 0, 1},
    {"silu", silu, silu_slope, 4, 3, 0, INFINITY, 0, 1},
    {"mish", mish, mish_slope, 5, 3, 0, INFINITY, 0, 1},
};
enum { NAMES = sizeof table / sizeof table[0] };

static size_t index_of(size_t row)
{
    const int index = activation_find(table[row].name);
    assert_true(index >= 0);
    return (size_t)index;
}

/* ---- Accuracy ------------------------------------------------------------------------------------------------------- */

/* Numbers of all sizes that the precision has (but the largest, of which SELU is infinite), of both signs, and many where
 * the functions bend. */
static size_t make_numbers(bool narrow, double *Z)
{
    const int lowest = narrow ? -149 : -1074, highest = narrow ? 126 : 1022;
    size_t count = 0;
    for (int exponent = lowest; exponent <= highest; exponent += narrow ? 1 : 5)
        for (int sign = -1; sign <= 1; sign += 2)
            Z[count++] = sign * ldexp(exponent < lowest + 60 ? 1 : 1 + fabs(sin(exponent)), exponent);
    for (int i = -1400; i <= 1400; i++)
        Z[count++] = i * (narrow ? 0.01f : 0.0031) + 1e-3 * sin(i);
    for (int i = -300; i <= 300; i++)
        Z[count++] = i * (narrow ? 0.31f : 2.57);
    assert_true(count <= MOST);
    for (size_t i = 0; i < count && narrow; i++)
        Z[i] = (double)(float)Z[i];
    return count;
}

/* Distance in units in the last place of `about`; results may be 0 where they would not be normal numbers. */
static double units(bool narrow, double value, Wide expected, Wide about)
{
    const Wide tiny = narrow ? FLT_MIN : DBL_MIN, distance = fabsl(value - expected);
    int exponent = 0;
    if (value == 0 && fabsl(expected) < 1000 * tiny)
        return 0;
    frexpl(fmaxl(fabsl(about), tiny), &exponent);
    return (double)(distance / ldexpl(1, exponent - (narrow ? FLT_MANT_DIG : DBL_MANT_DIG)));
}

static void check_accuracy(const Run *run, size_t row)
{
    double Z[MOST], A[MOST], D[MOST];
    const size_t count = make_numbers(run->narrow, Z);
    run->activate(index_of(row), count, Z, A, D, NULL);
    for (size_t i = 0; i < count; i++) {
        const Wide value = table[row].value(Z[i]), slope = table[row].slope(Z[i]);
        if (!(units(run->narrow, A[i], value, value) <= table[row].error) ||
            !(units(run->narrow, D[i], slope, 1) <= table[row].slope_error))
            fail_msg("%s %s, %s(%.17g): %.17g, not %.17Lg; derivative %.17g, not %.17Lg", run->isa,
                     run->narrow ? "float32" : "float64", table[row].name, Z[i], A[i], value, D[i], slope);
    }
}

static void vectors_are_accurate(void **state)
{
    (void)state;
#if LDBL_MANT_DIG <= DBL_MANT_DIG
    skip(); /* there is nothing more exact to compare with */
#endif
    if (RUNNING_ON_VALGRIND) /* which rounds long double to double */
        skip();
    for (size_t i = 0; i < RUNS; i++)
        for (size_t row = 0; row < NAMES && available(&runs[i]); row++)
            check_accuracy(&runs[i], row);
}

/* ---- Ends ----------------------------------------------------------------------------------------------------------- */

static void assert_same(const Run *run, const char *name, double value, double expected)
{
    if (!(value == expected || (isnan(value) && isnan(expected))))
        fail_msg("%s %s, %s: %.17g, not %.17g", run->isa, run->narrow ? "float32" : "float64", name, value, expected);
}

static double rounded(const Run *run, double value)
{
    return run->narrow ? (double)(float)value : value;
}

static void infinity_gives_the_limit_and_nan_stays_nan(void **state)
{
    (void)state;
    static const double Z[] = {-INFINITY, INFINITY, NAN, 1};
    double A[4], D[4];
    for (size_t i = 0; i < RUNS; i++)
        for (size_t row = 0; row < NAMES && available(&runs[i]); row++) {
            const char *name = table[row].name;
            runs[i].activate(index_of(row), 4, Z, A, D, NULL);
            assert_same(&runs[i], name, A[0], rounded(&runs[i], table[row].lowest));
            assert_same(&runs[i], name, A[1], rounded(&runs[i], table[row].highest));
            assert_same(&runs[i], name, A[2], NAN);
            assert_close(D[0], table[row].lowest_slope, 1e-6);
            assert_same(&runs[i], name, D[1], rounded(&runs[i], table[row].highest_slope));
        }
}

/* The reference has the same limits; NaN passes through it, too. */
static void the_reference_has_the_same_limits(void **state)
{
    (void)state;
    const double Z[] = {-INFINITY, INFINITY, NAN};
    for (size_t row = 0; row < NAMES; row++) {
        const Activation_f64 *f = activation_at_f64(index_of(row));
        double A[3], D[] = {1, 1, 1};
        f->forward(1, 3, Z, A);
        f->backward(1, 3, Z, A, D, D);
        assert_true(A[0] == table[row].lowest && A[1] == table[row].highest && isnan(A[2]));
        assert_close(D[0], table[row].lowest_slope, 1e-15);
        assert_close(D[1], table[row].highest_slope, 1e-15);
    }
}

/* ---- Runs ----------------------------------------------------------------------------------------------------------- */

/* Any piece of a run has the bits of the whole, with and without derivatives. */
static void check_pieces(const Run *run, size_t index)
{
    enum { WHOLE = 80, LONGEST = 37 };
    double Z[WHOLE], A[WHOLE], D[WHOLE], delta[WHOLE], a[WHOLE], d[WHOLE], back[WHOLE];
    for (size_t i = 0; i < WHOLE; i++) {
        Z[i] = 7 * sin((double)(i * i + 1));
        delta[i] = cos((double)i);
    }
    run->activate(index, WHOLE, Z, A, D, delta);
    for (size_t first = 0; first + LONGEST <= WHOLE; first += 5)
        for (size_t count = 0; count <= LONGEST; count++) {
            for (size_t i = 0; i < count; i++)
                back[i] = cos((double)(first + i));
            run->activate(index, count, Z + first, a, d, back);
            assert_memory_equal(a, A + first, count * sizeof *a);
            assert_memory_equal(d, D + first, count * sizeof *d);
            assert_memory_equal(back, delta + first, count * sizeof *back);
            run->activate(index, count, Z + first, a, NULL, NULL);
            assert_memory_equal(a, A + first, count * sizeof *a);
        }
}

static void an_element_does_not_depend_on_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < RUNS; i++)
        for (size_t index = 0; available(&runs[i]) && activation_at_f64(index) != NULL; index++)
            if (activation_at_f64(index)->elementwise)
                check_pieces(&runs[i], index);
}

static void cube(size_t rows, size_t width, const double *Z, double *A)
{
    for (size_t i = 0; i < rows * width; i++)
        A[i] = Z[i] * Z[i] * Z[i];
}

static void cube_backward(size_t rows, size_t width, const double *Z, const double *A, const double *dA, double *dZ)
{
    (void)A;
    for (size_t i = 0; i < rows * width; i++)
        dZ[i] = dA[i] * (3 * Z[i] * Z[i]);
}

/* In place, and longer than a piece. */
#define CHECK_CUBE(isa)                                                                                                \
    for (size_t i = 0; i < COUNT; i++) {                                                                               \
        Z[i] = (double)i - 50;                                                                                         \
        delta[i] = 2;                                                                                                  \
    }                                                                                                                  \
    f = elementwise_##isa##_f64(&activation);                                                                          \
    activate_##isa##_f64(&f, COUNT, Z, Z, D);                                                                          \
    activate_backward_##isa##_f64(&f, COUNT, Z, D, delta);                                                             \
    for (int i = 0; i < COUNT; i++)                                                                                    \
        assert_true(Z[i] == pow(i - 50, 3) && D[i] == 3 * pow(i - 50, 2) && delta[i] == 2 * D[i]);

static void an_activation_without_vectors_goes_through_its_own_functions(void **state)
{
    (void)state;
    enum { COUNT = 150 };
    const Activation_f64 activation = {"cube", 1, "f(z) = z^3", cube, cube_backward, true, false};
    double Z[COUNT], D[COUNT], delta[COUNT];
    Elementwise_f64 f;
#if defined __aarch64__
    CHECK_CUBE(neon)
#else
    CHECK_CUBE(plain)
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vectors_are_accurate),
        cmocka_unit_test(infinity_gives_the_limit_and_nan_stays_nan),
        cmocka_unit_test(the_reference_has_the_same_limits),
        cmocka_unit_test(an_element_does_not_depend_on_its_place),
        cmocka_unit_test(an_activation_without_vectors_goes_through_its_own_functions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
