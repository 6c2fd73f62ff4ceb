/* Factors by role of parameters, as a recipe gives them: "bias:0.1". */
#ifndef RECIPE_FACTORS_H
#define RECIPE_FACTORS_H

#include "recipe/recipe.h"
#include "train/groups.h"

/* Reads a key with `pairs`; roles that it does not name are left out. Unknown roles, a role named twice and factors that
 * are negative or no number are refused. */
percept_status role_factors(const percept_recipe *recipe, const char *name, RoleFactors *out, percept_error *error);

#endif
