/* LIBSVM's text: sparse lines become dense rows, in memory that the file's size bounds. */
#include "in_scratch.h"

#include <math.h>

#include "base/memory.h"
#include "data/libsvm.h"

static percept_status read_bytes(const void *bytes, size_t size, const SourceOptions *options, Storage **out,
                                 percept_error *error)
{
    static const SourceOptions automatic = {0};
    char path[SCRATCH_PATH];
    const char *const paths[1][SOURCE_FILES] = {{scratch_path(&scratch, "examples.svm", path)}};
    size_t count = 0;
    scratch_write(path, bytes, size);
    percept_status status = libsvm_read(paths, 1, options != NULL ? options : &automatic, 0, out, &count, error);
    if (status == PERCEPT_OK)
        assert_int_equal(count, (*out)->count);
    return status;
}

static void refuse(const char *text, const SourceOptions *options, percept_status status, const char *message)
{
    Storage *storage = NULL;
    assert_refused(read_bytes(text, strlen(text), options, &storage, error), status, message);
    assert_null(storage);
}

static const char text[] = "# two classes\n"
                           "+1 1:0.5 3:2\r\n"
                           "\n"
                           "-1 2:1e-1\t4:7   # an outlier\n"
                           "1.0\n"
                           "-1 1:3";

static void check_text(const Storage *storage)
{
    static const double rows[4][4] = {{0.5, 0, 2, 0}, {0, 0.1, 0, 7}, {0, 0, 0, 0}, {3, 0, 0, 0}};
    static const int32_t labels[] = {1, 0, 1, 0};
    assert_int_equal(storage->type, PERCEPT_FLOAT64);
    assert_true(storage->count == 4 && storage->width == 4 && storage->class_count == 2);
    assert_memory_equal(storage->features, rows, sizeof rows);
    assert_memory_equal(storage->labels, labels, sizeof labels);
    assert_string_equal(storage->class_names[0], "-1");
    assert_string_equal(storage->class_names[1], "1");
}

static void test_lines_become_rows(void **state)
{
    (void)state;
    Storage *storage = NULL;
    size_t packed_size = 0;
    assert_ok(read_bytes(text, strlen(text), NULL, &storage, error));
    check_text(storage);
    storage_release(storage);
    uint8_t *packed = scratch_gzip(text, strlen(text), &packed_size);
    assert_ok(read_bytes(packed, packed_size, NULL, &storage, error));
    check_text(storage);
    storage_release(storage);
    free(packed);
    assert_ok(read_bytes("3 1:255 2:7\n4 2:1\n", 18, NULL, &storage, error));
    assert_int_equal(storage->type, PERCEPT_UINT8);
    assert_memory_equal(storage->features, ((const uint8_t[]){255, 7, 0, 1}), 4);
    storage_release(storage);
}

static void test_labels_may_be_numbers_to_learn(void **state)
{
    (void)state;
    const char *const label[] = {"label"};
    const SourceOptions regression = {.targets = label, .target_count = 1};
    Storage *storage = NULL;
    assert_ok(read_bytes("24.5 1:1\n-3 1:2\n", 16, &regression, &storage, error));
    assert_null(storage->labels);
    assert_int_equal(storage->target_width, 1);
    assert_true(storage->targets[0] == 24.5 && storage->targets[1] == -3);
    storage_release(storage);
    refuse("24.5 1:1\n", NULL, PERCEPT_ERROR_FORMAT, "--targets label");
    refuse("1 1:1\n", &(SourceOptions){.label = "first"}, PERCEPT_ERROR_ARGUMENT, "no columns to choose");
}

static void test_parts_are_as_wide_as_the_widest(void **state)
{
    (void)state;
    char first[SCRATCH_PATH], second[SCRATCH_PATH];
    const char *const paths[2][SOURCE_FILES] = {{scratch_path(&scratch, "a9a", first)},
                                                {scratch_path(&scratch, "a9a.t", second)}};
    const SourceOptions options = {0};
    Storage *storage = NULL;
    size_t counts[2] = {0, 0};
    scratch_write(first, "1 1:1\n2 2:1\n", 12);
    scratch_write(second, "1 5:9\n", 6);
    assert_ok(libsvm_read(paths, 2, &options, 0, &storage, counts, error));
    assert_true(counts[0] == 2 && counts[1] == 1 && storage->width == 5);
    assert_int_equal(((const uint8_t *)storage->features)[14], 9);
    storage_release(storage);
    scratch_write(second, "# none\n", 7);
    storage = NULL;
    assert_refused(libsvm_read(paths, 2, &options, 0, &storage, counts, error), PERCEPT_ERROR_FORMAT, "a9a.t' has no");
}

static void check_row(const char *line, const SourceOptions *options, size_t width, const double *row)
{
    Storage *storage = NULL;
    assert_ok(read_bytes(line, strlen(line), options, &storage, error));
    assert_int_equal(storage->width, width);
    for (size_t j = 0; j < width; j++) {
        const double x = storage->type == PERCEPT_UINT8     ? ((const uint8_t *)storage->features)[j]
                         : storage->type == PERCEPT_FLOAT32 ? (double)((const float *)storage->features)[j]
                                                            : ((const double *)storage->features)[j];
        assert_true(x == row[j] || (isnan(x) && isnan(row[j])));
    }
    assert_int_equal(storage->missing, isnan(row[0]) ? 1 : 0);
    storage_release(storage);
}

static void test_indices_may_count_from_0_and_come_in_any_order(void **state)
{
    (void)state;
    const SourceOptions zero_based = {.zero_based = true}, mean = {.missing = MISSING_MEAN};
    const SourceOptions zero = {.missing = MISSING_ZERO};
    check_row("1 0:7 2:9\n", &zero_based, 3, (const double[]){7, 0, 9});
    check_row("1 3:9 1:7\n", NULL, 3, (const double[]){7, 0, 9});
    check_row("1 qid:4 1:7 2:9 # a query\n", NULL, 2, (const double[]){7, 9});
    check_row("1 1:nan 2:9\n", &mean, 2, (const double[]){NAN, 9});
    check_row("1 1:NA 2:9\n", &zero, 2, (const double[]){0, 9});
}

static void test_a_file_read_for_a_model_has_its_width(void **state)
{
    (void)state;
    const Schema schema = {.width = 4};
    const SourceOptions options = {.schema = &schema};
    check_row("1 1:7 2:9\n", &options, 4, (const double[]){7, 9, 0, 0});
    check_row("1 4:9\n", &options, 4, (const double[]){0, 0, 0, 9});
    refuse("1 1:1\n1 5:1\n", &options, PERCEPT_ERROR_FORMAT,
           "line 2: '5:1' is beyond the 4 features that the model was trained with");
}

static void test_lines_without_a_label_are_dropped_if_told(void **state)
{
    (void)state;
    const char lines[] = "1 1:1\nnan 9:2\n-1 2:3\n";
    const SourceOptions drop = {.missing_label = UNANSWERED_DROP};
    Storage *storage = NULL;
    assert_ok(read_bytes(lines, strlen(lines), &drop, &storage, error));
    assert_true(storage->count == 2 && storage->width == 2 && storage->class_count == 2);
    assert_memory_equal(storage->features, ((const uint8_t[]){1, 0, 0, 3}), 4);
    assert_string_equal(storage->notes.list[0].text,
                        "1 of 3 rows has no label and was left out; the first is in line 2");
    storage_release(storage);
    refuse("nan 1:1\n", &drop, PERCEPT_ERROR_FORMAT, "none of the 1 rows has a label");
}

static void test_faults_name_their_place(void **state)
{
    (void)state;
    refuse("1 1:1\n1 x:1\n", NULL, PERCEPT_ERROR_FORMAT, "examples.svm, line 2: 'x:1' is no INDEX:VALUE");
    refuse("1 1:1 5\n", NULL, PERCEPT_ERROR_FORMAT, "'5' is no INDEX:VALUE");
    refuse("1 1:1 qid:1\n", NULL, PERCEPT_ERROR_FORMAT, "'qid:1'");
    refuse("1 qid: 1:1\n", NULL, PERCEPT_ERROR_FORMAT, "'qid:'");
    refuse("1 1:1\n1 0:1\n", NULL, PERCEPT_ERROR_FORMAT,
           "line 2: '0:1' has index 0, but indices count from 1; where they count from 0, as scikit-learn writes them, "
           "add --first-index 0");
    refuse("1 2:1 1:1 2:3\n", NULL, PERCEPT_ERROR_FORMAT, "line 1: index 2 is there twice");
    refuse("1 2:1 2:1\n", NULL, PERCEPT_ERROR_FORMAT, "line 1: index 2 is there twice");
    refuse("1 0:1 0:1\n", &(SourceOptions){.zero_based = true}, PERCEPT_ERROR_FORMAT, "index 0 is there twice");
    refuse("1 4294967296:1\n", NULL, PERCEPT_ERROR_FORMAT, "larger than");
    refuse("1 99999999999999999999999:1\n", NULL, PERCEPT_ERROR_FORMAT, "larger than");
    refuse("1 1:\n", NULL, PERCEPT_ERROR_FORMAT, "no finite number");
    refuse("1 1:nan\n", NULL, PERCEPT_ERROR_FORMAT, "is a missing value; --missing mean or zero");
    refuse("1 1:inf\n", NULL, PERCEPT_ERROR_FORMAT, "no finite number");
    refuse("1 1:1\nnan 1:2\n? 1:3\n", NULL, PERCEPT_ERROR_FORMAT, "2 of 3 rows have no label, the first in line 2");
    refuse("1 1:1e999\n", NULL, PERCEPT_ERROR_FORMAT, "no finite number");
    refuse("1 1:2x\n", NULL, PERCEPT_ERROR_FORMAT, "no finite number");
    refuse("cat 1:2\n", NULL, PERCEPT_ERROR_FORMAT, "'cat' is no number");
    refuse("1,2 1:2\n", NULL, PERCEPT_ERROR_FORMAT, "'1,2' is no number");
    refuse("1\n2\n", NULL, PERCEPT_ERROR_FORMAT, "no features");
    refuse("", NULL, PERCEPT_ERROR_FORMAT, "no examples");
    refuse("# 1 1:1\n", NULL, PERCEPT_ERROR_FORMAT, "no examples");
}

/* A few bytes that ask for gigabytes: 64 MiB are allowed whatever the size, and 1,024 bytes for each byte. */
static void test_memory_is_bounded_by_the_file(void **state)
{
    (void)state;
    refuse("1 4294967295:1\n", NULL, PERCEPT_ERROR_FORMAT, "too sparse");
    refuse("1 67108865:1\n", NULL, PERCEPT_ERROR_FORMAT, "1 examples of 67108865 features");
    Storage *storage = NULL;
    assert_ok(read_bytes("1 67108864:1\n", 13, NULL, &storage, error));
    storage_release(storage);
}

static void test_its_beginning_tells(void **state)
{
    (void)state;
    static const char *const yes[] = {"+1 1:0.5 2:1\n", "-1 3:1", "# hello\n1 1:2\n", "2\t1:1\n", "1 12:0.5"};
    static const char *const no[] = {"", "1,2,3\n", "1 2 3\n", "a 1:2\n", "12:30:00 1\n", "# only\n", "1 a:2\n", "#"};
    for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++)
        assert_true(libsvm_recognize(yes[i], strlen(yes[i])));
    for (size_t i = 0; i < sizeof no / sizeof no[0]; i++)
        assert_false(libsvm_recognize(no[i], strlen(no[i])));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines_become_rows),
        cmocka_unit_test(test_labels_may_be_numbers_to_learn),
        cmocka_unit_test(test_parts_are_as_wide_as_the_widest),
        cmocka_unit_test(test_indices_may_count_from_0_and_come_in_any_order),
        cmocka_unit_test(test_a_file_read_for_a_model_has_its_width),
        cmocka_unit_test(test_lines_without_a_label_are_dropped_if_told),
        cmocka_unit_test(test_faults_name_their_place),
        cmocka_unit_test(test_memory_is_bounded_by_the_file),
        cmocka_unit_test(test_its_beginning_tells),
    };
    return cmocka_run_group_tests(tests, open_scratch, remove_scratch);
}
