/* What a key takes, in words, and which key was meant: for --help and for messages. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "base/number.h"
#include "recipe/value.h"

/* More than there are keys and sections. */
#define MOST_CANDIDATES 128

/* Appends to text, which holds `size` bytes, as much as fits. */
static void append(char *text, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));

static void append(char *text, size_t size, const char *format, ...)
{
    const size_t used = strlen(text);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text + used, size - used, format, arguments);
    va_end(arguments);
}

/* " ≥ 1", " from 0 to 1024", " ≥ 0 and < 1", or nothing. */
static void append_range(const Key *key, char *text, size_t size)
{
    char low[NUMBER_SIZE], high[NUMBER_SIZE];
    const bool from = isfinite(key->low), to = isfinite(key->high);
    number_format(from ? key->low : 0, low);
    number_format(to ? key->high : 0, high);
    if (from && to && !key->above_low && !key->below_high) {
        append(text, size, " from %s to %s", low, high);
        return;
    }
    if (from)
        append(text, size, " %s %s", key->above_low ? ">" : "≥", low);
    if (to)
        append(text, size, "%s %s %s", from ? " and" : "", key->below_high ? "<" : "≤", high);
}

void recipe_describe(const Key *key, char *text, size_t size)
{
    static const char *const words[][2] = {
        [KEY_TEXT] = {"text", "texts"},
        [KEY_CHOICE] = {"one of ", "one or more of "},
        [KEY_INTEGER] = {"integer", "integers"},
        [KEY_NUMBER] = {"number", "numbers"},
        [KEY_BOOLEAN] = {"true or false", "list of true or false"},
    };
    text[0] = '\0';
    append(text, size, "%s%s", key->list && key->type != KEY_CHOICE ? "list of " : "", words[key->type][key->list]);
    if (key->type == KEY_INTEGER || key->type == KEY_NUMBER)
        append_range(key, text, size);
    if (key->type == KEY_CHOICE)
        for (size_t i = 0; key->choice(i) != NULL; i++)
            append(text, size, "%s%s", i > 0 ? ", " : "", key->choice(i));
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
    const char *candidates[MOST_CANDIDATES];
    const Key *owners[MOST_CANDIDATES];
    size_t count = 0;
    for (size_t i = 0; i < recipe_key_count() && count < MOST_CANDIDATES; i++) {
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
    return error_set(error, PERCEPT_ERROR_ARGUMENT, "unknown key %s; `percept train --help` lists all keys",
                     quote_text(name, quoted));
}
