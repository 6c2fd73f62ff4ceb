/* The stages that a recipe asks for: model.normalize, model.residual, model.stages, model.input_stages, model.embedding;
 * and those that turn categories into numbers: model.one_hot, model.table_size. */
#ifndef RECIPE_STAGES_H
#define RECIPE_STAGES_H

#include "data/schema.h"
#include "nn/network.h"
#include "recipe/recipe.h"

/* For NetworkOptions. Released with recipe_stages_clear. */
typedef struct RecipeStages {
    StageOptions *options;
    double (*settings)[STAGE_SETTINGS]; /* that options point to */
    size_t count;
    uint32_t *counts; /* likewise */
} RecipeStages;

/* The stages of a resolved recipe for features of this schema (NULL: all are numbers). In front of model.input_stages each
 * run of numbers goes through model.embedding, each run of categories of up to model.one_hot texts becomes one-hot, and
 * each run of larger ones takes tables of model.table_size. A kind with settings is written KIND:SETTING=VALUE:…;
 * PERCEPT_ERROR_ARGUMENT names the key and what is wrong with it. */
percept_status recipe_stages(const percept_recipe *recipe, const Schema *schema, RecipeStages *out,
                             percept_error *error);
void recipe_stages_clear(RecipeStages *stages);

/* True if one of these keys asks for a stage. */
bool recipe_has_stages(const percept_recipe *recipe);

#endif
