/* Conditions between the keys of a recipe, which a configuration must meet to be tried:
 *
 *   model.parameters in [500000, 1000000]
 *   train.momentum > 0 or train.optimizer = adam
 *   not (model.depth = 0 and train.weight_decay > 0.1)
 *
 * They are written as store/predicate.h tells, but for ~. A key that is a single number is compared as one, and knows
 * `in [least, most]`. Any other is compared as its value: those know = != and `in [value, value, ...]`. Beside the keys of
 * recipes there are model.parameters (weights and biases) and model.depth (hidden layers). */
#ifndef SEARCH_CONDITION_H
#define SEARCH_CONDITION_H

#include <stdbool.h>

#include "recipe/recipe.h"

typedef struct Condition Condition;

/* Reads a condition: PERCEPT_ERROR_ARGUMENT with what is wrong and at which character, counted from 1; an unknown key
 * with the nearest one, a value that a key never has likewise. Released with condition_free. */
percept_status condition_create(const char *text, Condition **out, percept_error *error);
void condition_free(Condition *condition);

/* Whether a resolved recipe meets it. */
percept_status condition_holds(const Condition *condition, const percept_recipe *recipe, bool *out,
                               percept_error *error);

#endif
