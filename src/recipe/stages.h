/* The stages that a recipe asks for: model.normalize, model.residual, model.stages, model.input_stages. */
#ifndef RECIPE_STAGES_H
#define RECIPE_STAGES_H

#include "nn/network.h"
#include "recipe/recipe.h"

/* For NetworkOptions. Released with recipe_stages_clear. */
typedef struct RecipeStages {
    StageOptions *options;
    double (*settings)[STAGE_SETTINGS]; /* that options point to */
    size_t count;
} RecipeStages;

/* The stages of a resolved recipe. A kind with settings is written KIND:SETTING=VALUE:…; PERCEPT_ERROR_ARGUMENT names the
 * key and what is wrong with it. */
percept_status recipe_stages(const percept_recipe *recipe, RecipeStages *out, percept_error *error);
void recipe_stages_clear(RecipeStages *stages);

/* True if one of these keys asks for a stage. */
bool recipe_has_stages(const percept_recipe *recipe);

#endif
