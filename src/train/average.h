/* Averages of the parameters that a training keeps beside them, which are then validated and kept in their place:
 *
 *   AVERAGE_EMA        after each step a ← ema a + (1 - ema) p, beginning with the parameters after the first one
 *   AVERAGE_EPOCHS     stochastic weight averaging (P. Izmailov et al., 2018): the mean of the parameters after each
 *                      epoch, from the epoch `from` on, counted from 0
 *   AVERAGE_SNAPSHOTS  the mean of the parameters at the ends of the cycles of the schedule
 *
 * Statistics of stages are averaged as the rest is. */
#ifndef TRAIN_AVERAGE_H
#define TRAIN_AVERAGE_H

#include "train/training.h"

/* Refuses settings that contradict each other. */
percept_status average_check(const TrainingOptions *options, percept_error *error);

/* Whether the training keeps an average. */
bool average_is_asked(const TrainingOptions *options);

/* After a step. */
void average_after_step(Training *training);

/* After the last step of an epoch, before it is measured. */
void average_after_epoch(Training *training);

#endif
