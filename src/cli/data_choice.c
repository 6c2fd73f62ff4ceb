#include "cli/data_choice.h"

#include <string.h>

#include "base/memory.h"
#include "cli/message.h"
#include "data/source.h"
#include "model/model.h"
#include "recipe/experiment.h"
#include "store/data_record.h"

/* ---- Parts -------------------------------------------------------------------------------------------------------- */

static const char *const names[DATA_CHOICE_PARTS] = {"train", "valid", "test"};
static const char *const titles[DATA_CHOICE_PARTS] = {"training", "validation", "test"};

const char *data_choice_part_name(size_t part)
{
    return part < DATA_CHOICE_PARTS ? names[part] : NULL;
}

const char *data_choice_part_title(size_t part)
{
    return titles[part];
}

percept_dataset *data_choice_part(const percept_data *data, size_t part)
{
    percept_dataset *const datasets[DATA_CHOICE_PARTS] = {data->train, data->valid, data->test};
    return datasets[part];
}

percept_status data_choice_find_part(const DataChoice *choice, const percept_data *data, size_t *part,
                                     percept_error *error)
{
    *part = choice->part.chosen < DATA_CHOICE_PARTS ? choice->part.chosen
            : data->test != NULL                    ? DATA_CHOICE_TEST
            : data->valid != NULL                   ? DATA_CHOICE_VALID
                                                    : DATA_CHOICE_TRAIN;
    if (data_choice_part(data, *part) != NULL)
        return PERCEPT_OK;
    return error_set(error, PERCEPT_ERROR_ARGUMENT, "these data have no %s part; choose another with --part",
                     titles[*part]);
}

bool data_choice_is_whole(const DataChoice *choice, const percept_data *data)
{
    return choice->data != NULL && data->valid == NULL && data->test == NULL;
}

/* ---- Data --------------------------------------------------------------------------------------------------------- */

/* Sets a key of `to` to what `from` has. */
static percept_status copy_key(const percept_recipe *from, percept_recipe *to, const char *key, percept_error *error)
{
    char *text = NULL;
    if (!recipe_is_set(from, key))
        return PERCEPT_OK;
    percept_status status = recipe_format(from, key, &text, error);
    if (status == PERCEPT_OK)
        status = recipe_set(to, key, text, NULL, error);
    memory_free(text);
    return status;
}

/* Keys of the run that other data follow, too: of all data, of files, and of files where the model knows no names. A model
 * that does finds its features, its label and its targets by them. */
static const char *const kept_always[] = {"data.classes", "data.positive", NULL};
static const char *const kept_of_files[] = {
    "data.encoding",       "data.decimal",       "data.first_index", "data.missing",
    "data.missing_tokens", "data.missing_label", "data.weight",      NULL};
static const char *const kept_without_names[] = {"data.label", "data.targets", "data.drop", NULL};

static percept_status copy_keys(const percept_recipe *from, percept_recipe *to, const char *const *keys,
                                percept_error *error)
{
    percept_status status = PERCEPT_OK;
    for (size_t k = 0; status == PERCEPT_OK && keys[k] != NULL; k++)
        status = copy_key(from, to, keys[k], error);
    return status;
}

/* A recipe for other data than the run's. */
static percept_status other_data(const DataChoice *choice, const percept_model *model, percept_recipe **recipe,
                                 percept_error *error)
{
    const bool file = named_dataset_find(choice->data) == NULL;
    const percept_recipe *own = *recipe;
    percept_recipe *other = NULL;
    percept_status status = percept_recipe_create(&other, error);
    if (status == PERCEPT_OK && own != NULL)
        status = copy_keys(own, other, kept_always, error);
    if (status == PERCEPT_OK && own != NULL && file)
        status = copy_keys(own, other, kept_of_files, error);
    if (status == PERCEPT_OK && own != NULL && file && model->schema.names == NULL)
        status = copy_keys(own, other, kept_without_names, error);
    if (status == PERCEPT_OK)
        status = recipe_set(other, "data.name", choice->data, "--data", error);
    if (status != PERCEPT_OK) {
        percept_recipe_free(other);
        return status;
    }
    percept_recipe_free(*recipe);
    *recipe = other;
    return PERCEPT_OK;
}

static percept_status choose_data(const DataChoice *choice, const percept_model *model, percept_recipe **recipe,
                                  percept_error *error)
{
    percept_status status = PERCEPT_OK;
    if (*recipe == NULL && choice->data == NULL)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "'%s' is a model file without a run; give the data with --data NAME|FILE", choice->source);
    if (choice->data != NULL)
        status = other_data(choice, model, recipe, error);
    if (status == PERCEPT_OK && choice->directory != NULL)
        status = recipe_set(*recipe, "data.directory", choice->directory, "--data-dir", error);
    if (status == PERCEPT_OK)
        status = settings_apply(choice->settings, *recipe, error);
    return status;
}

/* The run's own data should be those that it was trained on: else its test part may hold examples that it has learned. */
static percept_status load_data(const DataChoice *choice, const percept_model *model, const percept_recipe *recipe,
                                percept_data *data, percept_error *error)
{
    const char *changed = NULL;
    if (choice->data != NULL || choice->settings->count > 0)
        return experiment_load_for(recipe, model, choice->data != NULL, data, error);
    percept_status status = data_record_load(choice->source, recipe, model, data, &changed, error);
    if (status == PERCEPT_OK && changed != NULL)
        warn_changed(choice->source, changed, recipe_text(recipe, "data.name"));
    return status;
}

percept_status data_choice_load(const DataChoice *choice, const percept_model *model, percept_recipe **recipe,
                                percept_data *data, percept_error *error)
{
    percept_status status = choose_data(choice, model, recipe, error);
    return status == PERCEPT_OK ? load_data(choice, model, *recipe, data, error) : status;
}
