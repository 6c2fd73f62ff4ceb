/* What is reported of a training (percept_progress). */
#ifndef TRAIN_PROGRESS_H
#define TRAIN_PROGRESS_H

#include "train/training.h"

/* All that may be left unmeasured is NaN, all else 0. */
percept_progress progress_unmeasured(void);

/* Before the first step of an epoch, or of what is left of it; after a step; and after the last one, once all metrics of
 * the epoch are measured. */
void progress_begin(Training *training);
void progress_step(Training *training);
void progress_epoch(Training *training);

#endif
