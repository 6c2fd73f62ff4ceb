#include "show/trial_keys.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "plot/axis.h"

/* The key of the space for all hidden layers, which recipes store in model.layers; its name for readers; and the axis
 * that replaces it if there are too many different layers to name. */
#define HIDDEN "model.hidden"
#define HIDDEN_NAME "hidden layers"
#define PARAMETERS_NAME "parameters"

#define TEXT_SIZE 128

/* ---- Values ------------------------------------------------------------------------------------------------------- */

static size_t format_item(const json_t *item, char *text, size_t size)
{
    int used = 0;
    if (json_is_string(item))
        used = snprintf(text, size, "%s", json_string_value(item));
    else if (json_is_integer(item))
        used = snprintf(text, size, "%lld", (long long)json_integer_value(item));
    else if (json_is_real(item))
        used = snprintf(text, size, "%.6g", json_real_value(item));
    else
        used = snprintf(text, size, "%s", json_is_true(item) ? "true" : json_is_false(item) ? "false" : "");
    return used > 0 && (size_t)used < size ? (size_t)used : size - 1;
}

/* Items from `first` to before `end` of a list, joined; a value that is no list as it is. */
static void format_value(const json_t *value, bool layers, bool hidden, char text[TEXT_SIZE])
{
    const size_t count = json_array_size(value), first = hidden ? 1 : 0, end = hidden && count > 0 ? count - 1 : count;
    size_t used = 0;
    text[0] = '\0';
    if (!json_is_array(value)) {
        (void)format_item(value, text, TEXT_SIZE);
        return;
    }
    for (size_t i = first; i < end && used + 2 < TEXT_SIZE; i++) {
        if (i > first)
            text[used++] = layers ? '-' : ',';
        used += format_item(json_array_get(value, i), text + used, TEXT_SIZE - used);
    }
    if (hidden && first >= end)
        snprintf(text, TEXT_SIZE, "none");
}

/* The value of a recipe at a key of the space. */
static const json_t *value_at(const json_t *recipe, const char *name)
{
    return json_object_get(recipe, strcmp(name, HIDDEN) == 0 ? "model.layers" : name);
}

/* The number that a value is, alone or in a list of one; NaN: it is none. Of hidden layers, the only one's units. */
static double number_of(const json_t *value, bool hidden)
{
    const size_t alone = hidden ? 3 : 1; /* with inputs and outputs */
    if (json_is_array(value))
        value = json_array_size(value) == alone ? json_array_get(value, hidden ? 1 : 0) : NULL;
    else if (hidden)
        return NAN;
    return json_is_number(value) ? json_number_value(value) : NAN;
}

/* ---- Names -------------------------------------------------------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
    return strverscmp(*(const char *const *)a, *(const char *const *)b); /* "64" before "128" */
}

static size_t place_of(const TrialKey *key, const char *text)
{
    size_t place = 0;
    while (place < key->name_count && strcmp(key->names[place], text) != 0)
        place++;
    return place;
}

/* The different texts, in order; more of them than TRIALS_MOST_NAMES leave none. */
static percept_status find_names(TrialKey *key, size_t count, percept_error *error)
{
    percept_status status =
        memory_allocate_zeroed(TRIALS_MOST_NAMES + 1, sizeof *key->names, "the values", &key->names, error);
    bool many = false;
    for (size_t t = 0; t < count && status == PERCEPT_OK && !many; t++) {
        if (key->texts[t] == NULL || place_of(key, key->texts[t]) < key->name_count)
            continue;
        many = key->name_count == TRIALS_MOST_NAMES;
        if (!many)
            status = memory_copy_string(key->texts[t], &key->names[key->name_count], error);
        key->name_count += !many && status == PERCEPT_OK;
    }
    if (status == PERCEPT_OK && !many)
        qsort(key->names, key->name_count, sizeof *key->names, by_name);
    for (size_t n = 0; many && n < key->name_count; n++)
        memory_free(key->names[n]);
    key->name_count = many ? 0 : key->name_count;
    return status;
}

/* ---- Keys --------------------------------------------------------------------------------------------------------- */

/* Texts and numbers of a key; *numbers: there are no others. */
static percept_status read_values(TrialKey *key, const char *name, json_t *const *recipes, size_t count, bool *numbers,
                                  percept_error *error)
{
    const bool hidden = strcmp(name, HIDDEN) == 0, layers = hidden || strcmp(name, "model.layers") == 0;
    char text[TEXT_SIZE];
    percept_status status = memory_allocate(count, sizeof *key->values, "the values", &key->values, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(count, sizeof *key->texts, "the values", &key->texts, error);
    *numbers = true;
    for (size_t t = 0; t < count && status == PERCEPT_OK; t++) {
        const json_t *value = value_at(recipes[t], name);
        key->values[t] = NAN;
        if (value == NULL)
            continue;
        key->values[t] = number_of(value, hidden);
        *numbers = *numbers && !isnan(key->values[t]);
        format_value(value, layers, hidden, text);
        status = memory_copy_string(text, &key->texts[t], error);
    }
    return status;
}

/* Values that are no numbers become places among their names, or, of layers, the number of parameters. */
static percept_status name_values(TrialKey *key, const Trials *trials, percept_error *error)
{
    percept_status status = find_names(key, trials->count, error);
    for (size_t t = 0; t < trials->count && status == PERCEPT_OK; t++)
        if (key->texts[t] != NULL)
            key->values[t] =
                key->name_count > 0 ? (double)place_of(key, key->texts[t]) : (double)trials->list[t].parameters;
    if (status == PERCEPT_OK && key->name_count == 0) {
        memory_free(key->names);
        key->names = NULL;
        key->logarithmic = true;
        key->axis = PARAMETERS_NAME;
    }
    return status;
}

static bool differ(const TrialKey *key, size_t count)
{
    for (size_t t = 1; t < count; t++)
        if ((key->texts[t] == NULL) != (key->texts[0] == NULL) ||
            (key->texts[t] != NULL && strcmp(key->texts[t], key->texts[0]) != 0))
            return true;
    return false;
}

/* Whether numbers are to be seen on a logarithmic axis, which needs some above 0. */
static bool spans_decades(const TrialKey *key, size_t count, bool wanted)
{
    Range range = RANGE_EMPTY;
    for (size_t t = 0; t < count; t++)
        range_add(&range, key->values[t], false);
    return !range_is_empty(range) && range.low > 0 && (wanted || axis_spans_decades(range));
}

static void clear_key(TrialKey *key, size_t count)
{
    for (size_t n = 0; n < key->name_count; n++)
        memory_free(key->names[n]);
    for (size_t t = 0; key->texts != NULL && t < count; t++)
        memory_free(key->texts[t]);
    memory_free(key->names);
    memory_free(key->texts);
    memory_free(key->values);
    memory_free(key->name);
    *key = (TrialKey){0};
}

/* Adds a key if trials differ in it. */
static percept_status add_key(Trials *trials, const TrialSpace *space, size_t place, json_t *const *recipes,
                              percept_error *error)
{
    const char *name = space->keys[place].name;
    TrialKey *key = &trials->keys[trials->key_count];
    bool numbers = false;
    percept_status status = memory_copy_string(strcmp(name, HIDDEN) == 0 ? HIDDEN_NAME : name, &key->name, error);
    if (status == PERCEPT_OK)
        status = read_values(key, name, recipes, trials->count, &numbers, error);
    key->axis = key->name;
    trials->key_count++;
    if (status != PERCEPT_OK)
        return status;
    if (!differ(key, trials->count)) {
        clear_key(&trials->keys[--trials->key_count], trials->count);
        return PERCEPT_OK;
    }
    if (numbers)
        key->logarithmic = (space->keys[place].logarithmic || !space->keys[place].range) &&
                           spans_decades(key, trials->count, space->keys[place].logarithmic);
    return numbers ? PERCEPT_OK : name_values(key, trials, error);
}

percept_status trial_keys_find(Trials *trials, const TrialSpace *space, const char *const *recipes,
                               percept_error *error)
{
    json_t **parsed = NULL;
    percept_status status =
        memory_allocate_zeroed(space->count, sizeof *trials->keys, "the keys", &trials->keys, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(trials->count, sizeof(json_t *), "the recipes", &parsed, error);
    for (size_t t = 0; t < trials->count && status == PERCEPT_OK; t++)
        parsed[t] = recipes[t] != NULL ? json_loads(recipes[t], 0, NULL) : NULL;
    for (size_t k = 0; k < space->count && status == PERCEPT_OK; k++)
        status = add_key(trials, space, k, parsed, error);
    for (size_t t = 0; parsed != NULL && t < trials->count; t++)
        json_decref(parsed[t]);
    memory_free(parsed);
    return status;
}

void trial_keys_clear(Trials *trials)
{
    for (size_t k = 0; trials->keys != NULL && k < trials->key_count; k++)
        clear_key(&trials->keys[k], trials->count);
    memory_free(trials->keys);
}
