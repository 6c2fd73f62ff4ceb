/* What is measured: a network, data for it, and how much arithmetic they are. */
#ifndef BENCH_WORK_H
#define BENCH_WORK_H

#include "recipe/experiment.h"

/* Draws `count` examples of bytes, with labels, of the shape that model.layers tells, which must be set: for whom the
 * recipe's own data are out of reach. Dense arithmetic takes the same time on any numbers. Validation and test part stay
 * NULL. Released with percept_data_free. */
percept_status work_draw(const percept_recipe *recipe, size_t count, percept_data *out, percept_error *error);

/* Operations, a multiply-add counted as two, that the products of a network ask for an example: 2 · in · out a layer forward;
 * in training that for the weight gradient again, and for the input gradient of all layers but the first. */
double work_forward(const Network *network);
double work_training(const Network *network);

#endif
