#include "cli/beside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"

#define PATH_SIZE 4096

/* The folder that the program lies in, or "". */
static void own_folder(char folder[PATH_SIZE])
{
    const ssize_t length = readlink("/proc/self/exe", folder, PATH_SIZE - 1);
    folder[length > 0 ? length : 0] = '\0';
    char *slash = strrchr(folder, '/');
    if (slash != NULL)
        *slash = '\0';
}

percept_status beside_find(const char *name, const char *variable, const char *built, char **out, percept_error *error)
{
    const char *chosen = getenv(variable);
    char own[PATH_SIZE], installed[64];
    if (chosen != NULL && chosen[0] != '\0')
        return memory_copy_string(chosen, out, error);
    own_folder(own);
    snprintf(installed, sizeof installed, "../share/percept/%s", name);
    const char *const places[] = {installed, built};
    for (size_t p = 0; p < sizeof places / sizeof places[0]; p++) {
        char *path = NULL;
        percept_status status = file_join(own, places[p], &path, error);
        if (status != PERCEPT_OK)
            return status;
        if (file_exists(path)) {
            *out = path;
            return PERCEPT_OK;
        }
        memory_free(path);
    }
    return error_set(error, PERCEPT_ERROR_IO, "the %s that belong to this program are not beside it (%s/%s); set %s",
                     name, own, installed, variable);
}
