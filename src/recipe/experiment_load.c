/* Loading a recipe's data. */
#include "data/class_names.h"
#include "recipe/augment_keys.h"
#include "recipe/data_options.h"
#include "recipe/experiment.h"
#include "recipe/initial.h"
#include "recipe/part_advice.h"

static percept_status set_folds(const percept_recipe *recipe, DataOptions *options, percept_error *error)
{
    const int64_t folds = recipe_integer(recipe, "data.folds");
    if (folds == 1)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "data.folds is 1; give 2 or more, or 0 for no folds");
    if (folds == 0 || !recipe_is_set(recipe, "data.fold"))
        return folds == 0 ? PERCEPT_OK
                          : error_set(error, PERCEPT_ERROR_ARGUMENT,
                                      "data.folds needs data.fold, from 0 to %lld: the fold to validate on",
                                      (long long)folds - 1);
    options->folds = (size_t)folds;
    options->fold = (size_t)recipe_integer(recipe, "data.fold");
    options->folding = initial_child(recipe, STREAM_FOLDS);
    if (options->fold < options->folds)
        return PERCEPT_OK;
    return error_set(error, PERCEPT_ERROR_ARGUMENT, "data.fold is %zu, but the %zu folds are 0 to %zu", options->fold,
                     options->folds, options->folds - 1);
}

/* The stream that splits. */
static RandomStream split_stream(const percept_recipe *recipe)
{
    RandomStream stream = initial_child(recipe, STREAM_SPLIT);
    if (recipe_is_set(recipe, "data.split_seed"))
        random_default_rng(&stream, (uint64_t)recipe_integer(recipe, "data.split_seed"));
    return stream;
}

static percept_status load(const percept_recipe *recipe, const Schema *schema, bool whole, percept_data *out,
                           percept_error *error)
{
    RandomStream stream = split_stream(recipe);
    DataOptions options = data_options_of(recipe);
    options.whole = whole;
    source_read_for(&options.source, schema);
    percept_status status = set_folds(recipe, &options, error);
    if (status == PERCEPT_OK)
        status = data_prepare(&options, &stream, out, error);
    if (status == PERCEPT_OK && (status = augment_keys_shape(recipe, out->train->storage, error)) != PERCEPT_OK)
        percept_data_free(out);
    if (status == PERCEPT_OK && schema == NULL &&
        (status = part_advice_add(recipe, &options, out, error)) != PERCEPT_OK)
        percept_data_free(out);
    return status;
}

percept_status experiment_load(const percept_recipe *recipe, bool whole, percept_data *out, percept_error *error)
{
    return load(recipe, NULL, whole, out, error);
}

percept_status experiment_load_for(const percept_recipe *recipe, const percept_model *model, bool whole,
                                   percept_data *out, percept_error *error)
{
    percept_status status = load(recipe, &model->schema, whole, out, error);
    percept_dataset *const parts[] = {out->train, out->valid, out->test};
    const char *const *names = (const char *const *)model->class_names;
    const bool two_kinds = recipe_count(recipe, "data.positive") > 0 && model->class_count == 2;
    for (size_t p = 0; status == PERCEPT_OK && p < sizeof parts / sizeof parts[0]; p++)
        if (parts[p] != NULL)
            status = two_kinds ? dataset_rename_classes(parts[p], names, error)
                               : dataset_match_classes(parts[p], names, model->class_count, error);
    if (status != PERCEPT_OK)
        percept_data_free(out);
    return status;
}

percept_status percept_data_load(const percept_recipe *recipe, percept_data *out, percept_error *error)
{
    if (recipe == NULL || out == NULL)
        return error_null(error, "percept_data_load", "recipe and out");
    return experiment_load(recipe, false, out, error);
}

percept_status percept_data_split(const percept_recipe *recipe, percept_dataset *dataset, percept_data *out,
                                  percept_error *error)
{
    if (recipe == NULL || dataset == NULL || out == NULL)
        return error_null(error, "percept_data_split", "recipe, dataset and out");
    RandomStream stream = split_stream(recipe);
    DataOptions options = data_options_of(recipe);
    options.name = "the dataset"; /* whatever data.name says: this one is split, as a file is */
    options.validation_file = options.test_file = NULL;
    options.source.group = dataset->storage->groups != NULL ? "the groups" : NULL;
    options.by_time = options.by_time || dataset->storage->times != NULL;
    percept_status status = set_folds(recipe, &options, error);
    return status == PERCEPT_OK ? data_split(&options, &stream, dataset, out, error) : status;
}
