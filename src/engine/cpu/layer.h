/* One layer's work, cut into units by the shape alone; a unit is done by one rank. */
#ifndef ENGINE_CPU_LAYER_H
#define ENGINE_CPU_LAYER_H

#include "engine/cpu/state.h"

static inline const Layer *layer_at(const Pass *pass, size_t l)
{
    return &pass->cpu->engine.config.network->layers[l];
}

/* Examples of a strip, rounded up to whole vectors. */
static inline size_t strip_width(const Pass *pass, size_t strip)
{
    return smaller(pass->cpu->strip, round_up(pass->batch->count - strip * pass->cpu->strip, LANES));
}

/* A unit of weights: rows first_row …, columns first …, and its update. */
typedef struct WeightUnit {
    const Layer *layer;
    size_t first_row, rows, first, width;
    bool plain; /* the weights are changed in place */
    WeightFactors penalty;
    real *target; /* the weights, their gradient, or room for the unit's part of it: its first element … */
    size_t stride;
    real *biases; /* … and the same for its rows' biases */
} WeightUnit;

/* How products are computed: from reals, or from pairs of bfloat16 (bf16_layer.bf16.c). */
struct Products {
    const char *kernel; /* its name */

    /* Layer l, outputs first_row … +rows-1 for strips first … end-1 of examples: Z = W·A + b by unit, which
     * finish_forward ends for each strip. */
    void (*forward)(const Pass *pass, size_t l, size_t first_row, size_t rows, size_t first, size_t end);

    /* Layer l, inputs first_row … +rows-1 for strips first … end-1 of examples: dA = dZ·W by unit, in dA of the side
     * before (NULL: aside), which finish_input_gradient ends for each strip. */
    void (*input_gradient)(const Pass *pass, const Worker *worker, size_t l, size_t first_row, size_t rows,
                           size_t first, size_t end);

    /* dW = dZᵀ·A of a unit of weights of layer l; gamma: as in Product. */
    void (*weight_gradient)(const Pass *pass, size_t l, const WeightUnit *unit, real gamma);

    /* Convert the values of side l to operands of products, for one strip of examples; NULL if they are the same. */
    void (*take_activations)(const Pass *pass, const Worker *worker, size_t l, size_t strip);
    void (*take_deltas)(const Pass *pass, const Worker *worker, size_t l, size_t strip);
};

extern const Products ISA(products);

/* What follows a product of layer l, for one strip of examples while it is in the cache, unless the side is staged.
 * Forward: the activation, if it is elementwise and not that of the output, by unit and for training by example.
 * Backward: its derivative, or for layer 0 pass->input_gradient, from C (rows × examples, cpu->strip apart). */
void ISA(finish_forward)(const Pass *pass, size_t l, size_t first_row, size_t rows, size_t strip);
void ISA(finish_input_gradient)(const Pass *pass, size_t l, size_t first_row, size_t rows, size_t strip, const real *C);

/* The part of W that a product needs next. The rows of a unit that begins at `row`. */
Fetch ISA(next_rows)(const Layer *layer, const real *W, size_t row);

/* After rows … k-1 of UNIT columns first …, `block` rows at a time: those that follow, or the first ones of the next
 * columns. Columns lie so far apart that only COLUMN_DEPTH lines certainly fit into the sets of a cache. */
Fetch ISA(next_columns)(const Layer *layer, const real *W, size_t k, size_t block, size_t first);

/* Side 0: examples first … first+LANES-1 gathered, by unit and (for training) by example. */
void ISA(gather_unit)(const Pass *pass, const Worker *worker, size_t first);

/* Dropout of side l, units first_row … +rows-1 of one strip of examples, by unit in place; leaves T and mask. */
void ISA(drop_unit)(const Pass *pass, size_t l, size_t first_row, size_t rows, size_t strip);

/* The same for one example's units in a row; mask has room for as many. */
void ISA(drop_row)(const Pass *pass, size_t l, size_t example, real *row, real *mask);

/* An activation of side l that is not elementwise, for one strip of examples with Z from the forward product. */
void ISA(activate_rows)(const Pass *pass, const Worker *worker, size_t l, size_t strip);

/* dA to dZ on such a side, in place, for one strip of examples. */
void ISA(differentiate_rows)(const Pass *pass, const Worker *worker, size_t l, size_t strip);

/* Largest number of strips in a unit of the forward product and of the input gradient. */
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
