/* A stream gives the bytes that a file holds, inflated, in pieces of any size. */
#include "in_scratch.h"

#include "base/memory.h"
#include "base/stream.h"

#define SIZE 300000

static uint8_t bytes[SIZE];

static int set_up(void **state)
{
    (void)state;
    scratch_open(&scratch);
    uint32_t word = 1;
    for (size_t i = 0; i < SIZE; i++)
        bytes[i] = (uint8_t)((word = word * 1664525 + 1013904223) >> 28); /* packs to about half */
    return 0;
}

/* Reads the stream in pieces of so many bytes; gives the status of the read that failed, or the end. */
static percept_status drain(ByteStream *stream, size_t piece, uint8_t *out, size_t *size, percept_error *error)
{
    *size = 0;
    for (;;) {
        size_t got = 0;
        percept_status status = byte_stream_read(stream, out + *size, piece, &got, error);
        assert_true(got <= piece);
        *size += got;
        if (status != PERCEPT_OK || got == 0)
            return status;
        assert_true(*size <= 2 * SIZE);
    }
}

static percept_status read_path(const char *path, size_t piece, uint8_t *out, size_t *size, percept_error *error)
{
    ByteStream *stream = NULL;
    percept_status status = byte_stream_open(path, &stream, error);
    if (status != PERCEPT_OK)
        return status;
    assert_true(byte_stream_progress(stream) == 0);
    assert_false(byte_stream_is_terminal(stream));
    status = drain(stream, piece, out, size, error);
    if (status == PERCEPT_OK && *size > 0)
        assert_true(byte_stream_progress(stream) == 1);
    byte_stream_close(stream);
    return status;
}

static void test_plain_and_packed_bytes_come_back(void **state)
{
    (void)state;
    static const size_t pieces[] = {1, 2, 3, 1000, 65536, SIZE, 2 * SIZE};
    char plain[SCRATCH_PATH], packed[SCRATCH_PATH], twice[SCRATCH_PATH];
    size_t size = 0, half = 0, got = 0;
    uint8_t *one = scratch_gzip(bytes, SIZE, &size), *two = NULL, *out = malloc(3 * SIZE);
    assert_non_null(out);
    scratch_write(scratch_path(&scratch, "plain", plain), bytes, SIZE);
    scratch_write(scratch_path(&scratch, "packed", packed), one, size);
    /* Three members, one of nothing. */
    uint8_t *all = malloc(3 * SIZE);
    assert_non_null(all);
    free(one);
    one = scratch_gzip(bytes, 1000, &size);
    memcpy(all, one, size);
    two = scratch_gzip(bytes, 0, &half);
    memcpy(all + size, two, half);
    size += half;
    free(two);
    two = scratch_gzip(bytes + 1000, SIZE - 1000, &half);
    memcpy(all + size, two, half);
    size += half;
    scratch_write(scratch_path(&scratch, "twice", twice), all, size);
    const char *const paths[] = {plain, packed, twice};
    for (size_t p = 0; p < 3; p++)
        for (size_t s = 0; s < sizeof pieces / sizeof pieces[0]; s++) {
            memset(out, 0, SIZE);
            assert_ok(read_path(paths[p], pieces[s], out, &got, error));
            assert_int_equal(got, SIZE);
            assert_memory_equal(out, bytes, SIZE);
        }
    free(one);
    free(two);
    free(all);
    free(out);
}

static void test_short_files_come_back(void **state)
{
    (void)state;
    char path[SCRATCH_PATH];
    uint8_t out[16];
    size_t got = 0;
    for (size_t size = 0; size < 4; size++) {
        scratch_write(scratch_path(&scratch, "short", path), "\x1f\x1f\x8b", size);
        assert_ok(read_path(path, 16, out, &got, error));
        assert_int_equal(got, size);
    }
}

static void test_a_pipe_is_read_as_it_comes(void **state)
{
    (void)state;
    int ends[2];
    uint8_t out[64];
    size_t got = 0;
    ByteStream *stream = NULL;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "hello", 5), 5);
    assert_ok(byte_stream_adopt(ends[0], "a pipe", &stream, error));
    assert_ok(byte_stream_read(stream, out, sizeof out, &got, error)); /* does not wait for more */
    assert_true(got > 0);
    assert_int_equal(close(ends[1]), 0);
    size_t rest = 0;
    assert_ok(drain(stream, sizeof out - got, out + got, &rest, error));
    assert_int_equal(got + rest, 5);
    assert_memory_equal(out, "hello", 5);
    assert_true(byte_stream_progress(stream) == 0);
    byte_stream_close(stream);
    assert_int_equal(close(ends[0]), 0); /* it was still open: the caller's */
}

static void test_what_does_not_inflate_is_refused(void **state)
{
    (void)state;
    char path[SCRATCH_PATH];
    size_t size = 0, got = 0;
    uint8_t *packed = scratch_gzip(bytes, SIZE, &size), *out = malloc(3 * SIZE);
    assert_non_null(out);
    scratch_path(&scratch, "damaged", path);
    for (size_t cut = 2; cut < size; cut += 1 + size / 50) {
        scratch_write(path, packed, cut);
        assert_refused(read_path(path, 4096, out, &got, error), PERCEPT_ERROR_FORMAT, "truncated or corrupt");
    }
    packed[size - 6] ^= 1; /* the checksum */
    scratch_write(path, packed, size);
    assert_refused(read_path(path, 4096, out, &got, error), PERCEPT_ERROR_FORMAT, "truncated or corrupt");
    packed[size - 6] ^= 1;
    uint8_t *longer = malloc(size + 3);
    assert_non_null(longer);
    memcpy(longer, packed, size);
    memcpy(longer + size, "abc", 3);
    scratch_write(path, longer, size + 3);
    assert_refused(read_path(path, 4096, out, &got, error), PERCEPT_ERROR_FORMAT, "other bytes after");
    assert_refused(read_path("/nowhere/at all", 1, out, &got, error), PERCEPT_ERROR_IO,
                   "cannot open '/nowhere/at all'");
    assert_refused(read_path(scratch.folder, 1, out, &got, error), PERCEPT_ERROR_IO, "irectory");
    free(longer);
    free(packed);
    free(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain_and_packed_bytes_come_back),
        cmocka_unit_test(test_short_files_come_back),
        cmocka_unit_test(test_a_pipe_is_read_as_it_comes),
        cmocka_unit_test(test_what_does_not_inflate_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, remove_scratch);
}
