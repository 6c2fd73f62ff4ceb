/* Notes and checks about the parts of the data that a recipe needs. */
#ifndef RECIPE_PART_ADVICE_H
#define RECIPE_PART_ADVICE_H

#include "data/prepare.h"
#include "recipe/recipe.h"

/* Validation sets with fewer examples are judged by their loss, unless train.monitor says otherwise: one more correct
 * example changes the accuracy by more than a hundredth. */
#define PART_ADVICE_FEW 100

/* Adds notes to the data's storage: how a file was split, and warnings if parts are missing or too small for the
 * recipe. `options` are those with which the data were prepared. */
percept_status part_advice_add(const percept_recipe *recipe, const DataOptions *options, const percept_data *data,
                               percept_error *error);

/* Refuses settings that have no effect without a validation part: train.patience and the schedule plateau. */
percept_status part_advice_check(const percept_recipe *recipe, const percept_data *data, percept_error *error);

#endif
