#include "report/draw.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "data/dataset.h"
#include "plot/curves.h"
#include "recipe/recipe.h"
#include "report/page.h"
#include "show/show.h"

/* Kinds of pictures that a report has, where they suit the run. Confusions are a table of the report. */
static const char *const usual[] = {"boundary",  "gallery", "importance",       "dependence", "shap",     "predicted",
                                    "residuals", "roc",     "precision-recall", "weights",    "histogram"};

/* … but of a table these, and of pictures those. */
static const char *const of_tables[] = {"roc", "precision-recall", NULL};
static const char *const of_pictures[] = {"weights", NULL};

/* ---- One picture ------------------------------------------------------------------------------------------------- */

/* Only for want of memory does anything end here. PERCEPT_ERROR_ARGUMENT: the kind is for other runs. */
static percept_status note(percept_status status, const percept_error *why, Drawn *drawn, percept_error *error)
{
    if (status == PERCEPT_ERROR_MEMORY)
        return error_set(error, status, "%s", why->message);
    if (status != PERCEPT_OK && status != PERCEPT_ERROR_ARGUMENT && drawn->failure.status == PERCEPT_OK)
        drawn->failure = *why;
    return PERCEPT_OK;
}

static percept_status draw_kind(const char *word, const ShowRun *runs, size_t count, const char *folder,
                                const char *name, bool *done, Drawn *drawn, percept_error *error)
{
    percept_error why;
    const ShowKind *kind = show_kind_find(word);
    if (kind == NULL || drawn->failure.status != PERCEPT_OK)
        return PERCEPT_OK;
    const percept_status status = show_draw(kind, runs, count, NULL, folder, name, &why);
    *done = status == PERCEPT_OK;
    return note(status, &why, drawn, error);
}

/* The same where there is no picture of this name yet. */
static percept_status draw_missing(const char *word, const ShowRun *runs, size_t count, const char *folder,
                                   Drawn *drawn, percept_error *error)
{
    bool done = false;
    return page_picture_exists(folder, word) ? PERCEPT_OK
                                             : draw_kind(word, runs, count, folder, word, &done, drawn, error);
}

/* ---- A run ------------------------------------------------------------------------------------------------------- */

static percept_status draw_curves(const Record *record, const char *plots, Drawn *drawn, percept_error *error)
{
    percept_error why;
    if (record->metrics.rows == 0 || (record->finished && page_picture_exists(plots, "curves")))
        return PERCEPT_OK;
    return note(plot_curves(record->folder, record->best_epoch, &why), &why, drawn, error);
}

static bool is_among(const char *word, const char *const *words)
{
    while (*words != NULL && strcmp(*words, word) != 0)
        words++;
    return *words != NULL;
}

/* The weights of a table's columns make no picture that says something, and ten curves of pictures are too many. */
static bool suits(const char *word, const percept_data *data)
{
    const bool pictures = data->train->storage->image_height > 0;
    return !is_among(word, pictures ? of_tables : of_pictures);
}

static percept_status draw_usual(const Record *record, const char *plots, Drawn *drawn, percept_error *error)
{
    percept_data data = record->data;
    const ShowRun run = {.name = record->folder,
                         .folder = record->folder,
                         .recipe = record->recipe,
                         .model = record->model,
                         .data = &data};
    percept_status status = PERCEPT_OK;
    if (!record->finished || record->model == NULL || record->data.train == NULL)
        return PERCEPT_OK;
    for (size_t k = 0; status == PERCEPT_OK && k < sizeof usual / sizeof usual[0]; k++)
        if (suits(usual[k], &record->data))
            status = draw_missing(usual[k], &run, 1, plots, drawn, error);
    return status;
}

/* The curves of the folds over each other. */
static percept_status draw_folds(const Record *record, const char *plots, Drawn *drawn, percept_error *error)
{
    char(*names)[32] = NULL, **folders = NULL;
    ShowRun *runs = NULL;
    const size_t count = record->fold_count;
    percept_status status = memory_allocate_zeroed(count, sizeof *names, "the folds", &names, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(count, sizeof *folders, "the folds", &folders, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(count, sizeof *runs, "the folds", &runs, error);
    for (size_t f = 0; status == PERCEPT_OK && f < count; f++) {
        snprintf(names[f], sizeof names[f], "fold-%zu", f);
        status = file_join(record->folder, names[f], &folders[f], error);
        runs[f] = (ShowRun){.name = names[f], .folder = folders[f], .recipe = record->recipe};
    }
    if (status == PERCEPT_OK && count > 0)
        status = draw_missing("curves", runs, count, plots, drawn, error);
    for (size_t f = 0; folders != NULL && f < count; f++)
        memory_free(folders[f]);
    memory_free(runs);
    memory_free(folders);
    memory_free(names);
    return status;
}

percept_status draw_run(const Record *record, Drawn *drawn, percept_error *error)
{
    char *plots = NULL;
    percept_error why;
    percept_status status = file_join(record->folder, "plots", &plots, error);
    *drawn = (Drawn){0};
    if (status == PERCEPT_OK)
        status = note(file_make_folder(plots, &why), &why, drawn, error);
    if (status == PERCEPT_OK && record->folds)
        status = draw_folds(record, plots, drawn, error);
    else if (status == PERCEPT_OK)
        status = draw_curves(record, plots, drawn, error);
    if (status == PERCEPT_OK)
        status = draw_usual(record, plots, drawn, error);
    memory_free(plots);
    return status;
}

/* ---- Several ----------------------------------------------------------------------------------------------------- */

percept_status draw_comparison(const Record *records, char *const *names, size_t count, const char *folder,
                               Drawn *drawn, percept_error *error)
{
    ShowRun *runs = NULL;
    size_t shown = 0;
    percept_error why;
    *drawn = (Drawn){0};
    percept_status status = memory_allocate_zeroed(count, sizeof *runs, "the runs", &runs, error);
    for (size_t i = 0; status == PERCEPT_OK && i < count; i++)
        if (records[i].metrics.rows > 0)
            runs[shown++] = (ShowRun){.name = names[i], .folder = records[i].folder, .recipe = records[i].recipe};
    if (status == PERCEPT_OK)
        status = note(file_make_folder(folder, &why), &why, drawn, error);
    if (status == PERCEPT_OK && shown > 1)
        status = draw_kind("curves", runs, shown, folder, "comparison-curves", &drawn->curves, drawn, error);
    if (status == PERCEPT_OK && shown > 1)
        status = draw_kind("errors", runs, shown, folder, "comparison-errors", &drawn->errors, drawn, error);
    memory_free(runs);
    return status;
}
