/* How a file of one's own is cut into parts. */
#include "in_scratch.h"

#include "data/prepare.h"

/* A table of two columns: feature x counts the rows from 0, `label` is what class_of says of them. */
static const char *write_table(size_t rows, size_t (*class_of)(size_t row), char *path)
{
    FILE *file = fopen(scratch_path(&scratch, "table.csv", path), "w");
    assert_non_null(file);
    fputs("x,label\n", file);
    for (size_t r = 0; r < rows; r++)
        fprintf(file, "%zu,c%zu\n", r, class_of(r));
    assert_int_equal(fclose(file), 0);
    return path;
}

static size_t size_of(const percept_dataset *data)
{
    return data != NULL ? percept_dataset_count(data) : 0;
}

/* Two thirds are of class 0, and come first. */
static size_t two_sorted(size_t row)
{
    return row >= 60;
}

static void test_a_whole_file_is_not_cut_whatever_else_is_asked(void **state)
{
    (void)state;
    char path[SCRATCH_PATH];
    const double split[] = {0.5, 0.25, 0.25};
    RandomStream stream;
    random_spawn(&stream, 0, 0);
    percept_data parts = {NULL, NULL, NULL};
    const DataOptions options = {.name = write_table(90, two_sorted, path),
                                 .split = split,
                                 .split_count = 3,
                                 .shuffle = true,
                                 .folds = 3,
                                 .validation = 0.5,
                                 .whole = true};
    assert_ok(data_prepare(&options, &stream, &parts, error));
    assert_int_equal(size_of(parts.train), 90);
    assert_null(parts.valid);
    assert_null(parts.test);
    for (size_t i = 0; i < 90; i++) {
        double x = -1;
        percept_dataset_features(parts.train, i, &x);
        assert_int_equal((size_t)x, i);
    }
    percept_data_free(&parts);
}

/* The three parts of the table, cut with stream 0 of a seed. */
static percept_data prepare(const DataOptions *options, uint64_t seed)
{
    RandomStream stream;
    percept_data parts = {NULL, NULL, NULL};
    random_spawn(&stream, seed, 0);
    assert_ok(data_prepare(options, &stream, &parts, error));
    return parts;
}

/* Rows of a part by class; and marks which rows were seen, each once. */
static void count_rows(const percept_dataset *part, size_t *of_class, size_t classes, bool *seen)
{
    for (size_t c = 0; c < classes; c++)
        of_class[c] = 0;
    for (size_t i = 0; i < size_of(part); i++) {
        double x = -1;
        percept_dataset_features(part, i, &x);
        assert_false(seen[(size_t)x]);
        seen[(size_t)x] = true;
        of_class[percept_dataset_label(part, i)]++;
    }
}

static void test_a_file_is_cut_in_three_with_the_same_shares_of_all_classes(void **state)
{
    (void)state;
    char path[SCRATCH_PATH];
    const DataOptions options = {.name = write_table(90, two_sorted, path), .validation = -1};
    for (uint64_t seed = 0; seed < 5; seed++) {
        bool seen[90] = {false};
        size_t of_class[2];
        percept_data parts = prepare(&options, seed);
        count_rows(parts.test, of_class, 2, seen); /* 18 of 90 */
        assert_int_equal(of_class[0], 12);
        assert_int_equal(of_class[1], 6);
        count_rows(parts.valid, of_class, 2, seen); /* 14.4 of 90, of which 9.6 and 4.8 */
        assert_int_equal(of_class[0], 9);
        assert_int_equal(of_class[1], 5);
        count_rows(parts.train, of_class, 2, seen);
        assert_int_equal(of_class[0], 39);
        assert_int_equal(of_class[1], 19);
        percept_data_free(&parts);
    }
}

static size_t all_alone(size_t row)
{
    return row < 80 ? row % 2 : row; /* two classes of 40, and one of each of the last rows */
}

static void test_a_class_of_one_example_is_for_training(void **state)
{
    (void)state;
    char path[SCRATCH_PATH];
    const DataOptions options = {.name = write_table(90, all_alone, path), .validation = -1};
    bool seen[90] = {false};
    size_t of_class[12];
    percept_data parts = prepare(&options, 3);
    count_rows(parts.test, of_class, 12, seen);
    for (size_t c = 0; c < 12; c++)
        assert_int_equal(of_class[c], c < 2 ? 9 : 0);
    count_rows(parts.valid, of_class, 12, seen);
    for (size_t c = 0; c < 12; c++)
        assert_int_equal(of_class[c], c < 2 ? 7 : 0);
    count_rows(parts.train, of_class, 12, seen);
    for (size_t c = 0; c < 12; c++)
        assert_int_equal(of_class[c], c < 2 ? 24 : 1);
    percept_data_free(&parts);
}

static size_t pairs(size_t row)
{
    return row / 2;
}

static void test_no_class_loses_its_last_example_to_another_part(void **state)
{
    (void)state;
    char path[SCRATCH_PATH];
    const DataOptions options = {.name = write_table(60, pairs, path), .validation = -1};
    for (uint64_t seed = 0; seed < 5; seed++) {
        bool seen[60] = {false};
        size_t of_class[30];
        percept_data parts = prepare(&options, seed);
        assert_int_equal(size_of(parts.test), 12);
        assert_int_equal(size_of(parts.valid), 10);
        count_rows(parts.train, of_class, 30, seen);
        for (size_t c = 0; c < 30; c++)
            assert_true(of_class[c] >= 1);
        percept_data_free(&parts);
    }
    /* A half is all that may be taken. */
    const double split[] = {10, 40, 10};
    const DataOptions greedy = {.name = path, .validation = -1, .split = split, .split_count = 3};
    percept_data parts = prepare(&greedy, 0);
    assert_int_equal(size_of(parts.train), 30);
    assert_int_equal(size_of(parts.valid), 20);
    assert_int_equal(size_of(parts.test), 10);
    assert_int_equal(parts.train->storage->cut[0], 30);
    percept_data_free(&parts);
}

/* Two of class 0, 18 of class 1. */
static size_t two_first(size_t row)
{
    return row >= 2;
}

/* The small class has the largest remainder when the last row is dealt, but only one row left. */
static void test_a_large_part_leaves_a_row_of_each_class(void **state)
{
    (void)state;
    char path[SCRATCH_PATH];
    const DataOptions options = {
        .name = write_table(20, two_first, path), .validation = 0, .test = 18, .test_told = true};
    bool seen[20] = {false};
    size_t of_class[2];
    percept_data parts = prepare(&options, 0);
    count_rows(parts.test, of_class, 2, seen);
    assert_int_equal(of_class[0], 1);
    assert_int_equal(of_class[1], 17);
    count_rows(parts.train, of_class, 2, seen);
    assert_int_equal(of_class[0], 1);
    assert_int_equal(of_class[1], 1);
    percept_data_free(&parts);
}

static size_t in_turn(size_t row)
{
    return row % 2;
}

/* One of ten rows: half a row of each class. It is of the class that comes first in the order. */
static void test_of_equal_shares_the_first_class_in_the_order_has_the_row(void **state)
{
    (void)state;
    char path[SCRATCH_PATH];
    const DataOptions options = {.name = write_table(10, in_turn, path), .validation = 0, .test = 1, .test_told = true};
    bool found[2] = {false};
    for (uint64_t seed = 0; seed < 10; seed++) {
        uint32_t order[10];
        RandomStream stream;
        random_spawn(&stream, seed, 0);
        random_permutation(&stream, order, 10);
        percept_data parts = prepare(&options, seed);
        assert_int_equal(size_of(parts.test), 1);
        assert_int_equal(percept_dataset_label(parts.test, 0), order[0] % 2);
        found[order[0] % 2] = true;
        percept_data_free(&parts);
    }
    assert_true(found[0] && found[1]);
}

static size_t one_in_fifty(size_t row)
{
    return row % 50 == 0;
}

static void test_the_seed_alone_decides_which_rows_are_taken(void **state)
{
    (void)state;
    char path[SCRATCH_PATH];
    const DataOptions options = {.name = write_table(200, one_in_fifty, path), .validation = -1};
    bool differs = false;
    percept_data first = prepare(&options, 1), same = prepare(&options, 1), other = prepare(&options, 2);
    for (size_t i = 0; i < size_of(first.test); i++) {
        assert_int_equal(first.test->rows[i], same.test->rows[i]);
        differs = differs || first.test->rows[i] != other.test->rows[i];
    }
    assert_true(differs);
    percept_data_free(&first);
    percept_data_free(&same);
    percept_data_free(&other);
}

static void test_a_size_for_validation_leaves_the_test_part(void **state)
{
    (void)state;
    char path[SCRATCH_PATH];
    DataOptions options = {.name = write_table(90, two_sorted, path)};
    const double validations[] = {0, 0.2, 30, 70};
    const size_t sizes[] = {0, 18, 30, 70};
    for (size_t v = 0; v < 4; v++) {
        options.validation = validations[v];
        percept_data parts = prepare(&options, 0);
        assert_int_equal(size_of(parts.test), 18);
        assert_int_equal(size_of(parts.valid), sizes[v]);
        assert_int_equal(size_of(parts.train), 72 - sizes[v]);
        percept_data_free(&parts);
    }
    RandomStream stream;
    percept_data parts = {NULL, NULL, NULL};
    random_spawn(&stream, 0, 0);
    options.validation = 72;
    assert_refused(data_prepare(&options, &stream, &parts, error), PERCEPT_ERROR_ARGUMENT,
                   "that leaves none for training");
}

/* Rows first … first+count-1, in order. */
static void check_rows(const percept_dataset *part, size_t first, size_t count)
{
    assert_int_equal(size_of(part), count);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(part->rows[i], first + i);
}

static void test_without_shuffle_the_end_of_the_file_is_cut_off(void **state)
{
    (void)state;
    char path[SCRATCH_PATH];
    DataOptions options = {.name = write_table(90, two_sorted, path), .validation = -1, .shuffle_told = true};
    percept_data parts = prepare(&options, 0);
    check_rows(parts.train, 0, 58);
    check_rows(parts.valid, 58, 14);
    check_rows(parts.test, 72, 18);
    percept_data_free(&parts);

    options.stratify = options.stratify_told = true; /* the end of each class */
    parts = prepare(&options, 0);
    assert_int_equal(size_of(parts.test), 18);
    for (size_t i = 0; i < 18; i++)
        assert_int_equal(parts.test->rows[i], i < 12 ? 48 + i : 72 + i);
    percept_data_free(&parts);
}

/* What recipes of runs say that were made before files were cut by default: both the order and a size. */
static void test_a_recipe_that_says_order_and_size_is_cut_as_it_says(void **state)
{
    (void)state;
    char path[SCRATCH_PATH];
    const double split[] = {0.5, 0.2, 0.3};
    DataOptions options = {.name = write_table(90, two_sorted, path), .validation = 0, .shuffle_told = true};
    percept_data parts = prepare(&options, 0);
    check_rows(parts.train, 0, 90);
    percept_data_free(&parts);
    options.validation = 20;
    parts = prepare(&options, 0);
    check_rows(parts.train, 0, 70);
    check_rows(parts.valid, 70, 20);
    assert_null(parts.test);
    percept_data_free(&parts);

    options.split = split;
    options.split_count = 3;
    options.validation = -1;
    options.shuffle = true;
    parts = prepare(&options, 0);
    uint32_t order[90];
    RandomStream stream;
    random_spawn(&stream, 0, 0);
    random_permutation(&stream, order, 90);
    const percept_dataset *const data[] = {parts.train, parts.valid, parts.test};
    for (size_t p = 0, at = 0; p < 3; p++)
        for (size_t i = 0; i < size_of(data[p]); i++)
            assert_int_equal(data[p]->rows[i], order[at++]);
    percept_data_free(&parts);
}

static void refuse(const DataOptions *options, const char *message)
{
    RandomStream stream;
    percept_data parts = {NULL, NULL, NULL};
    random_spawn(&stream, 0, 0);
    assert_refused(data_prepare(options, &stream, &parts, error), PERCEPT_ERROR_ARGUMENT, message);
    assert_null(parts.train);
}

static void test_sizes_are_taken_or_refused_never_ignored(void **state)
{
    (void)state;
    char path[SCRATCH_PATH];
    const double split[] = {0.8, 0.2};
    DataOptions options = {.name = write_table(90, two_sorted, path), .validation = -1, .test = 0.1, .test_told = true};
    percept_data parts = prepare(&options, 0);
    assert_int_equal(size_of(parts.test), 9);
    assert_int_equal(size_of(parts.valid), 14);
    percept_data_free(&parts);
    options.test = options.validation = 0;
    parts = prepare(&options, 0);
    assert_int_equal(size_of(parts.train), 90);
    percept_data_free(&parts);
    options.test = 90;
    refuse(&options, "data.test is 90");
    options.test = 2.5;
    refuse(&options, "data.test is 2.5");
    options = (DataOptions){.name = path, .validation = -1, .test_told = true, .split = split, .split_count = 2};
    refuse(&options, "data.split gives the sizes of all sets, and so does data.test");
    options = (DataOptions){.name = path, .validation = 0.1, .split = split, .split_count = 2};
    refuse(&options, "and so does data.validation");
}

/* Whether a warning of the data has this in it. */
static bool is_warned(const percept_data *parts, const char *text)
{
    const Notes *notes = &parts->train->storage->notes;
    for (size_t n = 0; n < notes->count; n++)
        if (notes->list[n].kind == NOTE_WARNING && strstr(notes->list[n].text, text) != NULL)
            return true;
    return false;
}

static void test_a_part_that_lacks_a_class_is_warned_of(void **state)
{
    (void)state;
    char path[SCRATCH_PATH];
    const double split[] = {50, 10, 30};
    DataOptions options = {.name = write_table(90, two_sorted, path), .validation = -1, .shuffle_told = true};
    options.split = split;
    options.split_count = 3;
    percept_data parts = prepare(&options, 0);
    assert_true(is_warned(&parts, "the test set has no example of class 'c0'"));
    assert_true(is_warned(&parts, "the training set has no example of class 'c1'"));
    assert_false(is_warned(&parts, "validation"));
    percept_data_free(&parts);
    options.shuffle_told = false;
    parts = prepare(&options, 0);
    assert_false(is_warned(&parts, "no example"));
    percept_data_free(&parts);
    options = (DataOptions){.name = write_table(90, all_alone, path), .validation = -1};
    parts = prepare(&options, 0);
    assert_true(is_warned(&parts, "the test set has no example of 10 of the 12 classes, such as 'c80'"));
    percept_data_free(&parts);
}

static void test_a_target_of_one_value_is_warned_of(void **state)
{
    (void)state;
    static const char text[] = "a,y,z\n1.5,5,1\n2.5,5,2\n0.5,5,2\n3.5,5,3\n1.2,5,4\n0.1,5,9\n2.2,5,7\n1.9,5,8\n";
    const char *targets[] = {"y", "z"};
    char path[SCRATCH_PATH];
    scratch_write(scratch_path(&scratch, "table.csv", path), text, strlen(text));
    DataOptions options = {.name = path, .validation = -1, .source = {.targets = targets, .target_count = 2}};
    percept_data parts = prepare(&options, 0);
    assert_true(is_warned(&parts, "y is 5 in all rows of the training set"));
    assert_false(is_warned(&parts, "z is"));
    percept_data_free(&parts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(test_a_whole_file_is_not_cut_whatever_else_is_asked),
        IN_SCRATCH(test_a_file_is_cut_in_three_with_the_same_shares_of_all_classes),
        IN_SCRATCH(test_a_class_of_one_example_is_for_training),
        IN_SCRATCH(test_no_class_loses_its_last_example_to_another_part),
        IN_SCRATCH(test_a_large_part_leaves_a_row_of_each_class),
        IN_SCRATCH(test_of_equal_shares_the_first_class_in_the_order_has_the_row),
        IN_SCRATCH(test_the_seed_alone_decides_which_rows_are_taken),
        IN_SCRATCH(test_a_size_for_validation_leaves_the_test_part),
        IN_SCRATCH(test_without_shuffle_the_end_of_the_file_is_cut_off),
        IN_SCRATCH(test_a_recipe_that_says_order_and_size_is_cut_as_it_says),
        IN_SCRATCH(test_sizes_are_taken_or_refused_never_ignored),
        IN_SCRATCH(test_a_part_that_lacks_a_class_is_warned_of),
        IN_SCRATCH(test_a_target_of_one_value_is_warned_of),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
