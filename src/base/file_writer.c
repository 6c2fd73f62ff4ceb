#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"

/* Names tried for the unfinished file; others are only in the way after a crash or beside another writer. */
#define ATTEMPTS 1000
#define UNFINISHED_SIZE 64

struct FileWriter {
    FILE *stream;
    char *path;       /* where it goes, no symbolic link */
    char *folder;     /* of path */
    char *unfinished; /* folder/.percept-PID-N.tmp */
    int reason;       /* errno of the first failure, 0 while all is well */
};

static void keep_reason(FileWriter *writer)
{
    if (writer->reason == 0)
        writer->reason = errno != 0 ? errno : EIO;
}

/* Where `path` leads, if it is a symbolic link; and only to a place where a file may be put. */
static percept_status resolve(const char *path, char **out, percept_error *error)
{
    struct stat link, target;
    size_t length = strlen(path);
    if (length == 0 || path[length - 1] == '/')
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "cannot write '%s': a file name is missing", path);
    if (lstat(path, &link) != 0)
        return memory_copy_string(path, out, error);
    if (stat(path, &target) != 0)
        return error_set(error, PERCEPT_ERROR_IO, "cannot write '%s': it is a symbolic link to nothing; remove it",
                         path);
    if (!S_ISREG(target.st_mode))
        return error_set(error, PERCEPT_ERROR_IO, "cannot write '%s': it is %s; choose another name", path,
                         S_ISDIR(target.st_mode) ? "a folder" : "a device or a pipe");
    if (!S_ISLNK(link.st_mode))
        return memory_copy_string(path, out, error);
    char *real = realpath(path, NULL);
    if (real == NULL)
        return error_set(error, PERCEPT_ERROR_IO, "cannot write '%s': %s", path, strerror(errno));
    percept_status status = memory_copy_string(real, out, error);
    free(real);
    return status;
}

static percept_status folder_of(const char *path, char **out, percept_error *error)
{
    const char *slash = strrchr(path, '/');
    percept_status status = memory_copy_string(slash == NULL ? "." : path, out, error);
    if (status == PERCEPT_OK && slash != NULL)
        (*out)[slash == path ? 1 : slash - path] = '\0';
    return status;
}

static void writer_free(FileWriter *writer)
{
    memory_free(writer->path);
    memory_free(writer->folder);
    memory_free(writer->unfinished);
    memory_free(writer);
}

/* Creates the unfinished file under the first free name; O_EXCL never opens a file that another process has put
 * there. */
static percept_status create_unfinished(FileWriter *writer, percept_error *error)
{
    int file = -1;
    for (unsigned attempt = 0; file < 0 && attempt < ATTEMPTS; attempt++) {
        char name[UNFINISHED_SIZE];
        snprintf(name, sizeof name, ".percept-%ld-%u.tmp", (long)getpid(), attempt);
        memory_free(writer->unfinished);
        writer->unfinished = NULL;
        percept_status status = file_join(writer->folder, name, &writer->unfinished, error);
        if (status != PERCEPT_OK)
            return status;
        file = open(writer->unfinished, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
        if (file < 0 && errno != EEXIST)
            break;
    }
    if (file < 0)
        return error_set(error, PERCEPT_ERROR_IO, "cannot write '%s': cannot create a file in the folder '%s': %s",
                         writer->path, writer->folder, strerror(errno));
    writer->stream = fdopen(file, "wb");
    if (writer->stream != NULL)
        return PERCEPT_OK;
    close(file);
    unlink(writer->unfinished);
    return error_set(error, PERCEPT_ERROR_MEMORY, "not enough memory to write '%s'", writer->path);
}

percept_status file_writer_open(const char *path, FileWriter **out, percept_error *error)
{
    FileWriter *writer = NULL;
    percept_status status = memory_allocate_zeroed(1, sizeof *writer, "a file writer", &writer, error);
    if (status != PERCEPT_OK)
        return status;
    status = resolve(path, &writer->path, error);
    if (status == PERCEPT_OK)
        status = folder_of(writer->path, &writer->folder, error);
    if (status == PERCEPT_OK)
        status = create_unfinished(writer, error);
    if (status != PERCEPT_OK) {
        writer_free(writer);
        return status;
    }
    *out = writer;
    return PERCEPT_OK;
}

FILE *file_writer_stream(FileWriter *writer)
{
    return writer->stream;
}

void file_writer_write(FileWriter *writer, const void *bytes, size_t size)
{
    errno = 0;
    if (size > 0 && fwrite(bytes, 1, size, writer->stream) != size)
        keep_reason(writer);
}

void file_writer_print(FileWriter *writer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    errno = 0;
    if (vfprintf(writer->stream, format, arguments) < 0)
        keep_reason(writer);
    va_end(arguments);
}

/* The name is on the disk when the folder is. Folders that cannot be opened or synced (some file systems, folders
 * without read permission) are as good as they get. */
static void sync_folder(const char *folder)
{
    int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file >= 0) {
        (void)fsync(file);
        close(file);
    }
}

percept_status file_writer_commit(FileWriter *writer, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    errno = 0;
    if (ferror(writer->stream) != 0 || fflush(writer->stream) != 0 || fsync(fileno(writer->stream)) != 0)
        keep_reason(writer);
    if (fclose(writer->stream) != 0)
        keep_reason(writer);
    if (writer->reason == 0 && rename(writer->unfinished, writer->path) != 0)
        keep_reason(writer);
    if (writer->reason == 0) {
        sync_folder(writer->folder);
    } else {
        unlink(writer->unfinished);
        status = error_set(error, PERCEPT_ERROR_IO, "cannot write '%s': %s", writer->path, strerror(writer->reason));
    }
    writer_free(writer);
    return status;
}

void file_writer_abandon(FileWriter *writer)
{
    if (writer == NULL)
        return;
    (void)fclose(writer->stream);
    unlink(writer->unfinished);
    writer_free(writer);
}

percept_status file_write(const char *path, const void *bytes, size_t size, percept_error *error)
{
    FileWriter *writer = NULL;
    percept_status status = file_writer_open(path, &writer, error);
    if (status != PERCEPT_OK)
        return status;
    file_writer_write(writer, bytes, size);
    return file_writer_commit(writer, error);
}
