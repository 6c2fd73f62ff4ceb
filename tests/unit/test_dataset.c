/* Datasets are views: rows of a shared storage with labels of their own. */
#include "unit.h"

#include <string.h>

#include "base/memory.h"
#include "data/dataset.h"

#define COUNT 12
#define WIDTH 3
#define CLASSES 4

#define assert_refused(call, text)                                                                                     \
    do {                                                                                                               \
        percept_error refused;                                                                                         \
        percept_error *error = &refused;                                                                               \
        assert_int_equal((call), PERCEPT_ERROR_ARGUMENT);                                                              \
        assert_int_equal(refused.status, PERCEPT_ERROR_ARGUMENT);                                                      \
        if (strstr(refused.message, (text)) == NULL)                                                                   \
            fail_msg("%s: '%s' lacks '%s'", #call, refused.message, (text));                                           \
    } while (0)

static const char *const names[CLASSES] = {"zero", "one", "two", "three"};

/* Feature j of row i is 10 i + j; its class is i mod 4. */
static percept_dataset *make(percept_type type)
{
    uint8_t bytes[COUNT * WIDTH];
    float floats[COUNT * WIDTH];
    double doubles[COUNT * WIDTH];
    int32_t labels[COUNT];
    percept_dataset *data = NULL;
    for (size_t i = 0; i < COUNT; i++) {
        labels[i] = (int32_t)(i % CLASSES);
        for (size_t j = 0; j < WIDTH; j++) {
            bytes[i * WIDTH + j] = (uint8_t)(10 * i + j);
            floats[i * WIDTH + j] = (float)(10 * i + j);
            doubles[i * WIDTH + j] = (double)(10 * i + j);
        }
    }
    const void *features = type == PERCEPT_UINT8     ? (const void *)bytes
                           : type == PERCEPT_FLOAT32 ? (const void *)floats
                                                     : (const void *)doubles;
    assert_ok(percept_dataset_create(type, COUNT, WIDTH, features, labels, CLASSES, names, &data, error));
    return data;
}

/* The row of make() that example i of a view shows, told by its features. */
static size_t origin(const percept_dataset *data, size_t i)
{
    double features[WIDTH];
    percept_dataset_features(data, i, features);
    assert_true(features[1] == features[0] + 1 && features[2] == features[0] + 2);
    return (size_t)features[0] / 10;
}

static void test_what_is_put_in_comes_out(void **state)
{
    (void)state;
    static const percept_type types[] = {PERCEPT_UINT8, PERCEPT_FLOAT32, PERCEPT_FLOAT64};
    for (size_t t = 0; t < 3; t++) {
        percept_dataset *data = make(types[t]);
        assert_int_equal(percept_dataset_count(data), COUNT);
        assert_int_equal(percept_dataset_width(data), WIDTH);
        assert_int_equal(percept_dataset_classes(data), CLASSES);
        for (size_t i = 0; i < COUNT; i++) {
            assert_int_equal(origin(data, i), i);
            assert_int_equal(percept_dataset_label(data, i), i % CLASSES);
        }
        for (size_t k = 0; k < CLASSES; k++)
            assert_string_equal(percept_dataset_class_name(data, k), names[k]);
        percept_dataset_free(data);
    }
    percept_dataset_free(NULL);
}

static void test_labels_and_names_may_be_left_out(void **state)
{
    (void)state;
    const uint8_t features[2] = {1, 2};
    const int32_t labels[2] = {0, 11};
    percept_dataset *data = NULL;
    assert_ok(percept_dataset_create(PERCEPT_UINT8, 2, 1, features, NULL, 0, NULL, &data, error));
    assert_int_equal(percept_dataset_classes(data), 0);
    assert_int_equal(percept_dataset_label(data, 1), -1);
    percept_dataset_free(data);
    assert_ok(percept_dataset_create(PERCEPT_UINT8, 2, 1, features, labels, 12, NULL, &data, error));
    assert_string_equal(percept_dataset_class_name(data, 11), "11");
    percept_dataset_free(data);
}

static void test_what_cannot_be_is_refused(void **state)
{
    (void)state;
    const uint8_t features[4] = {0};
    const int32_t labels[2] = {0, 3}, negative[2] = {0, -1};
    const char *const half_named[3] = {"a", NULL, "c"};
    percept_dataset *data = NULL;
    const size_t huge = SIZE_MAX / 2;
#define CREATE(type, count, width, labels, classes, names)                                                             \
    percept_dataset_create(type, count, width, features, labels, classes, names, &data, error)
    assert_refused(CREATE(PERCEPT_UINT8, 0, 2, NULL, 0, NULL), "0 examples");
    assert_refused(CREATE(PERCEPT_UINT8, 2, 0, NULL, 0, NULL), "0 features");
    assert_refused(CREATE((percept_type)7, 2, 2, NULL, 0, NULL), "type 7");
    assert_refused(CREATE(PERCEPT_UINT8, (size_t)1 << 33, 1, NULL, 0, NULL), "more than");
    assert_refused(CREATE(PERCEPT_UINT8, 2, 2, labels, 3, NULL), "row 2: the label is 3");
    assert_refused(CREATE(PERCEPT_UINT8, 2, 2, negative, 3, NULL), "row 2: the label is -1");
    assert_refused(CREATE(PERCEPT_UINT8, 2, 2, labels, 0, NULL), "both be given");
    assert_refused(CREATE(PERCEPT_UINT8, 2, 2, NULL, 3, NULL), "both be given");
    assert_refused(CREATE(PERCEPT_UINT8, 2, 2, negative, 3, half_named), "class 1 has no name");
    percept_error error_space, *error = &error_space;
    assert_int_equal(CREATE(PERCEPT_FLOAT64, 4, huge, NULL, 0, NULL), PERCEPT_ERROR_MEMORY);
    assert_int_equal(CREATE(PERCEPT_FLOAT64, 1, huge, NULL, 0, NULL), PERCEPT_ERROR_MEMORY);
    assert_null(data);
    error = NULL; /* no place for a message is no reason to fail otherwise */
    assert_int_equal(CREATE(PERCEPT_UINT8, 2, 2, labels, 3, NULL), PERCEPT_ERROR_ARGUMENT);
#undef CREATE
}

static void test_a_subset_of_a_subset_shares_the_storage(void **state)
{
    (void)state;
    percept_dataset *data = make(PERCEPT_UINT8), *odd = NULL, *some = NULL;
    const uint32_t odd_rows[] = {1, 3, 5, 7, 9, 11}, some_rows[] = {5, 0, 0}, outside[] = {6};
    assert_ok(dataset_subset(data, odd_rows, 6, &odd, error));
    percept_dataset_free(data); /* the views keep the storage */
    assert_ok(dataset_subset(odd, some_rows, 3, &some, error));
    assert_ptr_equal(odd->storage, some->storage);
    assert_int_equal(some->storage->references, 2);
    assert_int_equal(origin(some, 0), 11);
    assert_int_equal(origin(some, 1), 1);
    assert_int_equal(origin(some, 2), 1);
    assert_int_equal(percept_dataset_label(some, 0), 3);
    assert_refused(dataset_subset(odd, outside, 1, &some, error), "row 6");
    assert_refused(dataset_subset(odd, outside, 0, &some, error), "at least one example");
    assert_refused(dataset_view(odd->storage, 10, 3, &some, error), "there are 12");
    assert_refused(dataset_view(odd->storage, SIZE_MAX, 3, &some, error), "there are 12");
    percept_dataset_free(odd);
    assert_int_equal(some->storage->references, 1);
    percept_dataset_free(some);
}

static void test_selected_classes_are_numbered_anew(void **state)
{
    (void)state;
    percept_dataset *data = make(PERCEPT_FLOAT32), *chosen = NULL;
    const int32_t classes[] = {3, 1};
    assert_ok(dataset_select(data, classes, 2, 0, &chosen, error));
    assert_ptr_equal(chosen->storage, data->storage);
    assert_int_equal(percept_dataset_count(chosen), 6);
    assert_int_equal(percept_dataset_classes(chosen), 2);
    assert_string_equal(percept_dataset_class_name(chosen, 0), "three");
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(origin(chosen, i), 2 * i + 1); /* order kept */
        assert_int_equal(percept_dataset_label(chosen, i), i % 2 == 0 ? 1 : 0);
    }
    percept_dataset_free(chosen);
    percept_dataset_free(data);
}

static void test_per_class_keeps_the_first_of_each(void **state)
{
    (void)state;
    percept_dataset *data = make(PERCEPT_FLOAT32), *chosen = NULL;
    assert_ok(dataset_select(data, NULL, 0, 2, &chosen, error));
    assert_int_equal(percept_dataset_count(chosen), 8);
    assert_int_equal(percept_dataset_classes(chosen), CLASSES);
    for (size_t i = 0; i < 8; i++)
        assert_int_equal(origin(chosen, i), i);
    percept_dataset_free(chosen);
    assert_ok(dataset_select(data, NULL, 0, 100, &chosen, error)); /* more than there are: all */
    assert_int_equal(percept_dataset_count(chosen), COUNT);
    percept_dataset_free(chosen);
    percept_dataset_free(data);
}

static void test_wrong_classes_are_refused(void **state)
{
    (void)state;
    percept_dataset *data = make(PERCEPT_UINT8), *chosen = NULL, *unlabelled = NULL;
    const int32_t outside[] = {1, 4}, negative[] = {-1}, twice[] = {2, 2}, all[] = {0, 1, 2, 3}, missing[] = {3};
    const uint32_t rows[] = {0, 1};
    const uint8_t features[2] = {0};
    assert_refused(dataset_select(data, outside, 2, 0, &chosen, error), "no class 4; classes are 0 to 3");
    assert_refused(dataset_select(data, negative, 1, 0, &chosen, error), "no class -1");
    assert_refused(dataset_select(data, twice, 2, 0, &chosen, error), "class 2 is given twice");
    assert_refused(dataset_mark_positive(data, outside, 2, false, error), "no class 4");
    assert_refused(dataset_mark_positive(data, all, 4, false, error), "all of the 4");
    assert_refused(dataset_mark_positive(data, all, 0, false, error), "none of the 4");
    assert_ok(dataset_subset(data, rows, 2, &chosen, error));
    percept_dataset_free(data);
    data = chosen;
    chosen = NULL;
    assert_refused(dataset_select(data, missing, 1, 0, &chosen, error), "no example");
    assert_ok(percept_dataset_create(PERCEPT_UINT8, 2, 1, features, NULL, 0, NULL, &unlabelled, error));
    assert_refused(dataset_select(unlabelled, missing, 1, 0, &chosen, error), "no classes");
    assert_null(chosen);
    percept_dataset_free(unlabelled);
    percept_dataset_free(data);
}

static void test_positive_classes_become_one(void **state)
{
    (void)state;
    percept_dataset *data = make(PERCEPT_UINT8), *copy = NULL;
    const int32_t positive[] = {2, 0};
    const uint32_t rows[] = {0, 1, 2, 3};
    assert_ok(dataset_subset(data, rows, 4, &copy, error));
    assert_ok(dataset_mark_positive(data, positive, 2, false, error));
    assert_int_equal(percept_dataset_classes(data), 2);
    assert_string_equal(percept_dataset_class_name(data, 0), "one|three");
    assert_string_equal(percept_dataset_class_name(data, 1), "zero|two");
    for (size_t i = 0; i < COUNT; i++)
        assert_int_equal(percept_dataset_label(data, i), i % 2 == 0 ? 1 : 0);
    assert_int_equal(percept_dataset_label(copy, 3), 3); /* another view keeps its labels */
    percept_dataset_free(copy);
    percept_dataset_free(data);
}

static void test_joined_views_follow_each_other(void **state)
{
    (void)state;
    percept_dataset *data = make(PERCEPT_UINT8), *other = make(PERCEPT_UINT8), *tail = NULL, *head = NULL, *all = NULL;
    const int32_t positive[] = {2};
    assert_ok(dataset_view(data->storage, 0, 5, &head, error));
    assert_ok(dataset_view(data->storage, 5, 7, &tail, error));
    assert_ok(dataset_join(tail, head, &all, error));
    assert_ptr_equal(all->storage, data->storage);
    assert_int_equal(percept_dataset_count(all), COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        assert_int_equal(origin(all, i), (i + 5) % COUNT);
        assert_int_equal(percept_dataset_label(all, i), (i + 5) % COUNT % CLASSES);
    }
    percept_dataset_free(all);
    assert_refused(dataset_join(data, other, &all, error), "one dataset");
    assert_ok(dataset_mark_positive(tail, positive, 1, false, error));
    assert_refused(dataset_join(head, tail, &all, error), "same classes");
    assert_ok(dataset_mark_positive(head, positive, 0, true, error)); /* a file for a model may lack one kind */
    assert_true(percept_dataset_classes(head) == 2 && percept_dataset_label(head, 2) == 0);
    percept_dataset_free(head);
    percept_dataset_free(tail);
    percept_dataset_free(data);
    percept_dataset_free(other);
}

/* A file that has other classes, or fewer, numbers them otherwise: names decide. */
static void test_classes_are_matched_by_name(void **state)
{
    (void)state;
    static const char *const five[] = {"two", "zero", "extra", "three", "one"};
    static const char *const four[] = {"a", "b", "c", "d"}, *const numbers_too[] = {"2", "x", "1", "0"};
    static const int32_t numbers[] = {1, 4, 0, 3};
    percept_dataset *data = make(PERCEPT_UINT8), *numbered = NULL;
    assert_ok(dataset_match_classes(data, five, 5, error));
    assert_int_equal(percept_dataset_classes(data), 5);
    for (size_t i = 0; i < COUNT; i++)
        assert_int_equal(percept_dataset_label(data, i), numbers[i % CLASSES]);
    assert_string_equal(percept_dataset_class_name(data, 2), "extra");
    assert_refused(dataset_match_classes(data, four, 4, error), "'two'");
    assert_ok(dataset_match_classes(data, NULL, 0, error)); /* a model without classes */
    percept_dataset_free(data);
    /* Classes that no file names are called by their numbers: they have no other place. */
    const uint8_t features[2] = {0, 0};
    const int32_t labels[2] = {0, 2};
    assert_ok(percept_dataset_create(PERCEPT_UINT8, 2, 1, features, labels, 3, NULL, &numbered, error));
    assert_refused(dataset_match_classes(numbered, four, 4, error),
                   "class '0', which the model does not know; its classes are a, b, c, d");
    assert_ok(dataset_match_classes(numbered, numbers_too, 4, error));
    assert_int_equal(percept_dataset_label(numbered, 0), 3);
    assert_int_equal(percept_dataset_label(numbered, 1), 0);
    percept_dataset_free(numbered);
}

static void test_weights_belong_to_rows_of_the_storage(void **state)
{
    (void)state;
    percept_dataset *data = make(PERCEPT_UINT8), *some = NULL;
    const uint32_t rows[] = {3, 1};
    assert_ok(dataset_subset(data, rows, 2, &some, error));
    assert_true(dataset_weight(some, 0) == 1);
    assert_ok(memory_allocate(COUNT, sizeof(double), "weights", &data->storage->weights, error));
    for (size_t i = 0; i < COUNT; i++)
        data->storage->weights[i] = (double)i / 2;
    assert_true(dataset_weight(some, 0) == 1.5 && dataset_weight(some, 1) == 0.5);
    percept_dataset_free(some);
    percept_dataset_free(data);
}

/* The mean of the rows of the training part that have the feature, in whatever type. */
static void test_what_is_missing_becomes_the_training_mean(void **state)
{
    (void)state;
    const double nothing = NAN, wide[4][2] = {{1, nothing}, {nothing, 8}, {5, 4}, {nothing, 100}};
    for (int type = PERCEPT_FLOAT32; type <= PERCEPT_FLOAT64; type++) {
        float narrow[4][2];
        percept_dataset *data = NULL, *train = NULL, *empty = NULL;
        double features[2];
        for (size_t i = 0; i < 8; i++)
            narrow[i / 2][i % 2] = (float)wide[i / 2][i % 2];
        assert_ok(percept_dataset_create((percept_type)type, 4, 2,
                                         type == PERCEPT_FLOAT32 ? (void *)narrow : (void *)wide, NULL, 0, NULL, &data,
                                         error));
        data->storage->missing = 3;
        assert_ok(dataset_view(data->storage, 0, 3, &train, error));
        assert_ok(dataset_view(data->storage, 3, 1, &empty, error));
        assert_refused(storage_fill_missing(data->storage, error), "row 1, column 'feature 2': the value is missing");
        assert_ok(
            storage_learn_fills(data->storage, empty, false, error)); /* a column without any value there becomes 0 */
        assert_true(data->storage->schema.fills[0] == 0 && data->storage->schema.fills[1] == 100);
        assert_true(data->storage->notes.count == 1 && data->storage->notes.list[0].kind == NOTE_WARNING);
        assert_ok(storage_learn_fills(data->storage, train, false, error));
        assert_ok(storage_fill_missing(data->storage, error));
        assert_string_equal(data->storage->notes.list[1].text,
                            "filled 3 missing values in feature 1, feature 2 with their means in the training part");
        assert_int_equal(data->storage->missing, 0);
        percept_dataset_features(data, 0, features);
        assert_true(features[0] == 1 && features[1] == 6);
        percept_dataset_features(data, 3, features);
        assert_true(features[0] == 3 && features[1] == 100);
        percept_dataset_free(empty);
        percept_dataset_free(train);
        percept_dataset_free(data);
    }
}

/* A column without gaps keeps its mean, which fills the gaps of other data. */
static void test_gaps_can_become_a_value_below_all_others(void **state)
{
    (void)state;
    const double features[] = {1, 4, 7, NAN, 8, 4, 9, 5};
    percept_dataset *data = NULL;
    assert_ok(percept_dataset_create(PERCEPT_FLOAT64, 4, 2, features, NULL, 0, NULL, &data, error));
    data->storage->missing = 1;
    assert_ok(storage_learn_fills(data->storage, data, true, error));
    assert_true(data->storage->schema.fills[0] == 6.25);
    assert_true(fabs(data->storage->schema.fills[1] - (4 - sqrt(2.0 / 9))) < 1e-6); /* as float32 holds it */
    assert_ok(storage_fill_missing(data->storage, error));
    assert_string_equal(data->storage->notes.list[0].text,
                        "filled 1 missing value in feature 2 with a value below all others of the column");
    percept_dataset_free(data);
}

/* A row of weight 3 counts as three rows, one of weight 0 as none. */
static void test_fills_are_weighted_means(void **state)
{
    (void)state;
    const double features[] = {1, 5, NAN, 100}, weights[] = {3, 1, 2, 0};
    percept_dataset *data = NULL;
    assert_ok(percept_dataset_create(PERCEPT_FLOAT64, 4, 1, features, NULL, 0, NULL, &data, error));
    assert_ok(memory_allocate(4, sizeof(double), "weights", &data->storage->weights, error));
    memcpy(data->storage->weights, weights, sizeof weights);
    data->storage->missing = 1;
    assert_ok(storage_learn_fills(data->storage, data, false, error));
    assert_true(data->storage->schema.fills[0] == 2);
    percept_dataset_free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_put_in_comes_out),
        cmocka_unit_test(test_labels_and_names_may_be_left_out),
        cmocka_unit_test(test_what_cannot_be_is_refused),
        cmocka_unit_test(test_a_subset_of_a_subset_shares_the_storage),
        cmocka_unit_test(test_selected_classes_are_numbered_anew),
        cmocka_unit_test(test_per_class_keeps_the_first_of_each),
        cmocka_unit_test(test_wrong_classes_are_refused),
        cmocka_unit_test(test_positive_classes_become_one),
        cmocka_unit_test(test_joined_views_follow_each_other),
        cmocka_unit_test(test_classes_are_matched_by_name),
        cmocka_unit_test(test_weights_belong_to_rows_of_the_storage),
        cmocka_unit_test(test_what_is_missing_becomes_the_training_mean),
        cmocka_unit_test(test_gaps_can_become_a_value_below_all_others),
        cmocka_unit_test(test_fills_are_weighted_means),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
