/* Work on a flat vector in blocks of a fixed size, which the team shares: no bit depends on the number of threads. */
#ifndef TRAIN_BLOCKS_H
#define TRAIN_BLOCKS_H

#include <stddef.h>

#include "base/team.h"

/* Work on block number `block`, elements begin … end-1. */
typedef void BlockTask(void *context, size_t block, size_t begin, size_t end);

/* Blocks of so many elements. */
size_t block_count(size_t elements);

/* Calls the task once for each block. A vector of few blocks is not worth waking the team. */
void blocks_run(Team *team, size_t elements, BlockTask *task, void *context);

#endif
