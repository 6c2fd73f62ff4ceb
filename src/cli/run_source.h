/* The argument RUN|MODEL: loads a model, and the recipe of its run. */
#ifndef CLI_RUN_SOURCE_H
#define CLI_RUN_SOURCE_H

#include <stdbool.h>

#include "percept/percept.h"

/* Loads the model of a run folder, or a model's file. recipe (if not NULL) receives the run's recipe, or NULL for a
 * model outside a run folder; both are released with their _free functions. */
percept_status run_source_open(const char *path, percept_model **model, percept_recipe **recipe, percept_error *error);

/* True for a folder or a .safetensors file: a trained model, not a recipe. False for NULL. */
bool run_source_is_trained(const char *source);

#endif
