/* The outputs of a network in the form that the rest of the library uses. */
#ifndef TRAIN_OUTPUTS_H
#define TRAIN_OUTPUTS_H

#include <stdbool.h>

#include "model/model.h"

/* Whether outputs are probabilities: those of softmax and sigmoid are. */
bool outputs_are_probabilities(const Network *network);

/* Converts `count` outputs of an engine, in the precision of the model, to float64. */
void outputs_widen(const percept_model *model, const void *outputs, size_t count, double *wide);

#endif
