#include "recipe/recipe.h"

#include <assert.h>
#include <string.h>

#include "base/memory.h"
#include "recipe/value.h"

/* ---- Life ------------------------------------------------------------------------------------------------------- */

static percept_status create_unset(percept_recipe **out, percept_error *error)
{
    percept_recipe *recipe = NULL;
    percept_status status = memory_allocate_zeroed(1, sizeof *recipe, "a recipe", &recipe, error);
    if (status != PERCEPT_OK)
        return status;
    status = memory_allocate_zeroed(recipe_key_count(), sizeof *recipe->values, "a recipe", &recipe->values, error);
    if (status == PERCEPT_OK)
        *out = recipe;
    else
        percept_recipe_free(recipe);
    return status;
}

percept_status percept_recipe_create(percept_recipe **out, percept_error *error)
{
    if (out == NULL)
        return error_null(error, "percept_recipe_create", "out");
    percept_recipe *recipe = NULL;
    percept_status status = create_unset(&recipe, error);
    if (status == PERCEPT_OK)
        key_index_fill(&recipe->index);
    for (size_t i = 0; status == PERCEPT_OK && i < recipe_key_count(); i++) {
        const Key *key = recipe_key_at(i);
        if (key->fallback != NULL)
            status = value_parse(key, key->fallback, &recipe->values[i], error);
    }
    if (status == PERCEPT_OK)
        *out = recipe;
    else
        percept_recipe_free(recipe);
    return status;
}

percept_status recipe_copy(const percept_recipe *from, percept_recipe **out, percept_error *error)
{
    percept_recipe *recipe = NULL;
    percept_status status = create_unset(&recipe, error);
    if (status == PERCEPT_OK)
        recipe->index = from->index;
    for (size_t i = 0; status == PERCEPT_OK && i < recipe_key_count(); i++)
        status = value_copy(recipe_key_at(i), &from->values[i], &recipe->values[i], error);
    if (status == PERCEPT_OK)
        *out = recipe;
    else
        percept_recipe_free(recipe);
    return status;
}

void percept_recipe_free(percept_recipe *recipe)
{
    if (recipe == NULL)
        return;
    for (size_t i = 0; recipe->values != NULL && i < recipe_key_count(); i++)
        value_clear(&recipe->values[i]);
    memory_free(recipe->values);
    memory_free(recipe);
}

/* ---- Identity --------------------------------------------------------------------------------------------------- */

/* FNV-1a (G. Fowler, L. Noll, K. Vo, 1991), the text's end included. */
static uint64_t hash_text(uint64_t hash, const char *text)
{
    do
        hash = (hash ^ (unsigned char)*text) * 0x100000001b3;
    while (*text++ != '\0');
    return hash;
}

static bool is_listed(const char *name, const char *const *list)
{
    for (size_t i = 0; list != NULL && list[i] != NULL; i++)
        if (strcmp(list[i], name) == 0)
            return true;
    return false;
}

/* Whether a text is that of the key's default, which is "" for a key without one. */
static percept_status is_default(const Key *key, const char *text, bool *out, percept_error *error)
{
    Value fallback = {0};
    char *written = NULL;
    *out = strcmp(text, key->fallback != NULL ? key->fallback : "") == 0;
    if (*out || key->fallback == NULL)
        return PERCEPT_OK;
    percept_status status = value_parse(key, key->fallback, &fallback, error);
    if (status == PERCEPT_OK)
        status = value_format(key, &fallback, &written, error);
    if (status == PERCEPT_OK)
        *out = strcmp(text, written) == 0;
    memory_free(written);
    value_clear(&fallback);
    return status;
}

percept_status recipe_identity(const percept_recipe *recipe, const char *const *without, uint64_t *identity,
                               percept_error *error)
{
    percept_status status = PERCEPT_OK;
    uint64_t hash = 0xcbf29ce484222325;
    for (size_t i = 0; status == PERCEPT_OK && i < recipe_key_count(); i++) {
        const Key *key = recipe_key_at(i);
        char *text = NULL;
        bool plain = false;
        if (key->idle || (without != NULL && (key->path || is_listed(key->name, without))))
            continue;
        status = value_format(key, &recipe->values[i], &text, error);
        if (status == PERCEPT_OK)
            status = is_default(key, text, &plain, error);
        if (status == PERCEPT_OK && !plain && (key->neutral == NULL || strcmp(text, key->neutral) != 0))
            hash = hash_text(hash_text(hash, key->name), text);
        memory_free(text);
    }
    *identity = hash;
    return status;
}

/* ---- Setting ---------------------------------------------------------------------------------------------------- */

static size_t index_of(const Key *key)
{
    return (size_t)(key - recipe_key_at(0));
}

static void replace(percept_recipe *recipe, const Key *key, Value value)
{
    value_clear(&recipe->values[index_of(key)]);
    recipe->values[index_of(key)] = value;
    recipe->values[index_of(key)].chosen = true;
}

percept_status recipe_set_items(percept_recipe *recipe, const Key *key, const char *const *texts, size_t count,
                                percept_error *error)
{
    Value value = {0};
    percept_status status = value_parse_items(key, texts, count, &value, error);
    if (status == PERCEPT_OK)
        replace(recipe, key, value);
    return status;
}

percept_status recipe_set(percept_recipe *recipe, const char *name, const char *text, const char *where,
                          percept_error *error)
{
    Value value = {0};
    const Key *key = key_index_find(&recipe->index, name);
    percept_status status = key != NULL ? value_parse(key, text, &value, error) : recipe_refuse_unknown(name, error);
    if (status == PERCEPT_OK)
        replace(recipe, key, value);
    else if (where != NULL)
        error_prefix(error, "%s", where);
    return status;
}

percept_status recipe_set_pair(percept_recipe *recipe, const char *pair, const char *where, percept_error *error)
{
    char *name = NULL;
    const char *equals = strchr(pair, '=');
    if (equals == NULL) {
        char quoted[QUOTED_SIZE];
        error_set(error, PERCEPT_ERROR_ARGUMENT, "expected KEY=VALUE such as train.epochs=5, found %s",
                  quote_text(pair, quoted));
        if (where != NULL)
            error_prefix(error, "%s", where);
        return PERCEPT_ERROR_ARGUMENT;
    }
    percept_status status = memory_copy_string(pair, &name, error);
    if (status == PERCEPT_OK) {
        name[equals - pair] = '\0';
        status = recipe_set(recipe, name, equals + 1, where, error);
    }
    memory_free(name);
    return status;
}

percept_status percept_recipe_set(percept_recipe *recipe, const char *key, const char *value, percept_error *error)
{
    if (recipe == NULL || key == NULL || value == NULL)
        return error_null(error, "percept_recipe_set", "recipe, key and value");
    return recipe_set(recipe, key, value, NULL, error);
}

/* ---- Values ----------------------------------------------------------------------------------------------------- */

static const Value *value_of(const percept_recipe *recipe, const char *name)
{
    const Key *key = key_index_find(&recipe->index, name);
    assert(key != NULL);
    return &recipe->values[index_of(key)];
}

/* The value of a key that must have this type, and must (not) be a list. */
static const Value *typed_value(const percept_recipe *recipe, const char *name, KeyType type, bool list)
{
    const Key *key = key_index_find(&recipe->index, name);
    assert(key != NULL && key->type == type && key->list == list);
    (void)type, (void)list;
    return &recipe->values[index_of(key)];
}

/* The same, of a key that must be set. */
static const Value *single_value(const percept_recipe *recipe, const char *name, KeyType type)
{
    const Value *value = typed_value(recipe, name, type, false);
    assert(value->count == 1);
    return value;
}

bool recipe_is_set(const percept_recipe *recipe, const char *name)
{
    return value_of(recipe, name)->count > 0;
}

bool recipe_is_chosen(const percept_recipe *recipe, const char *name)
{
    return value_of(recipe, name)->chosen;
}

void recipe_unset(percept_recipe *recipe, const char *name)
{
    const Key *key = key_index_find(&recipe->index, name);
    assert(key != NULL && key->fallback == NULL);
    value_clear(&recipe->values[index_of(key)]);
}

size_t recipe_count(const percept_recipe *recipe, const char *name)
{
    return value_of(recipe, name)->count;
}

const char *recipe_text(const percept_recipe *recipe, const char *name)
{
    const Key *key = key_index_find(&recipe->index, name);
    assert(key != NULL && (key->type == KEY_TEXT || key->type == KEY_CHOICE));
    const Value *value = typed_value(recipe, name, key->type, false);
    return value->count > 0 ? value->items.texts[0] : NULL;
}

bool recipe_is(const percept_recipe *recipe, const char *name, const char *text)
{
    return recipe_is_set(recipe, name) && strcmp(recipe_text(recipe, name), text) == 0;
}

int64_t recipe_integer(const percept_recipe *recipe, const char *name)
{
    return single_value(recipe, name, KEY_INTEGER)->items.integers[0];
}

double recipe_number(const percept_recipe *recipe, const char *name)
{
    return single_value(recipe, name, KEY_NUMBER)->items.numbers[0];
}

bool recipe_boolean(const percept_recipe *recipe, const char *name)
{
    return single_value(recipe, name, KEY_BOOLEAN)->items.integers[0] != 0;
}

const char *const *recipe_texts(const percept_recipe *recipe, const char *name)
{
    const Key *key = key_index_find(&recipe->index, name);
    assert(key != NULL && (key->type == KEY_TEXT || key->type == KEY_CHOICE));
    return typed_value(recipe, name, key->type, true)->items.texts;
}

const int64_t *recipe_integers(const percept_recipe *recipe, const char *name)
{
    return typed_value(recipe, name, KEY_INTEGER, true)->items.integers;
}

const double *recipe_numbers(const percept_recipe *recipe, const char *name)
{
    return typed_value(recipe, name, KEY_NUMBER, true)->items.numbers;
}
