/* How a recipe's data are read and cut. */
#ifndef RECIPE_DATA_OPTIONS_H
#define RECIPE_DATA_OPTIONS_H

#include "data/prepare.h"
#include "recipe/recipe.h"

/* The options for reading files. They point into the recipe. */
SourceOptions data_options_source(const percept_recipe *recipe);

/* The options of data_prepare, but for the folds. */
DataOptions data_options_of(const percept_recipe *recipe);

#endif
