/* A run's folder: recipe.yaml, metrics.csv, model.safetensors, summary.json, plots/. */
#ifndef STORE_RUN_FOLDER_H
#define STORE_RUN_FOLDER_H

#include <stdbool.h>

#include "base/error.h"

/* Makes the folder for a new run. path NULL: runs/NAME-NNN with the first free number. A folder that holds a run
 * (a recipe.yaml) is refused unless force, which removes the files of the earlier run that Percept itself wrote, and
 * nothing else. *out receives the path, released with memory_free. */
percept_status run_folder_create(const char *path, const char *name, bool force, char **out, percept_error *error);

/* If path is a run folder, the path of the model in it; else a copy of path. PERCEPT_ERROR_IO if neither exists. */
percept_status run_folder_model(const char *path, char **model, percept_error *error);

/* What a finished run found, as summary.json (keys sorted; no time, machine or paths). */
percept_status run_folder_write_summary(const char *folder, const percept_result *result, const percept_metrics *test,
                                        percept_error *error);

#endif
