/* One random stream through several runs. */
#ifndef STUDY_STREAMS_H
#define STUDY_STREAMS_H

#include "recipe/recipe.h"

/* Sets model.init_after of a recipe, so that its weights are drawn after those of the last recipe, and after everything
 * before that one. The last one must have model.layers. */
percept_status stream_continue(const percept_recipe *last, percept_recipe *next, percept_error *error);

#endif
