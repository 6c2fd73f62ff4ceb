/* What a key takes, in words, and which key was meant: for --help and for messages. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "base/number.h"
#include "base/quote.h"
#include "recipe/keys.h"

/* Appends to text, which has room for `size` bytes, as much as fits. */
static void append(char *text, size_t size, const char *more)
{
    const size_t used = strlen(text);
    snprintf(text + used, size - used, "%s", more);
}

static void append_bound(char *text, size_t size, const char *words, double bound)
{
    char number[NUMBER_SIZE];
    number_format(bound, number);
    append(text, size, words);
    append(text, size, number);
}

/* " ≥ 1", " from 0 to 1024", " ≥ 0 and < 1", or nothing. */
static void append_range(const Key *key, char *text, size_t size)
{
    const bool from = isfinite(key->low), to = isfinite(key->high);
    const bool closed = from && to && !key->above_low && !key->below_high;
    if (from)
        append_bound(text, size, closed ? " from " : key->above_low ? " > " : " ≥ ", key->low);
    if (from && to && !closed)
        append(text, size, " and");
    if (to)
        append_bound(text, size, closed ? " to " : key->below_high ? " < " : " ≤ ", key->high);
}

void recipe_describe(const Key *key, char *text, size_t size)
{
    static const char *const words[][2] = {
        [KEY_TEXT] = {"text", "list of texts"},
        [KEY_CHOICE] = {"one of ", "one or more of "},
        [KEY_INTEGER] = {"integer", "list of integers"},
        [KEY_NUMBER] = {"number", "list of numbers"},
        [KEY_BOOLEAN] = {"true or false", "list of true or false"},
    };
    text[0] = '\0';
    append(text, size, words[key->type][key->list]);
    if (key->type == KEY_INTEGER || key->type == KEY_NUMBER)
        append_range(key, text, size);
    for (size_t i = 0; key->type == KEY_CHOICE && key->choice(i) != NULL; i++) {
        append(text, size, i > 0 ? ", " : "");
        append(text, size, key->choice(i));
    }
}

/* ---- The nearest key -------------------------------------------------------------------------------------------- */

/* "epochs" of "train.epochs" */
static const char *word_of(const char *name)
{
    const char *dot = strchr(name, '.');
    return dot != NULL ? dot + 1 : name;
}

static bool same_section(const char *a, const char *b)
{
    const size_t length = (size_t)(word_of(a) - a);
    return length == (size_t)(word_of(b) - b) && strncmp(a, b, length) == 0;
}

/* The key nearest to `name` among those that `part` gives something to compare for (NULL: not this one). */
static const Key *nearest_by(const char *name, const char *wanted, const char *(*part)(const Key *, const char *))
{
    const char *candidates[RECIPE_MOST_KEYS];
    const Key *owners[RECIPE_MOST_KEYS];
    size_t count = 0;
    for (size_t i = 0; i < recipe_key_count(); i++) {
        const char *candidate = part(recipe_key_at(i), name);
        if (candidate != NULL) {
            candidates[count] = candidate;
            owners[count++] = recipe_key_at(i);
        }
    }
    const char *nearest = nearest_word(wanted, candidates, count);
    for (size_t i = 0; nearest != NULL && i < count; i++)
        if (candidates[i] == nearest)
            return owners[i];
    return NULL;
}

static const char *word_in_section(const Key *key, const char *name)
{
    return same_section(key->name, name) ? word_of(key->name) : NULL;
}

static const char *word_anywhere(const Key *key, const char *name)
{
    (void)name;
    return word_of(key->name);
}

static const char *whole_name(const Key *key, const char *name)
{
    (void)name;
    return key->name;
}

const Key *recipe_key_nearest(const char *name)
{
    const char *word = word_of(name);
    const Key *key = nearest_by(name, word, word_in_section);
    if (key == NULL)
        key = nearest_by(name, name, whole_name);
    if (key == NULL)
        key = nearest_by(name, word, word_anywhere);
    return key;
}

percept_status recipe_refuse_unknown(const char *name, percept_error *error)
{
    char quoted[QUOTED_SIZE];
    const Key *nearest = recipe_key_nearest(name);
    if (nearest != NULL)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "unknown key %s; did you mean '%s'?", quote_text(name, quoted),
                         nearest->name);
    return error_set(error, PERCEPT_ERROR_ARGUMENT, "unknown key %s; `percept train --help-all` lists all keys",
                     quote_text(name, quoted));
}
