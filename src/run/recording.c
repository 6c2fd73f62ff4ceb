#include "run/recording.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"

/* How often requests are looked at. */
#define LOOK_SECONDS 0.25

/* What a run writes into its folder, besides. */
static const char *const files[] = {"recipe.yaml",  "metrics.csv",      "model.safetensors",
                                    "summary.json", "plots/curves.svg", NULL};

/* The first failure ends the recording; epochs that are not yet written are lost. */
static void give_up(Recording *recording, const percept_error *error)
{
    recording->failure = *error;
    database_close(recording->database);
    recording->database = NULL;
}

/* ---- Beginning ---------------------------------------------------------------------------------------------------- */

/* The path of a folder without links, released with memory_free. */
static percept_status resolve(const char *folder, char **out, percept_error *error)
{
    *out = realpath(folder, NULL);
    if (*out == NULL)
        return error_set(error, errno == ENOMEM ? PERCEPT_ERROR_MEMORY : PERCEPT_ERROR_IO,
                         "cannot find where the folder '%s' lies: %s", folder, strerror(errno));
    return PERCEPT_OK;
}

/* Splits where the runs folder ends: that of the whole, if the run's folder lies in one, else of the run's. */
static percept_status find_folders(const char *folder, const char *whole, char **runs, char **name,
                                   percept_error *error)
{
    char *inner = NULL;
    *runs = NULL;
    percept_status status = resolve(whole != NULL ? whole : folder, runs, error);
    if (status == PERCEPT_OK)
        status = resolve(folder, &inner, error);
    if (status == PERCEPT_OK) {
        const size_t length = strlen(*runs);
        char *slash = strrchr(*runs, '/');
        const size_t kept = (size_t)(slash - *runs) + 1;
        if (length <= kept || strncmp(inner, *runs, length) != 0)
            status = error_set(error, PERCEPT_ERROR_ARGUMENT, "the folder '%s' lies in no runs folder", folder);
        else
            status = memory_copy_string(inner + kept, name, error);
        slash[slash == *runs] = '\0'; /* of "/name" the slash stays */
    }
    memory_free(inner);
    return status;
}

percept_status recording_begin(Recording *recording, const char *folder, const RunPlace *place, const RunRecord *record,
                               size_t epoch, percept_error *error)
{
    percept_error failure = {PERCEPT_OK, ""};
    char *runs = NULL;
    percept_status status = find_folders(folder, place->whole, &runs, &recording->name, &failure);
    if (status == PERCEPT_OK)
        status = database_open(runs, DATABASE_WRITE, &recording->database, &failure);
    if (status == PERCEPT_OK) {
        RunRecord placed = *record;
        placed.kind = place->kind;
        placed.folder = recording->name;
        placed.search = place->search;
        placed.trial = place->trial;
        placed.repeat = place->repeat;
        status = database_begin_run(recording->database, &placed, epoch, &recording->id, &failure);
    }
    memory_free(runs);
    if (status != PERCEPT_OK)
        give_up(recording, &failure);
    if (status != PERCEPT_OK && error != NULL)
        *error = failure;
    return status;
}

/* ---- While it trains ---------------------------------------------------------------------------------------------- */

void recording_observe(Recording *recording, const percept_progress *progress)
{
    percept_error error;
    if (recording->database == NULL || !progress->epoch_done)
        return;
    if (database_add_epoch(recording->database, recording->id, progress, &error) != PERCEPT_OK)
        give_up(recording, &error);
}

RunRequest recording_request(Recording *recording, const percept_progress *progress)
{
    if (recording->database == NULL || progress->seconds - recording->looked < LOOK_SECONDS)
        return REQUEST_NONE;
    recording->looked = progress->seconds;
    return recording_request_now(recording);
}

RunRequest recording_request_now(Recording *recording)
{
    return recording->database != NULL ? database_request(recording->database, recording->id) : REQUEST_NONE;
}

void recording_set_state(Recording *recording, RunState state)
{
    percept_error error;
    if (recording->database != NULL &&
        database_set_state(recording->database, recording->id, state, &error) != PERCEPT_OK)
        give_up(recording, &error);
}

void recording_show_wrong(Recording *recording, const Training *training, const percept_dataset *valid)
{
    percept_error error;
    bool found = false;
    const WrongSearch *wrong = &recording->wrong;
    if (recording->database == NULL)
        return;
    percept_status status = wrong_search(&recording->wrong, training, valid, &found, &error);
    if (status == PERCEPT_OK && found)
        status = database_set_wrong(recording->database, recording->id, training_progress(training)->epoch,
                                    wrong->pictures, wrong->count, &error);
    if (status != PERCEPT_OK)
        give_up(recording, &error);
}

/* ---- After it ----------------------------------------------------------------------------------------------------- */

/* The files that are there. */
static percept_status add_files(Recording *recording, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    for (size_t i = 0; files[i] != NULL && status == PERCEPT_OK; i++) {
        char *path = NULL, *place = NULL;
        status = file_join(recording->name, files[i], &path, error);
        if (status == PERCEPT_OK)
            status = file_join(database_folder(recording->database), path, &place, error);
        if (status == PERCEPT_OK && file_exists(place))
            status = database_add_artifact(recording->database, recording->id, path, error);
        memory_free(place);
        memory_free(path);
    }
    return status;
}

void recording_end(Recording *recording, RunState state, const percept_result *result, const percept_metrics *test,
                   const char *message)
{
    percept_error error;
    recording->ended = true;
    if (recording->database == NULL)
        return;
    percept_status status = database_end_run(recording->database, recording->id, state, result, test, message, &error);
    if (status == PERCEPT_OK)
        status = add_files(recording, &error);
    if (status != PERCEPT_OK)
        give_up(recording, &error);
}

void recording_clear(Recording *recording)
{
    if (recording->database != NULL && !recording->ended)
        recording_end(recording, RUN_INTERRUPTED, NULL, NULL, NULL);
    database_close(recording->database);
    wrong_clear(&recording->wrong);
    memory_free(recording->name);
    *recording = (Recording){0};
}
