#include "cli/search_space.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/memory.h"
#include "cli/recipes.h"
#include "data/source.h"

/* The spaces for users' data, in the folder of searches: for tables in a file of their own, and for all else. */
#define TABLE_SPACE "tabular"
#define DATA_SPACE "table"

/* A section is looked for in so much of a file. */
#define START ((size_t)64 << 10)

/* ---- Changes ----------------------------------------------------------------------------------------------------- */

/* A key that is set is not varied by a space that comes with the program; one that the user's own space varies is not set. */
static percept_status check_change(Space *space, bool own, const char *flag, const char *pair, percept_error *error)
{
    const size_t length = strcspn(pair, "=");
    char key[64];
    snprintf(key, sizeof key, "%.*s", (int)length, pair);
    if (!own)
        space_leave_out(space, key);
    for (size_t c = 0; c < space_columns(space); c++) {
        const char *name = space_column_name(space, c);
        if (strlen(name) == length && strncmp(name, pair, length) == 0)
            return error_set(error, PERCEPT_ERROR_ARGUMENT, "%s: %s is what the space varies; change it there", flag,
                             name);
    }
    return PERCEPT_OK;
}

static percept_status apply_change(Space *space, bool own, const SearchChange *change, percept_error *error)
{
    char name[64];
    if (change->key != NULL && recipe_key_find(change->key) != NULL) {
        percept_status status = check_change(space, own, change->flag, change->key, error);
        return status == PERCEPT_OK ? recipe_set(space->base, change->key, change->text, change->flag, error) : status;
    }
    if (change->key != NULL)
        return search_settings_set(&space->settings, change->key, change->text, change->flag, error);
    if (strncmp(change->text, SETTINGS_PREFIX, strlen(SETTINGS_PREFIX)) == 0 && strchr(change->text, '=') != NULL) {
        snprintf(name, sizeof name, "%.*s", (int)strcspn(change->text, "="), change->text);
        return search_settings_set(&space->settings, name, strchr(change->text, '=') + 1, change->flag, error);
    }
    percept_status status = check_change(space, own, change->flag, change->text, error);
    return status == PERCEPT_OK ? recipe_set_pair(space->base, change->text, change->flag, error) : status;
}

/* ---- Kinds of arguments ------------------------------------------------------------------------------------------- */

static bool ends_with(const char *text, const char *end)
{
    const size_t length = strlen(text);
    return length > strlen(end) && strcmp(text + length - strlen(end), end) == 0;
}

static bool is_regular(const char *path)
{
    struct stat facts;
    return stat(path, &facts) == 0 && S_ISREG(facts.st_mode);
}

/* True if a line of the file's beginning opens a section `space`. */
static bool has_space_section(const char *path)
{
    static const char section[] = "\nspace:";
    char *text = NULL;
    bool found = false;
    FILE *file = is_regular(path) ? fopen(path, "rb") : NULL;
    if (file != NULL && memory_allocate(START + 2, 1, "a file's beginning", &text, NULL) == PERCEPT_OK) {
        text[0] = '\n';
        text[1 + fread(text + 1, 1, START, file)] = '\0';
        found = strstr(text, section) != NULL;
    }
    memory_free(text);
    if (file != NULL)
        (void)fclose(file);
    return found;
}

/* True for a CSV file. */
static bool is_table(const char *path)
{
    const SourceOptions options = {0};
    const SourceFormat *format = NULL;
    return is_regular(path) && source_format_of(path, &options, &format, NULL) == PERCEPT_OK &&
           strcmp(format->name, "csv") == 0;
}

static bool is_dataset(const char *name)
{
    return named_dataset_find(name) != NULL || generator_find(name) != NULL;
}

/* The file of the space; *data: it is to be searched with `what` as its data. */
static percept_status find_file(const char *what, char **path, bool *data, percept_error *error)
{
    const bool is_path = strpbrk(what, "/.") != NULL || is_regular(what); /* no search has a name with a point */
    *data = false;
    if (ends_with(what, ".yaml") || ends_with(what, ".yml") || has_space_section(what))
        return memory_copy_string(what, path, error);
    percept_status status = is_path ? PERCEPT_ERROR_ARGUMENT : recipes_find_in("search", what, path, error);
    if (status == PERCEPT_OK || status == PERCEPT_ERROR_MEMORY)
        return status;
    *data = file_exists(what) || is_dataset(what);
    if (*data)
        return recipes_find_in("search", is_table(what) ? TABLE_SPACE : DATA_SPACE, path, error);
    return is_path ? error_set(error, PERCEPT_ERROR_IO,
                               "there is no file '%s'; give a search space (.yaml), or data to search with the space "
                               "for tables",
                               what)
                   : status;
}

/* ---- Data with the space for tables ------------------------------------------------------------------------------- */

/* "iris" of "data/iris.csv.gz". */
static percept_status set_name(Space *space, const char *what, percept_error *error)
{
    char *name = NULL;
    percept_status status = file_last_name(what, &name, error);
    if (status == PERCEPT_OK)
        name[strcspn(name, ".")] = '\0';
    if (status == PERCEPT_OK && name[0] != '\0')
        status = recipe_set(space->base, "name", name, NULL, error);
    memory_free(name);
    return status;
}

static percept_status set_data(Space *space, const char *what, percept_error *error)
{
    char *path = NULL;
    percept_status status = recipe_set(space->base, "data.name", what, NULL, error);
    if (status == PERCEPT_OK)
        status = set_name(space, what, error);
    if (status == PERCEPT_OK) /* messages name the data, not the file of the space */
        status = memory_copy_string(what, &path, error);
    if (status == PERCEPT_OK) {
        memory_free(space->path);
        space->path = path;
    }
    return status;
}

percept_status search_space_find(const char *what, const SearchChange *changes, size_t count, Space **out,
                                 bool *wrong_usage, percept_error *error)
{
    char *path = NULL;
    Space *space = NULL;
    bool data = false;
    percept_status status = find_file(what, &path, &data, error);
    *wrong_usage = status == PERCEPT_ERROR_ARGUMENT;
    if (status == PERCEPT_OK)
        status = space_read(path, &space, error);
    memory_free(path);
    if (status == PERCEPT_OK && data)
        status = set_data(space, what, error);
    for (size_t i = 0; status == PERCEPT_OK && i < count; i++) {
        status = apply_change(space, !data, &changes[i], error);
        *wrong_usage = status != PERCEPT_OK;
    }
    if (status == PERCEPT_OK)
        *out = space;
    else
        space_free(space);
    return status;
}
