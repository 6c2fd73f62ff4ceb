/* What one batch does to the parameters. */
#ifndef TRAIN_UPDATE_H
#define TRAIN_UPDATE_H

#include "train/training.h"

/* One step on a batch, with the learning rate set: changes parameters, the optimizer's slots and the average. The sums
 * are those before the step. */
void update_parameters(Training *training, const Batch *batch, EngineSums *sums);

#endif
