/* Data from the arrays of a program: strides, types, what is refused, who owns what. */
#include <string.h>

#include "unit.h"

#define COUNT 4

static percept_table *make_table(void)
{
    percept_table *table = NULL;
    assert_ok(percept_table_create(COUNT, &table, error));
    return table;
}

static percept_dataset *finish(percept_table *table)
{
    percept_dataset *dataset = NULL;
    assert_ok(percept_table_finish(table, &dataset, error));
    percept_table_free(table);
    return dataset;
}

static double feature(const percept_dataset *dataset, size_t i, size_t j)
{
    double row[8];
    percept_dataset_features(dataset, i, row);
    return row[j];
}

static void refuse(percept_status status, const percept_error *error, const char *words)
{
    assert_int_equal(status, PERCEPT_ERROR_ARGUMENT);
    assert_int_equal(error->status, PERCEPT_ERROR_ARGUMENT);
    if (strstr(error->message, words) == NULL)
        fail_msg("'%s' lacks '%s'", error->message, words);
    assert_true(strlen(error->message) <= 200);
}

static void strides_say_where_values_lie(void **state)
{
    (void)state;
    /* 3 columns by 4 examples, column-major; then row-major in reverse, between other bytes. */
    const float columns[] = {0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23};
    struct {
        double x, pad, y;
    } rows[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        rows[i].x = (double)i;
        rows[i].pad = -1;
        rows[i].y = 10 + (double)i;
    }
    percept_table *table = make_table();
    assert_ok(
        percept_table_set_features(table, PERCEPT_FLOAT32, columns, 3, sizeof(float), COUNT * sizeof(float), error));
    percept_dataset *dataset = finish(table);
    for (size_t i = 0; i < COUNT; i++)
        for (size_t j = 0; j < 3; j++)
            assert_true(feature(dataset, i, j) == (double)(10 * j + i));
    percept_dataset_free(dataset);

    table = make_table();
    assert_ok(percept_table_set_features(table, PERCEPT_FLOAT64, &rows[COUNT - 1], 2, -(ptrdiff_t)sizeof rows[0],
                                         2 * sizeof(double), error));
    dataset = finish(table);
    for (size_t i = 0; i < COUNT; i++)
        assert_true(feature(dataset, i, 0) == (double)(COUNT - 1 - i) && feature(dataset, i, 1) == 13.0 - (double)i);
    percept_dataset_free(dataset);
}

static void labels_are_classes_by_number_or_by_value(void **state)
{
    (void)state;
    const uint8_t features[COUNT] = {1, 2, 3, 4};
    const int64_t signs[COUNT] = {1, -1, -1, 1};
    const int32_t pairs[2 * COUNT] = {2, 9, 0, 9, 1, 9, 2, 9};
    percept_table *table = make_table();
    assert_ok(percept_table_set_features(table, PERCEPT_UINT8, features, 1, 0, 0, error));
    assert_ok(percept_table_set_labels(table, PERCEPT_INT64, signs, 0, 0, NULL, error));
    percept_dataset *dataset = finish(table);
    assert_int_equal(percept_dataset_classes(dataset), 2);
    assert_string_equal(percept_dataset_class_name(dataset, 0), "-1");
    assert_int_equal(percept_dataset_label(dataset, 0), 1);
    assert_int_equal(percept_dataset_label(dataset, 1), 0);
    percept_dataset_free(dataset);

    table = make_table();
    assert_ok(percept_table_set_features(table, PERCEPT_UINT8, features, 1, 0, 0, error));
    assert_ok(percept_table_set_labels(table, PERCEPT_INT32, pairs, 2 * sizeof(int32_t), 4,
                                       (const char *const[]){"a", "b", "c", "d"}, error));
    dataset = finish(table);
    assert_int_equal(percept_dataset_classes(dataset), 4);
    assert_string_equal(percept_dataset_class_name(dataset, 3), "d");
    assert_int_equal(percept_dataset_label(dataset, 0), 2);
    assert_int_equal(percept_dataset_label(dataset, 2), 1);
    percept_dataset_free(dataset);
}

static void what_files_may_not_hold_arrays_may_not_either(void **state)
{
    (void)state;
    percept_error failure;
    percept_dataset *dataset = NULL;
    double X[2 * COUNT] = {0, 1, 2, 3, 4, INFINITY, 6, 7};
    const double y[COUNT] = {1, 2, NAN, 4}, huge[COUNT] = {1, 2, 3e300, 4}, weights[COUNT] = {1, 1, -1, 1};
    percept_table *table = make_table();
    refuse(percept_table_finish(table, &dataset, &failure), &failure, "no features");
    refuse(percept_table_set_columns(table, (const char *const[]){"a"}, NULL, &failure), &failure, "features");
    assert_ok(percept_table_set_features(table, PERCEPT_FLOAT64, X, 2, 0, 0, error));
    assert_ok(percept_table_set_columns(table, (const char *const[]){"age", "height"},
                                        (const percept_column_kind[]){PERCEPT_BOOLEAN, PERCEPT_NUMBER}, error));
    refuse(percept_table_finish(table, &dataset, &failure), &failure,
           "row 3, column 2 (height): the value is infinite");
    assert_null(dataset);
    X[5] = NAN; /* missing, which is allowed */
    assert_ok(percept_table_set_features(table, PERCEPT_FLOAT64, X, 2, 0, 0, error));
    assert_ok(percept_table_set_columns(table, (const char *const[]){"age", "height"},
                                        (const percept_column_kind[]){PERCEPT_BOOLEAN, PERCEPT_NUMBER}, error));
    refuse(percept_table_finish(table, &dataset, &failure), &failure, "row 2, column 1 (age): 2 is not boolean");
    refuse(percept_table_set_targets(table, PERCEPT_FLOAT64, y, 1, 0, 0, NULL, &failure), &failure, "row 3");
    refuse(percept_table_set_weights(table, PERCEPT_FLOAT64, weights, 0, &failure), &failure, "row 3");
    refuse(percept_table_set_labels(table, PERCEPT_FLOAT64, y, 0, 0, NULL, &failure), &failure, "labels of type");
    refuse(percept_table_set_labels(table, PERCEPT_INT32, (const int32_t[]){0, 1, 2, 0}, 0, 2, NULL, &failure),
           &failure, "row 3: the label is 2");
    refuse(percept_table_set_labels(table, PERCEPT_INT64, (const int64_t[]){0, 1, INT64_MAX, 0}, 0, 0, NULL, &failure),
           &failure, "2^53");
    refuse(percept_table_set_features(table, PERCEPT_INT32, X, 2, 0, 0, &failure), &failure, "features of type");
    refuse(percept_table_set_features(table, PERCEPT_FLOAT64, X, 0, 0, 0, &failure), &failure, "width");
    refuse(percept_table_create(0, &table, &failure), &failure, "0 examples");
    X[2] = 1, X[4] = 0, X[6] = 1;
    assert_ok(percept_table_set_features(table, PERCEPT_FLOAT64, X, 2, 0, 0, error));
    assert_ok(percept_table_set_targets(table, PERCEPT_FLOAT64, huge, 1, 0, 0, (const char *const[]){"price"}, error));
    refuse(percept_table_finish(table, &dataset, &failure), &failure, "row 3, price: the target 3e+300 is beyond");
    assert_ok(percept_table_set_targets(table, PERCEPT_FLOAT64, X, 1, 0, 0, NULL, error));
    dataset = finish(table);
    assert_int_equal(percept_dataset_missing(dataset), 1);
    percept_dataset_free(dataset);
}

static void count_call(void *user)
{
    ++*(int *)user;
}

static void borrowed_features_are_released_once(void **state)
{
    (void)state;
    float X[2 * COUNT] = {0, 1, 2, 3, 4, 5, 6, 7};
    int calls = 0;
    percept_table *table = make_table();
    percept_error failure;
    refuse(percept_table_borrow_features(table, PERCEPT_INT32, X, 2, 0, 0, count_call, &calls, &failure), &failure,
           "type");
    assert_int_equal(calls, 0); /* a failure takes nothing */
    assert_ok(percept_table_borrow_features(table, PERCEPT_FLOAT32, X, 2, 0, 0, count_call, &calls, error));
    percept_dataset *dataset = finish(table);
    assert_int_equal(calls, 0);
    X[3] = 8;
    assert_true(feature(dataset, 1, 1) == 8); /* it is the caller's array */
    percept_dataset_free(dataset);
    assert_int_equal(calls, 1);

    table = make_table(); /* replaced by other features; and never made into a dataset */
    assert_ok(percept_table_borrow_features(table, PERCEPT_FLOAT32, X, 2, 0, 0, count_call, &calls, error));
    assert_ok(percept_table_borrow_features(table, PERCEPT_FLOAT32, X, 1, 0, 0, count_call, &calls, error));
    assert_int_equal(calls, 2);
    percept_table_free(table);
    assert_int_equal(calls, 3);

    table = make_table(); /* copied: strides, and a missing value */
    assert_ok(
        percept_table_borrow_features(table, PERCEPT_FLOAT32, X, 1, 2 * sizeof(float), 0, count_call, &calls, error));
    assert_int_equal(calls, 4);
    X[1] = NAN;
    assert_ok(percept_table_borrow_features(table, PERCEPT_FLOAT32, X, 2, 0, 0, count_call, &calls, error));
    assert_int_equal(calls, 5);
    dataset = finish(table);
    percept_data data = {.train = dataset};
    assert_ok(percept_data_fill(&data, error));
    assert_true(isnan(X[1]));
    assert_true(feature(dataset, 0, 1) == 20.0 / 3 || feature(dataset, 0, 1) == (double)(float)(20.0 / 3));
    percept_dataset_free(dataset);
    assert_int_equal(calls, 5);
}

static void missing_features_are_filled_by_the_training_means(void **state)
{
    (void)state;
    const double train[2 * COUNT] = {0, 1, 2, NAN, 4, 5, 6, 6}, more[2 * COUNT] = {NAN, NAN, 1, 1, 2, 2, 3, 3};
    const int32_t labels[COUNT] = {0, 1, 0, 1};
    percept_error failure;
    percept_recipe *recipe = NULL;
    percept_model *model = NULL;
    percept_metrics metrics = {.struct_size = sizeof metrics};
    percept_data data = {0};
    assert_ok(percept_dataset_create(PERCEPT_FLOAT64, COUNT, 2, train, labels, 2, NULL, &data.train, error));
    assert_ok(percept_dataset_create(PERCEPT_FLOAT64, COUNT, 2, more, labels, 2, NULL, &data.valid, error));
    assert_ok(percept_recipe_create(&recipe, error));
    assert_ok(percept_recipe_set(recipe, "model.layers", "2-3-2", error));
    refuse(percept_model_create(recipe, &data, &model, &failure), &failure, "lack 1 features; fill them first");
    assert_ok(percept_data_fill(&data, error));
    assert_int_equal(percept_dataset_missing(data.train) + percept_dataset_missing(data.valid), 0);
    assert_true(feature(data.train, 1, 1) == 4 && feature(data.valid, 0, 0) == 3 && feature(data.valid, 0, 1) == 4);
    assert_ok(percept_model_create(recipe, &data, &model, error));

    percept_dataset *later = NULL;
    assert_ok(percept_dataset_create(PERCEPT_FLOAT64, COUNT, 2, more, labels, 2, NULL, &later, error));
    refuse(percept_model_evaluate(model, later, 1, &metrics, &failure), &failure, "percept_dataset_fill");
    assert_ok(percept_dataset_fill(later, model, error));
    assert_true(feature(later, 0, 0) == 3 && feature(later, 0, 1) == 4);
    assert_ok(percept_model_evaluate(model, later, 1, &metrics, error));
    percept_metrics_clear(&metrics);
    percept_dataset_free(later);
    percept_model_free(model);
    percept_recipe_free(recipe);
    percept_data_free(&data);
}

static void a_dataset_is_split_as_a_file(void **state)
{
    (void)state;
    enum { N = 100 };
    double X[N];
    int32_t labels[N];
    percept_table *table = NULL;
    percept_recipe *recipe = NULL;
    percept_dataset *dataset = NULL;
    percept_data data = {0};
    size_t ones[3] = {0};
    for (size_t i = 0; i < N; i++) {
        X[i] = i == 7 ? NAN : (double)i;
        labels[i] = i % 4 == 0;
    }
    assert_ok(percept_table_create(N, &table, error));
    assert_ok(percept_table_set_features(table, PERCEPT_FLOAT64, X, 1, 0, 0, error));
    assert_ok(percept_table_set_labels(table, PERCEPT_INT32, labels, 0, 0, NULL, error));
    dataset = finish(table);
    assert_ok(percept_recipe_create(&recipe, error));
    assert_ok(percept_data_split(recipe, dataset, &data, error));
    const percept_dataset *const parts[] = {data.train, data.valid, data.test};
    const size_t sizes[] = {64, 16, 20};
    for (size_t p = 0; p < 3; p++) {
        assert_int_equal(percept_dataset_count(parts[p]), sizes[p]);
        for (size_t i = 0; i < sizes[p]; i++)
            ones[p] += percept_dataset_label(parts[p], i) == 1;
        assert_int_equal(ones[p], sizes[p] / 4); /* stratified */
    }
    assert_int_equal(percept_dataset_missing(dataset), 0);
    percept_data_free(&data);

    assert_ok(percept_recipe_set(recipe, "data.split", "0.5,0.5", error));
    assert_ok(percept_data_split(recipe, dataset, &data, error));
    assert_int_equal(percept_dataset_count(data.train), 50);
    assert_null(data.valid);
    assert_int_equal(percept_dataset_count(data.test), 50);
    percept_data_free(&data);
    percept_dataset_free(dataset);
    percept_recipe_free(recipe);
}

static void a_dataset_with_targets_is_split_too(void **state)
{
    (void)state;
    enum { N = 50 };
    double X[N], Y[N];
    percept_table *table = NULL;
    percept_recipe *recipe = NULL;
    percept_data data = {0};
    for (size_t i = 0; i < N; i++)
        X[i] = Y[i] = (double)i;
    assert_ok(percept_table_create(N, &table, error));
    assert_ok(percept_table_set_features(table, PERCEPT_FLOAT64, X, 1, 0, 0, error));
    assert_ok(percept_table_set_targets(table, PERCEPT_FLOAT64, Y, 1, 0, 0, NULL, error));
    percept_dataset *dataset = finish(table);
    assert_ok(percept_recipe_create(&recipe, error));
    assert_ok(percept_data_split(recipe, dataset, &data, error));
    assert_int_equal(percept_dataset_count(data.train), 32);
    assert_int_equal(percept_dataset_count(data.valid), 8);
    assert_int_equal(percept_dataset_count(data.test), 10);
    percept_data_free(&data);
    percept_dataset_free(dataset);
    percept_recipe_free(recipe);
}

static void weights_and_several_targets_are_learned_from(void **state)
{
    (void)state;
    enum { N = 64 };
    float X[N], Y[2 * N], weights[N];
    percept_table *table = NULL;
    percept_recipe *recipe = NULL;
    percept_data data = {0};
    percept_model *model = NULL;
    for (size_t i = 0; i < N; i++) {
        X[i] = (float)i / N;
        weights[i] = i % 2 == 0 ? 1 : 0;
        Y[2 * i] = i % 2 == 0 ? 3 * X[i] + 1 : 1000; /* examples of weight 0 are nonsense */
        Y[2 * i + 1] = i % 2 == 0 ? -X[i] : 1000;
    }
    assert_ok(percept_table_create(N, &table, error));
    assert_ok(percept_table_set_features(table, PERCEPT_FLOAT32, X, 1, 0, 0, error));
    assert_ok(
        percept_table_set_targets(table, PERCEPT_FLOAT32, Y, 2, 0, 0, (const char *const[]){"up", "down"}, error));
    assert_ok(percept_table_set_weights(table, PERCEPT_FLOAT32, weights, 0, error));
    data.train = finish(table);
    assert_ok(percept_recipe_create(&recipe, error));
    assert_ok(percept_recipe_set(recipe, "model.layers", "1-2", error));
    assert_ok(percept_recipe_set(recipe, "train.epochs", "200", error));
    assert_ok(percept_recipe_set(recipe, "train.optimizer", "sgd", error));
    assert_ok(percept_recipe_set(recipe, "train.learning_rate", "0.3", error));
    assert_ok(percept_recipe_set(recipe, "data.scale", "standardize", error));
    assert_ok(percept_model_create(recipe, &data, &model, error));
    assert_ok(percept_model_train(model, recipe, &data, NULL, NULL, NULL, error));
    double out[2];
    assert_ok(percept_model_predict(model, (const double[]){0.25}, 1, 1, out, error));
    assert_close(out[0], 1.75, 1e-3); /* a line is learned exactly, up to what 200 epochs leave */
    assert_close(out[1], -0.25, 1e-3);
    percept_model_free(model);
    percept_recipe_free(recipe);
    percept_data_free(&data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strides_say_where_values_lie),
        cmocka_unit_test(labels_are_classes_by_number_or_by_value),
        cmocka_unit_test(what_files_may_not_hold_arrays_may_not_either),
        cmocka_unit_test(borrowed_features_are_released_once),
        cmocka_unit_test(missing_features_are_filled_by_the_training_means),
        cmocka_unit_test(a_dataset_is_split_as_a_file),
        cmocka_unit_test(a_dataset_with_targets_is_split_too),
        cmocka_unit_test(weights_and_several_targets_are_learned_from),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
