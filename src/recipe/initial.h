/* Where a recipe's network begins: its shape, its initial weights, and the random streams that they and the orders of the
 * examples are drawn from.
 *
 * `stream: children` gives each use a child of the seed, so that no use changes another. The two others are
 * what a notebook in NumPy does: one generator, from which the weights are drawn first and then each epoch's order. */
#ifndef RECIPE_INITIAL_H
#define RECIPE_INITIAL_H

#include "base/random.h"
#include "nn/network.h"
#include "recipe/recipe.h"

/* Random streams of a run: children of its seed. */
enum { STREAM_SPLIT, STREAM_WEIGHTS, STREAM_SHUFFLE, STREAM_DROPOUT, STREAM_FOLDS };

/* Child number `child` of the recipe's seed. */
RandomStream initial_child(const percept_recipe *recipe, uint32_t child);

/* The network of a resolved recipe. Released with network_clear. */
percept_status initial_network(const percept_recipe *recipe, Network *out, percept_error *error);

/* Initial parameters (parameter_count float64 values), and the stream as it stands when they have been drawn. Draws that
 * model.init_after names are taken first. */
percept_status initial_parameters(const percept_recipe *recipe, const Network *network, double *parameters,
                                  RandomStream *after, percept_error *error);

/* The stream that the orders of the examples are drawn from. */
percept_status initial_order_stream(const percept_recipe *recipe, RandomStream *out, percept_error *error);

#endif
