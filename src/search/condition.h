/* Conditions on the keys of a recipe, which a trial must meet:
 *
 *   model.parameters in [500000, 1000000]
 *   train.momentum > 0 or train.optimizer = adam
 *   not (model.depth = 0 and train.weight_decay > 0.1)
 *
 * The grammar is in store/predicate.h, without ~. A key that is a single number is compared as a number and has `in
 * [least, most]`. Any other key is compared as a value and has = != and `in [value, value, ...]`. Beside the keys of
 * recipes there are model.parameters (weights and biases) and model.depth (hidden layers). */
#ifndef SEARCH_CONDITION_H
#define SEARCH_CONDITION_H

#include <stdbool.h>

#include "recipe/recipe.h"

typedef struct Condition Condition;

/* Reads a condition: PERCEPT_ERROR_ARGUMENT says what is wrong at which character, counted from 1. For an unknown key
 * or an impossible value it suggests the nearest one. Released with condition_free. */
percept_status condition_create(const char *text, Condition **out, percept_error *error);
void condition_free(Condition *condition);

/* Whether a resolved recipe meets it. */
percept_status condition_holds(const Condition *condition, const percept_recipe *recipe, bool *out,
                               percept_error *error);

#endif
