/* NPY: NumPy's own files give NumPy's numbers, answers become labels or targets, and nothing hostile is believed. */
#include "scratch.h"

#include "base/memory.h"
#include "data/npy.h"
#include "npy_vectors.h"

#define VECTORS (sizeof npy_vectors / sizeof npy_vectors[0])

/* A copy that npy_parse may take over. */
static uint8_t *copy_bytes(const void *bytes, size_t size)
{
    uint8_t *copy = NULL;
    assert_ok(memory_allocate(size, 1, "a copy", &copy, error));
    if (size > 0)
        memcpy(copy, bytes, size);
    return copy;
}

/* Writes an NPY file, version 1, of the given dictionary and items. */
static const char *write_npy(const Scratch *scratch, const char *name, const char *dictionary, const void *items,
                             size_t size, char path[SCRATCH_PATH])
{
    uint8_t file[1024] = "\x93NUMPY\x01";
    const size_t length = strlen(dictionary);
    file[8] = (uint8_t)length;
    file[9] = (uint8_t)(length >> 8);
    memcpy(file + 10, dictionary, length);
    memcpy(file + 10 + length, items, size);
    scratch_write(scratch_path(scratch, name, path), file, 10 + length + size);
    return path;
}

static percept_status parse(const void *bytes, size_t size, percept_error *error)
{
    NpyArray array = {0};
    const percept_status status = npy_parse("x.npy", copy_bytes(bytes, size), size, &array, error);
    npy_clear(&array);
    return status;
}

/* ---- NumPy's files --------------------------------------------------------------------------------------------- */

static void test_numpys_arrays_give_their_numbers(void **state)
{
    (void)state;
    for (size_t v = 0; v < VECTORS; v++) {
        const NpyVector *vector = &npy_vectors[v];
        NpyArray array = {0};
        double values[12];
        assert_ok(npy_parse(vector->name, copy_bytes(vector->bytes, vector->size), vector->size, &array, error));
        assert_int_equal(array.dimensions, vector->dimensions);
        assert_memory_equal(array.shape, vector->shape, vector->dimensions * sizeof array.shape[0]);
        npy_convert(&array, PERCEPT_FLOAT64, values);
        for (size_t i = 0; i < array.shape[0] * array.width; i++)
            if (values[i] != vector->values[i])
                fail_msg("%s: item %zu is %.17g, not %.17g", vector->name, i, values[i], vector->values[i]);
        npy_clear(&array);
    }
}

/* float32 holds every value of the types that become it: both ways to float64 agree. */
static void test_the_type_of_features_holds_every_value(void **state)
{
    (void)state;
    for (size_t v = 0; v < VECTORS; v++) {
        const NpyVector *vector = &npy_vectors[v];
        NpyArray array = {0};
        assert_ok(npy_parse(vector->name, copy_bytes(vector->bytes, vector->size), vector->size, &array, error));
        const size_t count = array.shape[0] * array.width;
        uint8_t bytes[12] = {0};
        float floats[12] = {0};
        const percept_type type = npy_feature_type(&array);
        if (type == PERCEPT_UINT8)
            npy_convert(&array, type, bytes);
        else if (type == PERCEPT_FLOAT32)
            npy_convert(&array, type, floats);
        for (size_t i = 0; i < count && type != PERCEPT_FLOAT64; i++)
            assert_true((type == PERCEPT_UINT8 ? (double)bytes[i] : (double)floats[i]) == vector->values[i]);
        npy_clear(&array);
    }
}

static void test_half_floats_of_every_pattern(void **state)
{
    (void)state;
    uint8_t file[10 + 128 + 2 * 65536] = "\x93NUMPY\x01";
    const int length = snprintf((char *)file + 10, 128, "{'descr': '<f2', 'fortran_order': False, 'shape': (65536,)}");
    file[8] = (uint8_t)length;
    for (size_t i = 0; i < 65536; i++) {
        file[10 + (size_t)length + 2 * i] = (uint8_t)i;
        file[11 + (size_t)length + 2 * i] = (uint8_t)(i >> 8);
    }
    NpyArray array = {0};
    double *values = malloc(65536 * sizeof *values);
    const size_t size = 10 + (size_t)length + (size_t)2 * 65536;
    assert_non_null(values);
    assert_ok(npy_parse("f2", copy_bytes(file, size), size, &array, error));
    npy_convert(&array, PERCEPT_FLOAT64, values);
    /* The smallest numbers by name, then each positive one above the one before, then the same with a minus sign. */
    assert_true(values[0] == 0 && values[1] == 0x1p-24 && values[0x400] == 0x1p-14 && values[0x3c00] == 1);
    assert_true(values[0x7bff] == 65504 && values[0x7c00] == (double)INFINITY && isnan(values[0x7c01]));
    for (size_t i = 1; i <= 0x7c00; i++)
        assert_true(values[i] > values[i - 1]);
    for (size_t i = 0; i <= 0x7c00; i++)
        assert_true(values[0x8000 + i] == -values[i] && signbit(values[0x8000 + i]));
    for (size_t i = 0x7c01; i < 0x8000; i++)
        assert_true(isnan(values[i]) && isnan(values[0x8000 + i]));
    npy_clear(&array);
    free(values);
}

/* ---- Answers --------------------------------------------------------------------------------------------------- */

/* Reads six examples of one feature with these labels. */
static percept_status read_labels(const char *dictionary, const void *items, size_t size, size_t class_count,
                                  Storage **out, percept_error *error)
{
    Scratch scratch;
    char features[SCRATCH_PATH], labels[SCRATCH_PATH];
    scratch_open(&scratch);
    write_npy(&scratch, "x.npy", "{'descr': '|u1', 'fortran_order': False, 'shape': (6, 1)}", "\1\2\3\4\5\6", 6,
              features);
    write_npy(&scratch, "y.npy", dictionary, items, size, labels);
    const percept_status status = npy_read(features, labels, &(const SourceOptions){0}, class_count, out, error);
    scratch_remove(scratch.folder);
    return status;
}

#define BYTES_OF_6 "{'descr': '|i1', 'fortran_order': False, 'shape': (6,)}"
#define DOUBLES_OF_6 "{'descr': '<f8', 'fortran_order': False, 'shape': (6,)}"

static void expect_labels(const char *dictionary, const void *items, size_t size, size_t class_count,
                          const int32_t labels[6], size_t classes, const char *last_class)
{
    Storage *storage = NULL;
    assert_ok(read_labels(dictionary, items, size, class_count, &storage, error));
    assert_int_equal(storage->class_count, classes);
    assert_memory_equal(storage->labels, labels, 6 * sizeof labels[0]);
    assert_string_equal(storage->class_names[classes - 1], last_class);
    assert_null(storage->targets);
    storage_release(storage);
}

static void test_whole_numbers_are_labels(void **state)
{
    (void)state;
    const double reals[6] = {2, 0, 1, 1, 0, 2};
    const int8_t gap[6] = {0, 4, 1, 1, 0, 4}, signs[6] = {-1, 1, 1, -1, 1, -1}, from_one[6] = {3, 1, 2, 3, 1, 2};
    const int32_t of_reals[6] = {2, 0, 1, 1, 0, 2}, of_gap[6] = {0, 2, 1, 1, 0, 2}, of_signs[6] = {0, 1, 1, 0, 1, 0},
                  of_from_one[6] = {2, 0, 1, 2, 0, 1};
    expect_labels(DOUBLES_OF_6, reals, sizeof reals, 0, of_reals, 3, "2");
    expect_labels(DOUBLES_OF_6, reals, sizeof reals, 10, of_reals, 10, "9");
    expect_labels(BYTES_OF_6, gap, sizeof gap, 0, of_gap, 3, "4");
    expect_labels(BYTES_OF_6, signs, sizeof signs, 0, of_signs, 2, "1");
    expect_labels(BYTES_OF_6, from_one, sizeof from_one, 0, of_from_one, 3, "3");
    expect_labels("{'descr': '|i1', 'fortran_order': False, 'shape': (6, 1)}", gap, sizeof gap, 0, of_gap, 3, "4");
}

static void test_one_hot_rows_are_labels(void **state)
{
    (void)state;
    const uint8_t rows[6][3] = {{0, 0, 1}, {1, 0, 0}, {0, 1, 0}, {0, 1, 0}, {0, 0, 1}, {1, 0, 0}};
    const int32_t labels[6] = {2, 0, 1, 1, 2, 0};
    expect_labels("{'descr': '|b1', 'fortran_order': False, 'shape': (6, 3)}", rows, sizeof rows, 0, labels, 3, "2");
}

static void test_other_numbers_are_targets(void **state)
{
    (void)state;
    const double column[6] = {0.5, 1, 2, 3, 4, 5}, table[12] = {0, 1, 1, 0, 1, 1, 2, 3, 4, 5, 6, 7};
    Storage *storage = NULL;
    assert_ok(read_labels(DOUBLES_OF_6, column, sizeof column, 0, &storage, error));
    assert_int_equal(storage->class_count, 0);
    assert_int_equal(storage->target_width, 1);
    assert_null(storage->labels);
    assert_memory_equal(storage->targets, column, sizeof column);
    storage_release(storage);
    assert_ok(read_labels("{'descr': '<f8', 'fortran_order': False, 'shape': (6, 2)}", table, sizeof table, 0, &storage,
                          error));
    assert_int_equal(storage->target_width, 2);
    assert_memory_equal(storage->targets, table, sizeof table);
    storage_release(storage);
}

static void test_wrong_answers_are_refused(void **state)
{
    (void)state;
    const double infinite[6] = {0, 1, 2, INFINITY, 1, 0}, huge[6] = {1, 2, 3, 1e17, 1, 0};
    const int8_t five[5] = {0, 1, 0, 1, 0}, six[6] = {0, 1, 2, 3, 1, 0};
    Storage *storage = NULL;
    assert_refused(read_labels(DOUBLES_OF_6, infinite, sizeof infinite, 0, &storage, error), PERCEPT_ERROR_FORMAT,
                   "y.npy', row 4: the answer is infinite");
    assert_refused(read_labels(BYTES_OF_6, six, sizeof six, 3, &storage, error), PERCEPT_ERROR_FORMAT,
                   "row 4: the label is 3, but classes are 0 to 2");
    assert_refused(
        read_labels("{'descr': '|i1', 'fortran_order': False, 'shape': (5,)}", five, sizeof five, 0, &storage, error),
        PERCEPT_ERROR_FORMAT, "has 6 examples, but");
    /* Beyond 2^53 a whole number is not told from its neighbours: no label, but a target it may be. */
    assert_ok(read_labels(DOUBLES_OF_6, huge, sizeof huge, 0, &storage, error));
    assert_int_equal(storage->target_width, 1);
    storage_release(storage);
}

/* Two labels far apart must not make a class of every number between them. */
static void test_classes_are_no_more_than_labels_that_are_far_apart(void **state)
{
    (void)state;
    const double far[6] = {0, 2147483646, 0, 0, 2147483646, 0};
    const int32_t labels[6] = {0, 1, 0, 0, 1, 0};
    expect_labels(DOUBLES_OF_6, far, sizeof far, 0, labels, 2, "2147483646");
}

/* ---- Features -------------------------------------------------------------------------------------------------- */

static void test_dimensions_behind_the_first_are_flattened(void **state)
{
    (void)state;
    static const struct {
        const char *shape;
        size_t width, height, image_width;
    } cases[] = {{"(12,)", 1, 0, 0},         {"(2, 6)", 6, 0, 0},        {"(2, 2, 3)", 6, 2, 3},
                 {"(1, 4, 3, 1)", 12, 4, 3}, {"(1, 1, 4, 3)", 12, 4, 3}, {"(1, 2, 2, 3)", 12, 0, 0}};
    Scratch scratch;
    char path[SCRATCH_PATH], dictionary[128];
    scratch_open(&scratch);
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        Storage *storage = NULL;
        snprintf(dictionary, sizeof dictionary, "{'descr': '|u1', 'fortran_order': False, 'shape': %s}",
                 cases[c].shape);
        write_npy(&scratch, "x.npy", dictionary, "abcdefghijkl", 12, path);
        assert_ok(npy_read(path, NULL, &(const SourceOptions){0}, 0, &storage, error));
        assert_int_equal(storage->width, cases[c].width);
        assert_int_equal(storage->count, 12 / cases[c].width);
        assert_int_equal(storage->image_height, cases[c].height);
        assert_int_equal(storage->image_width, cases[c].image_width);
        assert_memory_equal(storage->features, "abcdefghijkl", 12);
        assert_null(storage->labels);
        storage_release(storage);
    }
    scratch_remove(scratch.folder);
}

static void test_a_packed_file_is_read_as_a_plain_one(void **state)
{
    (void)state;
    Scratch scratch;
    char path[SCRATCH_PATH];
    size_t size = 0;
    Storage *storage = NULL;
    uint8_t *packed = scratch_gzip(npy_vectors[0].bytes, npy_vectors[0].size, &size);
    scratch_open(&scratch);
    scratch_write(scratch_path(&scratch, "x.npy.gz", path), packed, size);
    free(packed);
    assert_ok(npy_read(path, NULL, &(const SourceOptions){0}, 0, &storage, error));
    assert_int_equal(storage->type, PERCEPT_FLOAT64);
    assert_memory_equal(storage->features, npy_vectors[0].values, 6 * sizeof(double));
    storage_release(storage);
    scratch_remove(scratch.folder);
}

/* ---- Hostile files --------------------------------------------------------------------------------------------- */

static void test_no_file_cut_short_is_taken(void **state)
{
    (void)state;
    for (size_t v = 0; v < VECTORS; v++)
        for (size_t size = 0; size < npy_vectors[v].size; size++)
            assert_int_equal(parse(npy_vectors[v].bytes, size, NULL), PERCEPT_ERROR_FORMAT);
}

/* Flipping any one bit of a header gives a file that is refused or has sizes that fit its items: the address sanitizer
 * watches. */
static void test_no_header_makes_a_read_out_of_bounds(void **state)
{
    (void)state;
    for (size_t v = 0; v < VECTORS; v++)
        for (size_t bit = 0; bit < (size_t)8 * npy_vectors[v].size; bit++) {
            NpyArray array = {0};
            uint8_t *bytes = copy_bytes(npy_vectors[v].bytes, npy_vectors[v].size);
            bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
            if (npy_parse("flipped", bytes, npy_vectors[v].size, &array, NULL) != PERCEPT_OK)
                continue;
            if (npy_is_text(&array)) {
                Buffer text = {0};
                for (size_t i = 0; i < array.shape[0] * array.width; i++)
                    (void)npy_text(&array, i, i % 2 == 1, &text, NULL);
                buffer_clear(&text);
            } else {
                double *values = malloc(array.shape[0] * array.width * sizeof *values);
                assert_non_null(values);
                npy_convert(&array, PERCEPT_FLOAT64, values);
                free(values);
            }
            npy_clear(&array);
        }
}

static void test_what_is_wrong_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *dictionary, *message;
    } cases[] = {
        {"{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", "Python objects"},
        {"{'descr': '<c8', 'fortran_order': False, 'shape': (1,)}", "complex numbers"},
        {"{'descr': '<U2', 'fortran_order': False, 'shape': (1,)}", "holds text"},
        {"{'descr': '<M8[ns]', 'fortran_order': False, 'shape': (1,)}", "holds dates"},
        {"{'descr': [('a', '<f4'), ('b', '<f4')], 'fortran_order': False, 'shape': (1,)}", "holds records"},
        {"{'descr': '<f3', 'fortran_order': False, 'shape': (1,)}", "unknown type '<f3'"},
        {"{'descr': '<f8x', 'fortran_order': False, 'shape': (1,)}", "unknown type"},
        {"{'descr': '', 'fortran_order': False, 'shape': (1,)}", "unknown type ''"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': ()}", "a single number"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (0,)}", "is empty"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (2,)}",
         "holds 8 bytes behind its header, which promises 16"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296)}", "more than can be addressed"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,)}", "no size"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1)}", "more than 8 dimensions"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (1)}", "no tuple of sizes"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (-1,)}", "no size"},
        {"{'descr': '<f8', 'fortran_order': Maybe, 'shape': (1,)}", "no True or False"},
        {"{'descr': '<f8', 'fortran_order': False}", "lacks the key 'shape'"},
        {"{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (1,)}", "the key 'descr' twice"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (1,), 'size': 1}", "the key 'size'"},
        {"{'descr': '<f8', 'fortran_order': False 'shape': (1,)}", "no key"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (1,)} x", "no end"},
        {"{'descr' '<f8', 'fortran_order': False, 'shape': (1,)}", "no colon"},
        {"[]", "no dictionary"},
    };
    Scratch scratch;
    char path[SCRATCH_PATH];
    Storage *storage = NULL;
    scratch_open(&scratch);
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        write_npy(&scratch, "x.npy", cases[c].dictionary, "12345678", 8, path);
        assert_refused(npy_read(path, NULL, &(const SourceOptions){0}, 0, &storage, error), PERCEPT_ERROR_FORMAT,
                       cases[c].message);
    }
    assert_refused(parse("not NumPy's", 11, error), PERCEPT_ERROR_FORMAT, "does not start with");
    assert_refused(parse("\x93NUMPY\4\0\0\0\0\0", 12, error), PERCEPT_ERROR_FORMAT, "version 4");
    assert_refused(npy_read("/nowhere/x.npy", NULL, &(const SourceOptions){0}, 0, &storage, error), PERCEPT_ERROR_IO,
                   "/nowhere/x.npy");
    scratch_remove(scratch.folder);
}

/* What Python 2 and other writers make: long sizes, double quotes, no spaces, no byte order. */
static void test_other_writers_are_understood(void **state)
{
    (void)state;
    static const char *const dictionaries[] = {
        "{'shape': (1L, 8L), 'fortran_order': True, 'descr': '|u1'}\n",
        "{\"descr\":\"u1\",\"fortran_order\":False,\"shape\":(1,8)}",
        "  { 'descr' : '=u1' , 'fortran_order' : False , 'shape' : ( 1 , 8 , ) , }  \n",
    };
    Scratch scratch;
    char path[SCRATCH_PATH];
    scratch_open(&scratch);
    for (size_t d = 0; d < sizeof dictionaries / sizeof dictionaries[0]; d++) {
        Storage *storage = NULL;
        write_npy(&scratch, "x.npy", dictionaries[d], "12345678", 8, path);
        assert_ok(npy_read(path, NULL, &(const SourceOptions){0}, 0, &storage, error));
        assert_memory_equal(storage->features, "12345678", 8);
        storage_release(storage);
    }
    scratch_remove(scratch.folder);
}

/* 1, 2 and 3 as IEEE binary128, which is what numpy.longdouble is on other machines, and 1/3: no x87 numbers. */
static void test_long_doubles_of_other_machines_are_refused(void **state)
{
    (void)state;
    uint8_t whole[48] = {0}, third[16];
    whole[14] = 0xff;
    whole[15] = 0x3f;
    whole[31] = 0x40;
    whole[45] = 0x80;
    whole[47] = 0x40;
    memset(third, 0x55, sizeof third);
    third[14] = 0xfd;
    third[15] = 0x3f;
    Scratch scratch;
    char path[SCRATCH_PATH];
    Storage *storage = NULL;
    scratch_open(&scratch);
    write_npy(&scratch, "x.npy", "{'descr': '<f16', 'fortran_order': False, 'shape': (3,)}", whole, sizeof whole, path);
    assert_refused(npy_read(path, NULL, &(const SourceOptions){0}, 0, &storage, error), PERCEPT_ERROR_FORMAT,
                   "another kind of machine");
    write_npy(&scratch, "x.npy", "{'descr': '<f16', 'fortran_order': False, 'shape': (1,)}", third, sizeof third, path);
    assert_refused(npy_read(path, NULL, &(const SourceOptions){0}, 0, &storage, error), PERCEPT_ERROR_FORMAT,
                   "another kind of machine");
    scratch_remove(scratch.folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numpys_arrays_give_their_numbers),
        cmocka_unit_test(test_the_type_of_features_holds_every_value),
        cmocka_unit_test(test_half_floats_of_every_pattern),
        cmocka_unit_test(test_whole_numbers_are_labels),
        cmocka_unit_test(test_one_hot_rows_are_labels),
        cmocka_unit_test(test_other_numbers_are_targets),
        cmocka_unit_test(test_wrong_answers_are_refused),
        cmocka_unit_test(test_classes_are_no_more_than_labels_that_are_far_apart),
        cmocka_unit_test(test_dimensions_behind_the_first_are_flattened),
        cmocka_unit_test(test_a_packed_file_is_read_as_a_plain_one),
        cmocka_unit_test(test_no_file_cut_short_is_taken),
        cmocka_unit_test(test_no_header_makes_a_read_out_of_bounds),
        cmocka_unit_test(test_what_is_wrong_is_named),
        cmocka_unit_test(test_other_writers_are_understood),
        cmocka_unit_test(test_long_doubles_of_other_machines_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
