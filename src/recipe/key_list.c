/* The keys of recipes, for programs: the public percept_key_ functions, and the text of a recipe. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "recipe/recipe.h"

static const Key *key_at(size_t i)
{
    return i < recipe_key_count() ? recipe_key_at(i) : NULL;
}

size_t percept_key_count(void)
{
    return recipe_key_count();
}

const char *percept_key_name(size_t i)
{
    const Key *key = key_at(i);
    return key != NULL ? key->name : NULL;
}

const char *percept_key_help(size_t i)
{
    const Key *key = key_at(i);
    return key != NULL ? key->help : NULL;
}

const char *percept_key_default(size_t i)
{
    const Key *key = key_at(i);
    return key != NULL ? key->fallback : NULL;
}

const char *percept_key_default_rule(size_t i)
{
    const Key *key = key_at(i);
    return key != NULL && key->fallback == NULL ? key->unset : NULL;
}

percept_key_type percept_key_type_of(size_t i)
{
    static const percept_key_type types[] = {[KEY_TEXT] = PERCEPT_KEY_TEXT,
                                             [KEY_CHOICE] = PERCEPT_KEY_CHOICE,
                                             [KEY_INTEGER] = PERCEPT_KEY_INTEGER,
                                             [KEY_NUMBER] = PERCEPT_KEY_NUMBER,
                                             [KEY_BOOLEAN] = PERCEPT_KEY_BOOLEAN};
    const Key *key = key_at(i);
    return key != NULL ? types[key->type] : PERCEPT_KEY_NONE;
}

int percept_key_is_list(size_t i)
{
    const Key *key = key_at(i);
    return key != NULL && key->list;
}

const char *percept_key_choice(size_t i, size_t choice)
{
    const Key *key = key_at(i);
    if (key == NULL || key->type != KEY_CHOICE)
        return NULL;
    for (size_t c = 0; c < choice; c++) /* a table of names ends with NULL, past which it has nothing */
        if (key->choice(c) == NULL)
            return NULL;
    return key->choice(choice);
}

void percept_key_range(size_t i, double *low, double *high, int *low_excluded, int *high_excluded)
{
    const Key *key = key_at(i);
    const bool has_range = key != NULL && (key->type == KEY_INTEGER || key->type == KEY_NUMBER);
    if (low != NULL)
        *low = has_range ? key->low : NAN;
    if (high != NULL)
        *high = has_range ? key->high : NAN;
    if (low_excluded != NULL)
        *low_excluded = has_range && key->above_low;
    if (high_excluded != NULL)
        *high_excluded = has_range && key->below_high;
}

/* ---- Texts --------------------------------------------------------------------------------------------------------- */

/* Copies as much as fits, and a final 0. */
static void give_text(const char *from, size_t length, char *text, size_t size, size_t *needed)
{
    if (needed != NULL)
        *needed = length;
    if (size == 0)
        return;
    const size_t copied = length < size ? length : size - 1;
    memcpy(text, from, copied);
    text[copied] = '\0';
}

percept_status percept_recipe_get(const percept_recipe *recipe, const char *key, char *text, size_t size,
                                  size_t *length, percept_error *error)
{
    char *value = NULL;
    if (recipe == NULL || key == NULL || (text == NULL && size > 0))
        return error_null(error, "percept_recipe_get", "recipe, key and (unless size is 0) text");
    percept_status status = recipe_format(recipe, key, &value, error);
    if (status == PERCEPT_OK)
        give_text(value, strlen(value), text, size, length);
    memory_free(value);
    return status;
}

percept_status percept_recipe_text(const percept_recipe *recipe, char *text, size_t size, size_t *length,
                                   percept_error *error)
{
    Buffer buffer = {0};
    if (recipe == NULL || (text == NULL && size > 0))
        return error_null(error, "percept_recipe_text", "recipe and (unless size is 0) text");
    percept_status status = recipe_write_text(recipe, &buffer, error);
    if (status == PERCEPT_OK)
        give_text((const char *)buffer.bytes, buffer.size, text, size, length);
    buffer_clear(&buffer);
    return status;
}
