/* Dot products of bfloat16, native where this processor has them and emulated everywhere, are what the instructions'
 * manuals say: on usual numbers, ties, subnormal and huge ones, infinities and NaNs, to the bit (but for which NaN). The
 * model here computes otherwise than the emulation: with the C library's fma and rounding modes. */
#define PERCEPT_REAL F32
#define PERCEPT_BF16 emulated
#if defined __x86_64__ || !defined __aarch64__
#define PERCEPT_ISA plain
#else
#define PERCEPT_ISA neon
#endif
#include "unit.h"

#include <fenv.h>
#include <stdlib.h>

#include "base/bf16.h"
#include "base/dot.h"
#include "base/random.h"
#include "engine/cpu/product.h"

#define WIDTH 4 /* columns of the product: every row of the table has at least as many lanes */
#define READ 16 /* columns that it may read */
#define CASES 200000

#define ROW(isa, kind) void multiply_##isa##_##kind(const Product *product, size_t rows, size_t width);
BF16_EACH(ROW)
#undef ROW

#define ROW(isa, kind) {#isa " " #kind, multiply_##isa##_##kind},
static const struct {
    const char *name;
    void (*multiply)(const Product *product, size_t rows, size_t width);
} rows[] = {BF16_EACH(ROW)};
#undef ROW

static float float_of(uint32_t bits)
{
    float x = 0;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static uint32_t bits_of(float x)
{
    uint32_t bits = 0;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

/* ---- The model ---------------------------------------------------------------------------------------------------- */

static float normal_or_zero(float x)
{
    return fabsf(x) < 0x1p-126F ? copysignf(0, x) : x;
}

#if defined __aarch64__

/* Rounded to odd: towards zero, and the last bit set if that was inexact. What is too large is infinite. */
static float odd_sum(float x, float y)
{
    fesetround(FE_TOWARDZERO);
    feclearexcept(FE_ALL_EXCEPT);
    volatile float a = x, b = y;
    volatile float sum = a + b;
    const int raised = fetestexcept(FE_INEXACT | FE_OVERFLOW);
    fesetround(FE_TONEAREST);
    if ((raised & FE_OVERFLOW) != 0)
        return copysignf(INFINITY, sum);
    return normal_or_zero((raised & FE_INEXACT) != 0 ? float_of(bits_of(sum) | 1) : sum);
}

static float model(float sum, uint32_t a, uint32_t b)
{
    const float first = normal_or_zero(normal_or_zero(float_of(a << 16)) * normal_or_zero(float_of(b << 16)));
    const float second =
        normal_or_zero(normal_or_zero(float_of(a & 0xffff0000)) * normal_or_zero(float_of(b & 0xffff0000)));
    return odd_sum(normal_or_zero(sum), odd_sum(first, second));
}

#else

/* A result that rounds to the least normal number is one only if it would with wider exponents, too: scaled by 2^64, where
 * terms are small enough for that. */
static float fused_model(float sum, float a, float b)
{
    sum = normal_or_zero(sum);
    a = normal_or_zero(a);
    b = normal_or_zero(b);
    const float result = fmaf(a, b, sum);
    if (fabsf(result) > 0x1p-126F || isnan(result))
        return result;
    const float scaled = fabsf(a) < 1 ? fmaf(a * 0x1p64F, b, sum * 0x1p64F) : fmaf(a, b * 0x1p64F, sum * 0x1p64F);
    return fabsf(scaled) < 0x1p-62F ? copysignf(0, result) : result;
}

static float model(float sum, uint32_t a, uint32_t b)
{
    const float first = fused_model(sum, float_of(a & 0xffff0000), float_of(b & 0xffff0000));
    return fused_model(first, float_of(a << 16), float_of(b << 16));
}

#endif

/* ---- Operands ----------------------------------------------------------------------------------------------------- */

static uint32_t any_bits(RandomStream *stream)
{
    return (uint32_t)random_below(stream, UINT64_C(1) << 32);
}

/* 0, the least and largest subnormal and normal numbers, infinity, NaN, 1 and its neighbour; of either sign. */
static uint32_t special(RandomStream *stream)
{
    static const uint32_t values[] = {0x0000, 0x0001, 0x007f, 0x0080, 0x7f7f, 0x7f80, 0x7fc0, 0x3f80, 0x3f81};
    const size_t count = sizeof values / sizeof values[0];
    return values[random_below(stream, count)] | (random_below(stream, 2) == 1 ? 0x8000 : 0);
}

/* A number with an exponent in first … first+count-1, as float32's bits. */
static uint32_t with_exponent(RandomStream *stream, uint32_t first, uint32_t count)
{
    return (any_bits(stream) & 0x807fffff) | (first + (uint32_t)random_below(stream, count)) << 23;
}

static uint32_t any_pair(RandomStream *stream, uint32_t first, uint32_t count)
{
    return with_exponent(stream, first, count) >> 16 | (with_exponent(stream, first, count) & 0xffff0000);
}

typedef struct Operands {
    uint32_t sum, a, b;
} Operands;

static Operands any_operands(RandomStream *stream)
{
    switch (random_below(stream, 5)) {
    case 0:
        return (Operands){any_bits(stream), any_bits(stream), any_bits(stream)};
    case 1:
        return (Operands){special(stream) << 16, special(stream) | special(stream) << 16,
                          special(stream) | special(stream) << 16};
    case 2: /* near each other: ties and cancellation */
        return (Operands){with_exponent(stream, 110, 34) & ~(uint32_t)random_below(stream, 0x10000),
                          any_pair(stream, 120, 14), any_pair(stream, 120, 14)};
    case 3: /* about the least normal number */
        return (Operands){with_exponent(stream, 0, 6), any_pair(stream, 60, 8), any_pair(stream, 60, 8)};
    default: /* about the largest */
        return (Operands){with_exponent(stream, 248, 7), any_pair(stream, 186, 7), any_pair(stream, 186, 7)};
    }
}

/* ---- Tests -------------------------------------------------------------------------------------------------------- */

static bool can_run(size_t row)
{
    size_t best = 0;
    return isa_supported(bf16_isa(row)) && (!bf16_native(row) || bf16_find_native(&best));
}

/* The same bits, or both no numbers. Valgrind's fused multiply-add loses the sign of a sum of negative zeros. */
static bool agree(float got, float wanted)
{
    return bits_of(got) == bits_of(wanted) || (isnan(got) && isnan(wanted)) ||
           (RUNNING_ON_VALGRIND && fpclassify(got) == FP_ZERO && fpclassify(wanted) == FP_ZERO);
}

static void check(size_t row, Operands o, float got)
{
    const float wanted = model(float_of(o.sum), o.a, o.b);
    if (!agree(got, wanted))
        fail_msg("%s: %08x + %08x · %08x is %08x, not %08x", rows[row].name, o.sum, o.a, o.b, bits_of(got),
                 bits_of(wanted));
}

/* One step of a product with the sum as its bias. */
static void dot_products_are_as_the_model_says(void **state)
{
    (void)state;
    for (size_t row = 0; row < BF16_COUNT; row++) {
        RandomStream stream;
        random_default_rng(&stream, 1);
        for (size_t i = 0; i < CASES && can_run(row); i++) {
            const Operands o = any_operands(&stream);
            const float sum = float_of(o.sum);
            uint32_t B[READ] = {o.b, o.b ^ 0x80008000, o.b ^ 0x8000, o.b << 16 | o.b >> 16};
            float C[READ] = {0};
            rows[row].multiply(&(Product){.depth = 1,
                                          .A = &o.a,
                                          .a_row = 1,
                                          .a_step = 1,
                                          .segment = SIZE_MAX,
                                          .B = B,
                                          .b_step = READ,
                                          .C = C,
                                          .c_row = READ,
                                          .bias = &sum},
                               1, WIDTH);
            for (size_t j = 0; j < WIDTH; j++)
                check(row, (Operands){o.sum, o.a, B[j]}, C[j]);
        }
    }
}

/* Of its two neighbours the nearer, or the even one. The one above the largest number is infinite, at 2^128. */
static uint32_t nearest(float x)
{
    const uint32_t below = bits_of(x) >> 16, above = below + 1;
    const double size = fabs((double)x), low = fabs((double)float_of(below << 16));
    const double high = fmin(fabs((double)float_of(above << 16)), 0x1p128);
    if (isinf(x) || size - low < high - size)
        return below;
    return size - low > high - size || (below & 1) != 0 ? above : below;
}

/* In lanes as one by one. */
static void numbers_are_rounded_to_the_nearest_even(void **state)
{
    (void)state;
    RandomStream stream;
    random_default_rng(&stream, 2);
    for (size_t i = 0; i < CASES; i++) {
        const uint32_t bits = i % 2 == 0 ? any_bits(&stream) : special(&stream) << 16 | (uint32_t)(i % 4 < 2) << 15;
        const float x = float_of(bits);
        const uint32_t rounded = bf16_round(x);
        const Pairs lanes = pairs_across(vector_fill(x), vector_fill(x));
        assert_int_equal(lanes[LANES - 1], rounded << 16 | rounded);
        if (isnan(x))
            assert_true(isnan(float_of(rounded << 16)));
        else
            assert_int_equal(rounded, nearest(normal_or_zero(x)));
    }
}

/* Neighbours of a row, the first in the lower half; an odd last one has 0 beside it. */
static void pairs_of_a_row_are_neighbours(void **state)
{
    (void)state;
    float row[37];
    uint32_t pairs[20];
    for (size_t j = 0; j < 37; j++)
        row[j] = (float)j + 1;
    for (size_t count = 1; count <= 37; count++) {
        memset(pairs, 0xff, sizeof pairs);
        pairs_along(row, count, pairs);
        for (size_t j = 0; j < count + count % 2; j++) {
            const uint32_t pair = pairs[j / 2], half = j % 2 == 0 ? pair << 16 : pair & 0xffff0000;
            assert_true(float_of(half) == (j < count ? row[j] : 0));
        }
        assert_int_equal(pairs[(count + 1) / 2], 0xffffffff);
    }
}

static void what_cannot_be_had_is_refused(void **state)
{
    (void)state;
    size_t row = 0;
    percept_error error;
    setenv("PERCEPT_BFLOAT16", "perhaps", 1);
    assert_int_equal(bf16_select(&row, &error), PERCEPT_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "perhaps"));
    setenv("PERCEPT_BFLOAT16", "emulated", 1);
    assert_int_equal(bf16_select(&row, &error), PERCEPT_OK);
    assert_false(bf16_native(row));
    setenv("PERCEPT_ISA", "cblas", 1);
    assert_int_equal(bf16_select(&row, &error), PERCEPT_ERROR_ARGUMENT);
    unsetenv("PERCEPT_BFLOAT16");
    assert_int_equal(bf16_select(&row, &error), PERCEPT_ERROR_ARGUMENT);
    unsetenv("PERCEPT_ISA");
    if (bf16_find_native(&row)) {
        assert_true(bf16_native(row));
        assert_int_equal(bf16_select(&row, &error), PERCEPT_OK);
    } else {
        assert_int_equal(bf16_select(&row, &error), PERCEPT_ERROR_ARGUMENT);
        assert_non_null(strstr(error.message, "float32"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dot_products_are_as_the_model_says),
        cmocka_unit_test(numbers_are_rounded_to_the_nearest_even),
        cmocka_unit_test(pairs_of_a_row_are_neighbours),
        cmocka_unit_test(what_cannot_be_had_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
