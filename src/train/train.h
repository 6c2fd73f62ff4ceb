/* The training loop. It calls an engine and reports to a callback. It prints nothing, and writes no file except
 * checkpoints on request. */
#ifndef TRAIN_TRAIN_H
#define TRAIN_TRAIN_H

#include <stdbool.h>

#include "base/team.h"
#include "train/checkpoint.h"
#include "train/options.h"

/* A training in pieces. Model, data, options and team must outlive it; options->resume is only read by train_begin.
 * Released with train_free, which takes NULL. */
percept_status train_begin(percept_model *model, const percept_dataset *train, const percept_dataset *valid,
                           const TrainingOptions *options, Team *team, Training **out, percept_error *error);
void train_free(Training *training);

/* The next step; the first one of an epoch begins it, the last one ends it, with all its metrics. Not after the end. */
percept_status train_step(Training *training, percept_error *error);

/* Steps to the end of the epoch; after each the callback is called, and the options' pause. */
percept_status train_epoch(Training *training, percept_callback *callback, void *user, percept_error *error);

/* Steps on other examples, as they are, in their order and in batches of the training's size; *loss (or NULL) receives their mean loss.
 * The running epoch goes on where it was. */
percept_status train_feed(Training *training, const percept_dataset *data, double *loss, percept_error *error);

/* The schedule goes on from another base. A checkpoint does not hold it. */
void train_set_rate(Training *training, double rate);

/* Stores in the model the parameters that are kept, checks that they are finite, and calibrates (options->temperature). */
percept_status train_finish(Training *training, percept_result *result, percept_error *error);

/* All of it: trains the model in place. valid may be NULL. On PERCEPT_ERROR_DIVERGED (the message names epoch and step; not
 * with report_nonfinite) and PERCEPT_ERROR_INTERRUPTED (the callback asked) the model holds the best epoch's parameters if
 * there are any, else the last. result may be NULL; its seconds and speed are those of this call, the rest of the
 * whole run. */
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
