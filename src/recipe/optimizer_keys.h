/* Keys whose default is stated by the optimizer's row of the table in train/optimizer.both.c. */
#ifndef RECIPE_OPTIMIZER_KEYS_H
#define RECIPE_OPTIMIZER_KEYS_H

#include "recipe/recipe.h"
#include "train/optimizer.h"

/* Whether a key is one of them. */
bool optimizer_keys_has(const char *name);

/* The default of a key with the recipe's optimizer (true is 1, false 0); false where it has none. */
bool optimizer_keys_default(const percept_recipe *recipe, const char *name, double *value);

/* Sets those that are not set to their defaults. */
percept_status optimizer_keys_decide(percept_recipe *recipe, percept_error *error);

/* The optimizer's settings, of the recipe or by default. */
OptimizerOptions optimizer_keys_options(const percept_recipe *recipe);

#endif
