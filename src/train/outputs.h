/* The outputs of a network in the form that the rest of the library uses. */
#ifndef TRAIN_OUTPUTS_H
#define TRAIN_OUTPUTS_H

#include <stdbool.h>

#include "model/model.h"

/* Whether outputs are probabilities: those of softmax and sigmoid are. */
bool outputs_are_probabilities(const Network *network);

/* The class that the outputs of an example name, -1 if one is NaN: with a model's threshold above 0 (model/model.h) the
 * second of two classes if its probability is at least that, else as output_class (nn/loss.h). */
int32_t outputs_class(double threshold, size_t width, const double *outputs);

/* Converts `count` outputs of an engine, in the precision of the model, to float64. */
void outputs_widen(const percept_model *model, const void *outputs, size_t count, double *wide);

#endif
