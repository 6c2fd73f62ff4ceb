/* The metrics of an epoch: what is measured, when, and whether the epoch is the best so far. */
#ifndef TRAIN_EPOCH_METRICS_H
#define TRAIN_EPOCH_METRICS_H

#include "train/training.h"

/* Metrics before any measurement. */
EpochMetrics epoch_metrics_none(void);

/* Whether the steps give the training metrics; whether anything else is to be measured. */
bool epoch_metrics_are_of_steps(const Training *training);
bool epoch_metrics_need_evaluation(const Training *training);

/* Sets the training metrics of the running epoch from its steps. */
void epoch_metrics_of_steps(Training *training);

/* Measures all other metrics of the running epoch; keeps the parameters if the validation metrics are the best so
 * far. */
percept_status epoch_metrics_measure(Training *training, percept_error *error);

#endif
