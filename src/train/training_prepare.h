/* Prepares a training: checks its data and allocates its memory. */
#ifndef TRAIN_TRAINING_PREPARE_H
#define TRAIN_TRAINING_PREPARE_H

#include "train/training.h"

/* Checks data and options against the model. train_run does so, too; this is for callers that must know before it. */
percept_status training_check(const percept_model *model, const percept_dataset *train, const percept_dataset *valid,
                              const TrainingOptions *options, percept_error *error);

/* Checks data against model and options, allocates all memory of the training, and continues from options->resume. On
 * failure the caller must still clear the training. */
percept_status training_prepare(Training *training, percept_error *error);
void training_clear(Training *training);

#endif
