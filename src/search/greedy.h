/* Greedy selection of an ensemble from many models (R. Caruana, A. Niculescu-Mizil, G. Crew and A. Ksikes, 2004, "Ensemble
 * selection from libraries of models"): the model is added that makes the mean prediction best, again and again, and a model
 * may be added several times. What counts is measured on examples that no model was trained on. */
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
    bool by_accuracy;                /* accuracy counts, and the loss where it is equal; else the loss alone */
} GreedyTask;

/* Of a mean prediction: the mean of -log p of the right class, or of squared differences in their units. */
typedef struct GreedyScore {
    double loss, accuracy; /* accuracy: NAN for targets */
} GreedyScore;

/* Whether a is better than b; equal scores are not. */
bool greedy_is_better(const GreedyTask *task, GreedyScore a, GreedyScore b);

/* The score of candidates that are taken counts[c] times each; not all counts are 0. */
percept_status greedy_measure(const GreedyTask *task, const size_t *counts, GreedyScore *out, percept_error *error);

/* Adds `most` candidates, of equally good ones the first, and keeps the best ensemble on the way, the smaller one where two
 * are equal. counts[c] receives how often candidate c is in it, divided by what all counts have in common. candidates and
 * most ≥ 1. */
percept_status greedy_select(const GreedyTask *task, size_t most, size_t *counts, GreedyScore *out,
                             percept_error *error);

#endif
