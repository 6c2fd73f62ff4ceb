/* A recipe as one flat JSON object. */
#ifndef STORE_RECIPE_JSON_H
#define STORE_RECIPE_JSON_H

#include "recipe/value.h"

/* All values of a recipe as a JSON object, keys in the table's order; released with memory_free. */
percept_status recipe_json(const percept_recipe *recipe, char **out, percept_error *error);

/* One of its values, likewise. */
percept_status value_json(const Key *key, const Value *value, char **out, percept_error *error);

#endif
