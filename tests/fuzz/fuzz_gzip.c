/* A file that may be gzip, read whole (libdeflate) and read piece by piece (zlib): what the second way takes, the first
 * takes too, and as the same bytes. zlib refuses more: it also checks the header's own checksum. */
#include "base/file.h"
#include "base/gzip.h"
#include "base/stream.h"

#include "fuzz.h"

/* The most that deflate can make of one byte. */
#define LARGEST_EXPANSION 1032

/* Reads the stream to its end, comparing with what the file held when it was read whole. */
static void compare_stream(const char *path, percept_status whole_status, const uint8_t *whole, size_t size)
{
    uint8_t piece[257]; /* an odd size, so that pieces end anywhere */
    size_t at = 0, got = 0;
    percept_error error = {PERCEPT_OK, ""};
    ByteStream *stream = NULL;
    percept_status status = byte_stream_open(path, &stream, &error);
    if (status != PERCEPT_OK) {
        fuzz_check_failure(status, &error);
        return;
    }
    do {
        status = byte_stream_read(stream, piece, sizeof piece, &got, &error);
        if (status == PERCEPT_OK && whole_status == PERCEPT_OK) {
            fuzz_assert(got <= size - at);
            fuzz_assert(got == 0 || memcmp(whole + at, piece, got) == 0);
            at += got;
        }
    } while (status == PERCEPT_OK && got > 0);
    if (status != PERCEPT_OK)
        fuzz_check_failure(status, &error);
    else
        fuzz_assert(whole_status == PERCEPT_OK && at == size);
    byte_stream_close(stream);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    FuzzFile file;
    uint8_t *inflated = NULL;
    size_t inflated_size = 0;
    percept_error error = {PERCEPT_OK, ""};

    fuzz_file_open(&file, bytes, size);
    const percept_status status = file_read_inflated(file.path, &inflated, &inflated_size, &error);
    if (status == PERCEPT_OK) {
        fuzz_assert(inflated_size / LARGEST_EXPANSION <= size);
        fuzz_touch(inflated, inflated_size);
        if (!gzip_recognize(bytes, size))
            fuzz_assert(inflated_size == size && (size == 0 || memcmp(inflated, bytes, size) == 0));
    } else {
        fuzz_check_failure(status, &error);
        fuzz_assert(inflated == NULL);
    }
    compare_stream(file.path, status, inflated, inflated_size);
    memory_free(inflated);
    fuzz_file_close(&file);
    return 0;
}
