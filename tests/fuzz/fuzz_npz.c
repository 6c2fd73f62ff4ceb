/* A ZIP archive of NPY files. */
#include "data/npz.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    size_t counts[2] = {0, 0};
    FuzzFile file;
    percept_error error = {PERCEPT_OK, ""};
    Storage *storage = NULL;

    fuzz_file_open(&file, bytes, size);
    const percept_status status = npz_read(file.path, &(const SourceOptions){0}, 0, &storage, counts, &error);
    fuzz_check_storage(status, &error, storage, counts, 2);
    fuzz_file_close(&file);
    return 0;
}
