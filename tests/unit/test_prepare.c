/* From options to parts: every example is in one part at most, in the order that the options ask for. */
#include "in_scratch.h"

#include "base/file.h"
#include "base/memory.h"
#include "data/prepare.h"

#define TRAIN 60
#define TEST 20
#define ALL (TRAIN + TEST)
#define CLASSES 10

/* A dataset in the files of MNIST: pixel 0 of an example is its number (test from TRAIN on), its label the last digit. */
static int set_up(void **state)
{
    static const char *const names[2][2] = {{"train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte"},
                                            {"t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte"}};
    char folder[SCRATCH_PATH], path[2 * SCRATCH_PATH];
    (void)state;
    scratch_open(&scratch);
    assert_ok(file_make_folder(scratch_path(&scratch, "mnist", folder), error));
    for (size_t p = 0; p < 2; p++) {
        const uint32_t sizes[3] = {p == 0 ? TRAIN : TEST, 1, 2};
        uint8_t pixels[2 * TRAIN], labels[TRAIN];
        for (size_t i = 0; i < sizes[0]; i++) {
            pixels[2 * i] = (uint8_t)(i + p * TRAIN);
            pixels[2 * i + 1] = 0;
            labels[i] = (uint8_t)(i % CLASSES);
        }
        snprintf(path, sizeof path, "%s/%s", folder, names[p][0]);
        scratch_write_idx(path, 3, sizes, pixels, (size_t)sizes[0] * 2);
        snprintf(path, sizeof path, "%s/%s", folder, names[p][1]);
        scratch_write_idx(path, 1, sizes, labels, sizes[0]);
    }
    return 0;
}

static DataOptions plain(void)
{
    return (DataOptions){.name = "mnist", .directory = scratch.folder, .validation = -1};
}

static size_t size_of(const percept_dataset *data)
{
    return data != NULL ? percept_dataset_count(data) : 0;
}

/* The number of example i. */
static size_t number(const percept_dataset *data, size_t i)
{
    double features[2];
    percept_dataset_features(data, i, features);
    return (size_t)features[0];
}

/* The parts have these sizes, and no example is in two. */
static void check_parts(const percept_data *parts, size_t train, size_t valid, size_t test)
{
    const percept_dataset *const data[] = {parts->train, parts->valid, parts->test};
    const size_t sizes[] = {train, valid, test};
    bool seen[ALL] = {false};
    for (size_t p = 0; p < 3; p++) {
        assert_int_equal(size_of(data[p]), sizes[p]);
        for (size_t i = 0; i < sizes[p]; i++) {
            const size_t n = number(data[p], i);
            assert_true(n < ALL && !seen[n]);
            seen[n] = true;
        }
    }
}

/* Prepares, checks the sizes, and gives the parts back. */
static percept_data prepare(const DataOptions *options, RandomStream *stream, size_t train, size_t valid, size_t test)
{
    percept_data parts = {NULL, NULL, NULL};
    assert_ok(data_prepare(options, stream, &parts, error));
    check_parts(&parts, train, valid, test);
    return parts;
}

static void refuse(const DataOptions *options, const char *message)
{
    percept_data parts = {NULL, NULL, NULL};
    assert_refused(data_prepare(options, NULL, &parts, error), PERCEPT_ERROR_ARGUMENT, message);
    assert_null(parts.train);
}

static void test_validation_is_the_end_of_the_training_part(void **state)
{
    (void)state;
    DataOptions options = plain(); /* by default 10,000 of 60,000: a sixth */
    percept_data parts = prepare(&options, NULL, 50, 10, 20);
    assert_int_equal(number(parts.train, 0), 0);
    assert_int_equal(number(parts.valid, 0), 50);
    assert_int_equal(number(parts.test, 0), TRAIN);
    percept_data_free(&parts);
    assert_null(parts.train);
    percept_data_free(&parts);
    percept_data_free(NULL);

    const double validations[] = {0, 7, 0.25, 0.999};
    const size_t sizes[] = {0, 7, 15, 59};
    for (size_t v = 0; v < 4; v++) {
        options.validation = validations[v];
        parts = prepare(&options, NULL, TRAIN - sizes[v], sizes[v], 20);
        percept_data_free(&parts);
    }
}

static void test_the_default_validation_shrinks_with_the_selection(void **state)
{
    (void)state;
    const char *const classes[] = {"8", "3"};
    DataOptions options = plain();
    options.classes = classes;
    options.class_count = 2; /* 6 examples each in training, 2 each in test */
    percept_data parts = prepare(&options, NULL, 10, 2, 4);
    assert_int_equal(percept_dataset_label(parts.train, 0), 1); /* number 3 */
    assert_int_equal(percept_dataset_classes(parts.test), 2);
    assert_string_equal(percept_dataset_class_name(parts.valid, 0), "8");
    percept_data_free(&parts);
}

static void test_per_class_limits_the_test_part_if_asked(void **state)
{
    (void)state;
    DataOptions options = plain();
    options.validation = 0;
    options.per_class = 1;
    percept_data parts = prepare(&options, NULL, 10, 0, 20);
    percept_data_free(&parts);
    options.limit_test = true;
    parts = prepare(&options, NULL, 10, 0, 10);
    percept_data_free(&parts);
}

static void test_splits_mean_what_they_say(void **state)
{
    (void)state;
    static const struct Case {
        bool join;
        double split[3];
        size_t split_count;
        size_t train, valid, test;
    } cases[] = {
        {false, {0.5, 0.5}, 2, 30, 30, 20},       /* two: the test part stays */
        {false, {40, 5}, 2, 40, 5, 20},           /* counts, 15 left over */
        {false, {0.7, 0.15, 0.15}, 3, 42, 9, 9},  /* three: the test part is left out */
        {false, {0.7, 0.1, 0.1}, 3, 42, 6, 6},    /* sum below 1: the rest is unused */
        {false, {1, 0}, 2, 60, 0, 20},            /* fractions: no number above 1, nor the sum */
        {false, {1, 1}, 2, 1, 1, 20},             /* counts: the sum is above 1 */
        {false, {50, 0, 10}, 3, 50, 0, 10},       /* */
        {true, {0.7, 0.15, 0.15}, 3, 56, 12, 12}, /* */
        {true, {0.5, 0.5}, 2, 40, 0, 40},         /* two of the joined: train and test */
        {true, {0.29, 0.71}, 2, 23, 0, 57},       /* the last part takes the rest */
        {true, {1. / 3, 1. / 3, 1. / 3}, 3, 26, 26, 28},
        {true, {0.85, 0.15, 0}, 3, 68, 12, 0},     /* a part of 0 stays empty */
        {true, {1. / 3, 2. / 3, 0}, 3, 26, 54, 0}, /* even where it could take the rest */
        {true, {40, 40}, 2, 40, 0, 40},
    };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        DataOptions options = plain();
        options.join = cases[c].join;
        options.split = cases[c].split;
        options.split_count = cases[c].split_count;
        percept_data parts = prepare(&options, NULL, cases[c].train, cases[c].valid, cases[c].test);
        assert_int_equal(number(parts.train, cases[c].train - 1), cases[c].train - 1); /* in order, training first */
        if (parts.valid != NULL)
            assert_int_equal(number(parts.valid, 0), cases[c].train);
        percept_data_free(&parts);
    }
}

/* 0.58 · 50 is 28.999… in float64, and 29 is meant. */
static void test_a_fraction_of_a_whole_number_is_not_one_short(void **state)
{
    (void)state;
    const double split[] = {0.58, 0.1};
    DataOptions options = plain();
    options.per_class = 5;
    options.split = split;
    options.split_count = 2;
    assert_true(0.58 * 50 < 29);
    percept_data parts = prepare(&options, NULL, 29, 5, 20);
    percept_data_free(&parts);
}

static void test_joined_without_a_split_has_no_test_part(void **state)
{
    (void)state;
    DataOptions options = plain();
    options.join = true;
    percept_data parts = prepare(&options, NULL, ALL - 13, 13, 0); /* ⌊80 / 6⌋ */
    percept_data_free(&parts);
}

/* permutation(n) is drawn once, and rows are cut in its order: the parts, laid end to end, are it. */
static void test_shuffled_parts_follow_one_permutation(void **state)
{
    (void)state;
    const double split[] = {0.7, 0.15, 0.15};
    uint32_t order[ALL];
    RandomStream stream, same;
    random_default_rng(&stream, 12345);
    random_default_rng(&same, 12345);
    random_permutation(&same, order, ALL);
    DataOptions options = plain();
    options.join = true;
    options.shuffle = true;
    options.split = split;
    options.split_count = 3;
    percept_data parts = prepare(&options, &stream, 56, 12, 12);
    for (size_t i = 0; i < ALL; i++)
        assert_int_equal(i < 56   ? number(parts.train, i)
                         : i < 68 ? number(parts.valid, i - 56)
                                  : number(parts.test, i - 68),
                         order[i]);
    for (size_t i = 0; i < 56; i++) /* labels go with their examples: TRAIN is a multiple of CLASSES */
        assert_int_equal(percept_dataset_label(parts.train, i), number(parts.train, i) % CLASSES);
    assert_true(random_unit(&stream) == random_unit(&same)); /* nothing else was drawn */
    percept_data_free(&parts);
}

static void test_positive_names_original_labels(void **state)
{
    (void)state;
    const char *const classes[] = {"7", "2", "5"}, *const positive[] = {"5", "7"}, *const left_out[] = {"5", "3"};
    DataOptions options = plain();
    options.validation = 0;
    options.classes = classes;
    options.class_count = 3;
    options.positive = positive;
    options.positive_count = 2;
    percept_data parts = prepare(&options, NULL, 18, 0, 6);
    for (size_t i = 0; i < 18; i++)
        assert_int_equal(percept_dataset_label(parts.train, i), number(parts.train, i) % CLASSES != 2);
    assert_string_equal(percept_dataset_class_name(parts.test, 1), "7|5");
    percept_data_free(&parts);
    options.positive = left_out;
    refuse(&options, "data.positive: class '3' is left out by data.classes");
}

static void test_wrong_options_are_named(void **state)
{
    (void)state;
    static const struct Wrong {
        double split[4];
        size_t split_count;
        const char *message;
    } wrong[] = {
        {{0.5}, 1, "data.split has 1 numbers"},
        {{0.5, 0.1, 0.1, 0.1}, 4, "data.split has 4 numbers"},
        {{50, 11}, 2, "data.split asks for 61 examples, but there are 60"},
        {{30.5, 10}, 2, "data.split has 30.5"},
        {{0.7, 0.7}, 2, "data.split has 0.7"},
        {{-1, 10}, 2, "data.split has -1"},
        {{NAN, 10}, 2, "data.split has nan"},
        {{INFINITY, 10}, 2, "data.split has inf"},
        {{0, 1}, 2, "for training"},
        {{0.01, 0.9}, 2, "for training"},
    };
    for (size_t w = 0; w < sizeof wrong / sizeof wrong[0]; w++) {
        DataOptions options = plain();
        options.split = wrong[w].split;
        options.split_count = wrong[w].split_count;
        refuse(&options, wrong[w].message);
    }
    static const double validations[] = {60, 1e30, 2.5, NAN, INFINITY};
    for (size_t v = 0; v < sizeof validations / sizeof validations[0]; v++) {
        DataOptions options = plain();
        options.validation = validations[v];
        refuse(&options, "a whole number below 60");
    }
    const char *const outside[] = {"10"};
    DataOptions options = plain();
    options.classes = outside;
    options.class_count = 1;
    refuse(&options,
           "data.classes: there is no class '10'; did you mean '0'?; the classes are 0, 1, 2, 3, 4, 5, 6, 7, 8, 9");
    options = plain();
    options.positive = outside;
    options.positive_count = 1;
    refuse(&options, "data.positive: there is no class '10'");
    options = plain();
    options.name = "mnits";
    refuse(&options, "mnist");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_validation_is_the_end_of_the_training_part),
        cmocka_unit_test(test_the_default_validation_shrinks_with_the_selection),
        cmocka_unit_test(test_per_class_limits_the_test_part_if_asked),
        cmocka_unit_test(test_splits_mean_what_they_say),
        cmocka_unit_test(test_a_fraction_of_a_whole_number_is_not_one_short),
        cmocka_unit_test(test_joined_without_a_split_has_no_test_part),
        cmocka_unit_test(test_shuffled_parts_follow_one_permutation),
        cmocka_unit_test(test_positive_names_original_labels),
        cmocka_unit_test(test_wrong_options_are_named),
    };
    return cmocka_run_group_tests(tests, set_up, remove_scratch);
}
