/* Prepares a training: checks its data and allocates its memory. */
#ifndef TRAIN_TRAINING_PREPARE_H
#define TRAIN_TRAINING_PREPARE_H

#include "train/training.h"

/* Checks data against model and options, allocates all memory of the training, and continues from options->resume. On
 * failure the caller must still clear the training. */
percept_status training_prepare(Training *training, percept_error *error);
void training_clear(Training *training);

#endif
