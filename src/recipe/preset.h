/* Presets: settings that belong together, chosen for a kind of data. A preset sets the keys that a recipe leaves alone;
 * the resolved recipe names them all, and no preset. */
#ifndef RECIPE_PRESET_H
#define RECIPE_PRESET_H

#include "recipe/recipe.h"

/* What the settings follow from. */
typedef struct PresetFacts {
    bool table;      /* the data are a table, whose columns measure different quantities */
    size_t rows;     /* of the training part */
    size_t features; /* columns of numbers and categories */
    size_t outputs;  /* classes or targets */
    size_t classes;  /* 0: regression */
    bool validated;  /* there is a validation part */
} PresetFacts;

/* True if the recipe's preset suits tables: "tabular", or "auto", which may turn out to be it. */
bool preset_suits_tables(const percept_recipe *recipe);

/* Values of keys that data are read with, before anything is known of these data. A preset "auto" counts as "tabular" for
 * data.rare, and not for data.missing: see SourceOptions.below_in_tables. */
const char *preset_missing(const percept_recipe *recipe);
size_t preset_rare(const percept_recipe *recipe);

/* Sets the keys of the recipe's preset that nobody has set, then takes the key `preset` back. "auto" is "tabular" for
 * tables, else "plain", which sets nothing. */
percept_status preset_apply(percept_recipe *recipe, const PresetFacts *facts, percept_error *error);

#endif
