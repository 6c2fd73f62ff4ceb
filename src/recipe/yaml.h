/* Recipes from YAML files, through libyaml's document API, which knows the line of every node.
 *
 * A recipe is one mapping. Its keys are those of the table, in full ("train.epochs: 3") or below their section
 * ("train:", then "epochs: 3"); a section may be repeated, a key occurs only once. Its values are scalars, or lists of
 * scalars. Anything else is refused, never ignored. Six names of the outermost mapping are exceptions: `about`,
 * `notes`, `runs`, `parts`, `set` and `only` belong to studies, and percept_recipe_load ignores them. */
#ifndef RECIPE_YAML_H
#define RECIPE_YAML_H

#include <yaml.h>

#include "recipe/recipe.h"

/* Reads the one document of a file of at most 64 KiB. An empty file is a document without a root. *out is set on success
 * only and released with yaml_document_delete. Messages name file and line. */
percept_status yaml_open(const char *path, yaml_document_t *out, percept_error *error);

/* The same from memory; `name` stands for the path in messages. */
percept_status yaml_open_text(const char *text, size_t size, const char *name, yaml_document_t *out,
                              percept_error *error);

/* Sets the keys that a mapping of an open document gives; the recipe keeps its values for the others. NULL, or YAML's
 * null, sets nothing. `path` is for messages; `skip`: names of this mapping that are ignored, ended by NULL, or NULL.
 * After a failure the recipe has the values before the place that the message names. */
percept_status recipe_set_mapping(percept_recipe *recipe, yaml_document_t *document, const yaml_node_t *mapping,
                                  const char *path, const char *const *skip, percept_error *error);

/* Sets the keys that a recipe's file gives, as above; what belongs to studies is ignored. */
percept_status recipe_set_file(percept_recipe *recipe, const char *path, percept_error *error);

#endif
