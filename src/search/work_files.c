/* The files of a trial's runs: checkpoints of those that are not finished, and models of those that are. */
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "search/work.h"

static percept_status file_of(const Workshop *workshop, const char *kind, size_t trial, size_t repeat, char **out,
                              percept_error *error)
{
    char name[64];
    snprintf(name, sizeof name, "%s%zu-%zu.safetensors", kind, trial, repeat);
    return file_join(workshop->checkpoints, name, out, error);
}

percept_status work_checkpoint(const Workshop *workshop, size_t trial, size_t repeat, char **out, percept_error *error)
{
    return file_of(workshop, "", trial, repeat, out, error);
}

percept_status work_model(const Workshop *workshop, size_t trial, size_t repeat, char **out, percept_error *error)
{
    return file_of(workshop, "model-", trial, repeat, out, error);
}

static void forget(const Workshop *workshop, const char *kind, size_t trial, size_t repeat)
{
    char *path = NULL;
    if (file_of(workshop, kind, trial, repeat, &path, NULL) == PERCEPT_OK)
        (void)unlink(path); /* most were never there */
    memory_free(path);
}

void work_forget(const Workshop *workshop, size_t trial, size_t repeat)
{
    forget(workshop, "", trial, repeat);
}

void work_forget_model(const Workshop *workshop, size_t trial, size_t repeat)
{
    forget(workshop, "model-", trial, repeat);
}
