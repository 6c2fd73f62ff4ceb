/* Losses: one table. Each takes the last layer's logits Z and its output A, so that the two entropies are computed
 * stably from logits. */
#ifndef NN_LOSS_H
#define NN_LOSS_H

#include <stddef.h>
#include <stdint.h>

#define REAL_HEADER "nn/loss_real.h"
#include "base/each_real.h"

/* Index of the loss with this name, or -1. */
int loss_find(const char *name);
size_t loss_count(void);

#endif
