/* Named datasets are found where they lie, files by what they are called; both parts share one storage. */
#include "scratch.h"

#include "base/file.h"
#include "base/memory.h"
#include "data/source.h"

#define SIDE 2

static const char *const file_names[4] = {"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                                          "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"};

/* Writes a small dataset in the files of MNIST, 6 examples to train and 4 to test, into folder. */
static void write_set(const char *folder, const char *ending)
{
    const uint32_t sizes[2][3] = {{6, SIDE, SIDE}, {4, SIDE, SIDE}};
    const uint8_t labels[6] = {0, 1, 2, 9, 1, 0};
    uint8_t pixels[6 * SIDE * SIDE];
    assert_ok(file_make_folder(folder, error));
    for (size_t i = 0; i < sizeof pixels; i++)
        pixels[i] = (uint8_t)i;
    for (size_t f = 0; f < 4; f++) {
        char path[2 * SCRATCH_PATH];
        const uint32_t *size = sizes[f / 2];
        snprintf(path, sizeof path, "%s/%s%s", folder, file_names[f], ending);
        scratch_write_idx(path, f % 2 == 0 ? 3 : 1, size, f % 2 == 0 ? pixels : labels,
                          f % 2 == 0 ? (size_t)size[0] * SIDE * SIDE : size[0]);
    }
}

/* No other dataset than those of the test can be found: the environment is the test's own. */
static void clear_environment(const Scratch *scratch)
{
    assert_int_equal(unsetenv("PERCEPT_DATA"), 0);
    assert_int_equal(unsetenv("XDG_DATA_HOME"), 0);
    assert_int_equal(setenv("HOME", scratch->folder, 1), 0);
}

static void test_places_are_searched_in_order(void **state)
{
    (void)state;
    Scratch scratch;
    char given[SCRATCH_PATH], environment[SCRATCH_PATH], user[SCRATCH_PATH], xdg[SCRATCH_PATH], path[SCRATCH_PATH];
    const NamedDataset *mnist = named_dataset_find("mnist");
    scratch_open(&scratch);
    clear_environment(&scratch);
    scratch_path(&scratch, "given", given);
    scratch_path(&scratch, "environment", environment);
    scratch_path(&scratch, "xdg", xdg);
    scratch_path(&scratch, ".local/share/percept", user);
    assert_int_equal(setenv("PERCEPT_DATA", environment, 1), 0);
    /* From the last place to the first: each, once filled, wins over those before. */
    const char *const places[] = {user, environment, given};
    for (size_t p = 0; p < 3; p++) {
        char *folder = NULL;
        snprintf(path, sizeof path, "%.*s/mnist", SCRATCH_PATH - 8, places[p]);
        write_set(path, p % 2 == 0 ? "" : ".gz");
        assert_ok(named_dataset_locate(mnist, given, &folder, error));
        assert_string_equal(folder, path);
        memory_free(folder);
    }
    char *folder = NULL;
    assert_int_equal(unsetenv("PERCEPT_DATA"), 0);
    assert_int_equal(setenv("XDG_DATA_HOME", xdg, 1), 0);
    snprintf(path, sizeof path, "%.*s/percept/mnist", SCRATCH_PATH - 16, xdg);
    write_set(path, "");
    assert_ok(named_dataset_locate(mnist, NULL, &folder, error));
    assert_string_equal(folder, path);
    memory_free(folder);
    scratch_remove(scratch.folder);
}

static void test_an_incomplete_folder_is_passed_over_and_named(void **state)
{
    (void)state;
    Scratch scratch;
    char path[SCRATCH_PATH], missing[2 * SCRATCH_PATH];
    percept_dataset *train = NULL, *test = NULL;
    scratch_open(&scratch);
    clear_environment(&scratch);
    write_set(scratch_path(&scratch, "mnist", path), "");
    snprintf(missing, sizeof missing, "%s/%s", path, file_names[3]);
    assert_int_equal(unlink(missing), 0);
    assert_refused(source_open("mnist", scratch.folder, NULL, &train, &test, error), PERCEPT_ERROR_IO,
                   "mnist (lacks t10k-labels-idx1-ubyte)");
    assert_refused(source_open("mnist", scratch.folder, NULL, &train, &test, error), PERCEPT_ERROR_IO,
                   "percept data get mnist");
    assert_null(train);
    scratch_remove(scratch.folder);
}

static void test_both_parts_share_one_storage(void **state)
{
    (void)state;
    Scratch scratch;
    char path[SCRATCH_PATH];
    percept_dataset *train = NULL, *test = NULL;
    scratch_open(&scratch);
    clear_environment(&scratch);
    write_set(scratch_path(&scratch, "fashion-mnist", path), ".gz");
    assert_ok(source_open("fashion-mnist", scratch.folder, NULL, &train, &test, error));
    assert_int_equal(percept_dataset_count(train), 6);
    assert_int_equal(percept_dataset_count(test), 4);
    assert_ptr_equal(train->storage, test->storage);
    assert_string_equal(percept_dataset_class_name(train, 9), "Ankle boot");
    assert_string_equal(percept_dataset_class_name(test, 0), "T-shirt/top");
    assert_int_equal(percept_dataset_label(test, 3), 9);
    double features[SIDE * SIDE];
    percept_dataset_features(test, 1, features);
    assert_true(features[0] == 4);
    percept_dataset_free(train);
    percept_dataset_free(test);
    scratch_remove(scratch.folder);
}

static void test_a_file_of_images_finds_its_labels(void **state)
{
    (void)state;
    Scratch scratch;
    char path[SCRATCH_PATH], images[2 * SCRATCH_PATH];
    percept_dataset *train = NULL, *test = NULL;
    scratch_open(&scratch);
    write_set(scratch_path(&scratch, "images of mine", path), ".gz");
    snprintf(images, sizeof images, "%s/%s.gz", path, file_names[0]);
    assert_ok(source_open(images, NULL, NULL, &train, &test, error));
    assert_null(test);
    assert_int_equal(percept_dataset_count(train), 6);
    assert_int_equal(percept_dataset_classes(train), 10); /* the largest label is 9 */
    assert_string_equal(percept_dataset_class_name(train, 3), "3");
    percept_dataset_free(train);

    char labels[2 * SCRATCH_PATH];
    snprintf(labels, sizeof labels, "%s/%s.gz", path, file_names[1]);
    assert_refused(source_open(labels, NULL, NULL, &train, &test, error), PERCEPT_ERROR_ARGUMENT,
                   "where its labels are");
    assert_int_equal(unlink(labels), 0);
    assert_refused(source_open(images, NULL, NULL, &train, &test, error), PERCEPT_ERROR_IO, "labels-idx1");
    scratch_remove(scratch.folder);
}

static void test_unknown_names_get_the_nearest_one(void **state)
{
    (void)state;
    Scratch scratch;
    char path[SCRATCH_PATH];
    percept_dataset *train = NULL, *test = NULL;
    scratch_open(&scratch);
    assert_refused(source_open("fasion-mnist", NULL, NULL, &train, &test, error), PERCEPT_ERROR_ARGUMENT,
                   "did you mean 'fashion-mnist'?");
    assert_refused(source_open("apples", NULL, NULL, &train, &test, error), PERCEPT_ERROR_ARGUMENT,
                   "no dataset and no file 'apples'; datasets: fashion-mnist, mnist, digits");
    scratch_write(scratch_path(&scratch, "table.xyz", path), "\x01\x02", 2);
    assert_refused(source_open(path, NULL, NULL, &train, &test, error), PERCEPT_ERROR_ARGUMENT,
                   "in no format that is recognized");
    scratch_remove(scratch.folder);
}

/* Every row of the table is complete and has a format. */
static void test_the_table_is_sound(void **state)
{
    (void)state;
    size_t count = 0, formats = 0;
    const NamedDataset *table = named_datasets(&count);
    assert_non_null(source_formats(&formats));
    assert_true(count >= 2 && formats >= 1);
    assert_string_equal(table[0].name, "fashion-mnist"); /* the default */
    for (size_t d = 0; d < count; d++) {
        const SourceFormat *format = source_format_find(table[d].format);
        assert_non_null(format);
        assert_ptr_equal(named_dataset_find(table[d].name), &table[d]);
        assert_true(table[d].validation_count < table[d].train_count);
        for (size_t p = 0; p < table[d].parts; p++)
            for (size_t f = 0; f < format->files_per_part; f++)
                assert_non_null(table[d].files[p][f]);
    }
    assert_null(named_dataset_find("nothing"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_places_are_searched_in_order),
        cmocka_unit_test(test_an_incomplete_folder_is_passed_over_and_named),
        cmocka_unit_test(test_both_parts_share_one_storage),
        cmocka_unit_test(test_a_file_of_images_finds_its_labels),
        cmocka_unit_test(test_unknown_names_get_the_nearest_one),
        cmocka_unit_test(test_the_table_is_sound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
