#include "base/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* zlib and not libdeflate, which inflates whole files only. */
#define ZLIB_CONST
#include <zlib.h>

#include "base/gzip.h"
#include "base/memory.h"

/* Bytes of gzip read at once. */
#define PACKED_BYTES ((size_t)1 << 16)
#define MAGIC_SIZE 2
/* The largest window, and gzip's header and trailer. */
#define GZIP_WINDOW (15 + 16)

struct ByteStream {
    char *name;
    int descriptor;
    bool owned, started, is_gzip, ended;
    bool in_member;     /* gzip: a member has begun and has not ended */
    size_t size, taken; /* bytes of the file, 0 if unknown; bytes read of it */
    uint8_t *packed;    /* PACKED_BYTES; for plain bytes it holds the magic alone, at `inflater.next_in` */
    z_stream inflater;
};

/* ---- Opening ------------------------------------------------------------------------------------------------- */

percept_status byte_stream_adopt(int descriptor, const char *name, ByteStream **out, percept_error *error)
{
    struct stat facts;
    ByteStream *stream = NULL;
    percept_status status = memory_allocate_zeroed(1, sizeof *stream, "a stream", &stream, error);
    if (status != PERCEPT_OK)
        return status;
    stream->descriptor = descriptor;
    status = memory_copy_string(name, &stream->name, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(PACKED_BYTES, 1, "a stream", &stream->packed, error);
    if (status == PERCEPT_OK && fstat(descriptor, &facts) == 0) {
        if (S_ISDIR(facts.st_mode))
            status = error_set(error, PERCEPT_ERROR_IO, "cannot read '%s': %s", name, strerror(EISDIR));
        else if (S_ISREG(facts.st_mode) && facts.st_size > 0)
            stream->size = (size_t)facts.st_size;
    }
    if (status == PERCEPT_OK)
        *out = stream;
    else
        byte_stream_close(stream);
    return status;
}

percept_status byte_stream_open(const char *path, ByteStream **out, percept_error *error)
{
    const int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return error_set(error, PERCEPT_ERROR_IO, "cannot open '%s': %s", path, strerror(errno));
    percept_status status = byte_stream_adopt(descriptor, path, out, error);
    if (status == PERCEPT_OK)
        (*out)->owned = true;
    else
        close(descriptor);
    return status;
}

void byte_stream_close(ByteStream *stream)
{
    if (stream == NULL)
        return;
    if (stream->is_gzip)
        inflateEnd(&stream->inflater);
    if (stream->owned)
        close(stream->descriptor);
    memory_free(stream->packed);
    memory_free(stream->name);
    memory_free(stream);
}

bool byte_stream_is_terminal(const ByteStream *stream)
{
    return isatty(stream->descriptor) == 1;
}

double byte_stream_progress(const ByteStream *stream)
{
    if (stream->size == 0 || stream->taken > stream->size)
        return 0;
    return (double)(stream->taken - stream->inflater.avail_in) / (double)stream->size;
}

/* ---- Reading ------------------------------------------------------------------------------------------------- */

/* read(2), again where a signal came in between. */
static percept_status read_some(ByteStream *stream, void *bytes, size_t size, size_t *got, percept_error *error)
{
    for (;;) {
        const ssize_t count = read(stream->descriptor, bytes, size);
        if (count >= 0) {
            *got = (size_t)count;
            stream->taken += *got;
            return PERCEPT_OK;
        }
        if (errno != EINTR)
            return error_set(error, PERCEPT_ERROR_IO, "cannot read '%s': %s", stream->name, strerror(errno));
    }
}

static void *allocate_for_zlib(void *unused, unsigned count, unsigned size)
{
    void *block = NULL;
    (void)unused;
    return memory_allocate(count, size, "inflating", &block, NULL) == PERCEPT_OK ? block : NULL;
}

static void free_for_zlib(void *unused, void *block)
{
    (void)unused;
    memory_free(block);
}

/* Reads the first bytes, and finds out what they are. */
static percept_status start(ByteStream *stream, percept_error *error)
{
    size_t held = 0;
    for (size_t got = 1; held < MAGIC_SIZE && got > 0; held += got) {
        percept_status status = read_some(stream, stream->packed + held, MAGIC_SIZE - held, &got, error);
        if (status != PERCEPT_OK)
            return status;
    }
    stream->started = true;
    stream->inflater = (z_stream){
        .next_in = stream->packed, .avail_in = (unsigned)held, .zalloc = allocate_for_zlib, .zfree = free_for_zlib};
    if (!gzip_recognize(stream->packed, held))
        return PERCEPT_OK;
    if (inflateInit2(&stream->inflater, GZIP_WINDOW) != Z_OK)
        return error_set(error, PERCEPT_ERROR_MEMORY, "not enough memory to inflate '%s'", stream->name);
    stream->is_gzip = true;
    stream->in_member = true;
    return PERCEPT_OK;
}

static percept_status read_plain(ByteStream *stream, void *bytes, size_t size, size_t *got, percept_error *error)
{
    const size_t held = stream->inflater.avail_in;
    if (held == 0)
        return read_some(stream, bytes, size, got, error);
    *got = held < size ? held : size;
    memcpy(bytes, stream->inflater.next_in, *got);
    stream->inflater.next_in += *got;
    stream->inflater.avail_in -= (unsigned)*got;
    return PERCEPT_OK;
}

/* Between two members: what follows must be another one, or nothing. */
static percept_status next_member(ByteStream *stream, percept_error *error)
{
    z_stream *inflater = &stream->inflater;
    size_t held = inflater->avail_in;
    memmove(stream->packed, inflater->next_in, held);
    for (size_t got = 1; held < MAGIC_SIZE && got > 0; held += got) {
        percept_status status = read_some(stream, stream->packed + held, MAGIC_SIZE - held, &got, error);
        if (status != PERCEPT_OK)
            return status;
    }
    inflater->next_in = stream->packed;
    inflater->avail_in = (unsigned)held;
    stream->ended = held == 0;
    if (!stream->ended && !gzip_recognize(stream->packed, held))
        return error_set(error, PERCEPT_ERROR_FORMAT, "'%s' has other bytes after its gzip data; get the file again",
                         stream->name);
    inflateReset(inflater);
    stream->in_member = !stream->ended;
    return PERCEPT_OK;
}

static percept_status refuse_corrupt(const ByteStream *stream, percept_error *error)
{
    return error_set(error, PERCEPT_ERROR_FORMAT,
                     "'%s' is truncated or corrupt: its gzip data do not inflate; get the file again", stream->name);
}

static percept_status read_gzip(ByteStream *stream, void *bytes, size_t size, size_t *got, percept_error *error)
{
    z_stream *inflater = &stream->inflater;
    const unsigned room = size < UINT32_MAX ? (unsigned)size : UINT32_MAX;
    percept_status status = PERCEPT_OK;
    inflater->next_out = bytes;
    inflater->avail_out = room;
    while (status == PERCEPT_OK && inflater->avail_out == room && !stream->ended) {
        if (!stream->in_member) {
            status = next_member(stream, error);
            continue;
        }
        if (inflater->avail_in == 0) {
            size_t packed = 0;
            status = read_some(stream, stream->packed, PACKED_BYTES, &packed, error);
            inflater->next_in = stream->packed;
            inflater->avail_in = (unsigned)packed;
            if (status == PERCEPT_OK && packed == 0)
                status = refuse_corrupt(stream, error);
            if (status != PERCEPT_OK)
                break;
        }
        const int result = inflate(inflater, Z_NO_FLUSH);
        if (result == Z_STREAM_END)
            stream->in_member = false;
        else if (result == Z_MEM_ERROR)
            status = error_set(error, PERCEPT_ERROR_MEMORY, "not enough memory to inflate '%s'", stream->name);
        else if (result != Z_OK && result != Z_BUF_ERROR)
            status = refuse_corrupt(stream, error);
    }
    *got = room - inflater->avail_out;
    return status;
}

percept_status byte_stream_read(ByteStream *stream, void *bytes, size_t size, size_t *got, percept_error *error)
{
    *got = 0;
    if (!stream->started) {
        percept_status status = start(stream, error);
        if (status != PERCEPT_OK)
            return status;
    }
    return stream->is_gzip ? read_gzip(stream, bytes, size, got, error) : read_plain(stream, bytes, size, got, error);
}
