#include "cli/recipes.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/nearest.h"
#include "cli/beside.h"

#define ENDING ".yaml"
#define MOST_RECIPES 1024
#define PATH_SIZE 4096

/* ---- The folder -------------------------------------------------------------------------------------------------- */

percept_status recipes_folder(char **out, percept_error *error)
{
    return beside_find("recipes", "PERCEPT_RECIPES", "../../recipes", out, error);
}

/* ---- Names ------------------------------------------------------------------------------------------------------- */

static int compare(const void *left, const void *right)
{
    char *const *a = left, *const *b = right;
    return strcmp(*a, *b);
}

/* True for NAME.yaml; *length is NAME's. */
static bool is_recipe(const char *file, size_t *length)
{
    const size_t whole = strlen(file), ending = strlen(ENDING);
    *length = whole > ending ? whole - ending : 0;
    return *length > 0 && file[0] != '.' && strcmp(file + *length, ENDING) == 0;
}

percept_status recipes_list(const char *folder, char ***names, size_t *count, percept_error *error)
{
    DIR *entries = opendir(folder);
    char **list = NULL;
    size_t found = 0, length = 0;
    if (entries == NULL)
        return error_set(error, PERCEPT_ERROR_IO, "cannot read the folder '%s': %s", folder, strerror(errno));
    percept_status status = memory_allocate(MOST_RECIPES, sizeof *list, "the recipes", &list, error);
    for (const struct dirent *entry = readdir(entries); status == PERCEPT_OK && entry != NULL; entry = readdir(entries))
        if (found < MOST_RECIPES && is_recipe(entry->d_name, &length)) {
            status = memory_copy_string(entry->d_name, &list[found], error);
            if (status == PERCEPT_OK)
                list[found++][length] = '\0';
        }
    closedir(entries);
    if (status != PERCEPT_OK) {
        recipes_free(list, found);
        return status;
    }
    qsort(list, found, sizeof *list, compare);
    *names = list;
    *count = found;
    return PERCEPT_OK;
}

void recipes_free(char **names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        memory_free(names[i]);
    memory_free(names);
}

static percept_status refuse(const char *folder, const char *name, percept_error *error)
{
    char **names = NULL;
    size_t count = 0;
    percept_status status = recipes_list(folder, &names, &count, error);
    if (status != PERCEPT_OK)
        return status;
    const char *nearest = nearest_word(name, (const char *const *)names, count);
    status = error_set(error, PERCEPT_ERROR_ARGUMENT, "there is no recipe '%s'%s%s%s", name,
                       nearest != NULL ? "; did you mean '" : "; the recipes lie in ",
                       nearest != NULL ? nearest : folder, nearest != NULL ? "'?" : "");
    recipes_free(names, count);
    return status;
}

/* NAME.yaml in the folder. */
static percept_status find(const char *folder, const char *name, char **out, percept_error *error)
{
    char file[PATH_SIZE];
    snprintf(file, sizeof file, "%s" ENDING, name);
    percept_status status = file_join(folder, file, out, error);
    if (status == PERCEPT_OK && !file_exists(*out)) {
        memory_free(*out);
        *out = NULL;
        status = refuse(folder, name, error);
    }
    return status;
}

percept_status recipes_find_in(const char *inner, const char *name, char **out, percept_error *error)
{
    char *folder = NULL, *place = NULL;
    size_t length = 0;
    if (strchr(name, '/') != NULL || is_recipe(name, &length))
        return memory_copy_string(name, out, error);
    percept_status status = recipes_folder(&folder, error);
    if (status == PERCEPT_OK)
        status = file_join(folder, inner, &place, error);
    if (status == PERCEPT_OK)
        status = find(place, name, out, error);
    memory_free(place);
    memory_free(folder);
    return status;
}

percept_status recipes_find(const char *name, char **out, percept_error *error)
{
    return recipes_find_in("", name, out, error);
}
