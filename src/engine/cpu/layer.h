/* One layer's work, cut into units by the shape alone; a unit is done by one rank. */
#ifndef ENGINE_CPU_LAYER_H
#define ENGINE_CPU_LAYER_H

#include "engine/cpu/state.h"

/* A unit of weights: rows first_row …, columns first …, and what is done with them. */
typedef struct WeightUnit {
    const Layer *layer;
    size_t first_row, rows, first, width;
    bool plain;   /* the weights are changed in place */
    real l1, l2;  /* factors of sign W and W in the gradient, with weight decay and (if plain) the learning rate */
    real *target; /* the weights or the gradient, from the layer's first */
    real *biases; /* the same for biases */
} WeightUnit;

/* How products are made: of reals, or of pairs of bfloat16 (bf16_layer.bf16.c). */
struct Products {
    const char *kernel; /* its name */

    /* The products alone of the units that are described below. */
    void (*forward)(const Pass *pass, size_t l, size_t first_row, size_t rows, size_t first, size_t end);
    void (*input_gradient)(const Pass *pass, const Worker *worker, size_t l, size_t strip, real *C, size_t c_row);
    void (*weight_gradient)(const Pass *pass, size_t l, const WeightUnit *unit, real gamma); /* gamma: as in Product */

    /* Make of what stands in side l the operands of products, for one strip of examples; NULL where they are the same. */
    void (*take_activations)(const Pass *pass, const Worker *worker, size_t l, size_t strip);
    void (*take_deltas)(const Pass *pass, const Worker *worker, size_t l, size_t strip);
};

extern const Products ISA(products);

/* Side 0: examples first … first+LANES-1 gathered, by unit and (for training) by example. */
void ISA(gather_unit)(const Pass *pass, const Worker *worker, size_t first);

/* Layer l, outputs first_row … +rows-1 for strips first … end-1 of examples: Z = W·A + b, then the activation unless it
 * is not elementwise; by unit, and for training by example. */
void ISA(forward_unit)(const Pass *pass, size_t l, size_t first_row, size_t rows, size_t first, size_t end);

/* Dropout of side l, units first_row … +rows-1 of one strip of examples that lie by unit: there in place, and for the way
 * back T, mask and A by example. */
void ISA(drop_unit)(const Pass *pass, size_t l, size_t first_row, size_t rows, size_t strip);

/* The same for one example's units in a row; mask has room for as many. */
void ISA(drop_row)(const Pass *pass, size_t l, size_t example, real *row, real *mask);

/* Side l's activation that is not elementwise, for one strip of examples of which forward_unit has left Z. */
void ISA(activate_rows)(const Pass *pass, const Worker *worker, size_t l, size_t strip);

/* dA to dZ on such a side, in place, for one strip of examples. */
void ISA(differentiate_rows)(const Pass *pass, const Worker *worker, size_t l, size_t strip);

/* Output, losses and output delta for one strip of examples of which forward_unit has left Z. */
void ISA(output_unit)(const Pass *pass, size_t strip);

/* Layer l, inputs of one strip: dA = dZ·W, then dZ of the side before through its activation. For layer 0
 * pass->input_gradient. */
void ISA(input_gradient_unit)(const Pass *pass, const Worker *worker, size_t l, size_t strip);

/* Most strips of examples in a unit of the forward product. */
#define FORWARD_STRIPS 8

/* Outputs and inputs of a unit of weights: UNIT × WEIGHT_COLUMNS. */
#define WEIGHT_COLUMNS (8 * STRIP)

/* Units of weights in a layer. */
size_t ISA(weight_units)(const Layer *layer);

/* Unit `unit` of layer l: dW = dZᵀ·A and db = Σ dZ into the gradient or the weights themselves, then the update. */
void ISA(weight_gradient_unit)(const Pass *pass, size_t l, size_t unit);

/* The unit's part of l1‖W‖₁ + l2‖W‖₂². */
double ISA(penalty_unit)(const Pass *pass, size_t l, size_t unit);

#endif
