/* For files compiled for each instruction set: batch_gather (batch_real.h), compiled for the set, too. It gives the same
 * bits as the one of batch_real.h. */
#ifndef DATA_BATCH_GATHER_H
#define DATA_BATCH_GATHER_H

#include "base/both.h"
#include "data/batch.h"

void BOTH(batch_gather)(const Batch *batch, size_t begin, size_t end, real *X, size_t stride);

#endif
