/* Losses: one table. Each takes the last layer's logits Z and its output A, so the two cross-entropies are computed
 * stably from logits. Adding one: its two functions and a row in loss.real.c. The rows are loss_at_f64(0), (1), … until
 * NULL.
 *
 * With labels and one output the target is the label, 0 or 1; with k ≥ 2 outputs it is one-hot. Label smoothing s (C.
 * Szegedy et al., 2016, section 7) mixes it with the uniform distribution: (1 - s)·t + s/k, or s/2 with one output. */
#ifndef NN_LOSS_H
#define NN_LOSS_H

#include <stddef.h>
#include <stdint.h>

#define REAL_HEADER "nn/loss_real.h"
#include "base/each_real.h"

/* Index of the loss with this name, or -1. */
int loss_find(const char *name);

/* Index of the default loss for an output activation: the one that requires this output, else mean squared error. */
size_t loss_for_output(const char *activation);

#endif
