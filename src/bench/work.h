/* What is measured: a network, data for it, and their amount of arithmetic. */
#ifndef BENCH_WORK_H
#define BENCH_WORK_H

#include "recipe/experiment.h"

/* Generates `count` examples of bytes, with labels, of the shape in model.layers, which must be set: for use without
 * the recipe's own data. Dense arithmetic takes the same time on any numbers. Validation and test part stay NULL.
 * Released with percept_data_free. */
percept_status work_draw(const percept_recipe *recipe, size_t count, percept_data *out, percept_error *error);

/* Operations of a network's products for an example, a multiply-add counted as two: 2 · in · out for each layer
 * forward; in training the same again for the weight gradient, and for the input gradient of all layers except the
 * first, unless stages stand before it. */
double work_forward(const Network *network);
double work_training(const Network *network);

#endif
