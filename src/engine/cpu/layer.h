/* One layer's work, cut into units by the shape alone; a unit is done by one rank. */
#ifndef ENGINE_CPU_LAYER_H
#define ENGINE_CPU_LAYER_H

#include "engine/cpu/state.h"

/* Side 0: examples first … first+LANES-1 gathered, by unit and (for training) by example. */
void ISA(gather_unit)(const Pass *pass, const Worker *worker, size_t first);

/* Layer l, outputs first_row … +rows-1 for strips first … end-1 of examples: Z = W·A + b, then the activation unless it
 * is not elementwise; by unit, and for training by example. */
void ISA(forward_unit)(const Pass *pass, size_t l, size_t first_row, size_t rows, size_t first, size_t end);

/* Dropout of side l, units first_row … +rows-1 of one strip of examples, by unit in place; leaves T and mask. */
void ISA(drop_unit)(const Pass *pass, size_t l, size_t first_row, size_t rows, size_t strip);

/* The same for one example's units in a row; mask has room for as many. */
void ISA(drop_row)(const Pass *pass, size_t l, size_t example, real *row, real *mask);

/* Side l's activation that is not elementwise, for one strip of examples of which forward_unit has left Z. */
void ISA(activate_rows)(const Pass *pass, const Worker *worker, size_t l, size_t strip);

/* dA to dZ on such a side, in place, for one strip of examples. */
void ISA(differentiate_rows)(const Pass *pass, const Worker *worker, size_t l, size_t strip);

/* Output, losses and output delta for one strip of examples of which forward_unit has left Z. */
void ISA(output_unit)(const Pass *pass, size_t strip);

/* The same where Z is in cpu->output_Z already. */
void ISA(output_rows)(const Pass *pass, size_t strip);

/* Layer l, inputs first_row … +rows-1 for strips first … end-1 of examples: dA = dZ·W, then dZ of the side before through
 * its activation. For layer 0 pass->input_gradient. */
void ISA(input_gradient_unit)(const Pass *pass, const Worker *worker, size_t l, size_t first_row, size_t rows,
                              size_t first, size_t end);

/* Most strips of examples in a unit of the forward product and of the input gradient. */
#define UNIT_STRIPS 8

/* Outputs and inputs of a unit of weights: UNIT × WEIGHT_COLUMNS. */
#define WEIGHT_COLUMNS (8 * STRIP)

/* Units of weights in a layer. */
size_t ISA(weight_units)(const Layer *layer);

/* Unit `unit` of layer l: dW = dZᵀ·A and db = Σ dZ into the gradient, the weights themselves, or aside; then the update. */
void ISA(weight_gradient_unit)(const Pass *pass, const Worker *worker, size_t l, size_t unit);

/* The unit's part of l1‖W‖₁ + l2‖W‖₂². */
double ISA(penalty_unit)(const Pass *pass, size_t l, size_t unit);

#endif
