/* Runs by the names that people give them. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "cli/message.h"
#include "cli/runs.h"
#include "recipe/value.h"

/* The folder of a run, given as a path, as it is recorded: behind the runs folder. NULL if it is not in it. */
static char *recorded_folder(const Database *database, const char *path)
{
    const char *folder = database_folder(database);
    char *runs = realpath(folder[0] == '\0' ? "." : folder, NULL), *run = realpath(path, NULL), *found = NULL;
    const size_t length = runs != NULL ? strlen(runs) : 0;
    if (runs != NULL && run != NULL && strncmp(run, runs, length) == 0 && run[length] == '/')
        (void)memory_copy_string(run + length + 1, &found, NULL);
    memory_free(runs);
    memory_free(run);
    return found;
}

percept_status runs_find(Database *database, const char *name, RunRows *rows, percept_error *error)
{
    char *folder = NULL, quoted[QUOTED_SIZE];
    int64_t id = 0;
    *rows = (RunRows){0};
    percept_status status = PERCEPT_OK;
    if (integer_parse(name, &id) == INTEGER_OK && id > 0)
        status = database_runs(database, &(RunQuery){.id = id}, rows, error);
    if (status == PERCEPT_OK && rows->count == 0)
        status = database_runs(database, &(RunQuery){.folder = name}, rows, error);
    if (status == PERCEPT_OK && rows->count == 0)
        folder = recorded_folder(database, name);
    if (folder != NULL)
        status = database_runs(database, &(RunQuery){.folder = folder}, rows, error);
    memory_free(folder);
    if (status == PERCEPT_OK && rows->count == 0)
        status = error_set(error, PERCEPT_ERROR_IO,
                           "there is no run %s in '%s'; `percept runs list` shows all, and --runs names another folder",
                           quote_text(name, quoted), database_folder(database));
    return status;
}

int runs_fail(const char *command, const percept_error *error)
{
    return error->status == PERCEPT_ERROR_ARGUMENT ? fail_argument(command, error) : fail(error);
}
