/* Weights of classes, which are multiplied with those of the examples in training. */
#ifndef TRAIN_CLASS_WEIGHTS_H
#define TRAIN_CLASS_WEIGHTS_H

#include "train/options.h"

/* One for each class of the training part, from options->class_weights, or with balance_classes n / (classes · n_k),
 * where n_k of the n examples have class k (0 for a class without examples): all classes then have the same total
 * weight. *out is NULL if neither option is set; released with memory_free. PERCEPT_ERROR_ARGUMENT if both are set, if
 * the data have no classes or another number of them, or if no weight is above 0. */
percept_status class_weights_create(const TrainingOptions *options, const percept_dataset *train, double **out,
                                    percept_error *error);

#endif
