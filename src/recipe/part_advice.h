/* What a recipe asks of the parts of its data, as notes for people. */
#ifndef RECIPE_PART_ADVICE_H
#define RECIPE_PART_ADVICE_H

#include "data/prepare.h"
#include "recipe/recipe.h"

/* Validation sets with fewer examples are judged by their loss, unless train.monitor says otherwise: one example more or
 * less that is right moves the accuracy by more than a hundredth. */
#define PART_ADVICE_FEW 100

/* Adds notes to the data's storage: how a file was cut, and warnings where parts are missing or too small for what the
 * recipe asks of them. `options` are those that the data were prepared with. */
percept_status part_advice_add(const percept_recipe *recipe, const DataOptions *options, const percept_data *data,
                               percept_error *error);

/* Refuses what would do nothing without a validation part: train.patience and the schedule plateau. */
percept_status part_advice_check(const percept_recipe *recipe, const percept_data *data, percept_error *error);

#endif
