#include "store/recipe_json.h"

#include <jansson.h>

#include "base/json_text.h"

/* Text may hold bytes that are no UTF-8 (names of files), and JSON may not. */
static json_t *make_text(const char *text)
{
    json_t *made = json_string(text);
    char quoted[QUOTED_SIZE];
    return made != NULL || text_is_utf8(text) ? made : json_string(quote_text(text, quoted));
}

static json_t *make_item(const Key *key, const Value *value, size_t i)
{
    switch (key->type) {
    case KEY_INTEGER:
        return json_integer(value->items.integers[i]);
    case KEY_NUMBER:
        return json_real(value->items.numbers[i]);
    case KEY_BOOLEAN:
        return json_boolean(value->items.integers[i] != 0);
    default:
        return make_text(value->items.texts[i]);
    }
}

static json_t *make_value(const Key *key, const Value *value)
{
    if (!key->list)
        return make_item(key, value, 0);
    json_t *list = json_array();
    bool good = list != NULL;
    for (size_t i = 0; i < value->count && good; i++)
        good = json_array_append_new(list, make_item(key, value, i)) == 0;
    if (!good)
        json_decref(list);
    return good ? list : NULL;
}

percept_status recipe_json(const percept_recipe *recipe, char **out, percept_error *error)
{
    json_t *object = json_object();
    bool good = object != NULL;
    for (size_t k = 0; k < recipe_key_count() && good; k++)
        if (recipe->values[k].count > 0)
            good = json_object_set_new(object, recipe_key_at(k)->name,
                                       make_value(recipe_key_at(k), &recipe->values[k])) == 0;
    percept_status status = json_text(good ? object : NULL, JSON_COMPACT, "a recipe as JSON", out, error);
    json_decref(object);
    return status;
}

percept_status value_json(const Key *key, const Value *value, char **out, percept_error *error)
{
    json_t *made = make_value(key, value);
    percept_status status = json_text(made, JSON_COMPACT | JSON_ENCODE_ANY, "a value as JSON", out, error);
    json_decref(made);
    return status;
}
