/* The table of optimizers that work on more than one element at a time (WholeOptimizer). Adding one: its file and a row in
 * whole.c. */
#ifndef TRAIN_WHOLE_H
#define TRAIN_WHOLE_H

#include "train/training.h"

/* The row of an optimizer, or NULL if its contract is the elementwise one. */
const WholeOptimizer *whole_find(const char *name);

#endif
