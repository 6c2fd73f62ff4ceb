/* The whole gradient, for updates that need it first. */
#ifndef TRAIN_GRADIENT_H
#define TRAIN_GRADIENT_H

#include "train/training.h"

/* The gradient of a batch into training->gradient, and its sums; running statistics move as in a step. */
void find_gradient(Training *training, const Batch *batch, EngineSums *sums);

#endif
