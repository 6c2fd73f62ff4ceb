/* percept train --folds K: cross-validation, one run after the other. */
#include <math.h>
#include <stdio.h>

#include "base/file.h"
#include "base/memory.h"
#include "cli/message.h"
#include "cli/text.h"
#include "cli/train_json.h"
#include "cli/train_run.h"
#include "recipe/experiment.h"
#include "run/tensorboard.h"
#include "store/run_folder.h"

/* "fold-3" is enough. */
#define NAME_SIZE 32

/* A copy of the recipe, for one fold. */
static percept_status recipe_of_fold(const percept_recipe *recipe, size_t fold, percept_recipe **out,
                                     percept_error *error)
{
    char text[NAME_SIZE];
    percept_recipe *copy = NULL;
    percept_status status = recipe_copy(recipe, &copy, error);
    snprintf(text, sizeof text, "%zu", fold);
    if (status == PERCEPT_OK)
        status = recipe_set(copy, "data.fold", text, NULL, error);
    if (status == PERCEPT_OK)
        *out = copy;
    else
        percept_recipe_free(copy);
    return status;
}

/* Whether a finished fold has fewer epochs than the recipe asks for. */
static percept_status find_shorter(const percept_recipe *recipe, const char *folder, bool *out, percept_error *error)
{
    char *path = NULL;
    percept_recipe *before = NULL;
    percept_status status = file_join(folder, "recipe.yaml", &path, error);
    if (status == PERCEPT_OK)
        status = percept_recipe_load(path, &before, error);
    if (status == PERCEPT_OK)
        *out = recipe_integer(before, "train.epochs") < recipe_integer(recipe, "train.epochs");
    percept_recipe_free(before);
    memory_free(path);
    return status;
}

/* Runs a fold, or the rest of it, unless it is finished. */
static int run_fold(const TrainRun *run, percept_recipe *recipe, const char *folder)
{
    percept_error error;
    bool finished = false, shorter = false;
    TrainRun fold = *run;
    fold.whole = run->out;
    fold.out = folder;
    fold.force = false;
    if (run_folder_find(folder, &finished, &error) != PERCEPT_OK)
        return train_new(&fold, recipe);
    if (finished && find_shorter(recipe, folder, &shorter, &error) != PERCEPT_OK)
        return fail(&error);
    return finished && !shorter ? STATUS_DONE : train_resumed(&fold, recipe);
}

/* Runs fold `number` and reads its metrics. */
static int do_fold(const TrainRun *run, const percept_recipe *recipe, size_t number, FoldFigures *figures)
{
    char name[NAME_SIZE], *folder = NULL;
    percept_error error;
    percept_recipe *own = NULL;
    int result = STATUS_DONE;
    snprintf(name, sizeof name, "fold-%zu", number);
    percept_status status = file_join(run->out, name, &folder, &error);
    if (status == PERCEPT_OK)
        status = recipe_of_fold(recipe, number, &own, &error);
    if (status == PERCEPT_OK)
        status = tensorboard_move(own, run->out, &error); /* the folds' lie together: DIR/RUN/fold-3 */
    if (status == PERCEPT_OK)
        result = run_fold(run, own, folder);
    if (status == PERCEPT_OK && result == STATUS_DONE)
        status = run_folder_read_fold(folder, figures, &error);
    percept_recipe_free(own);
    memory_free(folder);
    return status == PERCEPT_OK ? result : fail(&error);
}

static void print_spread(const char *what, FoldSpread spread, TextNumber (*text)(double))
{
    if (!isnan(spread.mean))
        printf("validation %s %s ± %s\n", what, text(spread.mean).text, text(spread.deviation).text);
}

static void report(const TrainRun *run, const FoldFigures *folds, size_t count)
{
    for (size_t f = 0; f < count; f++) {
        printf("fold %-3zu  ", f);
        if (!isnan(folds[f].accuracy))
            printf("validation accuracy %s, ", text_percent(folds[f].accuracy).text);
        printf("validation loss %s\n", text_loss(folds[f].loss).text);
    }
    printf("\nmean and deviation over %zu folds\n", count);
    print_spread("accuracy", fold_spread(folds, count, true), text_percent);
    print_spread("loss", fold_spread(folds, count, false), text_loss);
    printf("\nsummary   %s/summary.json\n", text_plain(run->out).text);
}

static int run_all(const TrainRun *run, const percept_recipe *recipe)
{
    percept_error error;
    FoldFigures *folds = NULL;
    const size_t count = (size_t)recipe_integer(recipe, "data.folds");
    int result = STATUS_DONE;
    if (memory_allocate_zeroed(count, sizeof *folds, "the folds", &folds, &error) != PERCEPT_OK)
        return fail(&error);
    for (size_t f = 0; f < count && result == STATUS_DONE; f++) {
        if (!run->quiet)
            fprintf(stderr, "fold %zu of %zu\n", f, count);
        result = do_fold(run, recipe, f, &folds[f]);
    }
    if (result == STATUS_DONE && run_folder_write_folds(run->out, folds, count, &error) != PERCEPT_OK)
        result = fail(&error);
    if (result == STATUS_DONE && run->json && train_json_print_folds(run->out, folds, count, &error) != PERCEPT_OK)
        result = fail(&error);
    else if (result == STATUS_DONE && !run->json && !run->quiet)
        report(run, folds, count);
    memory_free(folds);
    return result;
}

/* Refuses what the first fold would refuse, before anything is written; *name receives what the runs are called. */
static percept_status check(const percept_recipe *recipe, char **name, percept_error *error)
{
    percept_recipe *first = NULL;
    percept_data data = {0};
    percept_model *model = NULL;
    TrainingOptions options;
    percept_status status = recipe_of_fold(recipe, 0, &first, error);
    if (status == PERCEPT_OK)
        status = percept_data_load(first, &data, error);
    if (status == PERCEPT_OK)
        status = percept_model_create(first, &data, &model, error);
    if (status == PERCEPT_OK)
        status = experiment_training(first, &data, &options, error);
    if (status == PERCEPT_OK)
        status = memory_copy_string(recipe_text(first, "name"), name, error);
    percept_model_free(model);
    percept_data_free(&data);
    percept_recipe_free(first);
    return status;
}

/* recipe.yaml of the whole, with absolute paths. */
static percept_status write_recipe(const char *folder, const percept_recipe *recipe, percept_error *error)
{
    char *path = NULL;
    percept_recipe *copy = NULL;
    percept_status status = recipe_copy(recipe, &copy, error);
    if (status == PERCEPT_OK)
        status = recipe_make_absolute(copy, error);
    if (status == PERCEPT_OK)
        status = file_join(folder, "recipe.yaml", &path, error);
    if (status == PERCEPT_OK)
        status = recipe_write(copy, path, error);
    memory_free(path);
    percept_recipe_free(copy);
    return status;
}

int train_folds(const TrainRun *run, percept_recipe *recipe)
{
    percept_error error;
    char *name = NULL, *folder = NULL;
    percept_status status = check(recipe, &name, &error);
    if (status == PERCEPT_OK)
        status = run_folder_create(run->out, name, run->force, &folder, &error);
    if (status == PERCEPT_OK)
        status = write_recipe(folder, recipe, &error);
    TrainRun whole = *run;
    whole.out = folder;
    const int result = status == PERCEPT_OK ? run_all(&whole, recipe) : fail(&error);
    memory_free(name);
    memory_free(folder);
    return result;
}

int train_folds_resumed(const TrainRun *run, percept_recipe *recipe, bool changed)
{
    percept_error error;
    percept_status status = changed ? run_folder_reopen(run->out, &error) : PERCEPT_OK;
    if (status == PERCEPT_OK && changed)
        status = write_recipe(run->out, recipe, &error);
    return status == PERCEPT_OK ? run_all(run, recipe) : fail(&error);
}

bool train_is_cross_validation(const percept_recipe *recipe)
{
    return recipe_integer(recipe, "data.folds") > 1 && !recipe_is_set(recipe, "data.fold");
}
