/* Labels and targets in arrays: texts are classes, NaN is missing, nothing is rounded, and parts are those of the file. */
#include "in_scratch.h"

#include <math.h>
#include <zip.h>

#include "data/npy.h"
#include "data/npz.h"
#include "data/prepare.h"

#define MOST_BYTES 2048

/* An array of an archive: its name, the header's type and shape, and its items. */
typedef struct Member {
    const char *name, *type, *shape;
    const void *items;
    size_t size;
} Member;

/* The bytes of an NPY file. Returns how many. */
static size_t make_npy(const Member *member, uint8_t bytes[MOST_BYTES])
{
    memcpy(bytes, "\x93NUMPY\x01", 8);
    const int length = snprintf((char *)bytes + 10, MOST_BYTES - 10,
                                "{'descr': '%s', 'fortran_order': False, 'shape': %s}", member->type, member->shape);
    bytes[8] = (uint8_t)length;
    bytes[9] = 0;
    memcpy(bytes + 10 + length, member->items, member->size);
    return 10 + (size_t)length + member->size;
}

static const char *write_npz(const Member *members, size_t count, char path[SCRATCH_PATH])
{
    static uint8_t bytes[8][MOST_BYTES];
    zip_t *zip = zip_open(scratch_path(&scratch, "a.npz", path), ZIP_CREATE | ZIP_TRUNCATE, NULL);
    assert_true(zip != NULL && count <= 8);
    for (size_t m = 0; m < count; m++) {
        char name[64];
        const size_t size = make_npy(&members[m], bytes[m]);
        snprintf(name, sizeof name, "%s.npy", members[m].name);
        assert_true(zip_file_add(zip, name, zip_source_buffer(zip, bytes[m], size, 0), 0) >= 0);
    }
    assert_int_equal(zip_close(zip), 0);
    return path;
}

static percept_status read_members(const Member *members, size_t count, const SourceOptions *options, Storage **out,
                                   size_t counts[2], percept_error *error)
{
    static const SourceOptions automatic = {0};
    char path[SCRATCH_PATH];
    *out = NULL;
    return npz_read(write_npz(members, count, path), options != NULL ? options : &automatic, 0, out, counts, error);
}

static void refuse(const Member *members, size_t count, const SourceOptions *options, const char *message)
{
    Storage *storage = NULL;
    size_t counts[2];
    percept_error failure = {PERCEPT_OK, ""};
    const percept_status status = read_members(members, count, options, &storage, counts, &failure);
    if (status == PERCEPT_OK || strstr(failure.message, message) == NULL)
        fail_msg("status %d, '%s' lacks '%s'", (int)status, failure.message, message);
    assert_null(storage);
}

static Storage *read_ok(const Member *members, size_t count, const SourceOptions *options, size_t train, size_t test)
{
    Storage *storage = NULL;
    size_t counts[2];
    assert_ok(read_members(members, count, options, &storage, counts, error));
    assert_int_equal(counts[0], train);
    assert_int_equal(counts[1], test);
    assert_int_equal(storage->count, train + test);
    return storage;
}

static void check_labels(const Storage *storage, const char *const *labels)
{
    assert_non_null(storage->labels);
    for (size_t i = 0; i < storage->count; i++)
        /* NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage): callers list as many labels as there are examples */
        assert_string_equal(storage->class_names[storage->labels[i]], labels[i]);
}

static const float four[4] = {1, 2, 3, 4};
static const Member x4 = {"x", "<f4", "(4, 1)", four, sizeof four};

/* ---- Texts ----------------------------------------------------------------------------------------------------- */

static void test_texts_are_classes(void **state)
{
    (void)state;
    const uint32_t points[4][3] = {{'a', 0, 0}, {'g', 0xf6, 0x1f600}, {'b', 'c', 0}, {'a', 0, 0}};
    uint32_t turned[4][3];
    const char bytes[4][3] = {"ab", {'x', 'y', 'z'}, "ab", "a"};
    const char *const texts[] = {"a", "gö😀", "bc", "a"}, *const of_bytes[] = {"ab", "xyz", "ab", "a"};
    for (size_t i = 0; i < 12; i++)
        (&turned[0][0])[i] = __builtin_bswap32((&points[0][0])[i]);
    const Member unicode[] = {x4, {"y", "<U3", "(4,)", points, sizeof points}};
    const Member other_order[] = {x4, {"y", ">U3", "(4, 1)", turned, sizeof turned}};
    const Member plain[] = {x4, {"labels", "|S3", "(4,)", bytes, sizeof bytes}};
    Storage *storage = read_ok(unicode, 2, NULL, 4, 0);
    check_labels(storage, texts);
    assert_int_equal(storage->class_count, 3);
    storage_release(storage);
    storage = read_ok(other_order, 2, NULL, 4, 0);
    check_labels(storage, texts);
    storage_release(storage);
    storage = read_ok(plain, 2, NULL, 4, 0);
    check_labels(storage, of_bytes);
    storage_release(storage);
}

static void test_codes_in_texts_stay_apart(void **state)
{
    (void)state;
    const char codes[4][2] = {"01", {'1', 0}, "02", {'2', 0}}, numbers[4][2] = {"10", {'9', 0}, "10", {'9', 0}};
    const Member code[] = {x4, {"y", "|S2", "(4,)", codes, sizeof codes}};
    const Member number[] = {x4, {"y", "|S2", "(4,)", numbers, sizeof numbers}};
    Storage *storage = read_ok(code, 2, NULL, 4, 0);
    assert_int_equal(storage->class_count, 4);
    storage_release(storage);
    storage = read_ok(number, 2, NULL, 4, 0);
    assert_string_equal(storage->class_names[0], "9"); /* by value */
    storage_release(storage);
}

static void test_texts_that_are_none_are_refused(void **state)
{
    (void)state;
    const uint32_t surrogate[4] = {'a', 0xd800, 'a', 'a'}, beyond[4] = {'a', 'b', 'c', 0xffffffff};
    const char latin[4] = {'a', 'b', '\xe9', 'c'}, zero[4][2] = {"ab", {0, 'a'}, "a", "b"}, two[4][2] = {"ab", "cd"};
    const Member cases[][2] = {
        {x4, {"y", "<U1", "(4,)", surrogate, sizeof surrogate}},
        {x4, {"y", "<U1", "(4,)", beyond, sizeof beyond}},
        {x4, {"y", "|S1", "(4,)", latin, sizeof latin}},
        {x4, {"y", "|S2", "(4,)", zero, sizeof zero}},
        {x4, {"y", "|S1", "(4, 2)", two, sizeof two}},
        {x4, {"y", "|O", "(4,)", four, sizeof four}},
        {{"x", "|S1", "(4, 2)", two, sizeof two}, {"y", "|S1", "(4,)", latin, sizeof latin}},
    };
    const char *const messages[] = {
        "a.npz: y', row 2: the label is not UTF-8", "row 4: the label is not UTF-8", "row 3: the label is not UTF-8",
        "row 2: the label has a zero byte",         "2 texts for each example",      "save labels as y.astype(str)",
        "holds texts, and features are numbers",
    };
    for (size_t c = 0; c < sizeof messages / sizeof messages[0]; c++)
        refuse(cases[c], 2, NULL, messages[c]);
    const Member latin_1[] = {x4, {"y", "|S1", "(4,)", latin, sizeof latin}};
    Storage *storage = read_ok(latin_1, 2, &(SourceOptions){.encoding = ENCODING_LATIN1}, 4, 0);
    check_labels(storage, (const char *const[]){"a", "b", "\xc3\xa9", "c"});
    storage_release(storage);
    const char *const y[] = {"y"};
    const Member text[] = {x4, {"y", "|S2", "(4,)", two, sizeof two}};
    refuse(text, 2, &(SourceOptions){.targets = y, .target_count = 1}, "holds texts, not numbers to learn");
}

/* ---- Numbers --------------------------------------------------------------------------------------------------- */

static void test_whole_numbers_of_64_bits_stay_apart(void **state)
{
    (void)state;
    const int64_t numbers[4] = {9007199254740993, 9007199254740992, -5, 9007199254740993};
    const uint64_t naturals[4] = {18446744073709551615U, 18446744073709551614U, 0, 18446744073709551615U};
    const Member integers[] = {x4, {"y", "<i8", "(4,)", numbers, sizeof numbers}};
    const Member unsigned_ones[] = {x4, {"y", "<u8", "(4,)", naturals, sizeof naturals}};
    Storage *storage = read_ok(integers, 2, NULL, 4, 0);
    check_labels(storage, (const char *const[]){"9007199254740993", "9007199254740992", "-5", "9007199254740993"});
    assert_string_equal(storage->class_names[0], "-5");
    storage_release(storage);
    storage = read_ok(unsigned_ones, 2, NULL, 4, 0);
    check_labels(storage,
                 (const char *const[]){"18446744073709551615", "18446744073709551614", "0", "18446744073709551615"});
    storage_release(storage);
}

static void test_whole_numbers_are_targets_if_told(void **state)
{
    (void)state;
    const int32_t numbers[4] = {25, -32, 39, 46};
    const char *const y[] = {"y"}, *const price[] = {"price"}, *const names[] = {"y", "price"};
    const SourceOptions named_y = {.targets = y, .target_count = 1},
                        named_price = {.targets = price, .target_count = 1};
    const SourceOptions two = {.targets = names, .target_count = 2};
    const Member usual[] = {x4, {"target", "<i4", "(4,)", numbers, sizeof numbers}};
    const Member other[] = {x4, {"price", "<i4", "(4,)", numbers, sizeof numbers}};
    Storage *storage = read_ok(usual, 2, &named_y, 4, 0);
    assert_true(storage->labels == NULL && storage->class_count == 0 && storage->target_width == 1);
    assert_true(storage->targets[1] == -32 && storage->targets[3] == 46);
    storage_release(storage);
    storage = read_ok(other, 2, &named_price, 4, 0);
    assert_true(storage->targets[0] == 25);
    storage_release(storage);
    storage = read_ok(other, 2, &(SourceOptions){.label = "price"}, 4, 0);
    assert_int_equal(storage->class_count, 4);
    storage_release(storage);
    storage = read_ok(usual, 2, &(SourceOptions){.label = "none"}, 4, 0);
    assert_true(storage->labels == NULL && storage->targets == NULL);
    storage_release(storage);
    refuse(usual, 2, &named_price, "has no array price; there are: x.npy, target.npy");
    refuse(usual, 2, &two, "name one");
}

static void test_files_of_answers_are_targets_if_told(void **state)
{
    (void)state;
    const int32_t numbers[4] = {25, -32, 39, 46};
    const Member members[] = {x4, {"ages", "<i4", "(4,)", numbers, sizeof numbers}};
    const char *const y[] = {"y"}, *const ages[] = {"ages"}, *const other[] = {"age"};
    const SourceOptions options[] = {{.targets = y, .target_count = 1}, {.targets = ages, .target_count = 1}};
    const SourceOptions wrong = {.targets = other, .target_count = 1};
    char paths[2][SCRATCH_PATH];
    for (size_t m = 0; m < 2; m++) {
        uint8_t bytes[MOST_BYTES];
        const size_t size = make_npy(&members[m], bytes);
        scratch_write(scratch_path(&scratch, m == 0 ? "x.npy" : "ages.npy", paths[m]), bytes, size);
    }
    Storage *storage = NULL;
    for (size_t o = 0; o < 2; o++) {
        assert_ok(npy_read(paths[0], paths[1], &options[o], 0, &storage, error));
        assert_true(storage->target_width == 1 && storage->targets[2] == 39);
        storage_release(storage);
    }
    storage = NULL;
    assert_refused(npy_read(paths[0], paths[1], &wrong, 0, &storage, error), PERCEPT_ERROR_ARGUMENT, "are called y");
    assert_refused(npy_read(paths[0], NULL, &options[0], 0, &storage, error), PERCEPT_ERROR_ARGUMENT, "--label-file");
}

/* ---- What is missing, and what is too large -------------------------------------------------------------------- */

static void test_examples_without_an_answer_are_refused_or_dropped(void **state)
{
    (void)state;
    const double labels[4] = {1, NAN, 0, NAN}, targets[8] = {0.5, 1, 2, NAN, 3, 4, 5, 6};
    const char texts[4][4] = {"a", "nan", "", "b"};
    const Member numbers[] = {x4, {"y", "<f8", "(4,)", labels, sizeof labels}};
    const Member two[] = {x4, {"y", "<f8", "(4, 2)", targets, sizeof targets}};
    const Member words[] = {x4, {"y", "|S4", "(4,)", texts, sizeof texts}};
    const SourceOptions drop = {.missing_label = UNANSWERED_DROP};
    refuse(numbers, 2, NULL, "a.npz: y': 2 of 4 rows have no label, the first in row 2; --missing-label drop");
    refuse(two, 2, NULL, "1 of 4 rows has no label, the first in row 2");
    refuse(words, 2, NULL, "2 of 4 rows have no label, the first in row 2");
    Storage *storage = read_ok(numbers, 2, &drop, 2, 0);
    check_labels(storage, (const char *const[]){"1", "0"});
    assert_memory_equal(storage->features, ((const float[]){1, 3}), 2 * sizeof(float));
    assert_string_equal(storage->notes.list[0].text,
                        "2 of 4 rows have no label and were left out; the first is in row 2");
    storage_release(storage);
    storage = read_ok(two, 2, &drop, 3, 0);
    assert_true(storage->target_width == 2 && storage->targets[2] == 3 && storage->targets[5] == 6);
    storage_release(storage);
    storage = read_ok(words, 2, &drop, 2, 0);
    check_labels(storage, (const char *const[]){"a", "b"});
    assert_memory_equal(storage->features, ((const float[]){1, 4}), 2 * sizeof(float));
    storage_release(storage);
}

static void test_features_that_are_nan_are_missing(void **state)
{
    (void)state;
    const double doubles[4] = {1, NAN, 3, 4};
    const float singles[4] = {1, NAN, 3, 4};
    const uint16_t halves[4] = {0x3c00, 0x7e00, 0x4200, 0x4400};
    const uint8_t bytes[4] = {1, 255, 3, 4};
    const int8_t labels[2] = {0, 1};
    const Member y = {"y", "|i1", "(2,)", labels, sizeof labels};
    const Member cases[][2] = {{{"x", "<f8", "(2, 2)", doubles, sizeof doubles}, y},
                               {{"x", "<f4", "(2, 2)", singles, sizeof singles}, y},
                               {{"x", "<f2", "(2, 2)", halves, sizeof halves}, y}};
    const Member of_bytes[] = {{"x", "|u1", "(2, 2)", bytes, sizeof bytes}, y};
    const SourceOptions mean = {.missing = MISSING_MEAN}, zero = {.missing = MISSING_ZERO};
    for (size_t c = 0; c < 3; c++) {
        refuse(cases[c], 2, NULL, "a.npz: x', row 1, column 2: the value is missing (NaN); --missing mean or zero");
        Storage *storage = read_ok(cases[c], 2, &mean, 2, 0);
        assert_int_equal(storage->missing, 1);
        storage_release(storage);
        storage = read_ok(cases[c], 2, &zero, 2, 0);
        assert_int_equal(storage->missing, 0);
        assert_true(storage->type == PERCEPT_FLOAT64 ? ((double *)storage->features)[1] == 0
                                                     : ((float *)storage->features)[1] == 0);
        storage_release(storage);
    }
    /* A number that stands for missing values. */
    const char *const token[] = {"255"};
    Storage *storage =
        read_ok(of_bytes, 2, &(SourceOptions){.missing = MISSING_MEAN, .missing_tokens = {token, 1}}, 2, 0);
    assert_true(storage->type == PERCEPT_FLOAT32 && storage->missing == 1 && isnan(((float *)storage->features)[1]));
    storage_release(storage);
    storage = read_ok(of_bytes, 2, NULL, 2, 0);
    assert_true(storage->type == PERCEPT_UINT8 && storage->missing == 0);
    storage_release(storage);
}

static void test_values_that_no_network_takes_are_refused(void **state)
{
    (void)state;
    const double infinite[4] = {1, 2, 3, -INFINITY}, large[4] = {1, 2, 3, 1e39}, edge[4] = {1, 2, 3, 3.4e38};
    const float single[4] = {1, 2, INFINITY, 4};
    const uint16_t half[4] = {0x3c00, 0x7c00, 0x4200, 0x4400};
    const int8_t labels[2] = {0, 1};
    const Member y = {"y", "|i1", "(2,)", labels, sizeof labels};
    const Member cases[][2] = {{{"x", "<f8", "(2, 2)", infinite, sizeof infinite}, y},
                               {{"x", "<f4", "(2, 2)", single, sizeof single}, y},
                               {{"x", "<f2", "(2, 2)", half, sizeof half}, y},
                               {{"x", "<f8", "(2, 2)", large, sizeof large}, y},
                               {x4, {"y", "<f8", "(4,)", large, sizeof large}}};
    const char *const messages[] = {
        "a.npz: x', row 2, column 2: the value is infinite (-inf)", "row 2, column 1: the value is infinite (inf)",
        "row 1, column 2: the value is infinite", "row 2, column 2: the value 1e+39 is beyond the range of float32",
        "a.npz: y', row 4, target: the target 1e+39 is beyond the range of float32"};
    const char *const target[] = {"y"};
    const SourceOptions learn = {.targets = target, .target_count = 1, .missing = MISSING_ZERO};
    for (size_t c = 0; c < 5; c++)
        refuse(cases[c], 2, c == 4 ? &learn : &(SourceOptions){.missing = MISSING_MEAN}, messages[c]);
    const Member largest[] = {{"x", "<f8", "(2, 2)", edge, sizeof edge}, y};
    storage_release(read_ok(largest, 2, NULL, 2, 0));
}

/* ---- Parts ----------------------------------------------------------------------------------------------------- */

static void test_validation_arrays_come_behind_those_for_training(void **state)
{
    (void)state;
    static const char *const names[][6] = {
        {"x_train", "y_train", "x_val", "y_val", "x_test", "y_test"},
        {"train_images", "train_labels", "val_images", "val_labels", "test_images", "test_labels"},
        {"X_train", "y_train", "X_valid", "y_valid", "X_test", "y_test"},
        {"x", "y", "x_validation", "y_validation", "x_test", "y_test"},
        {"Xtrain", "ytrain", "Xdev", "ydev", "Xtest", "ytest"},
        {"train_data", "train_targets", "valid_data", "valid_targets", "test_data", "test_targets"},
    };
    const float valid[2] = {5, 6}, test[1] = {7}, all[7] = {1, 2, 3, 4, 5, 6, 7};
    const int8_t labels[7] = {0, 1, 0, 1, 1, 0, 1};
    for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
        const Member members[] = {
            {names[n][4], "<f4", "(1, 1)", test, sizeof test},   {names[n][5], "|i1", "(1,)", labels + 6, 1},
            {names[n][2], "<f4", "(2, 1)", valid, sizeof valid}, {names[n][3], "|i1", "(2,)", labels + 4, 2},
            {names[n][0], "<f4", "(4, 1)", four, sizeof four},   {names[n][1], "|i1", "(4,)", labels, 4},
        };
        Storage *storage = read_ok(members, 6, NULL, 6, 1);
        assert_int_equal(storage->own_valid, 2);
        assert_memory_equal(storage->features, all, sizeof all);
        for (size_t i = 0; i < 7; i++)
            assert_int_equal(storage->labels[i], labels[i]);
        storage_release(storage);
        storage = read_ok(members + 2, 4, NULL, 6, 0);
        assert_int_equal(storage->own_valid, 2);
        storage_release(storage);
    }
}

static percept_data prepare(const DataOptions *options, size_t train, size_t valid, size_t test)
{
    percept_data parts = {NULL, NULL, NULL};
    RandomStream stream;
    random_default_rng(&stream, 0);
    assert_ok(data_prepare(options, &stream, &parts, error));
    assert_int_equal(percept_dataset_count(parts.train), train);
    assert_int_equal(parts.valid != NULL ? percept_dataset_count(parts.valid) : 0, valid);
    assert_int_equal(parts.test != NULL ? percept_dataset_count(parts.test) : 0, test);
    return parts;
}

static double first_feature(const percept_dataset *data, size_t i)
{
    double x = 0;
    percept_dataset_features(data, i, &x);
    return x;
}

static void test_validation_arrays_are_the_validation_part(void **state)
{
    (void)state;
    const float valid[3] = {5, 6, 7}, test[1] = {8};
    const int8_t labels[8] = {0, 1, 2, 1, 1, 0, 2, 0};
    const Member members[] = {
        {"x_train", "<f4", "(4, 1)", four, sizeof four}, {"y_train", "|i1", "(4,)", labels, 4},
        {"x_val", "<f4", "(3, 1)", valid, sizeof valid}, {"y_val", "|i1", "(3,)", labels + 4, 3},
        {"x_test", "<f4", "(1, 1)", test, sizeof test},  {"y_test", "|i1", "(1,)", labels + 7, 1},
    };
    const char *const kept[] = {"1", "0"};
    char path[SCRATCH_PATH];
    DataOptions options = {.name = write_npz(members, 6, path), .validation = -1};
    percept_data parts = prepare(&options, 4, 3, 1);
    assert_true(first_feature(parts.train, 0) == 1 && first_feature(parts.valid, 0) == 5);
    assert_true(first_feature(parts.test, 0) == 8);
    percept_data_free(&parts);
    options.classes = kept;
    options.class_count = 2;
    parts = prepare(&options, 3, 2, 1);
    assert_true(first_feature(parts.train, 2) == 4 && first_feature(parts.valid, 1) == 6);
    percept_data_free(&parts);
    options.class_count = 0;
    options.validation = 2; /* another size is cut from all */
    parts = prepare(&options, 5, 2, 1);
    percept_data_free(&parts);
    options.validation = -1;
    options.join = true;
    parts = prepare(&options, 5, 1, 2); /* 8 examples in one, cut as any file is */
    percept_data_free(&parts);
}

static void test_a_part_without_labels_is_left_out(void **state)
{
    (void)state;
    const int8_t labels[4] = {0, 1, 0, 1};
    const Member members[] = {{"x_train", "<f4", "(4, 1)", four, sizeof four},
                              {"y_train", "|i1", "(4,)", labels, sizeof labels},
                              {"x_test", "<f4", "(4, 1)", four, sizeof four}};
    Storage *storage = read_ok(members, 3, NULL, 4, 0);
    assert_string_equal(storage->notes.list[0].text, "the array x_test has no labels and was left out");
    storage_release(storage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts_are_classes),
        cmocka_unit_test(test_codes_in_texts_stay_apart),
        cmocka_unit_test(test_texts_that_are_none_are_refused),
        cmocka_unit_test(test_whole_numbers_of_64_bits_stay_apart),
        cmocka_unit_test(test_whole_numbers_are_targets_if_told),
        cmocka_unit_test(test_files_of_answers_are_targets_if_told),
        cmocka_unit_test(test_examples_without_an_answer_are_refused_or_dropped),
        cmocka_unit_test(test_features_that_are_nan_are_missing),
        cmocka_unit_test(test_values_that_no_network_takes_are_refused),
        cmocka_unit_test(test_validation_arrays_come_behind_those_for_training),
        cmocka_unit_test(test_validation_arrays_are_the_validation_part),
        cmocka_unit_test(test_a_part_without_labels_is_left_out),
    };
    return cmocka_run_group_tests(tests, open_scratch, remove_scratch);
}
