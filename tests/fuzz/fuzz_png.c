/* A PNG picture, read twice as a dataset's first and second picture: both times alike. */
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
