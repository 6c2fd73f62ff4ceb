/* Recipes from YAML files, through libyaml's document API, which knows the line of every node.
 *
 * A recipe is one mapping. Its keys are those of the table, in full ("train.epochs: 3") or below their section
 * ("train:", then "epochs: 3"); a section may come in pieces, a key only once. Its values are scalars, or lists of
 * scalars. Anything else is refused, never ignored, but for six names of the outermost mapping: `about`, `notes`, `runs`,
 * `parts`, `set` and `only` tell what a recipe is for and what is to be varied, and percept_recipe_load leaves them alone. */
#ifndef RECIPE_YAML_H
#define RECIPE_YAML_H

#include <yaml.h>

#include "recipe/recipe.h"

/* Reads the one document of a file of at most 64 KiB. An empty file is a document without a root. *out is set on success
 * only and released with yaml_document_delete. Messages name file and line. */
percept_status yaml_open(const char *path, yaml_document_t *out, percept_error *error);

/* Sets the keys that a mapping of an open document gives; the recipe keeps its values for the others. NULL, or YAML's
 * null, sets nothing. `path` is for messages; `skip`: names of this mapping that are passed over whatever they hold, with
 * NULL at their end, or NULL. A failure leaves the recipe with what stood before the place that the message names. */
percept_status recipe_set_mapping(percept_recipe *recipe, yaml_document_t *document, const yaml_node_t *mapping,
                                  const char *path, const char *const *skip, percept_error *error);

#endif
