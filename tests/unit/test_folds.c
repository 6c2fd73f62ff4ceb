/* Folds for cross-validation. */
#include "unit.h"

#include <string.h>

#include "base/memory.h"
#include "data/dataset.h"
#include "data/folds.h"

#define EXAMPLES 103
#define CLASSES 3

/* Feature 0 of example i is i; classes of 61, 34 and 8 examples, mixed; none with classes = 0. The last 20 examples are
 * the validation part, if there is one. */
static void make_parts(bool classes, bool validation, percept_dataset **train, percept_dataset **valid)
{
    double features[EXAMPLES];
    int32_t labels[EXAMPLES];
    percept_dataset *whole = NULL;
    uint32_t rows[EXAMPLES];
    for (uint32_t i = 0; i < EXAMPLES; i++) {
        features[i] = i;
        labels[i] = i * 7 % EXAMPLES < 61 ? 0 : i * 7 % EXAMPLES < 95 ? 1 : 2;
        rows[i] = i;
    }
    assert_ok(percept_dataset_create(PERCEPT_FLOAT64, EXAMPLES, 1, features, classes ? labels : NULL,
                                     classes ? CLASSES : 0, NULL, &whole, error));
    const size_t count = validation ? EXAMPLES - 20 : EXAMPLES;
    assert_ok(dataset_subset(whole, rows, count, train, error));
    *valid = NULL;
    if (validation)
        assert_ok(dataset_subset(whole, rows + count, EXAMPLES - count, valid, error));
    percept_dataset_free(whole);
}

/* Which example row i of a view is. */
static size_t example(const percept_dataset *data, size_t i)
{
    double feature = 0;
    percept_dataset_features(data, i, &feature);
    return (size_t)feature;
}

static void expect_rising(const percept_dataset *data)
{
    for (size_t i = 1; i < data->count; i++)
        assert_true(example(data, i - 1) < example(data, i));
}

/* The count is n / folds, rounded down or up. */
static void expect_share(size_t count, size_t n, size_t folds)
{
    assert_true(count == n / folds || count == (n + folds - 1) / folds);
}

static void expect_folds(bool classes, bool validation, size_t folds)
{
    size_t seen[EXAMPLES] = {0}, of_class[CLASSES] = {61, 34, 8};
    for (size_t fold = 0; fold < folds; fold++) {
        percept_dataset *train = NULL, *valid = NULL;
        size_t count[CLASSES] = {0};
        bool mine[EXAMPLES] = {false};
        RandomStream stream;
        random_default_rng(&stream, 4);
        make_parts(classes, validation, &train, &valid);
        assert_ok(folds_cut(&train, &valid, folds, fold, &stream, error));
        assert_int_equal(train->count + valid->count, EXAMPLES);
        expect_share(valid->count, EXAMPLES, folds);
        expect_rising(train);
        expect_rising(valid);
        for (size_t i = 0; i < valid->count; i++) {
            seen[example(valid, i)]++;
            mine[example(valid, i)] = true;
            if (classes)
                count[valid->labels[i]]++;
        }
        for (size_t i = 0; i < train->count; i++)
            assert_false(mine[example(train, i)]);
        for (size_t k = 0; k < CLASSES && classes; k++)
            expect_share(count[k], of_class[k], folds);
        percept_dataset_free(train);
        percept_dataset_free(valid);
    }
    for (size_t i = 0; i < EXAMPLES; i++)
        assert_int_equal(seen[i], 1);
}

static void each_example_validates_once_and_classes_are_shared_out(void **state)
{
    (void)state;
    for (size_t folds = 2; folds <= 9; folds++) {
        expect_folds(true, true, folds);
        expect_folds(true, false, folds);
        expect_folds(false, true, folds);
    }
    expect_folds(true, true, EXAMPLES);
}

/* The permutation decides, not the place of the parts. */
static void the_stream_decides(void **state)
{
    (void)state;
    size_t same[2] = {0, 0};
    for (uint64_t other = 0; other < 2; other++) {
        percept_dataset *train[2] = {NULL, NULL}, *valid[2] = {NULL, NULL};
        for (size_t i = 0; i < 2; i++) {
            RandomStream stream;
            random_default_rng(&stream, i == 0 ? 4 : 4 + other);
            make_parts(true, i == 0, &train[i], &valid[i]);
            assert_ok(folds_cut(&train[i], &valid[i], 5, 2, &stream, error));
        }
        for (size_t i = 0; i < valid[0]->count && i < valid[1]->count; i++)
            same[other] += example(valid[0], i) == example(valid[1], i);
        if (other == 0)
            assert_int_equal(same[0], valid[0]->count);
        else
            assert_true(same[1] < valid[0]->count);
        for (size_t i = 0; i < 2; i++) {
            percept_dataset_free(train[i]);
            percept_dataset_free(valid[i]);
        }
    }
}

static void more_folds_than_examples_are_refused(void **state)
{
    (void)state;
    percept_dataset *train = NULL, *valid = NULL;
    percept_error reason;
    RandomStream stream;
    random_default_rng(&stream, 4);
    make_parts(true, true, &train, &valid);
    assert_int_equal(folds_cut(&train, &valid, EXAMPLES + 1, 0, &stream, &reason), PERCEPT_ERROR_ARGUMENT);
    assert_non_null(strstr(reason.message, "103 examples"));
    assert_int_equal(train->count + valid->count, EXAMPLES);
    percept_dataset_free(train);
    percept_dataset_free(valid);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_example_validates_once_and_classes_are_shared_out),
        cmocka_unit_test(the_stream_decides),
        cmocka_unit_test(more_folds_than_examples_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
