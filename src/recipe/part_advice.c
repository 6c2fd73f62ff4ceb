#include "recipe/part_advice.h"

#include <stdio.h>

#include "base/memory.h"
#include "data/cut.h"
#include "recipe/augment_keys.h"
#include "train/schedule.h"

/* Examples that a validation part should have for its best epoch to mean something. */
#define TOO_FEW 10

/* ---- How it was cut ---------------------------------------------------------------------------------------------- */

static long long seed_of(const percept_recipe *recipe)
{
    return (long long)recipe_integer(recipe, recipe_is_set(recipe, "data.split_seed") ? "data.split_seed" : "seed");
}

static percept_status note_cut(const percept_recipe *recipe, const DataOptions *decided, const percept_data *data,
                               percept_error *error)
{
    const size_t *cut = data->train->storage->cut, n = cut[CUT_TRAIN] + cut[CUT_VALID] + cut[CUT_TEST];
    Notes *notes = &data->train->storage->notes;
    const bool groups = data->train->storage->groups != NULL;
    const char *classes = data->train->class_count > 0 ? ", each class by its share" : "";
    char order[64] = "in the order of the rows, training first";
    if (decided->by_time)
        snprintf(order, sizeof order, "in the order of their times, training first");
    else if (decided->shuffle)
        snprintf(order, sizeof order, "in a random order (seed %lld)", seed_of(recipe));
    if (decided->folds > 0)
        return notes_add(notes, NOTE_TAKEN, error,
                         "%zu examples in %zu folds%s%s; %zu more are kept for testing, and not used here",
                         cut[CUT_TRAIN] + cut[CUT_VALID], decided->folds, groups ? ", groups as a whole" : "", classes,
                         cut[CUT_TEST]);
    if (cut[CUT_TRAIN] == n || (!decided->shuffle && data->train->storage->own_valid == n - cut[CUT_TRAIN]))
        return PERCEPT_OK; /* not cut, or cut as it came */
    return notes_add(notes, NOTE_TAKEN, error, "%zu examples cut %s%s%s: %zu, %zu, %zu", n, order,
                     groups ? ", groups as a whole" : "", decided->stratify ? classes : "", cut[CUT_TRAIN],
                     cut[CUT_VALID], cut[CUT_TEST]);
}

/* ---- Missing parts --------------------------------------------------------------------------------------------- */

static percept_status note_without_validation(const percept_recipe *recipe, Notes *notes, percept_error *error)
{
    const bool keep = recipe_is(recipe, "train.keep", "best"), monitor = recipe_is_set(recipe, "train.monitor");
    if (!keep && !monitor)
        return PERCEPT_OK;
    return notes_add(notes, NOTE_WARNING, error,
                     "%s%s%s nothing without a validation set: the last epoch is kept; --validation 0.2 makes one",
                     keep ? "train.keep best" : "", keep && monitor ? " and " : "",
                     !monitor ? " does"
                     : keep   ? "train.monitor do"
                              : "train.monitor does");
}

static percept_status note_validation(const percept_recipe *recipe, const percept_dataset *valid, Notes *notes,
                                      percept_error *error)
{
    const bool keep = !recipe_is_set(recipe, "train.keep") || recipe_is(recipe, "train.keep", "best");
    const bool patience = recipe_integer(recipe, "train.patience") > 0;
    percept_status status = PERCEPT_OK;
    if (valid->count < TOO_FEW && (keep || patience))
        status = notes_add(notes, NOTE_WARNING, error,
                           "the validation set has %zu example%s, too few to choose the best epoch; --validation "
                           "makes it larger",
                           valid->count, valid->count == 1 ? "" : "s");
    if (status == PERCEPT_OK && valid->class_count == 0 && recipe_is(recipe, "train.monitor", "valid_accuracy"))
        status = notes_add(notes, NOTE_WARNING, error,
                           "train.monitor is valid_accuracy, but there are no classes: valid_loss decides");
    return status;
}

/* With folds, all classes should be in all validation parts. */
static percept_status note_folds(const DataOptions *options, const percept_data *data, Notes *notes,
                                 percept_error *error)
{
    const percept_dataset *const parts[] = {data->train, data->valid};
    size_t *count = NULL;
    if (options->folds == 0 || data->train->class_count == 0)
        return PERCEPT_OK;
    percept_status status =
        memory_allocate_zeroed(data->train->class_count, sizeof *count, "the classes", &count, error);
    for (size_t p = 0; status == PERCEPT_OK && p < 2; p++)
        for (size_t i = 0; parts[p] != NULL && i < parts[p]->count; i++)
            count[parts[p]->labels[i]]++;
    for (size_t c = 0; status == PERCEPT_OK && c < data->train->class_count; c++)
        if (count[c] > 0 && count[c] < options->folds)
            status = notes_add(notes, NOTE_WARNING, error,
                               "class '%.32s' has %zu example%s for %zu folds: some folds are validated without it",
                               data->train->class_names[c], count[c], count[c] == 1 ? "" : "s", options->folds);
    memory_free(count);
    return status;
}

percept_status part_advice_add(const percept_recipe *recipe, const DataOptions *options, const percept_data *data,
                               percept_error *error)
{
    Storage *storage = data->train->storage;
    Notes *notes = &storage->notes;
    const DataOptions decided = data_decide(options, storage->own_test, storage->own_valid);
    percept_status status = PERCEPT_OK;
    if (options->whole)
        return PERCEPT_OK;
    status = augment_keys_note(recipe, storage, error);
    if (status == PERCEPT_OK && data_is_file(options))
        status = note_cut(recipe, &decided, data, error);
    if (status == PERCEPT_OK)
        status = note_folds(options, data, notes, error);
    if (status == PERCEPT_OK && options->stratify && data->train->class_count == 0)
        status = notes_add(notes, NOTE_WARNING, error, "data.stratify does nothing: the data have no classes");
    if (status == PERCEPT_OK && recipe_is_set(recipe, "data.split_seed") && !decided.shuffle)
        status = notes_add(notes, NOTE_WARNING, error, "data.split_seed does nothing while data.shuffle is false");
    if (status == PERCEPT_OK && storage->groups != NULL && decided.validation > 0 && data->valid == NULL)
        status = notes_add(notes, NOTE_WARNING, error,
                           "there are too few groups (%zu) for a validation set; data.group keeps each of them whole",
                           storage->group_count);
    if (status != PERCEPT_OK)
        return status;
    return data->valid == NULL ? note_without_validation(recipe, notes, error)
                               : note_validation(recipe, data->valid, notes, error);
}

percept_status part_advice_check(const percept_recipe *recipe, const percept_data *data, percept_error *error)
{
    const Schedule *schedule = schedule_at((size_t)schedule_find(recipe_text(recipe, "train.schedule")));
    if (data->valid != NULL)
        return PERCEPT_OK;
    if (recipe_integer(recipe, "train.patience") > 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "train.patience waits for a better epoch on the validation set, but there is none; make one "
                         "(--validation 0.2), or leave train.patience out");
    if (schedule->needs_validation)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "train.schedule %s needs a validation set, but there is none; make one (--validation 0.2), or "
                         "choose another schedule",
                         schedule->name);
    return PERCEPT_OK;
}
