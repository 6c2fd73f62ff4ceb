#include "cli/run_source.h"

#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/memory.h"
#include "store/run_folder.h"

/* The recipe in `folder`; NULL if there is none. */
static percept_status load_recipe(const char *folder, percept_recipe **recipe, percept_error *error)
{
    char *path = NULL;
    percept_status status = file_join(folder, "recipe.yaml", &path, error);
    if (status == PERCEPT_OK && file_exists(path))
        status = percept_recipe_load(path, recipe, error);
    memory_free(path);
    return status;
}

percept_status run_source_open(const char *path, percept_model **model, percept_recipe **recipe, percept_error *error)
{
    char *file = NULL;
    percept_recipe *found = NULL;
    percept_status status = run_folder_model(path, &file, error);
    if (status == PERCEPT_OK && recipe != NULL && strcmp(file, path) != 0)
        status = load_recipe(path, &found, error);
    if (status == PERCEPT_OK)
        status = percept_model_load(file, model, error);
    if (status == PERCEPT_OK && recipe != NULL)
        *recipe = found;
    else
        percept_recipe_free(found);
    memory_free(file);
    return status;
}

bool run_source_is_trained(const char *source)
{
    static const char ending[] = ".safetensors";
    struct stat info;
    const size_t length = source != NULL ? strlen(source) : 0, end = sizeof ending - 1;
    if (source == NULL)
        return false;
    return (stat(source, &info) == 0 && S_ISDIR(info.st_mode)) ||
           (length > end && strcmp(source + length - end, ending) == 0);
}
