/* Log odds of probabilities, from weighted sums. The ROC curve orders by them, and P(other class) follows from them
 * exactly. */
#ifndef TRAIN_LOG_ODDS_H
#define TRAIN_LOG_ODDS_H

#include "nn/network.h"

/* The last layer's weighted sums (count × network outputs) become log p / (1 - p) of each output p, in place: of a sigmoid
 * that is z itself, of softmax z_k - log Σ_{j ≠ k} e^(z_j). */
void log_odds_of_logits(const Network *network, size_t count, double *logits);

/* 1 / (1 + e^-x), the probability with these log odds; that of the contrary is odds_probability(-x). */
double odds_probability(double log_odds);

#endif
