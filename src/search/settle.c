/* What is decided before the first trial: from the data, and so that all trials agree on it. */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "recipe/experiment.h"
#include "recipe/preset.h"
#include "search/state.h"

/* What the recipe leaves open about the data is decided once, so that all trials share them. All repeats have one split:
 * that of the base recipe's seed. */
static percept_status settle_data(Space *space, const percept_data *data, percept_error *error)
{
    percept_recipe *resolved = NULL;
    percept_status status = recipe_copy(space->base, &resolved, error);
    if (status == PERCEPT_OK && experiment_resolve(resolved, data, error) == PERCEPT_OK)
        for (size_t i = 0; status == PERCEPT_OK && recipe_key_at(i) != NULL; i++) {
            const char *name = recipe_key_at(i)->name;
            char *value = NULL;
            if (strncmp(name, "data.", strlen("data.")) != 0 || !recipe_is_set(resolved, name))
                continue;
            status = recipe_format(resolved, name, &value, error);
            if (status == PERCEPT_OK)
                status = recipe_set(space->base, name, value, NULL, error);
            memory_free(value);
        }
    percept_recipe_free(resolved);
    if (status == PERCEPT_OK && recipe_is_set(space->base, "data.shuffle") &&
        recipe_boolean(space->base, "data.shuffle") && !recipe_is_set(space->base, "data.split_seed")) {
        char seed[32];
        snprintf(seed, sizeof seed, "%lld", (long long)recipe_integer(space->base, "seed"));
        status = recipe_set(space->base, "data.split_seed", seed, NULL, error);
    }
    return status;
}

/* Two classes of a table are ranked, as the preset for tables does. */
static const char *objective_for(const Search *search, size_t classes)
{
    return classes == 0 || (classes == 2 && preset_suits_tables(search->space->base)) ? "valid_loss" : "valid_accuracy";
}

percept_status settle_ensemble(const Search *search, percept_error *error)
{
    if (search->most_members == 0 || !space_varies(search->space, "data."))
        return PERCEPT_OK;
    return error_set(error, PERCEPT_ERROR_ARGUMENT,
                     "%s: an ensemble reads the data in one way, so trials cannot vary keys of data; leave them out of "
                     "the space, or set search.ensemble to 0",
                     search->space->path);
}

static percept_status check_objective(Search *search, const percept_data *data, percept_error *error)
{
    SearchSettings *settings = &search->space->settings;
    const bool classes = percept_dataset_classes(data->train) > 0;
    percept_status status = PERCEPT_OK;
    if (data->valid == NULL)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "%s: a search chooses by the validation part, but there is none; set data.validation or "
                         "data.split",
                         search->space->path);
    if (recipe_boolean(search->space->base, "metrics.test"))
        return error_set(
            error, PERCEPT_ERROR_ARGUMENT,
            "%s: metrics.test reads the test part in every epoch, but in a search only the winner does, once; "
            "leave it out",
            search->space->path);
    if (!search_setting_is_set(settings, "objective"))
        status = search_settings_set(settings, "search.objective",
                                     objective_for(search, percept_dataset_classes(data->train)), NULL, error);
    if (status != PERCEPT_OK)
        return status;
    search->by_accuracy = strcmp(search_setting_text(settings, "objective"), "valid_accuracy") == 0;
    if (search->by_accuracy && !classes)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "%s: the objective valid_accuracy needs classes, but the data have none; set search.objective "
                         "to valid_loss",
                         search->space->path);
    return PERCEPT_OK;
}

percept_status settle_search(Search *search, const double *point, percept_error *error)
{
    percept_recipe *recipe = NULL;
    const DataSet *set = NULL;
    percept_status status = recipe_copy(search->space->base, &recipe, error);
    if (status == PERCEPT_OK)
        status = space_apply(search->space, point, 0, 0, recipe, error);
    if (status == PERCEPT_OK)
        status = shared_data_take(search->shared, recipe, &set, error);
    if (status == PERCEPT_OK)
        status = check_objective(search, &set->data, error);
    if (status == PERCEPT_OK && !space_varies(search->space, "data."))
        status = settle_data(search->space, &set->data, error);
    shared_data_give_back(search->shared, set);
    percept_recipe_free(recipe);
    return status;
}
