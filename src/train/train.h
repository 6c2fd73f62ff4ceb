/* The training loop. It calls an engine and reports to a callback. It prints nothing, and writes no file except
 * checkpoints on request. */
#ifndef TRAIN_TRAIN_H
#define TRAIN_TRAIN_H

#include <stdbool.h>

#include "base/team.h"
#include "train/checkpoint.h"
#include "train/options.h"

/* Trains the model in place. valid may be NULL. On PERCEPT_ERROR_DIVERGED (the message names epoch and step; not with report_nonfinite) and
 * PERCEPT_ERROR_INTERRUPTED (the callback asked) the model holds the best epoch's parameters if there are any, else the
 * last. result may be NULL; its seconds and speed are those of this call, the rest of the whole run. */
percept_status train_run(percept_model *model, const percept_dataset *train, const percept_dataset *valid,
                         const TrainingOptions *options, Team *team, percept_callback *callback, void *user,
                         percept_result *result, percept_error *error);

/* For TrainingPause: the last reported progress; steps done over all epochs; whether nothing is left to do. */
const percept_progress *training_progress(const Training *training);
size_t training_updates(const Training *training);
bool training_is_over(const Training *training);

/* The current model, with the parameters that are measured and kept. The training owns it. */
percept_model training_model(const Training *training);

#endif
