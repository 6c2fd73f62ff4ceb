/* What a network's last layer gives, as the rest of the library takes it. */
#ifndef TRAIN_OUTPUTS_H
#define TRAIN_OUTPUTS_H

#include <stdbool.h>

#include "model/model.h"

/* Whether outputs are probabilities: those of softmax and sigmoid are. */
bool outputs_are_probabilities(const Network *network);

/* Writes as float64 what an engine of the model's precision gave: `count` numbers. */
void outputs_widen(const percept_model *model, const void *outputs, size_t count, double *wide);

#endif
