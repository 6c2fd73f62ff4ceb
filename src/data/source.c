#include "data/source.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/nearest.h"
#include "data/idx.h"

#define LIST_SIZE 512 /* half of what a message holds */

/* ---- IDX by path --------------------------------------------------------------------------------------------- */

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

static bool idx_recognize(const char *path)
{
    return strstr(base_name(path), "-idx") != NULL || strstr(base_name(path), ".idx") != NULL;
}

/* Replaces the first `old` behind `skip` bytes by `new`, which is as long. */
static bool replace(char *text, size_t skip, const char *old, const char *new)
{
    char *found = strstr(text + skip, old);
    if (found != NULL)
        memcpy(found, new, strlen(new));
    return found != NULL;
}

/* train-images-idx3-ubyte.gz → train-labels-idx1-ubyte.gz, or without .gz where that is what lies there. */
static percept_status idx_find_labels(const char *path, char **labels, percept_error *error)
{
    static const char packed[] = ".gz";
    char *name = NULL;
    percept_status status = memory_copy_string(path, &name, error);
    if (status != PERCEPT_OK)
        return status;
    size_t skip = (size_t)(base_name(path) - path), length = strlen(name);
    if (!replace(name, skip, "images", "labels") ||
        !(replace(name, skip, "idx3", "idx1") || replace(name, skip, "idx2", "idx1"))) {
        memory_free(name);
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "'%s' does not tell where its labels are; name the file of images NAME-images-idx3-ubyte "
                         "and put NAME-labels-idx1-ubyte beside it",
                         path);
    }
    if (length > strlen(packed) && strcmp(name + length - strlen(packed), packed) == 0)
        name[length - strlen(packed)] = '\0';
    status = source_find_file("", name, labels, error);
    if (status == PERCEPT_OK && *labels == NULL)
        status = error_set(error, PERCEPT_ERROR_IO, "the labels of '%s' are missing; put '%s' (or .gz) beside it", path,
                           name);
    memory_free(name);
    return status;
}

/* ---- Formats ------------------------------------------------------------------------------------------------- */

static const SourceFormat format_table[] = {
    {.name = "IDX",
     .form = "NAME-images-idx3-ubyte with NAME-labels-idx1-ubyte beside it, both plain or .gz",
     .files_per_part = 2,
     .recognize = idx_recognize,
     .find_second = idx_find_labels,
     .read = idx_read},
};

#define FORMATS (sizeof format_table / sizeof format_table[0])

const SourceFormat *source_formats(size_t *count)
{
    *count = FORMATS;
    return format_table;
}

const SourceFormat *source_format_find(const char *name)
{
    for (size_t f = 0; f < FORMATS; f++)
        if (strcmp(format_table[f].name, name) == 0)
            return &format_table[f];
    return NULL;
}

/* ---- Opening ------------------------------------------------------------------------------------------------- */

/* The files of one or two parts, found. */
typedef struct FileList {
    char *paths[2][SOURCE_FILES];
    size_t parts;
} FileList;

static void file_list_clear(FileList *list)
{
    for (size_t f = 0; f < (size_t)2 * SOURCE_FILES; f++)
        memory_free(list->paths[f / SOURCE_FILES][f % SOURCE_FILES]);
}

/* Reads the files and makes a view of each part; `named` gives the class names, if it is one. */
static percept_status open_files(const SourceFormat *format, const FileList *files, const NamedDataset *named,
                                 percept_dataset **train, percept_dataset **test, percept_error *error)
{
    Storage *storage = NULL;
    percept_dataset *views[2] = {NULL, NULL};
    size_t counts[2] = {0, 0};
    percept_status status = format->read((const char *const(*)[SOURCE_FILES])files->paths, files->parts,
                                         named != NULL ? named->class_count : 0, &storage, counts, error);
    if (status == PERCEPT_OK && named != NULL)
        status = storage_name_classes(storage, named->class_names, error);
    for (size_t p = 0, first = 0; status == PERCEPT_OK && p < files->parts; first += counts[p++])
        status = dataset_view(storage, first, counts[p], &views[p], error);
    storage_release(storage);
    if (status != PERCEPT_OK) {
        percept_dataset_free(views[0]);
        percept_dataset_free(views[1]);
        return status;
    }
    *train = views[0];
    *test = views[1];
    return PERCEPT_OK;
}

static percept_status open_named(const NamedDataset *named, const char *directory, percept_dataset **train,
                                 percept_dataset **test, percept_error *error)
{
    FileList files = {.parts = named->parts};
    char *folder = NULL;
    percept_status status = named_dataset_locate(named, directory, &folder, error);
    for (size_t f = 0; status == PERCEPT_OK && f < named->parts * SOURCE_FILES; f++) {
        const char *name = named->files[f / SOURCE_FILES][f % SOURCE_FILES];
        char **path = &files.paths[f / SOURCE_FILES][f % SOURCE_FILES];
        if (name == NULL)
            continue;
        status = source_find_file(folder, name, path, error);
        if (status == PERCEPT_OK && *path == NULL)
            status = error_set(error, PERCEPT_ERROR_IO, "'%s' has just gone from '%s'; try again", name, folder);
    }
    if (status == PERCEPT_OK)
        status = open_files(source_format_find(named->format), &files, named, train, test, error);
    file_list_clear(&files);
    memory_free(folder);
    return status;
}

static percept_status refuse_format(const char *path, percept_error *error)
{
    char list[LIST_SIZE] = "";
    for (size_t f = 0, used = 0; f < FORMATS && used < sizeof list; f++)
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%s (%s)", f > 0 ? ", " : "", format_table[f].name,
                                 format_table[f].form);
    return error_set(error, PERCEPT_ERROR_ARGUMENT, "the name of '%.200s' tells no format that is read here: %s", path,
                     list);
}

static percept_status open_path(const char *path, percept_dataset **train, percept_dataset **test, percept_error *error)
{
    FileList files = {.parts = 1};
    const SourceFormat *format = NULL;
    for (size_t f = 0; format == NULL && f < FORMATS; f++)
        if (format_table[f].recognize(path))
            format = &format_table[f];
    if (format == NULL)
        return refuse_format(path, error);
    percept_status status = memory_copy_string(path, &files.paths[0][0], error);
    if (status == PERCEPT_OK && format->find_second != NULL)
        status = format->find_second(path, &files.paths[0][1], error);
    if (status == PERCEPT_OK)
        status = open_files(format, &files, NULL, train, test, error);
    file_list_clear(&files);
    return status;
}

/* Neither a name nor a file: says which names there are, and which was meant. */
static percept_status refuse(const char *word, percept_error *error)
{
    size_t count = 0;
    const NamedDataset *table = named_datasets(&count);
    const char **names = NULL;
    percept_status status = memory_allocate(count, sizeof *names, "the names of the datasets", &names, error);
    if (status != PERCEPT_OK)
        return status;
    char list[LIST_SIZE] = "";
    for (size_t d = 0, used = 0; d < count && used < sizeof list; d++) {
        names[d] = table[d].name;
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", d > 0 ? ", " : "", names[d]);
    }
    const char *nearest = nearest_word(word, names, count);
    status = error_set(error, PERCEPT_ERROR_ARGUMENT, "there is no dataset and no file '%.200s'%s%s%s; datasets: %s",
                       word, nearest != NULL ? "; did you mean '" : "", nearest != NULL ? nearest : "",
                       nearest != NULL ? "'?" : "", list);
    memory_free(names);
    return status;
}

percept_status source_open(const char *name_or_path, const char *directory, percept_dataset **train,
                           percept_dataset **test, percept_error *error)
{
    const NamedDataset *named = named_dataset_find(name_or_path);
    if (named != NULL)
        return open_named(named, directory, train, test, error);
    if (file_exists(name_or_path))
        return open_path(name_or_path, train, test, error);
    return refuse(name_or_path, error);
}
