/* Sources beyond tables and IDX: what a path or a name stands for, and which options it takes. */
#include "scratch.h"

#include "base/memory.h"
#include "data/source.h"
#include "npy_vectors.h"

/* Two examples of three features, and labels for them. */
static const char features[] = "\x93NUMPY\1\0\x3c\0{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), }\nABCDEF";
static const char labels[] = "\x93NUMPY\1\0\x3c\0{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }  \n\1\0";

static void write_features(const Scratch *scratch, const char *name, char path[SCRATCH_PATH])
{
    scratch_write(scratch_path(scratch, name, path), features, sizeof features - 1);
}

static void write_labels(const Scratch *scratch, const char *name, char path[SCRATCH_PATH])
{
    scratch_write(scratch_path(scratch, name, path), labels, sizeof labels - 1);
}

/* Number of classes of what opens at path; both parts are released. */
static size_t classes_of(const char *path, const SourceOptions *options, size_t *train_count, size_t *test_count)
{
    percept_dataset *train = NULL, *test = NULL;
    assert_ok(source_open(path, NULL, options, &train, &test, error));
    const size_t classes = percept_dataset_classes(train);
    *train_count = percept_dataset_count(train);
    *test_count = test != NULL ? percept_dataset_count(test) : 0;
    percept_dataset_free(train);
    percept_dataset_free(test);
    return classes;
}

static void test_labels_are_found_beside_features(void **state)
{
    (void)state;
    static const struct {
        const char *features, *labels;
        bool found;
    } cases[] = {
        {"X.npy", "y.npy", true},
        {"my_x_train.npy", "my_y_train.npy", true},
        {"Features-1.npy", "labels-1.npy", true},
        {"train.images.npy", "train.labels.npy", true},
        {"data.npy", "target.npy", true},
        {"max.npy", "may.npy", false}, /* x is no word of it */
        {"X.npy", "z.npy", false},
        {"images2.npy", "labels2.npy", false},
    };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        Scratch scratch;
        char path[SCRATCH_PATH], other[SCRATCH_PATH];
        size_t train = 0, test = 0;
        scratch_open(&scratch);
        write_features(&scratch, cases[c].features, path);
        write_labels(&scratch, cases[c].labels, other);
        if ((classes_of(path, NULL, &train, &test) > 0) != cases[c].found)
            fail_msg("the labels %s of %s are%s found", cases[c].labels, cases[c].features,
                     cases[c].found ? " not" : "");
        assert_int_equal(train, 2);
        scratch_remove(scratch.folder);
    }
}

static void test_a_file_of_labels_can_be_named(void **state)
{
    (void)state;
    Scratch scratch;
    char path[SCRATCH_PATH], other[SCRATCH_PATH];
    percept_dataset *train = NULL, *test = NULL;
    scratch_open(&scratch);
    write_features(&scratch, "a.npy", path);
    write_labels(&scratch, "b.npy", other);
    const SourceOptions options = {.label_file = other}, wrong = {.label_file = "/nowhere/y.npy"};
    assert_ok(source_open(path, NULL, &options, &train, &test, error));
    assert_int_equal(percept_dataset_label(train, 0), 1);
    assert_int_equal(percept_dataset_label(train, 1), 0);
    assert_null(test);
    percept_dataset_free(train);
    assert_refused(source_open(path, NULL, &wrong, &train, &test, error), PERCEPT_ERROR_IO, "/nowhere/y.npy");
    assert_refused(source_open("mnist", NULL, &options, &train, &test, error), PERCEPT_ERROR_ARGUMENT,
                   "label_file are for files");
    scratch_write(scratch_path(&scratch, "t.csv", path), "1,2\n3,4\n", 8);
    assert_refused(source_open(path, NULL, &options, &train, &test, error), PERCEPT_ERROR_ARGUMENT, "data.label_file");
    scratch_remove(scratch.folder);
}

static void test_an_archive_is_known_by_name_or_start_and_has_its_parts(void **state)
{
    (void)state;
    const NpzVector *packed = &npz_vectors[1];
    Scratch scratch;
    char path[SCRATCH_PATH];
    size_t train = 0, test = 0;
    scratch_open(&scratch);
    scratch_write(scratch_path(&scratch, "x.NPZ", path), packed->bytes, packed->size);
    assert_int_equal(classes_of(path, NULL, &train, &test), 3);
    assert_int_equal(train, 3);
    assert_int_equal(test, 2);
    scratch_write(scratch_path(&scratch, "archive", path), packed->bytes, packed->size);
    assert_int_equal(classes_of(path, NULL, &train, &test), 3);
    write_features(&scratch, "array", path);
    assert_int_equal(classes_of(path, NULL, &train, &test), 0);
    scratch_remove(scratch.folder);
}

static void test_a_folder_is_one_of_pictures(void **state)
{
    (void)state;
    Scratch scratch;
    percept_dataset *train = NULL, *test = NULL;
    scratch_open(&scratch);
    assert_refused(source_open(scratch.folder, NULL, NULL, &train, &test, error), PERCEPT_ERROR_FORMAT,
                   "one folder a class");
    scratch_remove(scratch.folder);
}

static void test_generators_are_known_by_name(void **state)
{
    (void)state;
    const SourceOptions few = {.generate = {.count = 20, .classes = 4}}, many = {.generate = {.count = 5}};
    percept_dataset *train = NULL, *test = NULL;
    size_t count = 0, rest = 0;
    assert_int_equal(classes_of("circles", NULL, &count, &rest), 2);
    assert_int_equal(count, 1100);
    assert_int_equal(classes_of("spirals", &few, &count, &rest), 4);
    assert_int_equal(count, 20);
    assert_int_equal(rest, 0);
    assert_refused(source_open("moons", NULL, &few, &train, &test, error), PERCEPT_ERROR_ARGUMENT, "2 classes, not 4");
    assert_refused(source_open("mnist", NULL, &many, &train, &test, error), PERCEPT_ERROR_ARGUMENT, "data.examples");
    assert_refused(source_open("spiral", NULL, NULL, &train, &test, error), PERCEPT_ERROR_ARGUMENT,
                   "did you mean 'spirals'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_labels_are_found_beside_features),
        cmocka_unit_test(test_a_file_of_labels_can_be_named),
        cmocka_unit_test(test_an_archive_is_known_by_name_or_start_and_has_its_parts),
        cmocka_unit_test(test_a_folder_is_one_of_pictures),
        cmocka_unit_test(test_generators_are_known_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
