/* One random stream through several runs. */
#ifndef STUDY_STREAMS_H
#define STUDY_STREAMS_H

#include "recipe/recipe.h"

/* Tells a recipe (by model.init_after) that its weights are drawn after those of the last one, and after whatever that one
 * came after. The last one must have model.layers. */
percept_status stream_continue(const percept_recipe *last, percept_recipe *next, percept_error *error);

#endif
