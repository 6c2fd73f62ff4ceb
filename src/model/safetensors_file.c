#include "model/safetensors_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Of a pipe, so much at once. */
#define STEP ((size_t)1 << 20)

static percept_status fail(const char *doing, const char *path, percept_error *error)
{
    return error_set(error, PERCEPT_ERROR_IO, "cannot %s '%s': %s", doing, path, strerror(errno));
}

percept_status piece_file_open(const char *path, PieceFile *out, percept_error *error)
{
    struct stat facts;
    percept_status status = PERCEPT_OK;
    *out = (PieceFile){.file = open(path, O_RDONLY | O_CLOEXEC), .path = path};
    if (out->file < 0)
        return fail("open", path, error);
    if (fstat(out->file, &facts) != 0)
        status = fail("read", path, error);
    else if (S_ISDIR(facts.st_mode))
        status = error_set(error, PERCEPT_ERROR_IO, "cannot read '%s': it is a folder; give a file", path);
    else if (S_ISCHR(facts.st_mode) || S_ISBLK(facts.st_mode))
        status = error_set(error, PERCEPT_ERROR_IO, "cannot read '%s': it is a device; give a file", path);
    else if (S_ISREG(facts.st_mode)) {
        out->sized = true;
        out->size = (size_t)facts.st_size;
    }
    if (status != PERCEPT_OK)
        piece_file_close(out);
    return status;
}

void piece_file_close(PieceFile *file)
{
    if (file->file >= 0)
        close(file->file);
    file->file = -1;
}

percept_status piece_file_read(const PieceFile *file, size_t count, Buffer *out, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    while (count > 0 && status == PERCEPT_OK) {
        const size_t step = file->sized || count < STEP ? count : out->size > STEP ? out->size : STEP;
        const size_t wanted = step < count ? step : count;
        if (out->capacity - out->size < wanted)
            status = buffer_reserve(out, wanted, file->path, error);
        const ssize_t got = status == PERCEPT_OK ? read(file->file, out->bytes + out->size, wanted) : 0;
        if (got < 0 && errno != EINTR)
            return fail("read", file->path, error);
        if (got == 0)
            break;
        if (got > 0) {
            out->size += (size_t)got;
            count -= (size_t)got;
        }
    }
    return status;
}
