/* In place of gzip.c where readers of files are left out: no file is inflated. */
#include "base/gzip.h"

bool gzip_recognize(const uint8_t *bytes, size_t size)
{
    (void)bytes;
    (void)size;
    return false;
}

size_t gzip_size_hint(const uint8_t trailer[4], size_t size)
{
    (void)trailer;
    return size;
}

percept_status gzip_inflate(const uint8_t *bytes, size_t size, const char *name, Buffer *out, percept_error *error)
{
    (void)bytes;
    (void)size;
    (void)out;
    return error_set(error, PERCEPT_ERROR_ARGUMENT, "cannot inflate '%s': this libpercept was built without gzip",
                     name);
}
