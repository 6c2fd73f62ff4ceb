#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/gzip.h"
#include "base/memory.h"

#define FIRST_STEP ((size_t)1 << 16)

/* The bytes that identify gzip, and those at its end that hold the size. */
#define MAGIC_SIZE 2
#define TRAILER_SIZE 4

static percept_status fail(const char *doing, const char *path, percept_error *error)
{
    return error_set(error, PERCEPT_ERROR_IO, "cannot %s '%s': %s", doing, path, strerror(errno));
}

/* Opens for reading; *size is 0 unless it is a regular file. */
static percept_status open_file(const char *path, int *file, size_t *size, percept_error *error)
{
    struct stat facts;
    *size = 0;
    *file = open(path, O_RDONLY | O_CLOEXEC);
    if (*file < 0)
        return fail("open", path, error);
    if (fstat(*file, &facts) == 0 && S_ISDIR(facts.st_mode))
        errno = EISDIR;
    else if (fstat(*file, &facts) == 0) {
        if (S_ISREG(facts.st_mode) && facts.st_size > 0)
            *size = (size_t)facts.st_size;
        return PERCEPT_OK;
    }
    percept_status status = fail("read", path, error);
    close(*file);
    return status;
}

/* read(2) until `size` bytes are read or the file ends; *got is their number. */
static percept_status read_up_to(int file, const char *path, uint8_t *bytes, size_t size, size_t *got,
                                 percept_error *error)
{
    *got = 0;
    while (*got < size) {
        ssize_t count = read(file, bytes + *got, size - *got);
        if (count == 0)
            break;
        if (count > 0)
            *got += (size_t)count;
        else if (errno != EINTR)
            return fail("read", path, error);
    }
    return PERCEPT_OK;
}

/* Appends all that is left to read; `expected` bytes, as far as one knows. */
static percept_status append_rest(int file, const char *path, size_t expected, Buffer *out, percept_error *error)
{
    /* One byte more than expected: the read that fills less than its room has met the end. */
    percept_status status = buffer_reserve(out, expected < SIZE_MAX ? expected + 1 : expected, path, error);
    while (status == PERCEPT_OK) {
        size_t room = out->capacity - out->size, got = 0;
        status = read_up_to(file, path, out->bytes + out->size, room, &got, error);
        out->size += got;
        if (status != PERCEPT_OK || got < room)
            break;
        status = buffer_reserve(out, out->size > FIRST_STEP ? out->size : FIRST_STEP, path, error);
    }
    return status;
}

/* Appends an open file, inflated if asked to and if it starts as gzip does. */
static percept_status append_file(int file, const char *path, size_t size, bool inflate, Buffer *out,
                                  percept_error *error)
{
    uint8_t magic[MAGIC_SIZE];
    size_t got = 0;
    percept_status status = read_up_to(file, path, magic, sizeof magic, &got, error);
    if (status != PERCEPT_OK)
        return status;
    size_t rest = size > got ? size - got : 0;
    Buffer packed = {0};
    bool is_gzip = inflate && gzip_recognize(magic, got);
    Buffer *target = is_gzip ? &packed : out;
    status = buffer_reserve(target, got + rest + 1, path, error);
    if (status == PERCEPT_OK) {
        memcpy(target->bytes + target->size, magic, got);
        target->size += got;
        status = append_rest(file, path, rest, target, error);
    }
    if (status == PERCEPT_OK && is_gzip)
        status = gzip_inflate(packed.bytes, packed.size, path, out, error);
    buffer_clear(&packed);
    return status;
}

static percept_status append(const char *path, bool inflate, Buffer *out, percept_error *error)
{
    int file = -1;
    size_t size = 0, kept = out->size;
    percept_status status = open_file(path, &file, &size, error);
    if (status != PERCEPT_OK)
        return status;
    status = append_file(file, path, size, inflate, out, error);
    close(file);
    if (status != PERCEPT_OK)
        out->size = kept;
    return status;
}

static percept_status read_whole(const char *path, bool inflate, uint8_t **bytes, size_t *size, percept_error *error)
{
    Buffer whole = {0};
    percept_status status = append(path, inflate, &whole, error);
    if (status != PERCEPT_OK) {
        buffer_clear(&whole);
        return status;
    }
    *bytes = whole.bytes;
    *size = whole.size;
    return PERCEPT_OK;
}

percept_status file_read(const char *path, uint8_t **bytes, size_t *size, percept_error *error)
{
    return read_whole(path, false, bytes, size, error);
}

percept_status file_read_inflated(const char *path, uint8_t **bytes, size_t *size, percept_error *error)
{
    return read_whole(path, true, bytes, size, error);
}

percept_status file_append_inflated(const char *path, Buffer *out, percept_error *error)
{
    return append(path, true, out, error);
}

percept_status file_size_hint(const char *path, size_t *size, percept_error *error)
{
    int file = -1;
    percept_status status = open_file(path, &file, size, error);
    if (status != PERCEPT_OK)
        return status;
    uint8_t magic[MAGIC_SIZE], trailer[TRAILER_SIZE];
    if (*size > MAGIC_SIZE + TRAILER_SIZE && pread(file, magic, sizeof magic, 0) == (ssize_t)sizeof magic &&
        gzip_recognize(magic, sizeof magic) &&
        pread(file, trailer, sizeof trailer, (off_t)(*size - sizeof trailer)) == (ssize_t)sizeof trailer)
        *size = gzip_size_hint(trailer, *size);
    close(file);
    return PERCEPT_OK;
}

bool file_exists(const char *path)
{
    struct stat facts;
    return stat(path, &facts) == 0;
}

/* One folder, its parent being there. */
static percept_status make_one_folder(const char *path, percept_error *error)
{
    struct stat facts;
    if (mkdir(path, 0777) == 0)
        return PERCEPT_OK;
    /* Some systems answer EROFS or EACCES for a folder that exists: it is its existence that counts. */
    int reason = errno;
    if (stat(path, &facts) == 0) {
        if (S_ISDIR(facts.st_mode))
            return PERCEPT_OK;
        return error_set(error, PERCEPT_ERROR_IO,
                         "cannot make the folder '%s': a file of that name is there; choose another name", path);
    }
    errno = reason;
    if (reason == EEXIST)
        return error_set(error, PERCEPT_ERROR_IO,
                         "cannot make the folder '%s': it is a symbolic link to nothing; remove it", path);
    return fail("make the folder", path, error);
}

percept_status file_make_folder(const char *path, percept_error *error)
{
    char *parent = NULL;
    percept_status status = memory_copy_string(path, &parent, error);
    for (size_t i = 1; status == PERCEPT_OK && path[0] != '\0' && path[i] != '\0'; i++) {
        if (path[i] != '/' || path[i - 1] == '/')
            continue;
        parent[i] = '\0';
        status = make_one_folder(parent, error);
        parent[i] = '/';
    }
    if (status == PERCEPT_OK)
        status = make_one_folder(path, error);
    memory_free(parent);
    return status;
}

percept_status file_join(const char *folder, const char *name, char **out, percept_error *error)
{
    size_t length = strlen(folder), name_length = strlen(name);
    bool slash = length > 0 && name_length > 0 && folder[length - 1] != '/';
    char *joined = NULL;
    percept_status status = memory_allocate(length + name_length + 2, 1, "a path", &joined, error);
    if (status != PERCEPT_OK)
        return status;
    memcpy(joined, folder, length);
    if (slash)
        joined[length++] = '/';
    memcpy(joined + length, name, name_length + 1);
    *out = joined;
    return PERCEPT_OK;
}

percept_status file_beside(const char *path, const char *name, char **out, percept_error *error)
{
    char *folder = NULL;
    percept_status status = memory_copy_string(path, &folder, error);
    if (status != PERCEPT_OK)
        return status;
    const char *slash = strrchr(folder, '/');
    folder[slash != NULL ? slash + 1 - folder : 0] = '\0';
    status = file_join(folder, name, out, error);
    memory_free(folder);
    return status;
}

percept_status file_last_name(const char *path, char **out, percept_error *error)
{
    size_t end = strlen(path);
    while (end > 1 && path[end - 1] == '/')
        end--;
    size_t begin = end;
    while (begin > 0 && path[begin - 1] != '/')
        begin--;
    percept_status status = memory_copy_string(path + begin, out, error);
    if (status == PERCEPT_OK)
        (*out)[end - begin] = '\0';
    return status;
}

const char *file_below_here(const char *path)
{
    char here[4096];
    if (path == NULL || path[0] != '/' || getcwd(here, sizeof here) == NULL)
        return path;
    const size_t length = strlen(here);
    const bool below =
        length > 1 && strncmp(path, here, length) == 0 && path[length] == '/' && path[length + 1] != '\0';
    return below ? path + length + 1 : path;
}
