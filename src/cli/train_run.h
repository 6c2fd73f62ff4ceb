/* One run of `percept train`: from a recipe to a run folder. */
#ifndef CLI_TRAIN_RUN_H
#define CLI_TRAIN_RUN_H

#include <stdbool.h>

#include "percept/percept.h"
#include "run/crew.h"

/* How a run is reported and where it is kept; none of this changes its results. */
typedef struct TrainRun {
    const char *out; /* the run folder, or NULL: a new one in runs/ */
    bool force, quiet, no_plot, json;
    const RunCrew *crew; /* processes that train along, or NULL */
    const char *whole;   /* the folder of the cross-validation to which this fold belongs, or NULL */
} TrainRun;

/* Trains as the recipe says into a new folder. Prints all messages and returns the exit status. */
int train_new(const TrainRun *how, percept_recipe *recipe);

/* Continues the run in how->out, whose recipe is given. */
int train_resumed(const TrainRun *how, percept_recipe *recipe);

/* Cross-validation (data.folds): a run for each fold in `fold-N` of the run folder, and a summary over them. */
int train_folds(const TrainRun *run, percept_recipe *recipe);

/* `changed`: the recipe has more epochs than that in the folder, or another place of the data. */
int train_folds_resumed(const TrainRun *run, percept_recipe *recipe, bool changed);

/* True for all folds; a recipe that names one of them is a run by itself. */
bool train_is_cross_validation(const percept_recipe *recipe);

#endif
