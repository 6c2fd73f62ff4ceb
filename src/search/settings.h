/* The settings of a search: the section `search` of a space file. A table of keys like that of recipes, which defines
 * types, ranges, messages, --set and help. */
#ifndef SEARCH_SETTINGS_H
#define SEARCH_SETTINGS_H

#include <stdbool.h>

#include "base/buffer.h"
#include "recipe/recipe.h"
#include "recipe/value.h"

/* Prefix of these keys where keys of recipes are allowed as well (--set). */
#define SETTINGS_PREFIX "search."

#define SETTINGS_MOST 24

typedef struct SearchSettings {
    Value values[SETTINGS_MOST]; /* in the table's order */
} SearchSettings;

/* Row `index` of the table, or NULL past its end; names begin with "search.". */
const Key *search_key_at(size_t index);

/* All keys at their defaults. Released with search_settings_clear. */
percept_status search_settings_create(SearchSettings *out, percept_error *error);
void search_settings_clear(SearchSettings *settings);

/* Sets a key ("search.trials") from text, as recipe_set does. */
percept_status search_settings_set(SearchSettings *settings, const char *name, const char *text, const char *where,
                                   percept_error *error);

/* Values; names without the prefix, of that type. is_set is false for a key that has no default and was not set. */
bool search_setting_is_set(const SearchSettings *settings, const char *name);
const char *search_setting_text(const SearchSettings *settings, const char *name);
int64_t search_setting_integer(const SearchSettings *settings, const char *name);
double search_setting_number(const SearchSettings *settings, const char *name);

/* The same, or `otherwise` for a key that is not set. */
size_t search_setting_count_or(const SearchSettings *settings, const char *name, size_t otherwise);
double search_setting_number_or(const SearchSettings *settings, const char *name, double otherwise);

/* The most trials, which depends on whether there is a time limit. The second function writes the number down where there
 * is none, so that a space file names it. */
size_t search_settings_trials(const SearchSettings *settings);
percept_status search_settings_decide(SearchSettings *settings, percept_error *error);

/* Appends the section as YAML. */
percept_status search_settings_write(const SearchSettings *settings, Buffer *out, percept_error *error);

#endif
