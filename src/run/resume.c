#include "run/resume.h"

#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "data/checksum.h"
#include "store/data_record.h"

/* ---- The folder ---------------------------------------------------------------------------------------------------- */

static percept_status write_description(const Run *run, const percept_recipe *recipe, percept_error *error)
{
    char *path = NULL;
    percept_status status = data_record_write(run->folder, recipe_text(recipe, "data.name"), run->checksum, error);
    if (status == PERCEPT_OK)
        status = file_join(run->folder, "recipe.yaml", &path, error);
    if (status == PERCEPT_OK)
        status = recipe_write(recipe, path, error);
    memory_free(path);
    return status;
}

percept_status resume_describe(const Run *run, percept_error *error)
{
    percept_recipe *recipe = NULL;
    percept_status status = recipe_copy(run->recipe, &recipe, error);
    if (status == PERCEPT_OK)
        status = recipe_make_absolute(recipe, error);
    if (status == PERCEPT_OK)
        status = write_description(run, recipe, error);
    percept_recipe_free(recipe);
    return status;
}

/* ---- Going on ------------------------------------------------------------------------------------------------------ */

static percept_status find_checkpoint(Run *run, percept_error *error)
{
    char *path = NULL;
    percept_status status = file_join(run->folder, CHECKPOINT_FILE, &path, error);
    if (status == PERCEPT_OK && file_exists(path))
        status = checkpoint_read(path, &run->checkpoint, error);
    memory_free(path);
    return status;
}

/* The data must be those of the folder's record and of the checkpoint. */
static percept_status check_data(Run *run, percept_error *error)
{
    DataRecord record = {0};
    percept_status status = data_record_read(run->folder, &record, error);
    if (status != PERCEPT_OK)
        return status;
    const char *taken = run->checkpoint != NULL ? checkpoint_data(run->checkpoint) : record.checksum;
    const char *part = data_checksum_difference(record.checksum, run->checksum);
    if (part == NULL)
        part = data_checksum_difference(taken, run->checksum);
    run->unknown_data = taken == NULL;
    if (part != NULL)
        status = error_set(error, PERCEPT_ERROR_ARGUMENT,
                           "the data of '%s' have changed since it was started (the %s of '%s'); undo the change, or "
                           "start a new run without --resume",
                           run->folder, part, recipe_text(run->recipe, "data.name"));
    data_record_clear(&record);
    return status;
}

/* Whether the recipe in the folder differs in settings that may change when a run is resumed. */
static percept_status find_changes(const Run *run, bool *changed, percept_error *error)
{
    char *path = NULL;
    percept_recipe *before = NULL;
    percept_status status = file_join(run->folder, "recipe.yaml", &path, error);
    if (status == PERCEPT_OK)
        status = percept_recipe_load(path, &before, error);
    *changed = false;
    for (size_t k = 0; status == PERCEPT_OK && recipe_key_at(k) != NULL; k++) {
        const Key *key = recipe_key_at(k);
        char *old = NULL, *new = NULL;
        if (key->idle || !(key->path || strcmp(key->name, "train.epochs") == 0))
            continue;
        status = recipe_format(before, key->name, &old, error);
        if (status == PERCEPT_OK)
            status = recipe_format(run->recipe, key->name, &new, error);
        *changed = *changed || (status == PERCEPT_OK && strcmp(old, new) != 0);
        memory_free(old);
        memory_free(new);
    }
    percept_recipe_free(before);
    memory_free(path);
    return status;
}

/* The summary goes first: killed in between, the folder holds a run that can be resumed. */
static percept_status reopen(const Run *run, percept_error *error)
{
    percept_status status = run_folder_reopen(run->folder, error);
    return status == PERCEPT_OK ? resume_describe(run, error) : status;
}

/* A threshold that evaluate has stored with the model stays with it. It is no part of the training, whose validation
 * accuracies it would change. A model that cannot be read is replaced. */
static percept_status find_threshold(Run *run, percept_error *error)
{
    char *path = NULL;
    percept_model *model = NULL;
    percept_status status = file_join(run->folder, "model.safetensors", &path, error);
    if (status == PERCEPT_OK && percept_model_load(path, &model, NULL) == PERCEPT_OK)
        run->threshold = percept_model_threshold(model);
    percept_model_free(model);
    memory_free(path);
    return status;
}

percept_status resume_prepare(Run *run, percept_error *error)
{
    bool changed = false;
    percept_status status = find_checkpoint(run, error);
    if (status == PERCEPT_OK)
        status = find_threshold(run, error);
    if (status == PERCEPT_OK)
        status = check_data(run, error);
    if (status == PERCEPT_OK)
        status = find_changes(run, &changed, error);
    if (status == PERCEPT_OK && changed && run->checkpoint != NULL && checkpoint_data(run->checkpoint) == NULL)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "the checkpoint of '%s' was written by an older Percept and can only continue as it was "
                         "started; leave --epochs and --data out",
                         run->folder);
    if (status == PERCEPT_OK && changed)
        return reopen(run, error);
    if (status == PERCEPT_OK && run->unknown_data)
        return data_record_write(run->folder, recipe_text(run->recipe, "data.name"), run->checksum, error);
    return status;
}
