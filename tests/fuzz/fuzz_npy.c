/* An NPY file of features and one of answers, plain or gzip. The first byte of an input says how they are read: bit 0
 * without answers, bit 1 as three classes; the next two how long the file of features is. */
#include "data/npy.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const uint8_t way = fuzz_take_byte(&bytes, &size);
    const uint8_t *features = NULL;
    size_t features_size = 0;
    FuzzFile files[2];
    percept_error error = {PERCEPT_OK, ""};
    Storage *storage = NULL;

    fuzz_split(&bytes, &size, &features, &features_size);
    fuzz_file_open(&files[0], features, features_size);
    fuzz_file_open(&files[1], bytes, size);
    const percept_status status = npy_read(files[0].path, way & 1 ? NULL : files[1].path, &(const SourceOptions){0},
                                           way & 2 ? 3 : 0, &storage, &error);
    fuzz_check_storage(status, &error, storage, storage != NULL ? &storage->count : NULL, storage != NULL);
    fuzz_file_close(&files[0]);
    fuzz_file_close(&files[1]);
    return 0;
}
