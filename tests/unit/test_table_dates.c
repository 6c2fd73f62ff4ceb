/* Dates in tables of a program, beside those of files. */
#include "tables.h"

#define ROWS 48

/* Columns of dates in several forms, a number, and the class. */
typedef struct Dated {
    char when[ROWS][32], day[ROWS][16], clock[ROWS][16];
    const char *when_of[ROWS], *day_of[ROWS], *clock_of[ROWS], *label[ROWS];
    double x[ROWS];
    int32_t compact[ROWS];
} Dated;

static void fill_dated(Dated *rows, int first)
{
    for (int i = 0; i < ROWS; i++) {
        const int n = first + i, month = n * 5 % 12 + 1, day = n * 7 % 28 + 1;
        snprintf(rows->when[i], sizeof rows->when[i], "%d-%02d-%02dT%02d:%02d:10.5+02:00", 2019 + n % 4, month, day,
                 n % 24, n * 13 % 60);
        snprintf(rows->day[i], sizeof rows->day[i], "%d/%d/%d", day, month,
                 2021); /* the day first: some are above 12 */
        snprintf(rows->clock[i], sizeof rows->clock[i], "%d:%02d", n * 5 % 24, n % 60);
        rows->when_of[i] = i % 11 == 4 ? NULL : rows->when[i];
        rows->day_of[i] = rows->day[i];
        rows->clock_of[i] = rows->clock[i];
        rows->x[i] = n * 37 % 101 / 4.0;
        rows->compact[i] = 20200000 + 100 * month + day;
        rows->label[i] = month < 6 ? "early" : "late";
    }
}

static void write_dated(const Dated *rows, const char *path)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("when,x,day,compact,clock,label\n", file);
    for (int i = 0; i < ROWS; i++)
        fprintf(file, "%s,%g,%s,%d,%s,%s\n", rows->when_of[i] != NULL ? rows->when_of[i] : "", rows->x[i], rows->day[i],
                (int)rows->compact[i], rows->clock[i], rows->label[i]);
    assert_int_equal(fclose(file), 0);
}

static percept_table *dated_table(const Dated *rows, percept_column_kind texts)
{
    percept_table *table = make_table(ROWS);
    add(table, "when", PERCEPT_DATE, PERCEPT_TEXT, rows->when_of);
    add(table, "x", PERCEPT_NUMBER, PERCEPT_FLOAT64, rows->x);
    add(table, "day", texts, PERCEPT_TEXT, rows->day_of);
    add(table, "compact", texts == PERCEPT_ANY ? PERCEPT_ANY : PERCEPT_DATE, PERCEPT_INT32, rows->compact);
    add(table, "clock", texts, PERCEPT_TEXT, rows->clock_of);
    assert_ok(percept_table_set_labels(table, PERCEPT_TEXT, rows->label, 0, 0, NULL, error));
    return table;
}

static void check_same(const percept_dataset *a, const percept_dataset *b)
{
    double left[32], right[32];
    assert_int_equal(percept_dataset_count(a), percept_dataset_count(b));
    assert_int_equal(percept_dataset_width(a), percept_dataset_width(b));
    for (size_t i = 0; i < percept_dataset_count(a); i++) {
        percept_dataset_features(a, i, left);
        percept_dataset_features(b, i, right);
        assert_memory_equal(left, right, percept_dataset_width(a) * sizeof *left);
        assert_int_equal(percept_dataset_label(a, i), percept_dataset_label(b, i));
    }
}

/* The data of the file, split and filled. */
static percept_data load(const char *path)
{
    percept_recipe *recipe = parse("{}");
    percept_data data = {0};
    assert_ok(percept_recipe_set(recipe, "data.name", path, error));
    assert_ok(percept_data_load(recipe, &data, error));
    percept_recipe_free(recipe);
    return data;
}

static percept_data split(percept_table *table)
{
    percept_recipe *recipe = parse("{}");
    percept_data data = {0};
    percept_dataset *whole = finish(table);
    assert_ok(percept_data_split(recipe, whole, &data, error));
    percept_dataset_free(whole);
    percept_recipe_free(recipe);
    return data;
}

static percept_model *build(const percept_data *data)
{
    percept_recipe *recipe = parse("{threads: 1}");
    char layers[32];
    snprintf(layers, sizeof layers, "%zu-4-2", percept_dataset_width(data->train));
    assert_ok(percept_recipe_set(recipe, "model.layers", layers, error));
    percept_model *model = NULL;
    assert_ok(percept_model_create(recipe, data, &model, error));
    percept_recipe_free(recipe);
    return model;
}

static void dates_are_the_features_that_they_are_in_a_file(void **state)
{
    (void)state;
    char path[SCRATCH_PATH];
    Dated rows;
    fill_dated(&rows, 0);
    write_dated(&rows, scratch_path(&scratch, "dated.csv", path));
    percept_data of_file = load(path);
    percept_model *model = build(&of_file);
    for (percept_column_kind kind = PERCEPT_DATE; kind <= PERCEPT_ANY; kind++) {
        percept_data of_memory = split(dated_table(&rows, kind));
        check_same(of_file.train, of_memory.train);
        check_same(of_file.valid, of_memory.valid);
        check_same(of_file.test, of_memory.test);
        percept_model *other = build(&of_memory);
        for (size_t j = 0; j < percept_model_inputs(model); j++)
            assert_string_equal(percept_model_input_name(model, j), percept_model_input_name(other, j));
        percept_model_free(other);
        percept_data_free(&of_memory);
    }
    percept_model_free(model);
    percept_data_free(&of_file);
}

static void a_model_finds_its_dates_in_whatever_form_they_come(void **state)
{
    (void)state;
    char path[SCRATCH_PATH];
    Dated rows;
    double seconds[ROWS];
    percept_dataset *expected = NULL, *found = NULL;
    fill_dated(&rows, 0);
    write_dated(&rows, scratch_path(&scratch, "dated.csv", path));
    percept_data data = load(path);
    percept_model *model = build(&data);
    fill_dated(&rows, 1000);
    percept_table *table = dated_table(&rows, PERCEPT_DATE);
    assert_ok(percept_table_finish_for(table, model, &expected, error));
    percept_table_free(table);
    table = make_table(ROWS); /* in another order, and the numbers 20200531 as doubles */
    for (int i = 0; i < ROWS; i++)
        seconds[i] = rows.compact[i];
    add(table, "clock", PERCEPT_CATEGORY, PERCEPT_TEXT, rows.clock_of);
    add(table, "compact", PERCEPT_NUMBER, PERCEPT_FLOAT64, seconds);
    add(table, "x", PERCEPT_ANY, PERCEPT_FLOAT64, rows.x);
    add(table, "day", PERCEPT_ANY, PERCEPT_TEXT, rows.day_of);
    add(table, "when", PERCEPT_CATEGORY, PERCEPT_TEXT, rows.when_of);
    assert_ok(percept_table_set_labels(table, PERCEPT_TEXT, rows.label, 0, 0, NULL, error));
    assert_ok(percept_table_finish_for(table, model, &found, error));
    percept_table_free(table);
    check_same(expected, found);
    const size_t width = percept_dataset_width(found);
    double all[ROWS * 32], row[32];
    assert_true(width <= 32);
    percept_dataset_copy_features(found, all);
    for (size_t i = 0; i < ROWS; i++) {
        percept_dataset_features(found, i, row);
        assert_memory_equal(row, all + i * width, width * sizeof *row);
    }
    percept_dataset_free(expected);
    percept_dataset_free(found);
    percept_model_free(model);
    percept_data_free(&data);
}

static void seconds_since_1970_are_dates_if_the_program_says_so(void **state)
{
    (void)state;
    const int64_t seconds[] = {0, 86400 + 3600, 1717156800};
    percept_table *table = make_table(3);
    add(table, "t", PERCEPT_DATE, PERCEPT_INT64, seconds);
    percept_dataset *dataset = finish(table);
    assert_int_equal(percept_dataset_width(dataset), 5);
    FEATURE(dataset, 0, 1970, 1970, 2024);
    FEATURE(dataset, 1, 1, 1, 5);
    FEATURE(dataset, 2, 4, 5, 5);
    FEATURE(dataset, 3, 0, 1, 12);
    percept_dataset_free(dataset);
    table = make_table(3);
    add(table, "t", PERCEPT_ANY, PERCEPT_INT64, seconds);
    dataset = finish(table);
    assert_int_equal(percept_dataset_width(dataset), 1);
    percept_dataset_free(dataset);
}

static void what_is_no_date_is_refused_or_noted(void **state)
{
    (void)state;
    const char *few[] = {"2024-05-31", "2024-06-01", "soon", "2023-06-02", "2022-06-03"};
    const char *many[] = {"2024-05-31", "later", "soon", "2024-06-02", "2024-06-03"};
    const char *either[] = {"5/6/2024", "6/7/2024", "1/2/2023", "3/4/2022", "5/6/2021"};
    const char *same[] = {"2024-05-31", "2024-05-31", "2024-05-31", "2024-05-31", "2024-05-31"};
    percept_error failure;
    percept_dataset *dataset = NULL;
    percept_table *table = make_table(5);
    add(table, "when", PERCEPT_DATE, PERCEPT_TEXT, few);
    dataset = finish(table);
    assert_int_equal(percept_dataset_missing(dataset), percept_dataset_width(dataset));
    assert_non_null(strstr(percept_dataset_note(dataset, 0),
                           "1 cell is none of the dates and counts as missing, the first 'soon' in row 3"));
    assert_null(percept_dataset_note(dataset, 1));
    percept_dataset_free(dataset);

    table = make_table(5);
    add(table, "when", PERCEPT_DATE, PERCEPT_TEXT, many);
    refuse(percept_table_finish(table, &dataset, &failure), &failure, "row 2: 'later' is none of the dates (ymd)");
    percept_table_free(table);
    table = make_table(5);
    add(table, "when", PERCEPT_ANY, PERCEPT_TEXT, many);
    refuse(percept_table_finish(table, &dataset, &failure), &failure, "5 different texts in 5 rows");
    percept_table_free(table);
    table = make_table(5);
    add(table, "when", PERCEPT_DATE, PERCEPT_TEXT, same);
    refuse(percept_table_finish(table, &dataset, &failure), &failure, "no feature is left");
    percept_table_free(table);

    table = make_table(5);
    add(table, "when", PERCEPT_ANY, PERCEPT_TEXT, either);
    dataset = finish(table);
    assert_non_null(strstr(percept_dataset_note(dataset, 0),
                           "'when': no date shows whether 5/6/2024 has the month or the day first"));
    FEATURE(dataset, 1, 5, 6, 1, 3, 5);
    percept_dataset_free(dataset);
}

static void a_kind_that_the_model_has_not_learned_is_refused(void **state)
{
    (void)state;
    Dated rows;
    percept_error failure;
    percept_dataset *dataset = NULL;
    fill_dated(&rows, 0);
    percept_data data = split(dated_table(&rows, PERCEPT_ANY));
    percept_model *model = build(&data);
    for (int wrong = 0; wrong < 2; wrong++) {
        percept_table *table = make_table(ROWS);
        add(table, "when", wrong == 1 ? PERCEPT_NUMBER : PERCEPT_DATE, wrong == 1 ? PERCEPT_FLOAT64 : PERCEPT_TEXT,
            wrong == 1 ? (const void *)rows.x : (const void *)rows.when_of);
        add(table, "x", wrong == 0 ? PERCEPT_DATE : PERCEPT_NUMBER, wrong == 0 ? PERCEPT_TEXT : PERCEPT_FLOAT64,
            wrong == 0 ? (const void *)rows.day_of : (const void *)rows.x);
        add(table, "day", PERCEPT_DATE, PERCEPT_TEXT, rows.day_of);
        add(table, "compact", PERCEPT_ANY, PERCEPT_INT32, rows.compact);
        add(table, "clock", PERCEPT_DATE, PERCEPT_TEXT, rows.clock_of);
        refuse(percept_table_finish_for(table, model, &dataset, &failure), &failure,
               wrong == 0 ? "'x' has dates, but the model was trained with numbers" : "trained with dates there");
        percept_table_free(table);
    }
    percept_model_free(model);
    percept_data_free(&data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(dates_are_the_features_that_they_are_in_a_file),
        IN_SCRATCH(a_model_finds_its_dates_in_whatever_form_they_come),
        cmocka_unit_test(seconds_since_1970_are_dates_if_the_program_says_so),
        cmocka_unit_test(what_is_no_date_is_refused_or_noted),
        cmocka_unit_test(a_kind_that_the_model_has_not_learned_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
