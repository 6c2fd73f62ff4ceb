/* LIBSVM's text, plain or gzip, in one file or two. The first byte of an input says how it is read: bit 0 two files (the
 * next two bytes say how long the first is), bit 1 three classes, bit 2 numbers to learn in place of labels. */
#include "data/libsvm.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const char *const targets[] = {"label"};
    const uint8_t way = fuzz_take_byte(&bytes, &size);
    const uint8_t *first = bytes;
    const size_t parts = way & 1 ? 2 : 1;
    size_t first_size = size, counts[2] = {0, 0};
    FuzzFile files[2];
    percept_error error = {PERCEPT_OK, ""};
    Storage *storage = NULL;
    const SourceOptions options = {.targets = targets, .target_count = way & 4 ? 1 : 0};

    if (parts == 2)
        fuzz_split(&bytes, &size, &first, &first_size);
    (void)libsvm_recognize((const char *)first, first_size);
    fuzz_file_open(&files[0], first, first_size);
    fuzz_file_open(&files[1], bytes, size);
    const char *const paths[2][SOURCE_FILES] = {{files[0].path}, {files[1].path}};
    const percept_status status = libsvm_read(paths, parts, &options, way & 2 ? 3 : 0, &storage, counts, &error);
    fuzz_check_storage(status, &error, storage, counts, parts);
    fuzz_file_close(&files[0]);
    fuzz_file_close(&files[1]);
    return 0;
}
