/* A run's folder: recipe.yaml, data.json, metrics.csv, checkpoint.safetensors, model.safetensors, plots/, summary.json.
 * The recipe is written before the first step, the summary after everything else. So a folder with a recipe but no
 * summary is a run that can be resumed. */
#ifndef STORE_RUN_FOLDER_H
#define STORE_RUN_FOLDER_H

#include <stdbool.h>

#include "base/error.h"

/* In the folder of a study (study/study.h): the study. */
#define RUN_FOLDER_STUDY "study.yaml"

/* In the folder of a search (search/search.h): the space, checkpoints of trials, the run folder of the winner. */
#define RUN_FOLDER_SEARCH "space.yaml"
#define RUN_FOLDER_CHECKPOINTS "checkpoints"
#define RUN_FOLDER_BEST "best"
#define RUN_FOLDER_ENSEMBLE "ensemble.csv"

/* Makes the folder for a new run. path NULL: runs/NAME-NNN with the first free number (characters of NAME that do not
 * fit into a file name become '-'). A folder that holds a run (a recipe.yaml), a study or a search is refused unless
 * force, which removes the files of the earlier run that Percept itself wrote (recipe.yaml, study.yaml, space.yaml,
 * data.json, metrics.csv, results.csv, ensemble.csv, model.safetensors, checkpoint.safetensors, summary.json, report.html;
 * in plots/ what ends in .svg, .png, .gp or .csv; in checkpoints/ what ends in .safetensors; the same in the folders fold-0,
 * … of a cross-validation and best of a search), and nothing else; links are removed, never followed. A folder that cannot
 * be written to is PERCEPT_ERROR_IO. *out receives the path, released with memory_free. */
percept_status run_folder_create(const char *path, const char *name, bool force, char **out, percept_error *error);

/* Removes what Percept itself wrote for a run, as force does, and the folder if it is then empty. A missing folder is
 * no error. */
percept_status run_folder_remove(const char *path, percept_error *error);

/* Checks a run to be resumed: *finished is true if nothing is left to do. A folder without a run is
 * PERCEPT_ERROR_IO. */
percept_status run_folder_find(const char *path, bool *finished, percept_error *error);

/* Removes the summary of a finished run, so that it can continue. */
percept_status run_folder_reopen(const char *path, percept_error *error);

/* Locks the folder for this process, so that no other trains in it, until the lock is released or the process ends in
 * any way. A folder that is already locked is PERCEPT_ERROR_IO. Unfinished files of killed processes are removed. *lock
 * is released with run_folder_unlock, which takes -1. */
percept_status run_folder_lock(const char *path, int *lock, percept_error *error);
void run_folder_unlock(int lock);

/* If path is a folder, the path of the model in it; else a copy of path. PERCEPT_ERROR_IO if there is nothing, or a
 * folder without a model. *model is released with memory_free. */
percept_status run_folder_model(const char *path, char **model, percept_error *error);

/* Writes the results of a finished run as summary.json (keys sorted, 12 significant digits; no time, machine or paths):
 * epochs, best_epoch (null without validation), stopped_early, train and valid {loss, accuracy}, and test {count, loss,
 * accuracy, confusion}, or null where there is no test part (test NULL). A number that is not finite is null. */
percept_status run_folder_write_summary(const char *folder, const percept_result *result, const percept_metrics *test,
                                        percept_error *error);

/* The validation metrics of a fold. */
typedef struct FoldFigures {
    long best_epoch; /* -1: unknown */
    double loss, accuracy;
} FoldFigures;

/* Mean and sample standard deviation (n - 1) of a metric over the folds; NaN if a fold has none. */
typedef struct FoldSpread {
    double mean, deviation;
} FoldSpread;

/* Reads the validation metrics from the summary of a fold. */
percept_status run_folder_read_fold(const char *folder, FoldFigures *out, percept_error *error);

/* The spread over the folds, of the losses or of the accuracies. */
FoldSpread fold_spread(const FoldFigures *folds, size_t count, bool accuracy);

/* summary.json of a cross-validation: folds, a list of {best_epoch, loss, accuracy}, and valid {loss, accuracy}, each
 * {mean, deviation}. */
percept_status run_folder_write_folds(const char *folder, const FoldFigures *folds, size_t count, percept_error *error);

#endif
