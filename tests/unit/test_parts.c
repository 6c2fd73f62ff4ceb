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

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(test_a_whole_file_is_not_cut_whatever_else_is_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
