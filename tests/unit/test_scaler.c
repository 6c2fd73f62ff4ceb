/* A scaler holds mean and population deviation, of each feature or of all, as two plain passes find them. */
#include "unit.h"

#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "data/batch.h"
#include "data/scaler.h"
#include "data/source.h"
#include "scalers.h"

#define COUNT 57
#define WIDTH 5

/* Features of different size and spread; the last one never varies. */
static percept_dataset *make(percept_type type, size_t count)
{
    uint8_t bytes[COUNT * WIDTH];
    float floats[COUNT * WIDTH];
    double doubles[COUNT * WIDTH];
    percept_dataset *data = NULL;
    RandomStream stream;
    random_default_rng(&stream, 5);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < WIDTH; j++) {
            const double u = j == WIDTH - 1 ? 0.7 : random_unit(&stream);
            bytes[i * WIDTH + j] = (uint8_t)(u * (double)(50 * (j + 1)));
            floats[i * WIDTH + j] = (float)(u * (double)(j + 1) - 3);
            doubles[i * WIDTH + j] = u * 1e3 + 1e6 * (double)j;
        }
    const void *features = type == PERCEPT_UINT8     ? (const void *)bytes
                           : type == PERCEPT_FLOAT32 ? (const void *)floats
                                                     : (const void *)doubles;
    assert_ok(percept_dataset_create(type, count, WIDTH, features, NULL, 0, NULL, &data, error));
    return data;
}

/* Mean and deviation of x / divisor over features first … end-1 of all examples, in long double. */
static void measure(const percept_dataset *data, double divisor, size_t first, size_t end, double *mean,
                    double *deviation)
{
    const size_t count = percept_dataset_count(data);
    const long double n = (long double)(count * (end - first));
    long double sum = 0, squares = 0;
    double x[WIDTH];
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < count; i++) {
            percept_dataset_features(data, i, x);
            for (size_t j = first; j < end; j++) {
                const long double value = (long double)x[j] / (long double)divisor;
                if (pass == 0)
                    sum += value / n;
                else
                    squares += (value - sum) * (value - sum) / n;
            }
        }
    *mean = (double)sum;
    *deviation = (double)sqrtl(squares);
}

static const percept_type types[] = {PERCEPT_UINT8, PERCEPT_FLOAT32, PERCEPT_FLOAT64};

/* Relative tolerance: sums of 57 · 5 terms in float64, 2^-53 each, and for the float64 features a mean 10^3 … 10^4 times
 * the deviation, which takes that many digits from the differences: 3e-12 in all. */
#define TOLERANCE 3e-12

static void check_close(double a, double b)
{
    if (!(fabs(a - b) <= TOLERANCE * fabs(b)))
        fail_msg("%.17g instead of %.17g", a, b);
}

static void test_each_feature_has_its_mean_and_deviation(void **state)
{
    (void)state;
    static const double divisors[] = {1, 255};
    for (size_t t = 0; t < 3; t++)
        for (size_t d = 0; d < 2; d++) {
            const double divisor = divisors[d];
            percept_dataset *data = make(types[t], COUNT);
            Scaler scaler;
            assert_ok(fit_scaler(&scaler, SCALER_STANDARDIZE, divisor, data, error));
            assert_int_equal(scaler.width, WIDTH);
            assert_true(scaler.divisor == divisor);
            for (size_t j = 0; j < WIDTH; j++) {
                double mean = 0, deviation = 0;
                measure(data, divisor, j, j + 1, &mean, &deviation);
                check_close(scaler.mean[j], mean);
                if (j < WIDTH - 1)
                    check_close(scaler.deviation[j], deviation);
                else
                    assert_true(scaler.deviation[j] == 1);
            }
            scaler_clear(&scaler);
            percept_dataset_free(data);
        }
}

static void test_the_whole_matrix_has_one_mean_and_deviation(void **state)
{
    (void)state;
    for (size_t t = 0; t < 3; t++) {
        percept_dataset *data = make(types[t], COUNT);
        Scaler scaler;
        double mean = 0, deviation = 0;
        measure(data, 16, 0, WIDTH, &mean, &deviation);
        assert_ok(fit_scaler(&scaler, SCALER_STANDARDIZE_ALL, 16, data, error));
        for (size_t j = 0; j < WIDTH; j++) {
            check_close(scaler.mean[j], mean);
            check_close(scaler.deviation[j], deviation);
        }
        scaler_clear(&scaler);
        percept_dataset_free(data);
    }
}

/* x' is 0 exactly, in every precision and for every divisor, whole or not. */
static void test_constant_features_become_exactly_zero(void **state)
{
    (void)state;
    static const double divisors[] = {1, 255, 256, 3, 0.1, 20000, 1e-3};
    for (size_t t = 0; t < 3; t++)
        for (size_t d = 0; d < sizeof divisors / sizeof divisors[0]; d++)
            for (size_t count = 1; count <= COUNT; count += COUNT - 1) {
                percept_dataset *data = make(types[t], count);
                Scaler scaler;
                assert_ok(fit_scaler(&scaler, SCALER_STANDARDIZE, divisors[d], data, error));
                const Batch batch = {.data = data, .scaler = &scaler, .count = count};
                float single[COUNT * WIDTH];
                double doubled[COUNT * WIDTH];
                batch_gather_f32(&batch, 0, count, single, WIDTH);
                batch_gather_f64(&batch, 0, count, doubled, WIDTH);
                for (size_t i = 0; i < count; i++)
                    for (size_t j = count == 1 ? 0 : WIDTH - 1; j < WIDTH; j++) /* one example: all are constant */
                        assert_true(single[i * WIDTH + j] == 0 && doubled[i * WIDTH + j] == 0);
                scaler_clear(&scaler);
                percept_dataset_free(data);
            }
}

static void test_a_constant_matrix_becomes_exactly_zero(void **state)
{
    (void)state;
    const double features[6] = {0.1, 0.1, 0.1, 0.1, 0.1, 0.1};
    percept_dataset *data = NULL;
    Scaler scaler;
    assert_ok(percept_dataset_create(PERCEPT_FLOAT64, 3, 2, features, NULL, 0, NULL, &data, error));
    assert_ok(fit_scaler(&scaler, SCALER_STANDARDIZE_ALL, 3, data, error));
    assert_true(scaler.mean[1] == 0.1 / 3 && scaler.deviation[0] == 1);
    scaler_clear(&scaler);
    percept_dataset_free(data);
}

/* The examples of the view count, not those of the storage, and a row that comes twice counts twice. */
static void test_the_view_is_measured_not_the_storage(void **state)
{
    (void)state;
    const uint32_t rows[] = {4, 9, 4};
    for (size_t t = 0; t < 3; t++) {
        percept_dataset *data = make(types[t], COUNT), *some = NULL;
        Scaler scaler;
        double mean = 0, deviation = 0;
        assert_ok(dataset_subset(data, rows, 3, &some, error));
        assert_ok(fit_scaler(&scaler, SCALER_STANDARDIZE, 1, some, error));
        measure(some, 1, 1, 2, &mean, &deviation);
        check_close(scaler.mean[1], mean);
        check_close(scaler.deviation[1], deviation);
        scaler_clear(&scaler);
        percept_dataset_free(some);
        percept_dataset_free(data);
    }
}

/* Byte sums are 32-bit within 65,536 rows: the largest byte in that many rows and more must not overflow them. */
static void test_many_large_bytes_do_not_overflow(void **state)
{
    (void)state;
    const size_t count = 2 * 65536 + 3;
    uint8_t *bytes = NULL;
    percept_dataset *data = NULL;
    Scaler scaler;
    assert_ok(memory_allocate(count, 1, "bytes", &bytes, error));
    memset(bytes, 255, count);
    bytes[count - 1] = 0;
    assert_ok(percept_dataset_create(PERCEPT_UINT8, count, 1, bytes, NULL, 0, NULL, &data, error));
    assert_ok(fit_scaler(&scaler, SCALER_STANDARDIZE, 255, data, error));
    const double n = (double)count;
    check_close(scaler.mean[0], (n - 1) / n);
    check_close(scaler.deviation[0], sqrt(n - 1) / n);
    scaler_clear(&scaler);
    percept_dataset_free(data);
    memory_free(bytes);
}

static void test_what_is_not_finite_is_refused_with_its_feature(void **state)
{
    (void)state;
    static const double bad[] = {NAN, INFINITY, 1e308};
    for (size_t b = 0; b < 3; b++) {
        const double features[6] = {1, 0, 2, 0, 3, -1};
        percept_dataset *data = NULL;
        percept_error error_space, *error = &error_space;
        Scaler scaler = {.divisor = 7};
        assert_int_equal(percept_dataset_create(PERCEPT_FLOAT64, 3, 2, features, NULL, 0, NULL, &data, error), 0);
        double *stored = data->storage->features; /* which no reader would let in */
        stored[1] = stored[3] = bad[b];
        assert_int_equal(fit_scaler(&scaler, SCALER_STANDARDIZE, 1, data, error), PERCEPT_ERROR_ARGUMENT);
        assert_non_null(strstr(error->message, "feature 1 "));
        assert_int_equal(fit_scaler(&scaler, SCALER_STANDARDIZE_ALL, 1, data, error), PERCEPT_ERROR_ARGUMENT);
        assert_true(scaler.divisor == 7 && scaler.mean == NULL); /* left as it was */
        percept_dataset_free(data);
    }
}

static void test_wrong_divisors_and_kinds_are_refused(void **state)
{
    (void)state;
    static const double bad[] = {0, -1, NAN, INFINITY};
    percept_dataset *data = make(PERCEPT_UINT8, COUNT);
    percept_error error;
    Scaler scaler;
    for (size_t b = 0; b < 4; b++)
        assert_int_equal(fit_scaler(&scaler, SCALER_NONE, bad[b], data, &error), PERCEPT_ERROR_ARGUMENT);
    assert_int_equal(fit_scaler(&scaler, (ScalerKind)5, 1, data, &error), PERCEPT_ERROR_ARGUMENT);
    percept_dataset_free(data);
}

/* Cut in two, with a part that is not there between them: as the whole, to the bit. */
static void test_parts_are_fitted_as_one(void **state)
{
    (void)state;
    for (size_t t = 0; t < 3; t++) {
        percept_dataset *whole = make(types[t], COUNT), *first = NULL, *rest = NULL;
        uint32_t rows[COUNT];
        for (uint32_t i = 0; i < COUNT; i++)
            rows[i] = i;
        assert_ok(dataset_subset(whole, rows, 20, &first, error));
        assert_ok(dataset_subset(whole, rows + 20, COUNT - 20, &rest, error));
        const percept_dataset *const parts[] = {first, NULL, rest};
        for (int kind = SCALER_STANDARDIZE; kind <= SCALER_ROBUST; kind++) {
            Scaler expected, fitted;
            assert_ok(fit_scaler(&expected, (ScalerKind)kind, 3, whole, error));
            assert_ok(scaler_fit(&fitted, (ScalerKind)kind, 3, parts, 3, error));
            assert_memory_equal(fitted.mean, expected.mean, WIDTH * sizeof(double));
            assert_memory_equal(fitted.deviation, expected.deviation, WIDTH * sizeof(double));
            scaler_clear(&expected);
            scaler_clear(&fitted);
        }
        percept_dataset_free(whole);
        percept_dataset_free(first);
        percept_dataset_free(rest);
    }
}

static void test_parts_of_another_width_are_refused(void **state)
{
    (void)state;
    static const double narrow[] = {1, 2};
    percept_dataset *whole = make(PERCEPT_FLOAT64, COUNT), *other = NULL;
    percept_error why;
    Scaler scaler;
    assert_ok(percept_dataset_create(PERCEPT_FLOAT64, 2, 1, narrow, NULL, 0, NULL, &other, error));
    const percept_dataset *const parts[] = {whole, other};
    assert_int_equal(scaler_fit(&scaler, SCALER_STANDARDIZE, 1, parts, 2, &why), PERCEPT_ERROR_ARGUMENT);
    assert_non_null(strstr(why.message, "another part 1;"));
    percept_dataset_free(whole);
    percept_dataset_free(other);
}

/* One value far out moves neither; where the quartiles are equal, half the range is taken; a constant becomes 0. */
static void test_median_and_quartiles_scale_robustly(void **state)
{
    (void)state;
    const double features[5][3] = {{1, 4, 7}, {2, 4, 7}, {1e9, 4, 7}, {3, 4, 7}, {5, 9, 7}};
    percept_dataset *data = NULL;
    Scaler scaler;
    assert_ok(percept_dataset_create(PERCEPT_FLOAT64, 5, 3, features, NULL, 0, NULL, &data, error));
    assert_ok(fit_scaler(&scaler, SCALER_ROBUST, 1, data, error));
    assert_true(scaler.mean[0] == 3 && scaler.deviation[0] == 3);
    assert_true(scaler.mean[1] == 4 && scaler.deviation[1] == 2.5);
    assert_true(scaler.mean[2] == 7 && scaler.deviation[2] == 1);
    scaler_clear(&scaler);
    percept_dataset_free(data);
}

static void test_kinds_have_names(void **state)
{
    (void)state;
    for (int kind = SCALER_NONE; kind <= SCALER_STANDARDIZE_ALL; kind++)
        assert_int_equal(scaler_kind_find(scaler_kind_name((ScalerKind)kind)), kind);
    assert_int_equal(scaler_kind_find("minmax"), -1);
}

/* The widely published mean and deviation of all training pixels in [0, 1], four digits: 0.2860 and 0.3530 for
 * Fashion-MNIST, 0.1307 and 0.3081 for MNIST. */
static void check_real(const char *name, double mean, double deviation)
{
    percept_dataset *train = NULL, *test = NULL;
    percept_error error;
    Scaler scaler;
    if (source_open(name, NULL, NULL, &train, &test, &error) != PERCEPT_OK) {
        print_message("skipped: %s\n", error.message);
        skip();
    }
    assert_int_equal(percept_dataset_count(train), 60000);
    assert_int_equal(percept_dataset_count(test), 10000);
    assert_int_equal(percept_dataset_width(train), 784);
    assert_int_equal(fit_scaler(&scaler, SCALER_STANDARDIZE_ALL, 255, train, &error), PERCEPT_OK);
    assert_true(fabs(scaler.mean[0] - mean) < 5e-5);
    assert_true(fabs(scaler.deviation[0] - deviation) < 5e-5);
    scaler_clear(&scaler);
    percept_dataset_free(train);
    percept_dataset_free(test);
}

static void test_fashion_mnist_has_its_known_mean(void **state)
{
    (void)state;
    check_real("fashion-mnist", 0.2860, 0.3530);
}

static void test_mnist_has_its_known_mean(void **state)
{
    (void)state;
    check_real("mnist", 0.1307, 0.3081);
}

/* ---- Weights, and what is as good as constant --------------------------------------------------------------------- */

static void give_weights(percept_dataset *data, const double *weights)
{
    assert_ok(memory_allocate(data->storage->count, sizeof(double), "weights", &data->storage->weights, error));
    memcpy(data->storage->weights, weights, data->storage->count * sizeof(double));
}

/* Rows a, b, c with weights 2, 0, 1 are a, a, c: also where a lies far from the others, and for bytes. */
static void test_a_weight_is_a_number_of_examples(void **state)
{
    (void)state;
    static const double features[] = {1, 40, 9, 200, 5, 3}, twice[] = {1, 40, 1, 40, 5, 3}, weights[] = {2, 0, 1};
    uint8_t bytes[6], twice_bytes[6];
    for (size_t i = 0; i < 6; i++) {
        bytes[i] = (uint8_t)features[i];
        twice_bytes[i] = (uint8_t)twice[i];
    }
    for (int i = 0; i < 4; i++) {
        const ScalerKind kind = i / 2 == 0 ? SCALER_STANDARDIZE : SCALER_STANDARDIZE_ALL;
        const percept_type type = i % 2 == 0 ? PERCEPT_FLOAT64 : PERCEPT_UINT8;
        percept_dataset *data = NULL, *rows = NULL;
        Scaler weighted, plain;
        assert_ok(percept_dataset_create(type, 3, 2, i % 2 == 0 ? (const void *)features : bytes, NULL, 0, NULL, &data,
                                         error));
        assert_ok(percept_dataset_create(type, 3, 2, i % 2 == 0 ? (const void *)twice : twice_bytes, NULL, 0, NULL,
                                         &rows, error));
        give_weights(data, weights);
        assert_ok(fit_scaler(&weighted, kind, 4, data, error));
        assert_ok(fit_scaler(&plain, kind, 4, rows, error));
        for (size_t j = 0; j < 2; j++) {
            assert_close(weighted.mean[j], plain.mean[j], 1e-15);
            assert_close(weighted.deviation[j], plain.deviation[j], 1e-15);
        }
        scaler_clear(&weighted);
        scaler_clear(&plain);
        percept_dataset_free(data);
        percept_dataset_free(rows);
    }
}

static void test_weights_that_are_all_zero_are_refused(void **state)
{
    (void)state;
    static const double features[] = {1, 2}, weights[] = {0, 0};
    percept_dataset *data = NULL;
    percept_error refusal;
    Scaler scaler;
    assert_ok(percept_dataset_create(PERCEPT_FLOAT64, 2, 1, features, NULL, 0, NULL, &data, error));
    give_weights(data, weights);
    assert_int_equal(fit_scaler(&scaler, SCALER_STANDARDIZE, 1, data, &refusal), PERCEPT_ERROR_ARGUMENT);
    assert_non_null(strstr(refusal.message, "weight 0"));
    percept_dataset_free(data);
}

/* 0.1 + 0.2 beside 0.3 is rounding and no feature; so is 1e9 + 1e-6, which differs in its last bits. A deviation that is
 * small beside the mean, but not so small, counts. */
static void test_a_deviation_of_rounding_counts_as_none(void **state)
{
    (void)state;
    double features[20][3], expected = 1e-6 / 2;
    percept_dataset *data = NULL;
    Scaler scaler;
    for (int i = 0; i < 20; i++) {
        features[i][0] = i % 2 == 0 ? 0.3 : 0.1 + 0.2;
        features[i][1] = i % 2 == 0 ? 1e9 : 1e9 + 1e-6;
        features[i][2] = i % 2 == 0 ? 1 : 1 + 1e-6;
    }
    assert_ok(percept_dataset_create(PERCEPT_FLOAT64, 20, 3, features, NULL, 0, NULL, &data, error));
    assert_ok(fit_scaler(&scaler, SCALER_STANDARDIZE, 1, data, error));
    assert_true(scaler.deviation[0] == 1);
    assert_true(scaler.deviation[1] == 1);
    assert_true(fabs(scaler.deviation[2] / expected - 1) < 1e-6);
    assert_close(scaler.mean[0], 0.3, 1e-15);
    scaler_clear(&scaler);
    percept_dataset_free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_feature_has_its_mean_and_deviation),
        cmocka_unit_test(test_the_whole_matrix_has_one_mean_and_deviation),
        cmocka_unit_test(test_constant_features_become_exactly_zero),
        cmocka_unit_test(test_a_constant_matrix_becomes_exactly_zero),
        cmocka_unit_test(test_the_view_is_measured_not_the_storage),
        cmocka_unit_test(test_many_large_bytes_do_not_overflow),
        cmocka_unit_test(test_what_is_not_finite_is_refused_with_its_feature),
        cmocka_unit_test(test_wrong_divisors_and_kinds_are_refused),
        cmocka_unit_test(test_parts_are_fitted_as_one),
        cmocka_unit_test(test_parts_of_another_width_are_refused),
        cmocka_unit_test(test_a_weight_is_a_number_of_examples),
        cmocka_unit_test(test_weights_that_are_all_zero_are_refused),
        cmocka_unit_test(test_a_deviation_of_rounding_counts_as_none),
        cmocka_unit_test(test_median_and_quartiles_scale_robustly),
        cmocka_unit_test(test_kinds_have_names),
        cmocka_unit_test(test_fashion_mnist_has_its_known_mean),
        cmocka_unit_test(test_mnist_has_its_known_mean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
