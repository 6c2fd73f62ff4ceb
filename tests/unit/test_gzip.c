/* Gzip inflates to what was packed, or is refused; its own word about sizes is not believed. */
#include "scratch.h"

#include "base/file.h"
#include "base/gzip.h"
#include "base/memory.h"

#define SIZE 100000

/* Text that packs, and differs everywhere. */
static void fill(uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(i % 251 + (i >> 12));
}

/* Inflates `size` bytes and compares them with what is wanted. */
static void check_inflates(const uint8_t *packed, size_t size, const uint8_t *wanted, size_t wanted_size)
{
    Buffer out = {0};
    assert_ok(gzip_inflate(packed, size, "memory", &out, error));
    assert_int_equal(out.size, wanted_size);
    assert_memory_equal(out.bytes, wanted, wanted_size);
    buffer_clear(&out);
}

static void test_what_is_packed_is_inflated(void **state)
{
    (void)state;
    static uint8_t bytes[SIZE];
    static const size_t sizes[] = {0, 1, 2, 1000, SIZE};
    fill(bytes, SIZE);
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        size_t size = 0;
        uint8_t *packed = scratch_gzip(bytes, sizes[s], &size);
        check_inflates(packed, size, bytes, sizes[s]);
        free(packed);
    }
}

/* Both members inflated, one after another, whatever their sizes: the last one's trailer is a wrong hint. */
static void test_members_follow_each_other(void **state)
{
    (void)state;
    static uint8_t bytes[SIZE];
    static const size_t cuts[] = {0, 1, SIZE / 2, SIZE - 1, SIZE};
    fill(bytes, SIZE);
    for (size_t c = 0; c < sizeof cuts / sizeof cuts[0]; c++) {
        size_t first_size = 0, second_size = 0;
        uint8_t *first = scratch_gzip(bytes, cuts[c], &first_size);
        uint8_t *second = scratch_gzip(bytes + cuts[c], SIZE - cuts[c], &second_size);
        uint8_t *both = malloc(first_size + second_size + 1);
        assert_non_null(both);
        memcpy(both, first, first_size);
        memcpy(both + first_size, second, second_size);
        check_inflates(both, first_size + second_size, bytes, SIZE);
        free(first);
        free(second);
        free(both);
    }
}

/* Wherever a stream ends too early, it is refused and the buffer keeps what it had. */
static void test_truncation_is_found_everywhere(void **state)
{
    (void)state;
    uint8_t bytes[600];
    size_t size = 0;
    fill(bytes, sizeof bytes);
    uint8_t *packed = scratch_gzip(bytes, sizeof bytes, &size);
    for (size_t end = 0; end < size; end++) {
        Buffer out = {0};
        uint8_t *exact = malloc(end + 1); /* so that reading past the end is seen by the address checks */
        assert_non_null(exact);
        memcpy(exact, packed, end);
        assert_ok(buffer_reserve(&out, 3, "a test", error));
        memcpy(out.bytes, "abc", 3);
        out.size = 3;
        assert_refused(gzip_inflate(exact, end, "the file", &out, error), PERCEPT_ERROR_FORMAT, "the file");
        assert_int_equal(out.size, 3);
        assert_memory_equal(out.bytes, "abc", 3);
        buffer_clear(&out);
        free(exact);
    }
    free(packed);
}

/* Any byte changed is noticed, except those of the header that say nothing of the content (time, system, flags of the
 * packer: bytes 4 to 9). */
static void test_a_changed_byte_is_found(void **state)
{
    (void)state;
    uint8_t bytes[600];
    size_t size = 0;
    fill(bytes, sizeof bytes);
    uint8_t *packed = scratch_gzip(bytes, sizeof bytes, &size);
    for (size_t at = 0; at < size; at++) {
        if (at >= 4 && at <= 9)
            continue;
        Buffer out = {0};
        percept_error error;
        packed[at] ^= 0x11;
        assert_int_equal(gzip_inflate(packed, size, "the file", &out, &error), PERCEPT_ERROR_FORMAT);
        packed[at] ^= 0x11;
        buffer_clear(&out);
    }
    free(packed);
}

/* A first member that is fine does not stay if the second is not. */
static void test_a_broken_second_member_leaves_nothing(void **state)
{
    (void)state;
    uint8_t bytes[600];
    size_t size = 0;
    Buffer out = {0};
    fill(bytes, sizeof bytes);
    uint8_t *packed = scratch_gzip(bytes, sizeof bytes, &size);
    uint8_t *both = malloc(2 * size);
    assert_non_null(both);
    memcpy(both, packed, size);
    memcpy(both + size, packed, size);
    assert_refused(gzip_inflate(both, 2 * size - 1, "the file", &out, error), PERCEPT_ERROR_FORMAT, "the file");
    assert_int_equal(out.size, 0);
    buffer_clear(&out);
    free(both);
    free(packed);
}

static void test_garbage_behind_is_refused(void **state)
{
    (void)state;
    uint8_t bytes[600];
    size_t size = 0;
    Buffer out = {0};
    fill(bytes, sizeof bytes);
    uint8_t *packed = scratch_gzip(bytes, sizeof bytes, &size);
    uint8_t *longer = malloc(size + 7);
    assert_non_null(longer);
    memcpy(longer, packed, size);
    memset(longer + size, 'x', 7);
    assert_refused(gzip_inflate(longer, size + 7, "the file", &out, error), PERCEPT_ERROR_FORMAT,
                   "7 bytes that are not gzip");
    buffer_clear(&out);
    free(longer);
    free(packed);
}

/* A trailer that claims 4 GiB gets no more memory than the packed bytes could fill. */
static void test_a_false_size_is_bounded(void **state)
{
    (void)state;
    static const uint8_t boast[4] = {0xff, 0xff, 0xff, 0xff}, modest[4] = {3, 0, 0, 0};
    assert_int_equal(gzip_size_hint(boast, 100), 103200);
    assert_int_equal(gzip_size_hint(modest, 100), 3);
    uint8_t bytes[600];
    size_t size = 0;
    Buffer out = {0};
    fill(bytes, sizeof bytes);
    uint8_t *packed = scratch_gzip(bytes, sizeof bytes, &size);
    memset(packed + size - 4, 0xff, 4);
    assert_refused(gzip_inflate(packed, size, "the file", &out, error), PERCEPT_ERROR_FORMAT, "the file");
    assert_true(out.capacity <= 1032 * size);
    buffer_clear(&out);
    free(packed);
}

/* Bytes land where they stay if there is room: the block does not move, and what lies before them is kept. */
static void test_nothing_moves_when_there_is_room(void **state)
{
    (void)state;
    static uint8_t bytes[SIZE];
    size_t size = 0;
    Buffer out = {0};
    fill(bytes, SIZE);
    uint8_t *packed = scratch_gzip(bytes, SIZE, &size);
    assert_ok(buffer_reserve(&out, SIZE + 5, "a test", error));
    memcpy(out.bytes, "front", 5);
    out.size = 5;
    const uint8_t *before = out.bytes;
    assert_ok(gzip_inflate(packed, size, "memory", &out, error));
    assert_ptr_equal(out.bytes, before);
    assert_memory_equal(out.bytes, "front", 5);
    assert_memory_equal(out.bytes + 5, bytes, SIZE);
    buffer_clear(&out);
    free(packed);
}

static void test_files_are_inflated_by_their_first_bytes(void **state)
{
    (void)state;
    static uint8_t bytes[SIZE];
    Scratch scratch;
    char path[SCRATCH_PATH];
    uint8_t *read = NULL;
    size_t size = 0, packed_size = 0;
    scratch_open(&scratch);
    fill(bytes, SIZE);
    uint8_t *packed = scratch_gzip(bytes, SIZE, &packed_size);
    scratch_write(scratch_path(&scratch, "packed", path), packed, packed_size);
    assert_ok(file_read_inflated(path, &read, &size, error));
    assert_int_equal(size, SIZE);
    assert_memory_equal(read, bytes, SIZE);
    memory_free(read);
    assert_ok(file_size_hint(path, &size, error));
    assert_int_equal(size, SIZE);
    assert_ok(file_read(path, &read, &size, error));
    assert_int_equal(size, packed_size);
    memory_free(read);

    scratch_write(scratch_path(&scratch, "plain", path), bytes, SIZE);
    assert_ok(file_read_inflated(path, &read, &size, error));
    assert_int_equal(size, SIZE);
    assert_memory_equal(read, bytes, SIZE);
    memory_free(read);
    assert_ok(file_size_hint(path, &size, error));
    assert_int_equal(size, SIZE);

    scratch_write(scratch_path(&scratch, "cut", path), packed, packed_size / 2);
    read = NULL;
    assert_refused(file_read_inflated(path, &read, &size, error), PERCEPT_ERROR_FORMAT, path);
    assert_null(read);
    free(packed);
    scratch_remove(scratch.folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_packed_is_inflated),
        cmocka_unit_test(test_members_follow_each_other),
        cmocka_unit_test(test_truncation_is_found_everywhere),
        cmocka_unit_test(test_a_changed_byte_is_found),
        cmocka_unit_test(test_a_broken_second_member_leaves_nothing),
        cmocka_unit_test(test_garbage_behind_is_refused),
        cmocka_unit_test(test_a_false_size_is_bounded),
        cmocka_unit_test(test_nothing_moves_when_there_is_room),
        cmocka_unit_test(test_files_are_inflated_by_their_first_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
