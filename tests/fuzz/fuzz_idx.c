/* Images and labels in IDX, plain or gzip. The first byte of an input says how they are read: bit 0 both parts, bit 1 three
 * classes; the next two how long the images' file is. */
#include "data/idx.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const uint8_t way = fuzz_take_byte(&bytes, &size);
    const uint8_t *images = NULL;
    size_t images_size = 0, counts[2] = {0, 0};
    const size_t parts = way & 1 ? 2 : 1;
    FuzzFile files[2];
    percept_error error = {PERCEPT_OK, ""};
    Storage *storage = NULL;

    fuzz_split(&bytes, &size, &images, &images_size);
    fuzz_file_open(&files[0], images, images_size);
    fuzz_file_open(&files[1], bytes, size);
    const char *const paths[2][2] = {{files[0].path, files[1].path}, {files[0].path, files[1].path}};
    const percept_status status = idx_read(paths, parts, way & 2 ? 3 : 0, &storage, counts, &error);
    fuzz_check_storage(status, &error, storage, counts, parts);
    fuzz_file_close(&files[0]);
    fuzz_file_close(&files[1]);
    return 0;
}
