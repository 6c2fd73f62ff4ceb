/* The table of the keys of recipes: name, type, range, default, flag, help. YAML files, --set, flags, --help, the library's
 * percept_recipe_set, manual pages and completion all come from it. */
#ifndef RECIPE_KEYS_H
#define RECIPE_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

typedef enum KeyType { KEY_TEXT, KEY_CHOICE, KEY_INTEGER, KEY_NUMBER, KEY_BOOLEAN } KeyType;

typedef struct Key {
    const char *name;     /* "train.learning_rate": section and word; "seed" stands alone */
    const char *fallback; /* the default, as a user would type it; NULL: `unset` describes it */
    const char *unset;    /* "decided from the data"; NULL if there is a default */
    KeyType type;
    bool list;        /* a list; texts with a comma in quotes: weight,"height, in m" */
    bool dashes;      /* a list whose items may also be written "784-64-10" */
    bool pairs;       /* a list of texts NAME:NUMBER, which YAML may also give as a mapping */
    bool above_low;   /* low itself is not allowed */
    bool below_high;  /* high itself is not allowed */
    bool idle;        /* no result depends on it: it may change when a run is resumed */
    bool path;        /* may name a file or a folder */
    bool everyday;    /* shown by --help, others by --help-all only */
    double low, high; /* range of integers and numbers, inclusive except for the two flags above; ±INFINITY: no limit */
    const char *(*choice)(size_t index); /* KEY_CHOICE: names from a room's table until NULL */
    const char *flag;                    /* "--learning-rate" for `percept train`, or NULL */
    const char *neutral;                 /* the default of earlier releases, which recipe_identity ignores, or NULL */
    const char *help;                    /* one line: what it does, units */
    const char *value;                   /* the name of its value in help ("DIR"), or NULL: by its type */
} Key;

/* The table, row `index` or NULL past its end; the row of a name, or NULL. */
const Key *recipe_key_at(size_t index);
const Key *recipe_key_find(const char *name);
size_t recipe_key_count(void);

/* Never more than this. */
#define RECIPE_MOST_KEYS 512

/* The key that an unknown name probably means (misspelled, or without its section), or NULL. */
const Key *recipe_key_nearest(const char *name);

/* The values that a key takes, for --help and messages: "integer ≥ 1", "number ≥ 0 and < 1", "true or false", "one of
 * sgd, adam", "list of integers ≥ 0". Cut to size bytes; RECIPE_DESCRIPTION_SIZE is enough for every key. The default
 * is in key->fallback or key->unset. */
#define RECIPE_DESCRIPTION_SIZE 512
void recipe_describe(const Key *key, char *text, size_t size);

/* Refuses a name that is no key, and suggests the nearest key. */
percept_status recipe_refuse_unknown(const char *name, percept_error *error);

#endif
