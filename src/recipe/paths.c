/* Recipes that mean the same from every working folder. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "data/source.h"
#include "recipe/recipe.h"
#include "recipe/value.h"

/* A named dataset or a generator is found by its name, whatever lies in the working folder. */
static bool is_name(const char *text)
{
    return named_dataset_find(text) != NULL || generator_find(text) != NULL;
}

/* The path from the root. Links on the way to the folder are resolved, so that ".." means what it says; the last name stays
 * as it is, since a link there may be moved to other data on purpose. *out is released with memory_free. */
static percept_status absolute(const char *path, char **out, percept_error *error)
{
    char *folder = NULL;
    percept_status status = memory_copy_string(path, &folder, error);
    if (status != PERCEPT_OK)
        return status;
    for (size_t length = strlen(folder); length > 1 && folder[length - 1] == '/'; length--)
        folder[length - 1] = '\0';
    char *slash = strrchr(folder, '/');
    const char *name = slash != NULL ? slash + 1 : folder;
    const char *parent = slash != NULL ? folder : ".";
    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) {
        parent = folder;
        name = "";
    } else if (slash != NULL) {
        *slash = '\0';
    }
    char *real = realpath(parent, NULL);
    status = real != NULL ? file_join(real, name, out, error)
                          : error_set(error, errno == ENOMEM ? PERCEPT_ERROR_MEMORY : PERCEPT_ERROR_IO,
                                      "cannot find where '%s' lies: %s", path, strerror(errno));
    free(real);
    memory_free(folder);
    return status;
}

percept_status recipe_make_absolute(percept_recipe *recipe, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    for (size_t i = 0; status == PERCEPT_OK && recipe_key_at(i) != NULL; i++) {
        const Key *key = recipe_key_at(i);
        const char *text = key->path && recipe_is_set(recipe, key->name) ? recipe_text(recipe, key->name) : NULL;
        char *path = NULL;
        if (text == NULL || text[0] == '/' || is_name(text) || !file_exists(text))
            continue;
        status = absolute(text, &path, error);
        /* A recipe cannot contain the name of a folder that is not UTF-8; the name then stays as the user typed it. */
        if (status == PERCEPT_OK &&
            recipe_set_items(recipe, key, (const char *const[]){path}, 1, error) == PERCEPT_ERROR_MEMORY)
            status = PERCEPT_ERROR_MEMORY;
        memory_free(path);
    }
    return status;
}
