#include "show/show.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "show/kinds.h"
#include "show/trials_read.h"
#include "store/data_record.h"
#include "store/run_folder.h"

static const ShowKind kinds[] = {
    {"curves", "loss and accuracy against the epoch", SHOW_METRICS, 1, 0, show_curves},
    {"boundary", "decision regions, for data with two features", SHOW_MODEL | SHOW_DATA, 1, 12, show_boundary},
    {"weights", "weights of the first layer, a picture for each unit", SHOW_MODEL | SHOW_DATA, 1, 1, show_weights},
    {"errors", "error and loss against the hyperparameter in which the runs differ", SHOW_METRICS | SHOW_RECIPE, 2, 0,
     show_errors},
    {"confusion", "confusion matrix", SHOW_MODEL | SHOW_DATA, 1, 1, show_confusion},
    {"histogram", "histogram of the weights", SHOW_MODEL, 1, 8, show_histogram},
    {"sweep", "error of the gradient against the step of the difference", SHOW_MODEL | SHOW_DATA | SHOW_RECIPE, 1, 1,
     show_sweep},
    {"activations", "activation functions of the network and their derivatives", SHOW_MODEL, 0, 0, show_activations},
    {"saliency", "saliency maps: the pixels that the loss depends on", SHOW_MODEL | SHOW_DATA, 1, 1, show_saliency},
    {"importance", "columns of a table: how much the metric falls when each is shuffled", SHOW_MODEL | SHOW_DATA, 1, 1,
     show_importance},
    {"dependence", "columns of a table: how the answers depend on each", SHOW_MODEL | SHOW_DATA, 1, 1, show_dependence},
    {"shap", "columns of a table: how far each moved the answers (SHAP)", SHOW_MODEL | SHOW_DATA, 1, 1, show_shap},
    {"predicted", "predicted against true numbers", SHOW_MODEL | SHOW_DATA, 1, 1, show_predicted},
    {"residuals", "true minus predicted numbers, against the predicted", SHOW_MODEL | SHOW_DATA, 1, 1, show_residuals},
    {"roc", "ROC curve, or one for each class", SHOW_MODEL | SHOW_DATA, 1, 1, show_roc},
    {"precision-recall", "precision against recall, for each class", SHOW_MODEL | SHOW_DATA, 1, 1,
     show_precision_recall},
    {"augmented", "training pictures beside what data.augment makes of them, in each of the first epochs",
     SHOW_RECIPE | SHOW_DATA, 1, 1, show_augmented},
    {"gallery", "pictures that were classified correctly and wrongly", SHOW_MODEL | SHOW_DATA, 1, 1, show_gallery},
    {"mistakes", "pictures that were classified wrongly, of several runs those that all of them got wrong",
     SHOW_MODEL | SHOW_DATA, 1, 0, show_mistakes},
    {"parallel", "for a search: settings and score, one line per trial", SHOW_SEARCH, 1, 1, show_parallel},
    {"keys", "for a search: score against each key, one point per trial", SHOW_SEARCH, 1, 1, show_keys},
    {"rungs", "for a search by halving: the trials that continued at each rung", SHOW_SEARCH, 1, 1, show_rungs},
};

const ShowKind *show_kinds(size_t *count)
{
    *count = sizeof kinds / sizeof kinds[0];
    return kinds;
}

const ShowKind *show_kind_find(const char *name)
{
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
        if (strcmp(kinds[k].name, name) == 0)
            return &kinds[k];
    return NULL;
}

percept_status show_draw(const ShowKind *kind, const ShowRun *runs, size_t count, const ShowOptions *options,
                         const char *folder, const char *name, percept_error *error)
{
    static const ShowOptions none = {0};
    if (count < kind->least)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "%s compares %zu runs or more; give more than %zu", kind->name,
                         kind->least, count);
    if (kind->most > 0 && count > kind->most)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "%s shows at most %zu run%s in a picture, not %zu", kind->name,
                         kind->most, kind->most == 1 ? "" : "s", count);
    return kind->draw(runs, count, options != NULL ? options : &none, folder, name, error);
}

/* ---- Runs ------------------------------------------------------------------------------------------------------------ */

static percept_status load_recipe(const char *folder, percept_recipe **recipe, percept_error *error)
{
    char *path = NULL;
    percept_status status = file_join(folder, "recipe.yaml", &path, error);
    if (status == PERCEPT_OK && !file_exists(path))
        status = error_set(error, PERCEPT_ERROR_IO, "'%s' is no run folder: there is no recipe.yaml in it", folder);
    if (status == PERCEPT_OK)
        status = percept_recipe_load(path, recipe, error);
    memory_free(path);
    return status;
}

static percept_status load_data(ShowRun *run, percept_error *error)
{
    percept_status status = memory_allocate_zeroed(1, sizeof *run->data, "the data", &run->data, error);
    if (status == PERCEPT_OK)
        status = data_record_load(run->folder, run->recipe, NULL, run->data, &run->changed, error);
    return status;
}

static percept_status load_model(ShowRun *run, percept_error *error)
{
    char *path = NULL;
    percept_status status = run_folder_model(run->folder, &path, error);
    if (status == PERCEPT_OK)
        status = percept_model_load(path, &run->model, error);
    memory_free(path);
    return status;
}

/* A search has no recipe of its own, and a run no trials. */
static percept_status load_whole(const char *folder, unsigned needs, ShowRun *run, percept_error *error)
{
    if ((needs & SHOW_SEARCH) == 0 && trials_are_in(folder))
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "'%s' is the folder of a search; its kinds are parallel, keys and rungs", folder);
    if ((needs & SHOW_SEARCH) == 0)
        return load_recipe(folder, &run->recipe, error);
    if (!trials_are_in(folder))
        return error_set(error, PERCEPT_ERROR_IO, "'%s' is no folder of a search: there is no space.yaml in it",
                         folder);
    percept_status status = memory_allocate_zeroed(1, sizeof *run->trials, "the trials", &run->trials, error);
    return status == PERCEPT_OK ? trials_read(folder, run->trials, error) : status;
}

percept_status show_run_open(const char *folder, unsigned needs, ShowRun *out, percept_error *error)
{
    ShowRun run = {0};
    char *name = NULL, *copy = NULL;
    percept_status status = file_last_name(folder, &name, error);
    if (status == PERCEPT_OK)
        status = memory_copy_string(folder, &copy, error);
    run.name = name;
    run.folder = copy;
    if (status == PERCEPT_OK)
        status = load_whole(folder, needs, &run, error);
    if (status == PERCEPT_OK && (needs & SHOW_MODEL) != 0)
        status = load_model(&run, error);
    if (status == PERCEPT_OK && (needs & SHOW_DATA) != 0)
        status = load_data(&run, error);
    if (status == PERCEPT_OK)
        *out = run;
    else
        show_run_close(&run);
    return status;
}

void show_run_close(ShowRun *run)
{
    if (run->data != NULL)
        percept_data_free(run->data);
    memory_free(run->data);
    if (run->trials != NULL)
        trials_clear(run->trials);
    memory_free(run->trials);
    percept_model_free(run->model);
    percept_recipe_free(run->recipe);
    memory_free((char *)run->folder); /* both are copies, see show_run_open */
    memory_free((char *)run->name);
    *run = (ShowRun){0};
}
