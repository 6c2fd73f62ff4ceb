/* A training before its first step: its data checked, all that it needs allocated. */
#ifndef TRAIN_TRAINING_PREPARE_H
#define TRAIN_TRAINING_PREPARE_H

#include "train/training.h"

/* Checks data against model and options, allocates all that training needs, and goes to where options->resume was taken;
 * on failure the caller still clears. */
percept_status training_prepare(Training *training, percept_error *error);
void training_clear(Training *training);

#endif
