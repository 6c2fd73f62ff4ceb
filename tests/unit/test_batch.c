/* A batch gathers the examples it names, scaled by the formula, in either layout and any cut. */
#include "unit.h"

#include <complex.h>
#include <float.h>

#include "base/memory.h"
#include "base/random.h"
#include "data/batch.h"
#include "scalers.h"

#define COUNT 41
#define LARGEST_WIDTH 1100

static const percept_type types[] = {PERCEPT_UINT8, PERCEPT_FLOAT32, PERCEPT_FLOAT64};
static const ScalerKind kinds[] = {SCALER_NONE, SCALER_STANDARDIZE, SCALER_STANDARDIZE_ALL};

/* Random features; bytes take all values. */
static percept_dataset *make(percept_type type, size_t width)
{
    percept_dataset *data = NULL;
    void *features = NULL;
    RandomStream stream;
    random_default_rng(&stream, width);
    assert_ok(memory_allocate(COUNT * width, sizeof(double), "features", &features, error));
    for (size_t k = 0; k < COUNT * width; k++) {
        const double u = random_unit(&stream);
        if (type == PERCEPT_UINT8)
            ((uint8_t *)features)[k] = (uint8_t)(256 * u);
        else if (type == PERCEPT_FLOAT32)
            ((float *)features)[k] = (float)(20 * u - 10);
        else
            ((double *)features)[k] = 20 * u - 10;
    }
    assert_ok(percept_dataset_create(type, COUNT, width, features, NULL, 0, NULL, &data, error));
    memory_free(features);
    return data;
}

/* (x / divisor - mean_j) / deviation_j of feature j of example i, by the formula. */
static double scaled(const Batch *batch, size_t i, size_t j)
{
    static double x[LARGEST_WIDTH];
    const Scaler *scaler = batch->scaler;
    percept_dataset_features(batch->data, batch_row(batch, i), x);
    const double q = scaler != NULL ? x[j] / scaler->divisor : x[j];
    return scaler != NULL && scaler->mean != NULL ? (q - scaler->mean[j]) / scaler->deviation[j] : q;
}

/* Calls `check` with batches of every type, kind of scaling, width around the sizes of blocks, with and without order. */
static void for_many_batches(void (*check)(const Batch *batch, size_t width))
{
    static const size_t widths[] = {1, 2, 15, 16, 17, 63, 64, 65, 784, LARGEST_WIDTH};
    static const double divisors[] = {1, 255, 16, 0.3};
    uint32_t order[COUNT];
    RandomStream stream;
    random_default_rng(&stream, 1);
    random_permutation(&stream, order, COUNT);
    for (size_t t = 0; t < 3; t++)
        for (size_t w = 0; w < sizeof widths / sizeof widths[0]; w++) {
            percept_dataset *data = make(types[t], widths[w]);
            for (size_t k = 0; k < 3; k++) {
                Scaler scaler;
                assert_ok(fit_scaler(&scaler, kinds[k], divisors[(w + k) % 4], data, error));
                check(&(Batch){.data = data, .scaler = &scaler, .order = order, .count = COUNT}, widths[w]);
                check(&(Batch){.data = data, .scaler = &scaler, .order = order + 3, .count = 7}, widths[w]);
                check(&(Batch){.data = data, .scaler = &scaler, .first = 5, .count = 32}, widths[w]);
                scaler_clear(&scaler);
            }
            check(&(Batch){.data = data, .order = order, .count = 16}, widths[w]);
            check(&(Batch){.data = data, .first = COUNT - 1, .count = 1}, widths[w]);
            percept_dataset_free(data);
        }
}

static double double_X[COUNT * LARGEST_WIDTH];
static float float_X[COUNT * LARGEST_WIDTH], float_piece[COUNT * LARGEST_WIDTH];
static double complex complex_X[COUNT * LARGEST_WIDTH];

/* float64 gives the formula's own bits. */
static void check_double(const Batch *batch, size_t width)
{
    batch_gather_f64(batch, 0, batch->count, double_X, width);
    for (size_t i = 0; i < batch->count; i++)
        for (size_t j = 0; j < width; j++)
            if (double_X[i * width + j] != scaled(batch, i, j))
                fail_msg("%.17g instead of %.17g", double_X[i * width + j], scaled(batch, i, j));
}

/* Rows that were scaled before give the same bits; in another type they are not used. */
static void check_scaled(const Batch *batch, size_t width)
{
    static float all[COUNT * LARGEST_WIDTH], wanted[COUNT * LARGEST_WIDTH];
    const Batch everything = {.data = batch->data, .scaler = batch->scaler, .count = COUNT};
    const ScaledRows rows = {.type = PERCEPT_FLOAT32, .rows = all};
    Batch scaled = *batch;
    scaled.scaled = &rows;
    batch_gather_f32(&everything, 0, COUNT, all, width);
    batch_gather_f32(batch, 0, batch->count, wanted, width);
    batch_gather_f32(&scaled, 0, batch->count, float_X, width);
    assert_memory_equal(float_X, wanted, batch->count * width * sizeof *wanted);
    check_double(&scaled, width);
}

static void test_rows_that_are_scaled_already_give_the_same_bits(void **state)
{
    (void)state;
    for_many_batches(check_scaled);
}

static void test_float64_is_the_formula_to_the_bit(void **state)
{
    (void)state;
    for_many_batches(check_double);
}

static void check_complex(const Batch *batch, size_t width)
{
    batch_gather_f64(batch, 0, batch->count, double_X, width);
    batch_gather_c128(batch, 0, batch->count, complex_X, width);
    for (size_t k = 0; k < batch->count * width; k++)
        assert_true(creal(complex_X[k]) == double_X[k] && cimag(complex_X[k]) == 0);
}

static void test_complex_is_float64_without_imaginary_part(void **state)
{
    (void)state;
    for_many_batches(check_complex);
}

/* float32: the terms x / divisor and mean are each rounded to 2^-24 of themselves, as are their difference and its
 * product with 1 / deviation (rounded too): 2^-24 (|q| + |mean|) / deviation and three times 2^-24 of the result. */
static void check_float(const Batch *batch, size_t width)
{
    const Scaler *scaler = batch->scaler;
    batch_gather_f32(batch, 0, batch->count, float_X, width);
    for (size_t i = 0; i < batch->count; i++)
        for (size_t j = 0; j < width; j++) {
            const double wanted = scaled(batch, i, j), got = (double)float_X[i * width + j];
            const bool standardized = scaler != NULL && scaler->mean != NULL;
            const double mean = standardized ? fabs(scaler->mean[j]) / scaler->deviation[j] : 0;
            const double bound = FLT_EPSILON / 2 * (fabs(wanted) + 2 * mean + 3 * fabs(wanted));
            if (!(fabs(got - wanted) <= bound))
                fail_msg("%.9g instead of %.9g, bound %g", got, wanted, bound);
        }
}

static void test_float32_is_the_formula_to_rounding(void **state)
{
    (void)state;
    for_many_batches(check_float);
}

/* Nothing is written beside the matrix. */
static void check_margins(const Batch *batch, size_t width)
{
    const size_t n = batch->count, wide = width < LARGEST_WIDTH ? width + 1 : width;
    for (size_t k = 0; k < COUNT * LARGEST_WIDTH; k++)
        double_X[k] = float_X[k] = -77;
    batch_gather_f64(batch, 0, n, double_X, wide);
    batch_gather_f32(batch, 0, n, float_X, wide);
    for (size_t i = 0; wide > width && i < n; i++)
        assert_true(double_X[i * wide + width] == -77 && float_X[i * wide + width] == -77);
}

static void test_nothing_is_written_beside_the_matrix(void **state)
{
    (void)state;
    for_many_batches(check_margins);
}

/* Gathered in pieces, by any cut, the bits are the same. */
static void check_pieces(const Batch *batch, size_t width)
{
    const size_t n = batch->count;
    batch_gather_f32(batch, 0, n, float_X, width);
    for (size_t step = 1; step <= n; step += 5) {
        for (size_t begin = 0; begin < n; begin += step) {
            const size_t end = begin + step < n ? begin + step : n;
            batch_gather_f32(batch, begin, end, float_piece, width);
            for (size_t i = begin; i < end; i++)
                for (size_t j = 0; j < width; j += 3)
                    assert_true(float_piece[(i - begin) * width + j] == float_X[i * width + j]);
        }
    }
}

static void test_any_cut_gives_the_same_bits(void **state)
{
    (void)state;
    for_many_batches(check_pieces);
}

/* All 256 bytes and every divisor that is divided by in two products: the quotients are those of a division. */
static void test_bytes_are_divided_to_the_bit(void **state)
{
    (void)state;
    uint8_t bytes[256];
    float single[256];
    double doubled[256];
    percept_dataset *data = NULL;
    for (size_t x = 0; x < 256; x++)
        bytes[x] = (uint8_t)x;
    assert_ok(percept_dataset_create(PERCEPT_UINT8, 1, 256, bytes, NULL, 0, NULL, &data, error));
    for (int divisor = 1; divisor <= 16400; divisor++) {
        const Scaler scaler = {.kind = SCALER_NONE, .width = 256, .divisor = divisor};
        const Batch batch = {.data = data, .scaler = &scaler, .count = 1};
        batch_gather_f32(&batch, 0, 1, single, 256);
        batch_gather_f64(&batch, 0, 1, doubled, 256);
        for (int x = 0; x < 256; x++)
            if (single[x] != (float)x / (float)divisor || doubled[x] != (double)x / divisor)
                fail_msg("%d / %d gave %.9g and %.17g", x, divisor, (double)single[x], doubled[x]);
    }
    percept_dataset_free(data);
}

/* Of 4,000 draws with probability 0.1, 400 are expected; the deviation is 19. */
static void check_dropped(percept_type type)
{
    enum { EXAMPLES = 2000, FEATURES = 3 };
    double values[EXAMPLES * FEATURES], all[EXAMPLES * FEATURES], one[FEATURES];
    uint8_t bytes[EXAMPLES * FEATURES];
    FeatureKind columns[] = {FEATURE_NUMBER, FEATURE_CATEGORY, FEATURE_CATEGORY};
    percept_dataset *data = NULL;
    CategoryDropout dropout = {.probability = 0.1};
    size_t dropped = 0;
    for (size_t k = 0; k < EXAMPLES * FEATURES; k++)
        values[k] = bytes[k] = (uint8_t)(k % 7);
    assert_ok(percept_dataset_create(type, EXAMPLES, FEATURES, type == PERCEPT_UINT8 ? (void *)bytes : (void *)values,
                                     NULL, 0, NULL, &data, error));
    data->storage->schema.kinds = columns;
    random_default_rng(&dropout.stream, 3);
    const Batch batch = {.data = data, .count = EXAMPLES, .category_dropout = &dropout};
    batch_gather_f64(&batch, 0, EXAMPLES, all, FEATURES);
    for (size_t i = 0; i < EXAMPLES; i++) {
        batch_gather_f64(&batch, i, i + 1, one, FEATURES);
        assert_memory_equal(one, all + i * FEATURES, sizeof one);
        for (size_t j = 0; j < FEATURES; j++)
            if (isnan(one[j]) && j > 0)
                dropped++;
            else
                assert_true(one[j] == values[i * FEATURES + j]);
    }
    assert_true(dropped > 300 && dropped < 500);
    data->storage->schema.kinds = NULL;
    percept_dataset_free(data);
}

static void test_categories_are_dropped_alike_in_any_cut(void **state)
{
    (void)state;
    check_dropped(PERCEPT_FLOAT64);
    check_dropped(PERCEPT_UINT8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_float64_is_the_formula_to_the_bit),
        cmocka_unit_test(test_rows_that_are_scaled_already_give_the_same_bits),
        cmocka_unit_test(test_complex_is_float64_without_imaginary_part),
        cmocka_unit_test(test_float32_is_the_formula_to_rounding),
        cmocka_unit_test(test_nothing_is_written_beside_the_matrix),
        cmocka_unit_test(test_any_cut_gives_the_same_bits),
        cmocka_unit_test(test_bytes_are_divided_to_the_bit),
        cmocka_unit_test(test_categories_are_dropped_alike_in_any_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
