/* A PNG picture, read twice as a dataset's first and second picture: both times alike. */
#include <zlib.h>

#include "data/png.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    FuzzFile file;
    percept_error error = {PERCEPT_OK, ""};
    PngSize picture = {0, 0, NULL};
    Buffer pixels = {0};

    fuzz_file_open(&file, bytes, size);
    percept_status status = png_append(file.path, &picture, &pixels, &error);
    if (status == PERCEPT_OK) {
        const size_t count = picture.height * picture.width;
        fuzz_assert(count > 0 && pixels.size == count);
        status = png_append(file.path, &picture, &pixels, &error);
        fuzz_assert(status == PERCEPT_OK && pixels.size == 2 * count);
        fuzz_assert(memcmp(pixels.bytes, pixels.bytes + count, count) == 0);
    } else {
        fuzz_check_failure(status, &error);
        fuzz_assert(pixels.size == 0);
    }
    buffer_clear(&pixels);
    fuzz_file_close(&file);
    return 0;
}

#ifdef PERCEPT_FUZZ
/* Makes the checksums of all chunks right. */
static void repair(uint8_t *bytes, size_t size)
{
    size_t at = 8; /* behind the signature */
    while (at <= size && size - at >= 12) {
        const uint8_t *head = bytes + at;
        const size_t length = (size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
        if (length > size - at - 12)
            return;
        const size_t sum = crc32(0, head + 4, (uInt)(length + 4)); /* of the chunk's name and data */
        for (size_t b = 0; b < 4; b++)
            bytes[at + 8 + length + b] = (uint8_t)(sum >> (24 - 8 * b));
        at += 12 + length;
    }
}

/* libpng looks no further where a checksum is wrong: most changed inputs get right ones. */
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t room, unsigned seed)
{
    size = LLVMFuzzerMutate(bytes, size, room);
    if (seed % 8 != 0)
        repair(bytes, size);
    return size;
}
#endif
