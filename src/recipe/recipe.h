/* Recipes: values for the keys of one table (keys.h). */
#ifndef RECIPE_RECIPE_H
#define RECIPE_RECIPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "recipe/keys.h"

/* Sets a key from text: "0.05", "true", "[3, 7]", "3,7", for layer sizes also "784-64-10". `where` names the source for
 * messages ("--set", "digits.yaml:12") or is NULL. An unknown key is refused and the nearest key is named; a wrong type
 * or a value out of range is refused, and the message says what is valid. The recipe then stays as it was. Numbers are
 * decimal, finite, and read in the same way in every locale; integers are decimal digits; booleans are true and false;
 * text is UTF-8 and not empty. */
percept_status recipe_set(percept_recipe *recipe, const char *name, const char *text, const char *where,
                          percept_error *error);

/* Sets a key to `count` items, each given as text, as in a YAML list. */
percept_status recipe_set_items(percept_recipe *recipe, const Key *key, const char *const *texts, size_t count,
                                percept_error *error);

/* "key=value", as --set takes it. */
percept_status recipe_set_pair(percept_recipe *recipe, const char *pair, const char *where, percept_error *error);

/* Values. The name must be in the table with that type (a programming error otherwise, caught by an assertion).
 * recipe_is_set is false for a key that has no default and was not set. */
bool recipe_is_set(const percept_recipe *recipe, const char *name);

/* True if the key was set, be it to its default. */
bool recipe_is_chosen(const percept_recipe *recipe, const char *name);

/* Takes back the value of a key that has no default. */
void recipe_unset(percept_recipe *recipe, const char *name);

const char *recipe_text(const percept_recipe *recipe, const char *name); /* KEY_TEXT, KEY_CHOICE; NULL if unset */
bool recipe_is(const percept_recipe *recipe, const char *name, const char *text); /* KEY_CHOICE is set, and to this */
int64_t recipe_integer(const percept_recipe *recipe, const char *name);
double recipe_number(const percept_recipe *recipe, const char *name);
bool recipe_boolean(const percept_recipe *recipe, const char *name);
size_t recipe_count(const percept_recipe *recipe, const char *name);             /* of a list; 0 if unset */
const char *const *recipe_texts(const percept_recipe *recipe, const char *name); /* KEY_TEXT, KEY_CHOICE */
const int64_t *recipe_integers(const percept_recipe *recipe, const char *name);
const double *recipe_numbers(const percept_recipe *recipe, const char *name);

/* The value as text that recipe_set reads back to the same value; numbers with as few digits as possible; "" for a key
 * that is not set. *out is released with memory_free. */
percept_status recipe_format(const percept_recipe *recipe, const char *name, char **out, percept_error *error);

/* Writes every key that is set as YAML, sections in the table's order; with a preset only those that were chosen. On
 * failure the file stays as it was. */
percept_status recipe_write(const percept_recipe *recipe, const char *path, percept_error *error);

/* Appends the same to a buffer, which then ends in a NUL that its size does not count. */
percept_status recipe_write_text(const percept_recipe *recipe, Buffer *out, percept_error *error);

/* A hash of all values that are not the default and affect results: equal for recipes that give the same results, and
 * almost never for others. Keys that are added to the table later do not change it. With a list `without` (ended by
 * NULL), it ignores the keys in the list and the names of files. */
percept_status recipe_identity(const percept_recipe *recipe, const char *const *without, uint64_t *identity,
                               percept_error *error);

/* Makes the names of files and folders absolute (keys with `path`), so the recipe means the same in every working
 * folder. Names of datasets, and of files that do not exist, stay. */
percept_status recipe_make_absolute(percept_recipe *recipe, percept_error *error);

percept_status recipe_copy(const percept_recipe *from, percept_recipe **out, percept_error *error);

#endif
