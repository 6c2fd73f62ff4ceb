/* safetensors: what is written is read back, and no file, however wrong, is taken for a sound one. */
#include "in_scratch.h"
#include "model/safetensors.h"

static char path[SCRATCH_PATH];

static int set_up(void **state)
{
    (void)state;
    scratch_open(&scratch);
    scratch_path(&scratch, "a.safetensors", path);
    return 0;
}

/* Writes header (its length in front unless stated otherwise) and data_size zeros, as some other program might. */
static void write_raw(const char *header, long stated, size_t data_size)
{
    char bytes[4096] = {0};
    const uint64_t length = stated < 0 ? strlen(header) : (uint64_t)stated;
    memcpy(bytes, &length, sizeof length);
    memcpy(bytes + sizeof length, header, strlen(header));
    scratch_write(path, bytes, sizeof length + strlen(header) + data_size);
}

/* The file is refused as a bad format, in one line that names it and holds `words`. */
static void expect_refusal(const char *words)
{
    percept_error reason = {PERCEPT_OK, ""};
    Safetensors *file = NULL;
    assert_refused(safetensors_read(path, &file, error), PERCEPT_ERROR_FORMAT, words);
    assert_null(file);
    safetensors_read(path, &file, &reason);
    assert_non_null(strstr(reason.message, path));
    for (const char *c = reason.message; *c != '\0'; c++)
        assert_true((unsigned char)*c >= ' ');
    assert_int_equal(safetensors_read(path, &file, NULL), PERCEPT_ERROR_FORMAT);
}

/* The bytes of the file; released with free. */
static char *read_bytes(size_t *size)
{
    FILE *file = fopen(path, "rb");
    char *bytes = malloc(1 << 16);
    assert_non_null(file);
    assert_non_null(bytes);
    *size = fread(bytes, 1, 1 << 16, file);
    fclose(file);
    return bytes;
}

static void what_is_written_is_read_back(void **state)
{
    (void)state;
    const double wide[] = {1.5, -0.0, 3e300};
    const float narrow[2][3] = {{1, 2, 3}, {4, 5, 6}};
    const uint64_t scalar[] = {UINT64_MAX};
    const uint8_t bytes[] = {7, 8, 9};
    const Tensor tensors[] = {
        {"z.wide", TENSOR_F64, 1, {3, 0}, wide},      {"b.narrow", TENSOR_F32, 2, {2, 3}, narrow},
        {"scalar", TENSOR_U64, 0, {0, 0}, scalar},    {"a.bytes", TENSOR_U8, 1, {3, 0}, bytes},
        {"nothing", TENSOR_F32, 2, {0, 5}, "unread"},
    };
    const size_t sizes[] = {sizeof wide, sizeof narrow, sizeof scalar, sizeof bytes, 0};
    const MetadataEntry metadata[] = {{"name", "T-Shirt \"ö\" \n\\"}, {"empty", ""}};
    Safetensors *file = NULL;
    assert_ok(safetensors_write(path, tensors, 5, metadata, 2, error));
    assert_ok(safetensors_read(path, &file, error));
    for (size_t i = 0; i < 5; i++) {
        const Tensor *found = safetensors_find(file, tensors[i].name);
        assert_non_null(found);
        assert_int_equal(found->type, tensors[i].type);
        assert_int_equal(found->rank, tensors[i].rank);
        for (size_t d = 0; d < found->rank; d++)
            assert_int_equal(found->shape[d], tensors[i].shape[d]);
        assert_memory_equal(found->data, tensors[i].data, sizes[i]);
    }
    assert_null(safetensors_find(file, "none"));
    assert_string_equal(safetensors_metadata(file, "name"), metadata[0].value);
    assert_string_equal(safetensors_metadata(file, "empty"), "");
    assert_null(safetensors_metadata(file, "none"));
    safetensors_free(file);
}

static void header_is_sorted_and_padded(void **state)
{
    (void)state;
    const uint8_t bytes[] = {1, 2};
    const Tensor tensors[] = {{"b", TENSOR_U8, 1, {1, 0}, bytes}, {"a", TENSOR_U8, 1, {1, 0}, bytes + 1}};
    const MetadataEntry metadata[] = {{"y", "1"}, {"x", "2"}};
    static const char expected[] = "{\"__metadata__\":{\"x\":\"2\",\"y\":\"1\"},"
                                   "\"a\":{\"data_offsets\":[1,2],\"dtype\":\"U8\",\"shape\":[1]},"
                                   "\"b\":{\"data_offsets\":[0,1],\"dtype\":\"U8\",\"shape\":[1]}}";
    size_t size = 0;
    uint64_t length = 0;
    assert_ok(safetensors_write(path, tensors, 2, metadata, 2, error));
    char *file = read_bytes(&size);
    memcpy(&length, file, sizeof length);
    assert_int_equal(length % 8, 0);
    assert_int_equal(size, 8 + length + 2);
    assert_true(length >= strlen(expected) && length < strlen(expected) + 8);
    assert_memory_equal(file + 8, expected, strlen(expected));
    for (size_t i = strlen(expected); i < length; i++)
        assert_int_equal(file[8 + i], ' ');
    assert_memory_equal(file + 8 + length, bytes, 2);
    free(file);
}

static void what_cannot_be_a_file_is_not_written(void **state)
{
    (void)state;
    const uint8_t byte = 1;
    const Tensor twice[] = {{"a", TENSOR_U8, 1, {1, 0}, &byte}, {"a", TENSOR_U8, 1, {1, 0}, &byte}};
    const Tensor huge = {"a", TENSOR_F64, 2, {SIZE_MAX / 4, 3}, &byte};
    const Tensor latin = {"gr\xfc\xdf", TENSOR_U8, 1, {1, 0}, &byte};
    const MetadataEntry bad_value = {"key", "gr\xfc\xdf"}, bad_key = {"gr\xfc\xdf", "value"};
    assert_refused(safetensors_write(path, twice, 2, NULL, 0, error), PERCEPT_ERROR_ARGUMENT, "twice");
    assert_refused(safetensors_write(path, &huge, 1, NULL, 0, error), PERCEPT_ERROR_ARGUMENT, "addressed");
    assert_refused(safetensors_write(path, &latin, 1, NULL, 0, error), PERCEPT_ERROR_ARGUMENT, "UTF-8");
    assert_refused(safetensors_write(path, twice, 1, &bad_value, 1, error), PERCEPT_ERROR_ARGUMENT, "UTF-8");
    assert_refused(safetensors_write(path, twice, 1, &bad_key, 1, error), PERCEPT_ERROR_ARGUMENT, "UTF-8");
    assert_int_equal(scratch_count(scratch.folder), 0);
}

#define TENSOR(name, dtype, shape, offsets)                                                                            \
    "\"" name "\":{\"dtype\":\"" dtype "\",\"shape\":" shape ",\"data_offsets\":" offsets "}"

static void hostile_headers_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        size_t data;
        const char *words;
    } cases[] = {
        {"", 0, "JSON"},
        {"nonsense", 0, "JSON"},
        {"[]", 0, "not a JSON object"},
        {"{\"a\": \x1b[31m\n", 0, "JSON"},
        {"{" TENSOR("\\u001b[31m\\n", "F16", "[1]", "[0,2]") "}", 2, "F16"},
        {"{" TENSOR("a", "F32", "[1]", "[0,4]") "," TENSOR("a", "F32", "[1]", "[0,4]") "}", 4, "duplicate"},
        {"{" TENSOR("a", "F16", "[1]", "[0,2]") "}", 2, "'F16', which Percept does not read"},
        {"{" TENSOR("a", "F32", "[1,1,1]", "[0,4]") "}", 4, "3 dimensions"},
        {"{" TENSOR("a", "F32", "[1]", "[0,4]") "}", 3, "only 3"},
        {"{" TENSOR("a", "F32", "[1]", "[0,4]") "}", 5, "1 bytes follow"},
        {"{" TENSOR("a", "F32", "[1]", "[0,400]") "}", 4, "only 4"},
        {"{" TENSOR("a", "F32", "[1]", "[4,0]") "}", 4, "growing"},
        {"{" TENSOR("a", "F32", "[1]", "[-4,0]") "}", 4, "growing"},
        {"{" TENSOR("a", "F32", "[1]", "[0]") "}", 4, "growing"},
        {"{" TENSOR("a", "F32", "[1]", "{}") "}", 4, "growing"},
        {"{" TENSOR("a", "F32", "[2]", "[0,4]") "}", 4, "8 by its shape"},
        {"{" TENSOR("a", "F32", "[-1]", "[0,4]") "}", 4, "shape"},
        {"{" TENSOR("a", "F32", "[1.5]", "[0,4]") "}", 4, "shape"},
        {"{" TENSOR("a", "F32", "{}", "[0,4]") "}", 4, "no shape"},
        /* 2^62 · 4 bytes wrap to 0 in 64 bits, and so do 2^32 · 2^32 · 4 */
        {"{" TENSOR("a", "F32", "[4611686018427387904]", "[0,0]") "}", 0, "shape"},
        {"{" TENSOR("a", "F32", "[4294967296,4294967296]", "[0,0]") "}", 0, "shape"},
        {"{" TENSOR("a", "F32", "[99999999999999999999]", "[0,0]") "}", 0, "JSON"},
        /* overlapping, with a gap between, with a gap before, and twice the same bytes */
        {"{" TENSOR("a", "F32", "[2]", "[0,8]") "," TENSOR("b", "F32", "[2]", "[4,12]") "}", 12, "begins at byte 4"},
        {"{" TENSOR("a", "F32", "[1]", "[0,4]") "," TENSOR("b", "F32", "[1]", "[8,12]") "}", 12, "begins at byte 8"},
        {"{" TENSOR("a", "F32", "[1]", "[4,8]") "}", 8, "begins at byte 4"},
        {"{" TENSOR("a", "F32", "[1]", "[0,4]") "," TENSOR("b", "F32", "[1]", "[0,4]") "}", 4, "begins at byte 0"},
        {"{\"a\":1}", 0, "no dtype"},
        {"{\"a\":{\"shape\":[],\"data_offsets\":[0,0]}}", 0, "no dtype"},
        {"{\"__metadata__\":{\"x\":1}}", 0, "not a string"},
        {"{\"__metadata__\":[]}", 0, "not a JSON object"},
        {"{\"__metadata__\":{\"x\":\"1\"}}", 1, "1 bytes follow"},
        {"{\"a\\u0000b\":{}}", 0, "JSON"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        write_raw(cases[i].header, -1, cases[i].data);
        expect_refusal(cases[i].words);
    }
}

static void header_longer_than_the_file_is_refused(void **state)
{
    (void)state;
    static const long lengths[] = {3, 100, INT64_MAX};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        write_raw("{}", lengths[i], 0);
        expect_refusal("only 2 follow");
    }
    scratch_write(path, "\xff\xff\xff\xff\xff\xff\xff\xff{}", 10);
    expect_refusal("only 2 follow");
    scratch_write(path, "1234567", 7);
    expect_refusal("too short");
    scratch_write(path, "", 0);
    expect_refusal("too short");
}

static void every_beginning_of_a_file_is_refused(void **state)
{
    (void)state;
    const float values[] = {1, 2, 3};
    const Tensor tensor = {"values", TENSOR_F32, 1, {3, 0}, values};
    const MetadataEntry metadata = {"key", "value"};
    size_t size = 0;
    assert_ok(safetensors_write(path, &tensor, 1, &metadata, 1, error));
    char *bytes = read_bytes(&size);
    for (size_t cut = 0; cut < size; cut++) {
        scratch_write(path, bytes, cut);
        expect_refusal("");
    }
    free(bytes);
}

static void other_programs_order_and_padding_are_read(void **state)
{
    (void)state;
    Safetensors *file = NULL;
    /* offsets against the order of the header, whose length is no multiple of 8 */
    write_raw("{" TENSOR("b", "F32", "[1]", "[4,8]") ", " TENSOR("a", "F32", "[]", "[0,4]") "}   ", -1, 8);
    assert_ok(safetensors_read(path, &file, error));
    const Tensor *a = safetensors_find(file, "a"), *b = safetensors_find(file, "b");
    assert_non_null(a);
    assert_non_null(b);
    assert_int_equal((const char *)b->data - (const char *)a->data, 4);
    safetensors_free(file);
    write_raw("{}", -1, 0);
    assert_ok(safetensors_read(path, &file, error));
    assert_null(safetensors_find(file, "a"));
    assert_null(safetensors_metadata(file, "a"));
    safetensors_free(file);
}

static void missing_file_is_an_error_of_input(void **state)
{
    (void)state;
    Safetensors *file = NULL;
    assert_refused(safetensors_read(path, &file, error), PERCEPT_ERROR_IO, path);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, remove_scratch)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_written_is_read_back),
        TEST(header_is_sorted_and_padded),
        TEST(what_cannot_be_a_file_is_not_written),
        TEST(hostile_headers_are_refused),
        TEST(header_longer_than_the_file_is_refused),
        TEST(every_beginning_of_a_file_is_refused),
        TEST(other_programs_order_and_padding_are_read),
        TEST(missing_file_is_an_error_of_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
