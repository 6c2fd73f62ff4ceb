/* Columns of dates: their form is found from the whole file, and their parts become features. */
#include "csvs.h"
#include "failing_memory.h"

#include <math.h>

#include "data/csv_dates.h"
#include "model/schema_text.h"

static const SourceOptions fill = {.missing = MISSING_MEAN};

/* The place of feature "column:part", which must exist. */
static size_t place_of(const Storage *storage, const char *name)
{
    for (size_t j = 0; j < storage->width; j++)
        if (strcmp(storage->schema.names[j], name) == 0)
            return j;
    fail_msg("there is no feature '%s'", name);
    return 0;
}

static double value_of(const Storage *storage, size_t row, const char *name)
{
    return feature(storage, row, place_of(storage, name));
}

/* A number above 12 in the last row decides about the dates before it, whatever their sign, and leaves clear ones alone. */
static void test_a_late_date_decides_what_is_the_month(void **state)
{
    (void)state;
    Storage *storage = read_text("when,y\n1/2/2023,a\n3.4.2023 06:30,b\n2023-05-06,a\n5/6/24,b\n25/12/2024,a\n", NULL);
    const double months[] = {2, 4, 5, 6, 12};
    for (size_t i = 0; i < 5; i++)
        assert_true(value_of(storage, i, "when:month") == months[i]);
    assert_true(value_of(storage, 1, "when:hour") == 6.5);
    assert_true(value_of(storage, 0, "when:time") == (double)(date_days(2023, 2, 1) - date_days(2000, 1, 1)));
    assert_true(value_of(storage, 1, "when:time") ==
                    (double)(date_days(2023, 4, 3) - date_days(2000, 1, 1)) + 6.5 / 24 ||
                fabs(value_of(storage, 1, "when:time") - 8493.27083) < 1e-3);
    assert_true(value_of(storage, 4, "when:weekday") == 3);
    assert_int_equal(storage->schema.dates[0].form, DATE_DMY);
    expect_note(storage, NOTE_TAKEN, "column 1 (when): dates with the day first, such as 1/2/2023");
    storage_release(storage);
    storage = read_text("when,y\n1/2/2023,a\n3/4/2023,b\n2023-05-06,a\n5/6/24,b\n12/25/2024,a\n", NULL);
    assert_true(value_of(storage, 0, "when:month") == 1 && value_of(storage, 2, "when:month") == 5);
    storage_release(storage);
}

static void test_what_no_date_decides_is_warned_of(void **state)
{
    (void)state;
    static const char text[] = "when,y\n1/2/2023,a\n3/4/2023,b\n5/6/2024,a\n7/8/2024,b\n";
    Storage *storage = read_text(text, NULL);
    expect_note(storage, NOTE_WARNING, "no date shows whether 1/2/2023 has the month or the day first");
    expect_note(storage, NOTE_WARNING, "--columns when=dmy means the other");
    assert_true(value_of(storage, 1, "when:month") == 3);
    storage_release(storage);
    const char *const told[] = {"when=dmy"};
    storage = read_text(text, &(SourceOptions){.columns = told, .column_count = 1});
    assert_true(value_of(storage, 1, "when:month") == 4);
    for (size_t n = 0; n < storage->notes.count; n++)
        assert_int_equal(storage->notes.list[n].kind, NOTE_TAKEN);
    storage_release(storage);
}

/* Names of the features, in order; NULL ends them. */
static void expect_features(const char *text, const SourceOptions *options, const char *const *names)
{
    Storage *storage = read_text(text, options);
    size_t j = 0;
    for (; names[j] != NULL; j++)
        assert_string_equal(j < storage->width ? storage->schema.names[j] : "none", names[j]);
    assert_int_equal(storage->width, j);
    storage_release(storage);
}

#define FEATURES(text, options, ...) expect_features(text, options, (const char *const[]){__VA_ARGS__, NULL})

static void test_only_parts_that_vary_are_features(void **state)
{
    (void)state;
    const char *const told[] = {"d=epoch"};
    const SourceOptions epoch = {.columns = told, .column_count = 1};
    FEATURES("d,x,y\n2024-05-01,1,a\n2024-06-11,2,b\n2024-06-20,1,a\n", NULL, "d:month", "d:weekday", "d:time", "x");
    FEATURES("d,x,y\n2023-05,1,a\n2024-06,2,b\n2024-07,1,a\n", NULL, "d:year", "d:month", "d:time", "x"); /* monthly */
    FEATURES("d,x,y\n2021-01-01,1,a\n2022-01-01,2,b\n2023-01-01,1,a\n", NULL, "d:year", "x");
    FEATURES("d,x,y\n9:00,1,a\n10:30,2,b\n11:00,1,a\n", NULL, "d:hour", "x");
    FEATURES("d,x,y\n2024-05-01,1,a\n2024-05-01,2,b\n2024-05-01,1,a\n", NULL, "x");
    FEATURES("d,x,y\n20240501,1,a\n20240502,2,b\n20240603,1,a\n20240604,1,b\n", NULL, "d:month", "d:weekday", "d:time",
             "x");
    FEATURES("d,x,y\n20240501,1,a\n20240599,2,b\n20240603,1,a\n20240604,1,b\n", NULL, "d", "x"); /* numbers */
    FEATURES("d,x,y\n0,1,a\n90000,2,b\n180000,1,a\n1,1,b\n", &epoch, "d:weekday", "d:hour", "d:time", "x");
    FEATURES("d,x,y\n0,1,a\n90000,2,b\n180000,1,a\n1,1,b\n", NULL, "d", "x");
}

static void test_cells_that_are_no_dates_are_missing_up_to_a_fifth(void **state)
{
    (void)state;
    static char text[4096];
    size_t size = (size_t)sprintf(text, "x,d,y\n");
    for (size_t i = 0; i < 20; i++)
        size += (size_t)sprintf(text + size, i % 5 == 1 ? "%zu,soon,%zu\n" : "%zu,2024-05-%02zu,%zu\n", i * i % 7,
                                i % 5 == 1 ? i % 2 : i + 1, i % 2);
    Storage *storage = read_text(text, &fill);
    expect_note(storage, NOTE_WARNING,
                "column 2 (d): 4 cells are no dates and count as missing, the first 'soon' in line 3");
    assert_int_equal(storage->missing, 4 * (storage->width - 1));
    assert_true(isnan(value_of(storage, 1, "d:time")) && !isnan(value_of(storage, 2, "d:time")));
    storage_release(storage);
    /* With more of them it is no column of dates, unless it is called one. */
    const char *const told[] = {"d=date"};
    sprintf(text + size, "1,later,0\n2,later,1\n");
    storage = read_text(text, &fill);
    assert_int_equal(storage->width, 1);
    storage_release(storage);
    refuse(text, &(SourceOptions){.missing = MISSING_MEAN, .columns = told, .column_count = 1}, PERCEPT_ERROR_FORMAT,
           "line 3, column 2 (d): 'soon' is no date as '2024-05-01' is; 6 of 22 are none");
}

/* A model reads its columns by name and, without names, by their order; its form is what it was trained with. */
static void test_a_model_reads_dates_as_in_training(void **state)
{
    (void)state;
    static const char named[] =
        "when,x,town,y\n13/1/2023,1,oslo,a\n2/3/2024,2,rome,b\n4/5/2024 12:00,3,oslo,a\n6/7/2024,4,rome,b\n";
    Storage *storage = read_text(named, NULL);
    Schema back = {.width = storage->width};
    char *json = NULL;
    assert_ok(schema_text_write(&storage->schema, &json, error));
    assert_ok(schema_text_read(json, &back, error));
    memory_free(json);
    Storage *other = read_text("town,x,new,when\noslo,3,7,2024-05-04T12:00\nrome,9,7,6/7/2024\n",
                               &(SourceOptions){.schema = &back, .label = "none", .missing = MISSING_MEAN});
    assert_int_equal(other->width, storage->width);
    for (size_t j = 0; j < storage->width; j++) {
        assert_true(feature(other, 0, j) == feature(storage, 2, j));
        if (strcmp(back.names[j], "x") != 0)
            assert_true(feature(other, 1, j) == feature(storage, 3, j));
    }
    storage_release(other);
    refuse(
        "town,x,when\noslo,3,2024-05-04\nrome,3,1/31/2024\n",
        &(SourceOptions){.schema = &back, .label = "none", .missing = MISSING_MEAN}, PERCEPT_ERROR_FORMAT,
        "line 3, column 3 (when): '1/31/2024' is none of the dates with the day first that the model was trained on");
    refuse("town,x\noslo,3\n", &(SourceOptions){.schema = &back, .label = "none"}, PERCEPT_ERROR_FORMAT,
           "has no column 'when', which the model was trained on");
    storage_release(storage);
    schema_clear(&back);
    storage = read_text(strchr(named, '\n') + 1, NULL);
    other = read_text("4/5/2024 12:00,3,oslo\n", &(SourceOptions){.schema = &storage->schema, .label = "none"});
    for (size_t j = 0; j < storage->width; j++)
        assert_true(feature(other, 0, j) == feature(storage, 2, j));
    storage_release(other);
    storage_release(storage);
}

static void test_a_lack_of_memory_is_reported(void **state)
{
    (void)state;
    static const char text[] = "d,x,y\n1/2/2023,1,a\n13/2/2023,2,b\n3/2/2024,2,b\n";
    percept_status status = PERCEPT_ERROR_MEMORY;
    for (long allocations = 0; status != PERCEPT_OK; allocations++) {
        Storage *storage = NULL;
        percept_error reason;
        memory_left = allocations;
        status = read_bytes(text, strlen(text), &fill, &storage, &reason);
        memory_left = -1;
        assert_true(status == PERCEPT_OK || status == PERCEPT_ERROR_MEMORY);
        storage_release(storage);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(test_a_late_date_decides_what_is_the_month),
        IN_SCRATCH(test_what_no_date_decides_is_warned_of),
        IN_SCRATCH(test_only_parts_that_vary_are_features),
        IN_SCRATCH(test_cells_that_are_no_dates_are_missing_up_to_a_fifth),
        IN_SCRATCH(test_a_model_reads_dates_as_in_training),
        IN_SCRATCH(test_a_lack_of_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
