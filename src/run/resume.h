/* Writes the description of a run into its folder, and checks that a resumed run is still the same one. For this
 * room. */
#ifndef RUN_RESUME_H
#define RUN_RESUME_H

#include "run/state.h"

/* Writes data.json, then recipe.yaml, with absolute paths: a folder with a recipe holds a run. */
percept_status resume_describe(const Run *run, percept_error *error);

/* For a run whose recipe, data and model are loaded: finds its checkpoint, and refuses data that have changed. If the
 * recipe has more epochs than the one in the folder, or another place of the data, the folder gets the new recipe and
 * counts as unfinished. */
percept_status resume_prepare(Run *run, percept_error *error);

#endif
