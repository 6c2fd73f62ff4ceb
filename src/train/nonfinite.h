/* Why a training met a number that is not finite: a value of the data, or steps that were too large. */
#ifndef TRAIN_NONFINITE_H
#define TRAIN_NONFINITE_H

#include "train/training.h"

/* Whether a training continues after `value`: it is finite, or the recipe records values that are not. */
bool nonfinite_is_allowed(const Training *training, double value);

/* PERCEPT_ERROR_DIVERGED: "WHAT" with its cause. Names the first feature or target of the training or validation part
 * that is not finite after scaling; if there is none, names the learning rate. */
percept_status nonfinite_refuse(const Training *training, const char *what, percept_error *error);

/* PERCEPT_OK if all parameters that the training ends with are finite. */
percept_status nonfinite_check_parameters(const Training *training, percept_error *error);

#endif
