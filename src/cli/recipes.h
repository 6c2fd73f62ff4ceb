/* Finds the recipes that come with the program. */
#ifndef CLI_RECIPES_H
#define CLI_RECIPES_H

#include "base/error.h"

/* The folder of recipes: $PERCEPT_RECIPES, else the installed one, else that in the source tree of the build. *out is
 * released with memory_free; PERCEPT_ERROR_IO if there is none. */
percept_status recipes_folder(char **out, percept_error *error);

/* The file of a recipe: NAME.yaml in that folder, or NAME itself if it is a path (ends in .yaml, or has a /). An
 * unknown name is PERCEPT_ERROR_ARGUMENT, with the nearest known one. */
percept_status recipes_find(const char *name, char **out, percept_error *error);

/* The same in a folder inside that one. */
percept_status recipes_find_in(const char *inner, const char *name, char **out, percept_error *error);

/* Names of the recipes in the folder, sorted, without the ending; released with recipes_free. */
percept_status recipes_list(const char *folder, char ***names, size_t *count, percept_error *error);
void recipes_free(char **names, size_t count);

#endif
