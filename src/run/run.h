/* One run: from a recipe to a run folder (store/run_folder.h). It prints nothing; a callback receives the progress. With the
 * recipe's key `tensorboard` it writes event files (run/tensorboard.h) into a folder of the run's name there. */
#ifndef RUN_RUN_H
#define RUN_RUN_H

#include "run/state.h"

/* Loads data and creates the model, then the folder with the resolved recipe. On failure no folder is left. out NULL: a
 * new folder in runs/. The recipe must outlive the run. */
percept_status run_begin(Run *run, percept_recipe *recipe, const char *out, bool force, percept_error *error);

/* The same for a run that continues in its folder, from its checkpoint if there is one. Changed data are refused.
 * train.epochs may be larger than in the recipe of the folder, and data.name may be the new place of the same data: the
 * folder then gets the new recipe, and the run counts as unfinished. */
percept_status run_resume(Run *run, percept_recipe *recipe, const char *folder, percept_error *error);

/* Opens a finished run with its data and its model, not for training. */
percept_status run_open(Run *run, percept_recipe *recipe, const char *folder, percept_error *error);

/* Records the run, from here to its end, in the runs database of its parent folder: for the time between run_begin or
 * run_resume and run_train. Other processes may then ask it to pause or to stop (store/database.h); during a pause the
 * callback is called with the last progress. If recording fails, the run continues without it, and run_recorded returns
 * the error if it came later. */
percept_status run_record(Run *run, const RunPlace *place, percept_error *error);
percept_status run_recorded(const Run *run, percept_error *error);

/* Trains, with a line in metrics.csv after each epoch and checkpoints as they are due, then saves the model. The callback
 * may be NULL. PERCEPT_ERROR_INTERRUPTED: the callback asked to stop; checkpoint and, after the first epoch, model are
 * saved. PERCEPT_ERROR_DIVERGED: no model. */
percept_status run_train(Run *run, percept_callback *callback, void *user, percept_error *error);

/* In place of run_train: takes over a model that was made elsewhere, and its result; saves it, and writes these epochs into
 * metrics.csv. The run owns the model from now on, even on failure. */
percept_status run_adopt(Run *run, percept_model *model, const percept_result *result, const percept_progress *epochs,
                         size_t count, percept_error *error);

/* Measures the test set and writes the summary, which marks the run as finished. The last call of a run. */
percept_status run_finish(Run *run, percept_error *error);

void run_clear(Run *run);

#endif
