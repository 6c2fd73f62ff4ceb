/* A value of a recipe as text that recipe_set reads back. */
#include <ctype.h>
#include <string.h>

#include "base/memory.h"
#include "recipe/recipe.h"
#include "recipe/value.h"

/* Copies an item of a list; a text in quotes where it would be read as something else. Returns its length. */
static size_t copy_item(const Key *key, const char *item, char *to)
{
    const char *from = item;
    const bool quoted = key->type == KEY_TEXT && key->list &&
                        (item[0] == '"' || strpbrk(item, ",[]") != NULL || isspace((unsigned char)item[0]) ||
                         isspace((unsigned char)item[strlen(item) - 1]));
    char *const begin = to;
    if (quoted)
        *to++ = '"';
    for (; *from != '\0'; from++) {
        if (quoted && *from == '"')
            *to++ = '"';
        *to++ = *from;
    }
    if (quoted)
        *to++ = '"';
    return (size_t)(to - begin);
}

percept_status value_format(const Key *key, const Value *value, char **out, percept_error *error)
{
    char buffer[VALUE_ITEM_SIZE], *text = NULL;
    size_t size = 1;
    for (size_t i = 0; i < value->count; i++)
        size += 2 * strlen(value_item_text(key, value, i, buffer)) + 3; /* all quotes, quoted */
    percept_status status = memory_allocate(size, 1, "a text", &text, error);
    if (status != PERCEPT_OK)
        return status;
    size_t used = 0;
    for (size_t i = 0; i < value->count; i++) {
        const char *item = value_item_text(key, value, i, buffer);
        if (i > 0)
            text[used++] = key->dashes ? '-' : ',';
        used += copy_item(key, item, text + used);
    }
    text[used] = '\0';
    *out = text;
    return PERCEPT_OK;
}

percept_status recipe_format(const percept_recipe *recipe, const char *name, char **out, percept_error *error)
{
    const Key *key = key_index_find(&recipe->index, name);
    return key != NULL ? value_format(key, &recipe->values[key - recipe_key_at(0)], out, error)
                       : recipe_refuse_unknown(name, error);
}
