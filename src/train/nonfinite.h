/* Why a training met a number that is not finite: a value of the data, or steps that were too large. */
#ifndef TRAIN_NONFINITE_H
#define TRAIN_NONFINITE_H

#include "train/training.h"

/* Whether `value` lets a training go on: it is finite, or the recipe wants to see what is not. */
bool nonfinite_is_allowed(const Training *training, double value);

/* PERCEPT_ERROR_DIVERGED: "WHAT" with its cause. The first feature or target of the training part or the validation part
 * that the network cannot take (as it is after scaling) is named; only where there is none, the learning rate is. */
percept_status nonfinite_refuse(const Training *training, const char *what, percept_error *error);

/* PERCEPT_OK if all parameters that the training ends with are finite. */
percept_status nonfinite_check_parameters(const Training *training, percept_error *error);

#endif
