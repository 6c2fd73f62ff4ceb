/* In place of src/base/stream.c, without gzip: the file that JavaScript gives the module is plain. */
#include "base/stream.h"

#include <stdint.h>
#include <string.h>

#include "base/memory.h"

/* What the page answers (web/page/core.js): the size of the file at a path, -1 if there is none; and bytes of it from a place on,
 * copied to an address. The file is complete before the module is called, so reading cannot fail. */
#define FROM_PAGE(name) __attribute__((import_module("env"), import_name(#name))) name
int32_t FROM_PAGE(disk_size)(const char *path);
void FROM_PAGE(disk_read)(size_t at, void *bytes, size_t size);

struct ByteStream {
    char *name;
    size_t size, at;
};

percept_status byte_stream_open(const char *path, ByteStream **out, percept_error *error)
{
    ByteStream *stream = NULL;
    const int32_t size = disk_size(path);
    if (size < 0)
        return error_set(error, PERCEPT_ERROR_IO, "cannot open '%s': the page has no such file", path);
    percept_status status = memory_allocate_zeroed(1, sizeof *stream, "a stream", &stream, error);
    if (status != PERCEPT_OK)
        return status;
    stream->size = (size_t)size;
    status = memory_copy_string(path, &stream->name, error);
    if (status == PERCEPT_OK)
        *out = stream;
    else
        byte_stream_close(stream);
    return status;
}

/* There are no descriptors. */
percept_status byte_stream_adopt(int descriptor, const char *name, ByteStream **out, percept_error *error)
{
    (void)descriptor;
    return byte_stream_open(name, out, error);
}

void byte_stream_close(ByteStream *stream)
{
    if (stream == NULL)
        return;
    memory_free(stream->name);
    memory_free(stream);
}

percept_status byte_stream_read(ByteStream *stream, void *bytes, size_t size, size_t *got, percept_error *error)
{
    const size_t left = stream->size - stream->at;
    const bool begins = stream->at == 0;
    *got = size < left ? size : left;
    disk_read(stream->at, bytes, *got);
    stream->at += *got;
    if (begins && *got >= 2 && memcmp(bytes, "\x1f\x8b", 2) == 0)
        return error_set(error, PERCEPT_ERROR_FORMAT, "'%s' is packed by gzip; unpack it, then open it here",
                         stream->name);
    return PERCEPT_OK;
}

bool byte_stream_is_terminal(const ByteStream *stream)
{
    (void)stream;
    return false;
}

double byte_stream_progress(const ByteStream *stream)
{
    (void)stream;
    return 0;
}
