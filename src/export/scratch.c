#include "export/scratch.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"

percept_status scratch_create(const char *path, Scratch *out, percept_error *error)
{
    const char *slash = strrchr(path, '/');
    char *folder = NULL;
    percept_status status = memory_copy_string(slash == NULL ? "." : path, &out->beside, error);
    if (status == PERCEPT_OK && slash != NULL)
        out->beside[slash == path ? 1 : slash - path] = '\0';
    if (status == PERCEPT_OK)
        status = file_join(out->beside, ".percept-export-XXXXXX", &folder, error);
    if (status == PERCEPT_OK && mkdtemp(folder) == NULL)
        status = error_set(error, PERCEPT_ERROR_IO, "cannot write '%s': cannot create a folder beside it: %s", path,
                           strerror(errno));
    if (status != PERCEPT_OK) {
        memory_free(folder);
        return status;
    }
    out->folder = folder;
    return file_join(folder, slash == NULL ? path : slash + 1, &out->file, error);
}

/* Calls `each` for every file of the folder, until it fails. */
typedef percept_status EachFile(const Scratch *scratch, const char *file, const char *name, percept_error *error);

static percept_status each_file(const Scratch *scratch, EachFile *each, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    DIR *entries = scratch->folder != NULL ? opendir(scratch->folder) : NULL;
    if (entries == NULL)
        return PERCEPT_OK;
    for (const struct dirent *entry = readdir(entries); entry != NULL && status == PERCEPT_OK;
         entry = readdir(entries)) {
        char *file = NULL;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        status = file_join(scratch->folder, entry->d_name, &file, error);
        if (status == PERCEPT_OK)
            status = each(scratch, file, entry->d_name, error);
        memory_free(file);
    }
    closedir(entries);
    return status;
}

/* All but the main file. */
static percept_status copy_beside(const Scratch *scratch, const char *file, const char *name, percept_error *error)
{
    uint8_t *bytes = NULL;
    size_t size = 0;
    char *place = NULL;
    if (strcmp(file, scratch->file) == 0)
        return PERCEPT_OK;
    percept_status status = file_read(file, &bytes, &size, error);
    if (status == PERCEPT_OK)
        status = file_join(scratch->beside, name, &place, error);
    if (status == PERCEPT_OK)
        status = file_write(place, bytes, size, error);
    memory_free(bytes);
    memory_free(place);
    return status;
}

percept_status scratch_hand_over(const Scratch *scratch, FileWriter *writer, percept_error *error)
{
    uint8_t *bytes = NULL;
    size_t size = 0;
    percept_status status = file_read(scratch->file, &bytes, &size, error);
    if (status == PERCEPT_OK)
        file_writer_write(writer, bytes, size);
    if (status == PERCEPT_OK && fflush(file_writer_stream(writer)) == 0) /* else nothing is replaced */
        status = each_file(scratch, copy_beside, error);
    if (status == PERCEPT_OK) {
        status = file_writer_commit(writer, error);
    } else {
        file_writer_abandon(writer);
    }
    memory_free(bytes);
    return status;
}

static percept_status remove_file(const Scratch *scratch, const char *file, const char *name, percept_error *error)
{
    (void)scratch, (void)name, (void)error;
    (void)unlink(file);
    return PERCEPT_OK;
}

void scratch_remove(Scratch *scratch)
{
    percept_error ignored;
    (void)each_file(scratch, remove_file, &ignored);
    if (scratch->folder != NULL)
        (void)rmdir(scratch->folder);
    memory_free(scratch->beside);
    memory_free(scratch->folder);
    memory_free(scratch->file);
    *scratch = (Scratch){0};
}
