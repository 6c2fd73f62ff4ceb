/* In place of yaml.c and yaml_write.c where readers of files are left out: recipes are set key by key. */
#include "recipe/recipe.h"

static percept_status refuse(const char *doing, const char *path, percept_error *error)
{
    return error_set(
        error, PERCEPT_ERROR_ARGUMENT,
        "cannot %s the recipe '%.64s': this libpercept was built without YAML (PERCEPT_READERS=OFF); set its "
        "keys with percept_recipe_set",
        doing, path);
}

percept_status percept_recipe_load(const char *path, percept_recipe **out, percept_error *error)
{
    if (path == NULL || out == NULL)
        return error_null(error, "percept_recipe_load", "path and out");
    return refuse("read", path, error);
}

percept_status percept_recipe_save(const percept_recipe *recipe, const char *path, percept_error *error)
{
    if (recipe == NULL || path == NULL)
        return error_null(error, "percept_recipe_save", "recipe and path");
    return refuse("write", path, error);
}

percept_status percept_recipe_parse(const char *yaml, percept_recipe **out, percept_error *error)
{
    if (yaml == NULL || out == NULL)
        return error_null(error, "percept_recipe_parse", "yaml and out");
    return refuse("read", "(text)", error);
}

percept_status recipe_write_text(const percept_recipe *recipe, Buffer *out, percept_error *error)
{
    (void)recipe, (void)out;
    return refuse("write", "(text)", error);
}
