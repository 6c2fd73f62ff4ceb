/* The start of a recipe's training: the shape of the network, its initial weights, and the random streams of weights
 * and of the orders of examples.
 *
 * `stream: children` gives each use a child of the seed, so no use affects another. The two other values do what a
 * NumPy notebook does: one generator gives first the weights and then the order of each epoch. */
#ifndef RECIPE_INITIAL_H
#define RECIPE_INITIAL_H

#include "base/random.h"
#include "data/schema.h"
#include "nn/network.h"
#include "recipe/recipe.h"

/* Random streams of a run: children of its seed. */
enum {
    STREAM_SPLIT,
    STREAM_WEIGHTS,
    STREAM_SHUFFLE,
    STREAM_DROPOUT,
    STREAM_FOLDS,
    STREAM_CATEGORIES,
    STREAM_AUGMENT,
    STREAM_VIEWS
};

/* Child number `child` of the recipe's seed. */
RandomStream initial_child(const percept_recipe *recipe, uint32_t child);

/* The network of a resolved recipe for features of this schema (NULL: all are numbers). Released with network_clear. */
percept_status initial_network(const percept_recipe *recipe, const Schema *schema, Network *out, percept_error *error);

/* Initial parameters (value_count float64 values), and the stream after they have been drawn. The draws in
 * model.init_after come first. features: as network_initialize_stages takes them. */
percept_status initial_parameters(const percept_recipe *recipe, const Network *network, const StageData *features,
                                  double *parameters, RandomStream *after, percept_error *error);

/* The stream of the orders of the examples, whose features have this schema. */
percept_status initial_order_stream(const percept_recipe *recipe, const Schema *schema, RandomStream *out,
                                    percept_error *error);

#endif
