/* What a run's folder says of the run, and that a run which goes on is still the same one. For this room. */
#ifndef RUN_RESUME_H
#define RUN_RESUME_H

#include "run/state.h"

/* Writes data.json, then recipe.yaml, with absolute paths: a folder with a recipe holds a run. */
percept_status resume_describe(const Run *run, percept_error *error);

/* For a run whose recipe, data and model are loaded: finds its checkpoint, and refuses data that have changed. Where the
 * recipe asks for more epochs than the folder's, or names another place of the data, the folder is described anew and
 * counts as unfinished. */
percept_status resume_prepare(Run *run, percept_error *error);

#endif
