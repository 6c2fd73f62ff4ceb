/* Columns, labels, groups and times from the arrays of a program. */
#include "tables.h"

#include "failing_memory.h"

#define COUNT 6

/* ---- Columns --------------------------------------------------------------------------------------------------- */

static const char *const towns[COUNT] = {"rome", "oslo", NULL, "rome", "", "lima"};

static void columns_of_all_types_become_features(void **state)
{
    (void)state;
    const int8_t bytes[COUNT] = {-128, 127, 0, 1, 2, 3};
    const int16_t shorts[COUNT] = {-32768, 1, 2, 3, 4, 5};
    const uint16_t words[COUNT] = {65535, 1, 2, 3, 4, 5};
    const int32_t integers[COUNT] = {-2147483647, 1, 2, 3, 4, 5};
    const uint32_t naturals[COUNT] = {4294967295u, 1, 2, 3, 4, 5};
    const int64_t large[COUNT] = {-9007199254740992, 1, 2, 3, 4, 5};
    const uint64_t largest[COUNT] = {18446744073709549568u, 1, 2, 3, 4, 5};
    const float halves[COUNT] = {0.5f, NAN, 2, 3, 4, 5};
    const bool flags[COUNT] = {true, false, true, false, true, false};
    const double pairs[2 * COUNT] = {1, 9, 2, 9, 3, 9, 4, 9, 5, 9, 6, 9};
    percept_table *table = make_table(COUNT);
    add(table, "int8", PERCEPT_NUMBER, PERCEPT_INT8, bytes);
    add(table, "int16", PERCEPT_NUMBER, PERCEPT_INT16, shorts);
    add(table, "uint16", PERCEPT_NUMBER, PERCEPT_UINT16, words);
    add(table, "int32", PERCEPT_NUMBER, PERCEPT_INT32, integers);
    add(table, "uint32", PERCEPT_NUMBER, PERCEPT_UINT32, naturals);
    add(table, "int64", PERCEPT_NUMBER, PERCEPT_INT64, large);
    add(table, "uint64", PERCEPT_NUMBER, PERCEPT_UINT64, largest);
    add(table, "float32", PERCEPT_NUMBER, PERCEPT_FLOAT32, halves);
    add(table, "bool", PERCEPT_BOOLEAN, PERCEPT_UINT8, flags);
    percept_column strided = column("strided", PERCEPT_NUMBER, PERCEPT_FLOAT64, &pairs[2 * COUNT - 2]);
    strided.stride = -2 * (ptrdiff_t)sizeof *pairs;
    assert_ok(percept_table_add_column(table, &strided, error));
    percept_dataset *dataset = finish(table);
    assert_int_equal(percept_dataset_width(dataset), 10);
    FEATURE(dataset, 0, -128, 127, 0, 1, 2, 3);
    FEATURE(dataset, 1, -32768, 1, 2, 3, 4, 5);
    FEATURE(dataset, 2, 65535, 1, 2, 3, 4, 5);
    FEATURE(dataset, 3, -2147483647, 1, 2, 3, 4, 5);
    FEATURE(dataset, 4, 4294967295, 1, 2, 3, 4, 5);
    FEATURE(dataset, 5, -9007199254740992, 1, 2, 3, 4, 5);
    FEATURE(dataset, 6, 18446744073709549568.0, 1, 2, 3, 4, 5);
    FEATURE(dataset, 7, 0.5, NAN, 2, 3, 4, 5);
    FEATURE(dataset, 8, 1, 0, 1, 0, 1, 0);
    FEATURE(dataset, 9, 6, 5, 4, 3, 2, 1);
    assert_int_equal(percept_dataset_missing(dataset), 1);
    percept_dataset_free(dataset);
}

/* As Arrow and pandas have them: codes of a dictionary, a bitmap of what is there, texts. */
static void categories_come_as_texts_or_codes_behind_the_numbers(void **state)
{
    (void)state;
    const char *const vocabulary[] = {"small", "large", "never", "small", NULL};
    const int8_t sizes[COUNT] = {0, 1, -1, 3, 4, 1};
    const uint16_t unsigned_sizes[COUNT] = {1, 1, 0, 0, 1, 1};
    const uint8_t validity[] = {0xff, 0x37}; /* bits 8 … 13: 1 1 1 0 1 1 */
    const double x[COUNT] = {1, 2, 3, 4, 5, 6};
    const int64_t codes[COUNT] = {10, 9, -9, 10, 9, 9};
    percept_table *table = make_table(COUNT);
    add(table, "town", PERCEPT_CATEGORY, PERCEPT_TEXT, towns);
    add(table, "x", PERCEPT_NUMBER, PERCEPT_FLOAT64, x);
    percept_column size = column("size", PERCEPT_CATEGORY, PERCEPT_INT8, sizes);
    size.vocabulary = vocabulary;
    size.vocabulary_count = 5;
    assert_ok(percept_table_add_column(table, &size, error));
    size.name = "arrow";
    size.type = PERCEPT_UINT16;
    size.values = unsigned_sizes;
    size.validity = validity;
    size.validity_offset = 8;
    assert_ok(percept_table_add_column(table, &size, error));
    add(table, "code", PERCEPT_CATEGORY, PERCEPT_INT64, codes);
    percept_column valid = column("y", PERCEPT_NUMBER, PERCEPT_FLOAT64, x);
    valid.validity = validity + 1;
    assert_ok(percept_table_add_column(table, &valid, error));
    percept_dataset *dataset = finish(table);
    FEATURE(dataset, 0, 1, 2, 3, 4, 5, 6);
    FEATURE(dataset, 1, 1, 2, 3, NAN, 5, 6);
    FEATURE(dataset, 2, 2, 1, NAN, 2, NAN, 0);             /* lima, oslo, rome */
    FEATURE(dataset, 3, 1, 0, NAN, 1, NAN, 0);             /* large, small */
    FEATURE(dataset, 4, 0, 0, 1, NAN, 0, 0);               /* large, small */
    FEATURE(dataset, 5, 1, 2, 0, 1, 2, 2);                 /* -9, 10, 9: texts */
    assert_int_equal(percept_dataset_missing(dataset), 1); /* categories need no fill */
    percept_dataset_free(dataset);
}

static void a_matrix_stands_in_front_of_columns(void **state)
{
    (void)state;
    float X[2 * COUNT] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
    const double y[COUNT] = {1, 2, 3, 4, 5, 0.1};
    percept_error failure;
    percept_dataset *dataset = NULL;
    percept_table *table = make_table(COUNT);
    assert_ok(percept_table_borrow_features(table, PERCEPT_FLOAT32, X, 2, 0, 0, NULL, NULL, error));
    add(table, "town", PERCEPT_CATEGORY, PERCEPT_TEXT, towns);
    add(table, "y", PERCEPT_NUMBER, PERCEPT_FLOAT64, y);
    refuse(percept_table_finish(table, &dataset, &failure), &failure, "percept_table_set_columns");
    refuse(percept_table_set_columns(table, (const char *const[]){"a", "y"}, NULL, &failure), &failure,
           "two columns 'y'");
    refuse(percept_table_set_columns(table, (const char *const[]){"a", "\xff"}, NULL, &failure), &failure, "not UTF-8");
    assert_ok(percept_table_set_columns(table, (const char *const[]){"a", "b"}, NULL, error));
    dataset = finish(table);
    X[0] = 100; /* copied after all */
    FEATURE(dataset, 0, 0, 2, 4, 6, 8, 10);
    FEATURE(dataset, 1, 1, 3, 5, 7, 9, 11);
    FEATURE(dataset, 2, 1, 2, 3, 4, 5, 0.1);
    FEATURE(dataset, 3, 2, 1, NAN, 2, NAN, 0);
    percept_dataset_free(dataset);
}

static void bad_columns_are_refused_by_name_and_row(void **state)
{
    (void)state;
    const double x[COUNT] = {1, 0, 1, 0, 2, INFINITY};
    const int32_t codes[COUNT] = {0, 1, 2, 0, 0, 0};
    const char *const invalid[COUNT] = {"a", "b", "a", "\xc3(", "a", "b"};
    const char *const vocabulary[] = {"a", "b"};
    percept_error failure;
    percept_table *table = make_table(COUNT);
    percept_column bad = column("x", PERCEPT_NUMBER, PERCEPT_FLOAT64, x);
    refuse(percept_table_add_column(table, &bad, &failure), &failure, "column 'x', row 6: inf");
    bad.kind = PERCEPT_BOOLEAN;
    refuse(percept_table_add_column(table, &bad, &failure), &failure, "column 'x', row 5: 2 is not boolean");
    bad.kind = PERCEPT_CATEGORY;
    refuse(percept_table_add_column(table, &bad, &failure), &failure, "texts (PERCEPT_TEXT) or integers");
    bad.kind = (percept_column_kind)7;
    refuse(percept_table_add_column(table, &bad, &failure), &failure, "kind 7");
    bad = column("town", PERCEPT_NUMBER, PERCEPT_TEXT, invalid);
    refuse(percept_table_add_column(table, &bad, &failure), &failure, "PERCEPT_CATEGORY");
    bad.kind = PERCEPT_CATEGORY;
    refuse(percept_table_add_column(table, &bad, &failure), &failure, "column 'town', row 4: the text");
    bad.type = (percept_type)11;
    refuse(percept_table_add_column(table, &bad, &failure), &failure, "type 11");
    bad = column("code", PERCEPT_CATEGORY, PERCEPT_INT32, codes);
    bad.vocabulary = vocabulary;
    bad.vocabulary_count = 2;
    refuse(percept_table_add_column(table, &bad, &failure), &failure,
           "column 'code', row 3: code 2 is beyond the vocabulary of 2 texts");
    bad.kind = PERCEPT_NUMBER;
    refuse(percept_table_add_column(table, &bad, &failure), &failure, "vocabulary");
    bad = column("\xff", PERCEPT_NUMBER, PERCEPT_INT32, codes);
    refuse(percept_table_add_column(table, &bad, &failure), &failure, "name of column 1 is not UTF-8");
    bad.name = "";
    refuse(percept_table_add_column(table, &bad, &failure), &failure, "column 1 has no name");
    add(table, "code", PERCEPT_NUMBER, PERCEPT_INT32, codes);
    bad.name = "code";
    refuse(percept_table_add_column(table, &bad, &failure), &failure, "two columns 'code'");
    bad.struct_size = 8;
    refuse(percept_table_add_column(table, &bad, &failure), &failure, "sizeof(percept_column)");
    percept_dataset *dataset = finish(table); /* which has what was not refused */
    assert_int_equal(percept_dataset_width(dataset), 1);
    percept_dataset_free(dataset);
}

/* ---- Labels, groups, times ------------------------------------------------------------------------------------- */

static percept_dataset *labelled(const char *const *labels, size_t class_count, const char *const *names)
{
    const uint8_t x[COUNT] = {0, 1, 2, 3, 4, 5};
    percept_table *table = make_table(COUNT);
    assert_ok(percept_table_set_features(table, PERCEPT_UINT8, x, 1, 0, 0, error));
    assert_ok(percept_table_set_labels(table, PERCEPT_TEXT, labels, 0, class_count, names, error));
    return finish(table);
}

static void labels_of_texts_are_classes_as_in_files(void **state)
{
    (void)state;
    percept_error failure;
    percept_dataset *dataset = labelled((const char *const[]){"no", "yes", "No", "yes", "no", "01"}, 0, NULL);
    assert_int_equal(percept_dataset_classes(dataset), 4);
    assert_string_equal(percept_dataset_class_name(dataset, 0), "01");
    assert_string_equal(percept_dataset_class_name(dataset, 1), "No");
    assert_int_equal(percept_dataset_label(dataset, 0), 2);
    percept_dataset_free(dataset);
    dataset = labelled((const char *const[]){"10", "9", "+9", "9.0", "10", "-1"}, 0, NULL); /* by value */
    assert_int_equal(percept_dataset_classes(dataset), 3);
    assert_string_equal(percept_dataset_class_name(dataset, 1), "9");
    assert_int_equal(percept_dataset_label(dataset, 2), 1);
    percept_dataset_free(dataset);
    const char *const names[] = {"yes", "no", "maybe"};
    dataset = labelled((const char *const[]){"no", "yes", "no", "yes", "no", "no"}, 3, names);
    assert_int_equal(percept_dataset_classes(dataset), 3);
    assert_int_equal(percept_dataset_label(dataset, 0), 1);
    percept_dataset_free(dataset);

    percept_table *table = make_table(2);
    const char *labels[] = {"a", NULL};
    refuse(percept_table_set_labels(table, PERCEPT_TEXT, labels, 0, 0, NULL, &failure), &failure,
           "row 2: the label is missing");
    labels[1] = "\xff";
    refuse(percept_table_set_labels(table, PERCEPT_TEXT, labels, 0, 0, NULL, &failure), &failure, "not UTF-8");
    refuse(percept_table_set_labels(table, PERCEPT_TEXT, (const char *const[]){"1.5", "2"}, 0, 0, NULL, &failure),
           &failure, "percept_table_set_targets");
    labels[1] = "b";
    refuse(percept_table_set_labels(table, PERCEPT_TEXT, labels, 0, 3, names, &failure), &failure,
           "none of the 3 class names");
    refuse(percept_table_set_labels(table, PERCEPT_TEXT, labels, 0, 2, NULL, &failure), &failure, "class_names");
    refuse(percept_table_set_labels(table, PERCEPT_INT8, "\1", 0, 2, (const char *const[]){"a", "\xff"}, &failure),
           &failure, "class 1 is not UTF-8");
    refuse(percept_table_set_targets(table, PERCEPT_TEXT, labels, 1, 0, 0, NULL, &failure), &failure, "no type of");
    percept_table_free(table);
}

static percept_table *numbered(void)
{
    double x[MANY];
    for (size_t i = 0; i < MANY; i++)
        x[i] = (double)i;
    percept_table *table = make_table(MANY);
    add(table, "x", PERCEPT_NUMBER, PERCEPT_FLOAT64, x);
    assert_ok(percept_table_set_targets(table, PERCEPT_FLOAT64, x, 1, 0, 0, NULL, error));
    return table;
}

static void groups_stay_together(void **state)
{
    (void)state;
    const char *texts[MANY];
    uint64_t numbers[MANY];
    percept_error failure;
    percept_recipe *recipe = parse("{}");
    for (size_t i = 0; i < MANY; i++) {
        texts[i] = (const char *const[]){"a", "b", "c", "d", "e", "f"}[i % 6];
        numbers[i] = UINT64_MAX - i % 6;
    }
    for (int kind = 0; kind < 2; kind++) {
        percept_data data = {0};
        int part_of[6] = {-1, -1, -1, -1, -1, -1};
        percept_table *table = numbered();
        if (kind == 0)
            assert_ok(percept_table_set_groups(table, PERCEPT_TEXT, texts, 0, error));
        else
            assert_ok(percept_table_set_groups(table, PERCEPT_UINT64, numbers, 0, error));
        percept_dataset *dataset = finish(table);
        assert_ok(percept_data_split(recipe, dataset, &data, error));
        const percept_dataset *const parts[] = {data.train, data.valid, data.test};
        for (int p = 0; p < 3; p++)
            for (size_t i = 0; i < percept_dataset_count(parts[p]); i++) {
                int *part = &part_of[(size_t)feature(parts[p], i, 0) % 6];
                assert_true(*part == -1 || *part == p);
                *part = p;
            }
        percept_data_free(&data);
        percept_dataset_free(dataset);
    }
    percept_table *table = numbered();
    texts[4] = NULL;
    refuse(percept_table_set_groups(table, PERCEPT_TEXT, texts, 0, &failure), &failure, "row 5: the group is missing");
    refuse(percept_table_set_groups(table, PERCEPT_FLOAT64, numbers, 0, &failure), &failure, "groups of type");
    percept_table_free(table);
    percept_recipe_free(recipe);
}

static void the_latest_examples_are_for_testing(void **state)
{
    (void)state;
    char dates[MANY][24];
    const char *texts[MANY];
    double times[MANY];
    percept_error failure;
    percept_recipe *recipe = parse("{}");
    for (size_t i = 0; i < MANY; i++) {
        times[i] = -(double)i;
        snprintf(dates[i], sizeof dates[i], "%d-05-31 23:59", 2100 - (int)i);
        texts[i] = dates[i];
    }
    for (int kind = 0; kind < 2; kind++) {
        percept_data data = {0};
        percept_table *table = numbered();
        if (kind == 0)
            assert_ok(percept_table_set_times(table, PERCEPT_FLOAT64, times, 0, error));
        else
            assert_ok(percept_table_set_times(table, PERCEPT_TEXT, texts, 0, error));
        percept_dataset *dataset = finish(table);
        assert_ok(percept_data_split(recipe, dataset, &data, error));
        const size_t tested = percept_dataset_count(data.test);
        for (size_t i = 0; i < tested; i++)
            assert_true(feature(data.test, i, 0) == (double)(tested - 1 - i));
        percept_data_free(&data);
        percept_dataset_free(dataset);
    }
    percept_table *table = numbered();
    assert_ok(percept_table_set_times(table, PERCEPT_FLOAT64, times, 0, error));
    assert_ok(percept_table_set_groups(table, PERCEPT_TEXT, texts, 0, error));
    percept_dataset *dataset = finish(table);
    percept_data data = {0};
    refuse(percept_data_split(recipe, dataset, &data, &failure), &failure, "data.group");
    percept_dataset_free(dataset);
    table = numbered();
    times[2] = NAN;
    texts[3] = "tomorrow";
    refuse(percept_table_set_times(table, PERCEPT_FLOAT64, times, 0, &failure), &failure, "row 3: the time is nan");
    refuse(percept_table_set_times(table, PERCEPT_TEXT, texts, 0, &failure), &failure, "row 4: 'tomorrow' is no date");
    refuse(percept_table_set_times(table, (percept_type)11, texts, 0, &failure), &failure, "times of type 11");
    percept_table_free(table);
    percept_recipe_free(recipe);
}

/* ---- Memory ------------------------------------------------------------------------------------------------------ */

static percept_status go_through(const Rows *rows, const percept_dataset *like, percept_table **table,
                                 percept_dataset **out, percept_error *error)
{
    const percept_column town = column("town", PERCEPT_CATEGORY, PERCEPT_TEXT, rows->town);
    const percept_column kind = column("kind", PERCEPT_CATEGORY, PERCEPT_TEXT, rows->kind);
    const percept_column x = column("x", PERCEPT_NUMBER, PERCEPT_FLOAT64, rows->x);
    percept_status status = percept_table_create(rows->count, table, error);
    if (status == PERCEPT_OK)
        status = percept_table_add_column(*table, &town, error);
    if (status == PERCEPT_OK)
        status = percept_table_add_column(*table, &x, error);
    if (status == PERCEPT_OK)
        status = percept_table_add_column(*table, &kind, error);
    if (status == PERCEPT_OK)
        status = percept_table_set_labels(*table, PERCEPT_TEXT, rows->label, 0, 0, NULL, error);
    if (status == PERCEPT_OK)
        status = percept_table_set_groups(*table, PERCEPT_TEXT, rows->kind, 0, error);
    if (status == PERCEPT_OK)
        status = percept_table_set_times(*table, PERCEPT_FLOAT64, rows->y, 0, error);
    if (status != PERCEPT_OK)
        return status;
    return like == NULL ? percept_table_finish(*table, out, error)
                        : percept_table_finish_like(*table, like, out, error);
}

static void a_lack_of_memory_is_reported_and_leaves_the_table(void **state)
{
    (void)state;
    Rows rows;
    percept_dataset *like = NULL;
    fill_rows(&rows, 0, 12);
    for (int round = 0; round < 2; round++) {
        percept_status status = PERCEPT_ERROR_MEMORY;
        for (long allocations = 0; status != PERCEPT_OK; allocations++) {
            percept_table *table = NULL;
            percept_dataset *out = NULL;
            percept_error reason;
            memory_left = allocations;
            status = go_through(&rows, like, &table, &out, &reason);
            memory_left = -1;
            assert_true(status == PERCEPT_OK || status == PERCEPT_ERROR_MEMORY);
            assert_true((out != NULL) == (status == PERCEPT_OK));
            percept_table_free(table);
            if (status == PERCEPT_OK && like == NULL)
                like = out;
            else
                percept_dataset_free(out);
        }
    }
    percept_dataset_free(like);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_of_all_types_become_features),
        cmocka_unit_test(categories_come_as_texts_or_codes_behind_the_numbers),
        cmocka_unit_test(a_matrix_stands_in_front_of_columns),
        cmocka_unit_test(bad_columns_are_refused_by_name_and_row),
        cmocka_unit_test(labels_of_texts_are_classes_as_in_files),
        cmocka_unit_test(groups_stay_together),
        cmocka_unit_test(the_latest_examples_are_for_testing),
        cmocka_unit_test(a_lack_of_memory_is_reported_and_leaves_the_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
