/* A file that may be gzip, read whole (libdeflate) and read piece by piece (zlib): what the second way takes, the first
 * takes too, and as the same bytes. zlib refuses more: it also checks the header's own checksum. */
#include <zlib.h>

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

#ifdef PERCEPT_FUZZ
/* Inflates the member, as far as a piece of memory goes, and writes the checksum and the size behind it that are right.
 * Gives the bytes of the member, 0 if it does not inflate. */
static size_t repair_member(uint8_t *bytes, size_t size)
{
    static uint8_t out[1 << 18];
    z_stream inflater = {.next_in = bytes, .avail_in = (uInt)size, .next_out = out, .avail_out = sizeof out};
    size_t used = 0;
    if (size < 18 || inflateInit2(&inflater, -MAX_WBITS) != Z_OK)
        return 0;
    inflater.next_in += 10; /* the header without optional fields */
    inflater.avail_in -= 10;
    if (inflate(&inflater, Z_FINISH) == Z_STREAM_END && inflater.avail_in >= 8) {
        used = size - inflater.avail_in + 8;
        uint8_t *trailer = bytes + used - 8;
        const size_t sum = crc32(0, out, (uInt)inflater.total_out);
        for (size_t b = 0; b < 4; b++) {
            trailer[b] = (uint8_t)(sum >> 8 * b);
            trailer[4 + b] = (uint8_t)(inflater.total_out >> 8 * b);
        }
    }
    inflateEnd(&inflater);
    return used;
}

/* No reader goes on where a checksum is wrong: most changed inputs get right ones. */
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t room, unsigned seed)
{
    size = LLVMFuzzerMutate(bytes, size, room);
    size_t at = seed % 8 == 0 ? size : 0;
    while (at < size) {
        const size_t used = repair_member(bytes + at, size - at);
        at = used > 0 ? at + used : size;
    }
    return size;
}
#endif
