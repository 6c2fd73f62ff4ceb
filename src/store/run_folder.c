#include "store/run_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "store/data_record.h"
#include "store/leftovers.h"
#include "train/checkpoint.h"

#define RECIPE "recipe.yaml"
#define MODEL "model.safetensors"
#define SUMMARY "summary.json"
#define PLOTS "plots"
#define RUNS "runs"

/* Runs of one name in runs/; enough to never be met. */
#define MOST_RUNS 1000000

/* The files that a run writes beside plots/. The recipe, which marks a run, is removed last. */
static const char *const run_files[] = {
    SUMMARY,           "metrics.csv",       "results.csv",    MODEL,  CHECKPOINT_FILE, "report.html", RUN_FOLDER_STUDY,
    RUN_FOLDER_SEARCH, RUN_FOLDER_ENSEMBLE, DATA_RECORD_FILE, RECIPE,
};

static const char *const plot_endings[] = {".svg", ".png", ".gp", ".csv"};

static const char *const checkpoint_endings[] = {".safetensors", ".tmp"}; /* the latter of one that was being written */

/* Folders in which a run keeps files of these endings, and nothing else of its own. */
typedef struct KeptFolder {
    const char *name;
    const char *const *endings;
    size_t count;
} KeptFolder;

static const KeptFolder kept_folders[] = {
    {PLOTS, plot_endings, sizeof plot_endings / sizeof *plot_endings},
    {RUN_FOLDER_CHECKPOINTS, checkpoint_endings, sizeof checkpoint_endings / sizeof *checkpoint_endings},
};

static bool is_kept(const KeptFolder *kept, const char *name)
{
    const char *ending = strrchr(name, '.');
    for (size_t i = 0; ending != NULL && i < kept->count; i++)
        if (strcmp(ending, kept->endings[i]) == 0)
            return true;
    return false;
}

/* Removes one name, a link being a name too; that there is none is fine. */
static percept_status remove_name(int folder, const char *path, const char *name, percept_error *error)
{
    if (unlinkat(folder, name, 0) == 0 || errno == ENOENT)
        return PERCEPT_OK;
    return error_set(error, PERCEPT_ERROR_IO, "cannot remove '%s/%s' of the earlier run: %s", path, name,
                     strerror(errno));
}

/* Removes such files from the folder; a link in its place is not followed. */
static percept_status clear_kept(int folder, const char *path, const KeptFolder *kept, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    const int inner = openat(folder, kept->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (inner < 0)
        return PERCEPT_OK;
    DIR *entries = fdopendir(inner);
    if (entries == NULL) {
        close(inner);
        return error_set(error, PERCEPT_ERROR_MEMORY, "not enough memory to read the folder '%s/%s'", path, kept->name);
    }
    for (const struct dirent *entry = readdir(entries); entry != NULL && status == PERCEPT_OK;
         entry = readdir(entries)) {
        struct stat facts;
        if (is_kept(kept, entry->d_name) && fstatat(inner, entry->d_name, &facts, AT_SYMLINK_NOFOLLOW) == 0 &&
            !S_ISDIR(facts.st_mode))
            status = remove_name(inner, path, entry->d_name, error);
    }
    closedir(entries);
    if (status == PERCEPT_OK)
        (void)unlinkat(folder, kept->name, AT_REMOVEDIR); /* stays if something else is in it */
    return status;
}

static percept_status clear_run(const char *path, percept_error *error);

/* Clears a run folder inside the folder, and removes it if it is then empty; *found is true if there is one. */
static percept_status clear_inner(int folder, const char *path, const char *name, bool *found, percept_error *error)
{
    struct stat facts;
    char *inner = NULL;
    *found = fstatat(folder, name, &facts, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(facts.st_mode);
    if (!*found)
        return PERCEPT_OK;
    percept_status status = file_join(path, name, &inner, error);
    if (status == PERCEPT_OK)
        status = clear_run(inner, error);
    memory_free(inner);
    if (status == PERCEPT_OK)
        (void)unlinkat(folder, name, AT_REMOVEDIR);
    return status;
}

/* Those of a cross-validation, fold-0, fold-1, …, and of a search's winner. */
static percept_status clear_runs(int folder, const char *path, percept_error *error)
{
    bool found = true;
    percept_status status = clear_inner(folder, path, RUN_FOLDER_BEST, &found, error);
    found = true;
    for (size_t fold = 0; status == PERCEPT_OK && found; fold++) {
        char name[32];
        snprintf(name, sizeof name, "fold-%zu", fold);
        status = clear_inner(folder, path, name, &found, error);
    }
    return status;
}

static percept_status clear_run(const char *path, percept_error *error)
{
    const int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return error_set(error, PERCEPT_ERROR_IO, "cannot open the folder '%s': %s", path, strerror(errno));
    percept_status status = clear_runs(folder, path, error);
    for (size_t i = 0; status == PERCEPT_OK && i < sizeof kept_folders / sizeof *kept_folders; i++)
        status = clear_kept(folder, path, &kept_folders[i], error);
    for (size_t i = 0; i < sizeof run_files / sizeof *run_files && status == PERCEPT_OK; i++)
        status = remove_name(folder, path, run_files[i], error);
    close(folder);
    return status;
}

percept_status run_folder_remove(const char *path, percept_error *error)
{
    if (!file_exists(path))
        return PERCEPT_OK;
    percept_status status = clear_run(path, error);
    if (status == PERCEPT_OK)
        (void)rmdir(path); /* stays if something else is in it */
    return status;
}

static percept_status holds(const char *folder, const char *name, bool *found, percept_error *error)
{
    char *path = NULL;
    percept_status status = file_join(folder, name, &path, error);
    if (status == PERCEPT_OK)
        *found = file_exists(path);
    memory_free(path);
    return status;
}

static percept_status check_writable(const char *path, percept_error *error)
{
    if (access(path, W_OK | X_OK) == 0)
        return PERCEPT_OK;
    return error_set(error, PERCEPT_ERROR_IO, "cannot write to the folder '%s': %s; choose another with --out", path,
                     strerror(errno));
}

static percept_status create_at(const char *path, bool force, char **out, percept_error *error)
{
    bool run = false;
    if (path[0] == '\0')
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "the run folder has no name; give one with --out");
    percept_status status = file_make_folder(path, error);
    if (status == PERCEPT_OK)
        status = holds(path, RECIPE, &run, error);
    if (status == PERCEPT_OK && !run)
        status = holds(path, RUN_FOLDER_STUDY, &run, error);
    if (status == PERCEPT_OK && !run)
        status = holds(path, RUN_FOLDER_SEARCH, &run, error);
    if (status == PERCEPT_OK && run && !force)
        status = error_set(error, PERCEPT_ERROR_ARGUMENT,
                           "the folder '%s' holds a run already; choose another, or replace it with --force", path);
    if (status == PERCEPT_OK)
        status = check_writable(path, error);
    if (status == PERCEPT_OK && run)
        status = clear_run(path, error);
    if (status == PERCEPT_OK)
        status = memory_copy_string(path, out, error);
    return status;
}

/* A name that is one part of a path, is not hidden, and needs no quoting in a shell. */
static void make_plain(char *name)
{
    for (char *c = name; *c != '\0'; c++)
        if ((unsigned char)*c <= ' ' || strchr("/\\'\"$`*?<>|&;()!\x7f", *c) != NULL || (c == name && *c == '.'))
            *c = '-';
}

/* runs/NAME-001, or the first free number. mkdir decides, so two runs never share a folder. */
static percept_status create_numbered(const char *name, char **out, percept_error *error)
{
    char *path = NULL;
    const size_t size = strlen(RUNS) + strlen(name) + 32;
    percept_status status = file_make_folder(RUNS, error);
    if (status == PERCEPT_OK)
        status = check_writable(RUNS, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(size, 1, "a path", &path, error);
    if (status != PERCEPT_OK)
        return status;
    errno = EEXIST;
    for (unsigned number = 1; number < MOST_RUNS && errno == EEXIST; number++) {
        const int length = snprintf(path, size, RUNS "/%s-%03u", name[0] == '\0' ? "run" : name, number);
        if (length > 0)
            make_plain(path + strlen(RUNS "/"));
        if (mkdir(path, 0777) == 0) {
            *out = path;
            return PERCEPT_OK;
        }
    }
    status = error_set(error, PERCEPT_ERROR_IO, "cannot make the folder '%s': %s; choose another with --out", path,
                       strerror(errno));
    memory_free(path);
    return status;
}

percept_status run_folder_create(const char *path, const char *name, bool force, char **out, percept_error *error)
{
    return path == NULL ? create_numbered(name, out, error) : create_at(path, force, out, error);
}

/* ---- Resumed runs --------------------------------------------------------------------------------------------- */

percept_status run_folder_find(const char *path, bool *finished, percept_error *error)
{
    bool run = false;
    percept_status status = holds(path, RECIPE, &run, error);
    if (status == PERCEPT_OK && !run)
        return error_set(error, PERCEPT_ERROR_IO,
                         "'%s' holds no run to resume (no " RECIPE
                         "); start a run that ended before its first step again with the same command",
                         path);
    return status == PERCEPT_OK ? holds(path, SUMMARY, finished, error) : status;
}

percept_status run_folder_reopen(const char *path, percept_error *error)
{
    char *summary = NULL;
    percept_status status = file_join(path, SUMMARY, &summary, error);
    if (status == PERCEPT_OK && unlink(summary) != 0 && errno != ENOENT)
        status = error_set(error, PERCEPT_ERROR_IO, "cannot remove '%s': %s", summary, strerror(errno));
    memory_free(summary);
    return status;
}

/* No other process writes into the folder itself, but another one may be drawing pictures of the run at this moment.
 * The path itself may be a link. */
static percept_status remove_unfinished(const char *path, percept_error *error)
{
    static const char *const inner[] = {PLOTS, RUN_FOLDER_CHECKPOINTS, RUN_FOLDER_BEST, RUN_FOLDER_BEST "/" PLOTS};
    char *place = NULL;
    percept_status status = file_join(path, ".", &place, error);
    if (status == PERCEPT_OK)
        status = leftovers_clear(place, true, error);
    memory_free(place);
    for (size_t i = 0; status == PERCEPT_OK && i < sizeof inner / sizeof *inner; i++) {
        status = file_join(path, inner[i], &place, error);
        if (status != PERCEPT_OK)
            break;
        status = leftovers_clear(place, false, error);
        memory_free(place);
    }
    return status;
}

/* A process that was just killed holds its lock until the system has cleared it away, which may take a moment. */
#define LOCK_ATTEMPTS 40
#define LOCK_PAUSE 50000000 /* ns */

/* False if another process holds the folder and keeps it. File systems that know no locks do without. */
static bool take_lock(int folder)
{
    const struct timespec pause = {0, LOCK_PAUSE};
    for (int attempt = 0; attempt < LOCK_ATTEMPTS; attempt++) {
        if (flock(folder, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
            return true;
        nanosleep(&pause, NULL);
    }
    return false;
}

percept_status run_folder_lock(const char *path, int *lock, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    const int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return error_set(error, PERCEPT_ERROR_IO, "cannot open the folder '%s': %s", path, strerror(errno));
    if (!take_lock(folder))
        status = error_set(error, PERCEPT_ERROR_IO, "another process trains in '%s'; wait for it, or end it", path);
    if (status == PERCEPT_OK)
        status = remove_unfinished(path, error);
    if (status == PERCEPT_OK)
        *lock = folder;
    else
        close(folder);
    return status;
}

void run_folder_unlock(int lock)
{
    if (lock >= 0)
        close(lock);
}

/* ---- Runs that are used ------------------------------------------------------------------------------------------- */

percept_status run_folder_model(const char *path, char **model, percept_error *error)
{
    struct stat facts;
    bool found = false;
    if (stat(path, &facts) != 0)
        return error_set(error, PERCEPT_ERROR_IO, "cannot open '%s': %s; give a run folder or a model file", path,
                         strerror(errno));
    if (!S_ISDIR(facts.st_mode))
        return memory_copy_string(path, model, error);
    percept_status status = holds(path, MODEL, &found, error);
    if (status != PERCEPT_OK)
        return status;
    if (!found)
        return error_set(error, PERCEPT_ERROR_IO,
                         "the folder '%s' holds no " MODEL "; continue an unfinished run with percept train --resume",
                         path);
    return file_join(path, MODEL, model, error);
}
