#include "store/leftovers.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The process that writes, or wrote, a file of this name; 0 if it is no unfinished file. */
static long writer_of(const char *name)
{
    static const char prefix[] = ".percept-";
    const char *ending = strrchr(name, '.');
    char *end = NULL;
    if (strncmp(name, prefix, strlen(prefix)) != 0 || strcmp(ending, ".tmp") != 0)
        return 0;
    const long process = strtol(name + strlen(prefix), &end, 10);
    return process > 0 && *end == '-' ? process : 0;
}

/* The number may belong to another process by now; then the file stays until that has ended, too. */
static bool is_gone(long process)
{
    return kill((pid_t)process, 0) != 0 && errno == ESRCH;
}

static percept_status clear_entries(DIR *entries, const char *folder, bool all, percept_error *error)
{
    for (const struct dirent *entry = readdir(entries); entry != NULL; entry = readdir(entries)) {
        const long process = writer_of(entry->d_name);
        if (process == 0 || !(all || is_gone(process)))
            continue;
        if (unlinkat(dirfd(entries), entry->d_name, 0) != 0 && errno != ENOENT)
            return error_set(error, PERCEPT_ERROR_IO, "cannot remove '%s/%s', which a killed process has left: %s",
                             folder, entry->d_name, strerror(errno));
    }
    return PERCEPT_OK;
}

percept_status leftovers_clear(const char *folder, bool all, percept_error *error)
{
    const int own = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (own < 0)
        return errno == ENOENT || errno == ENOTDIR || errno == ELOOP
                   ? PERCEPT_OK
                   : error_set(error, PERCEPT_ERROR_IO, "cannot read the folder '%s': %s", folder, strerror(errno));
    DIR *entries = fdopendir(own);
    if (entries == NULL) {
        close(own);
        return error_set(error, PERCEPT_ERROR_MEMORY, "not enough memory to read the folder '%s'", folder);
    }
    const percept_status status = clear_entries(entries, folder, all, error);
    closedir(entries);
    return status;
}
