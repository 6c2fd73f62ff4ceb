/* Greedy selection of an ensemble from many models (R. Caruana, A. Niculescu-Mizil, G. Crew and A. Ksikes, 2004, "Ensemble
 * selection from libraries of models"): the model is added that makes the mean prediction best, again and again, and a model
 * may be added several times. What counts is measured on examples that no model was trained on.
 *
 * Where these examples are few, a free selection takes a few models again and again that are good on them by chance. So the
 * ensemble may begin with the best models, each once (their "sorted initialization"), unless they are clearly worse than the
 * best one, and no model counts more than so often. */
#ifndef SEARCH_GREEDY_H
#define SEARCH_GREEDY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

typedef struct GreedyTask {
    size_t candidates, examples, width;
    const float *const *predictions; /* of each candidate: examples × width, probabilities of classes or targets */
    const int32_t *labels;           /* of examples: 0 … width-1; NULL for targets */
    const double *targets;           /* examples × width */
    const double *units;             /* width: differences of targets are divided by them; NULL: 1 */
    const double *weights;           /* of examples; NULL: 1 */
    size_t first; /* so many of the best candidates come first, each once; of them none that is worse than
                                      * the best by more than two standard errors of the difference */
    size_t times; /* a candidate is taken at most so often; 0: as often as it helps */
} GreedyTask;

/* The loss of candidates that are taken counts[c] times each, not all 0: the mean of -log p of the right class, or of the
 * squared differences in their units. */
percept_status greedy_measure(const GreedyTask *task, const size_t *counts, double *loss, percept_error *error);

/* Adds up to `most` candidates, of equally good ones the first, and keeps the best ensemble on the way that has at least the
 * first ones, the smaller one where two are equal. With first ≤ 1 it is never worse than the best candidate. counts[c] receives how often candidate c is in it, divided by
 * what all counts have in common. candidates and most ≥ 1. */
percept_status greedy_select(const GreedyTask *task, size_t most, size_t *counts, double *loss, percept_error *error);

#endif
