/* The checksum of a run's data: what changes it, and what does not. */
#include <string.h>

#include "base/memory.h"
#include "data/checksum.h"
#include "data/dataset.h"
#include "unit.h"

/* "train:COUNT-SUM" of a dataset, released with memory_free. */
static char *sum_of(percept_dataset *train)
{
    percept_error error;
    char *sum = NULL;
    assert_int_equal(data_checksum(&(percept_data){.train = train}, &sum, &error), PERCEPT_OK);
    return sum;
}

static percept_dataset *make(const uint8_t *features, const int32_t *labels, const char *const *names)
{
    percept_error error;
    percept_dataset *data = NULL;
    assert_int_equal(percept_dataset_create(PERCEPT_UINT8, 3, 2, features, labels, 2, names, &data, &error),
                     PERCEPT_OK);
    return data;
}

static const uint8_t features[] = {1, 2, 3, 4, 5, 6};
static const int32_t labels[] = {0, 1, 1};

static void it_is_that_of_the_examples_and_not_of_how_they_are_kept(void **state)
{
    (void)state;
    percept_error error;
    percept_dataset *all = make(features, labels, NULL), *last = NULL, *alone = NULL;
    char *sum = NULL;
    assert_int_equal(dataset_subset(all, (const uint32_t[]){2, 1}, 2, &last, &error), PERCEPT_OK);
    assert_int_equal(
        percept_dataset_create(PERCEPT_UINT8, 2, 2, (const uint8_t[]){5, 6, 3, 4}, labels + 1, 2, NULL, &alone, &error),
        PERCEPT_OK);
    char *of_view = sum_of(last), *of_copy = sum_of(alone);
    assert_string_equal(of_view, of_copy);
    assert_int_equal(data_checksum(&(percept_data){.train = all, .test = last}, &sum, &error), PERCEPT_OK);
    assert_string_equal(strstr(sum, "test:") + strlen("test"), of_view + strlen("train"));
    assert_string_equal(strchr(sum, '-') + 1 + 16, strstr(sum, ";test:2-"));
    memory_free(sum);
    memory_free(of_view);
    memory_free(of_copy);
    percept_dataset_free(all);
    percept_dataset_free(last);
    percept_dataset_free(alone);
}

/* Also where rows are long enough to fill the buffer more than once, and end anywhere in a block. */
static void no_byte_of_the_features_can_change_unnoticed(void **state)
{
    (void)state;
    enum { WIDTH = 4999 };
    static uint8_t wide[2 * WIDTH];
    percept_error error;
    char *before = NULL;
    for (size_t i = 0; i <= sizeof wide; i += i + 63 < sizeof wide || i == sizeof wide ? 63 : sizeof wide - i) {
        percept_dataset *data = NULL;
        if (i < sizeof wide)
            wide[i] ^= 1;
        assert_int_equal(percept_dataset_create(PERCEPT_UINT8, 2, WIDTH, wide, NULL, 0, NULL, &data, &error),
                         PERCEPT_OK);
        char *sum = sum_of(data);
        assert_true(before == NULL || strcmp(before, sum) != 0 || i == sizeof wide);
        memory_free(before);
        before = sum;
        percept_dataset_free(data);
    }
    memory_free(before);
}

static void labels_class_names_and_the_order_of_rows_count(void **state)
{
    (void)state;
    percept_error error;
    percept_dataset *data[4] = {make(features, labels, NULL), make(features, (const int32_t[]){0, 1, 0}, NULL),
                                make(features, labels, (const char *const[]){"1", "0"}), NULL};
    char *sums[4];
    assert_int_equal(dataset_subset(data[0], (const uint32_t[]){0, 2, 1}, 3, &data[3], &error), PERCEPT_OK);
    for (size_t i = 0; i < 4; i++)
        sums[i] = sum_of(data[i]);
    for (size_t i = 0; i < 4; i++)
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(sums[i], sums[j]);
    for (size_t i = 0; i < 4; i++) {
        memory_free(sums[i]);
        percept_dataset_free(data[i]);
    }
}

static void weights_and_targets_count(void **state)
{
    (void)state;
    percept_error error;
    char *sums[5];
    for (size_t i = 0; i < 5; i++) {
        percept_dataset *data = make(features, labels, NULL);
        Storage *storage = data->storage;
        const double values[] = {1, 2, (double)i};
        double **into = i < 3 ? &storage->weights : &storage->targets;
        if (i > 0) {
            assert_int_equal(memory_allocate(3, sizeof **into, "values", into, &error), PERCEPT_OK);
            memcpy(*into, values, sizeof values);
        }
        storage->target_width = i < 3 ? 0 : 1;
        sums[i] = sum_of(data);
        percept_dataset_free(data);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(sums[i], sums[k]);
    }
    for (size_t i = 0; i < 5; i++)
        memory_free(sums[i]);
}

/* The bits of released files: a change of the hash would refuse to go on with every run that there is. */
static void the_same_data_have_the_same_checksum_for_ever(void **state)
{
    (void)state;
    percept_dataset *data = make(features, labels, NULL);
    char *sum = sum_of(data);
    assert_string_equal(sum, "train:3-03163d8e645308ef");
    memory_free(sum);
    percept_dataset_free(data);
}

static void the_part_that_differs_is_named(void **state)
{
    (void)state;
    static const char first[] = "train:2-0123456789abcdef;test:1-0123456789abcdef";
    assert_null(data_checksum_difference(first, first));
    assert_string_equal(data_checksum_difference(first, "train:2-0123456789abcdee;test:1-0123456789abcdef"),
                        "training part");
    assert_string_equal(data_checksum_difference(first, "train:2-0123456789abcdef;test:1-0123456789abcdee"),
                        "test part");
    assert_string_equal(data_checksum_difference(first, "train:2-0123456789abcdef"), "test part");
    assert_string_equal(
        data_checksum_difference("train:2-0123456789abcdef;valid:1-0123456789abcdef;test:1-0123456789abcdef", first),
        "validation part");
}

static void a_checksum_of_another_kind_is_not_compared(void **state)
{
    (void)state;
    static const char now[] = "train:2-0123456789abcdef";
    assert_null(data_checksum_difference(NULL, now));
    assert_null(data_checksum_difference(now, NULL));
    assert_null(data_checksum_difference("train:2-01234567", now));
    assert_null(data_checksum_difference("", now));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_that_of_the_examples_and_not_of_how_they_are_kept),
        cmocka_unit_test(no_byte_of_the_features_can_change_unnoticed),
        cmocka_unit_test(labels_class_names_and_the_order_of_rows_count),
        cmocka_unit_test(weights_and_targets_count),
        cmocka_unit_test(the_same_data_have_the_same_checksum_for_ever),
        cmocka_unit_test(the_part_that_differs_is_named),
        cmocka_unit_test(a_checksum_of_another_kind_is_not_compared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
