/* Opening a named dataset or a file. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/nearest.h"
#include "data/source.h"

#define LIST_SIZE 512 /* half of what a message holds */

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

/* What a named dataset knows better than its files do. */
static percept_status describe(const NamedDataset *named, Storage *storage, percept_error *error)
{
    if (named->divisor > 0)
        storage->divisor = named->divisor;
    if (named->image_height > 0) {
        if (named->image_height * named->image_width != storage->width)
            return error_set(error, PERCEPT_ERROR_FORMAT, "'%s' has %zu features instead of %zu; get its files again",
                             named->name, storage->width, named->image_height * named->image_width);
        storage->image_height = named->image_height;
        storage->image_width = named->image_width;
        storage->table = false;
    }
    storage->numbered = true;
    return storage_name_classes(storage, named->class_names, error);
}

/* Reads the files and makes a view of each part; `named` gives the class names, if it is one. */
static percept_status open_files(const SourceFormat *format, const FileList *files, const SourceOptions *options,
                                 const NamedDataset *named, percept_dataset **train, percept_dataset **test,
                                 percept_error *error)
{
    Storage *storage = NULL;
    percept_dataset *views[2] = {NULL, NULL};
    size_t counts[2] = {0, 0};
    percept_status status = format->read((const char *const(*)[SOURCE_FILES])files->paths, files->parts, options,
                                         named != NULL ? named->class_count : 0, &storage, counts, error);
    if (status == PERCEPT_OK && named != NULL)
        status = describe(named, storage, error);
    for (size_t p = 0, first = 0; status == PERCEPT_OK && p < 2 && counts[p] > 0; first += counts[p++])
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

static percept_status open_named(const NamedDataset *named, const char *directory, const SourceOptions *options,
                                 percept_dataset **train, percept_dataset **test, percept_error *error)
{
    if (source_chooses_columns(options) || options->label_file != NULL)
        return error_set(
            error, PERCEPT_ERROR_ARGUMENT,
            "'%s' knows its own columns; data.label, .targets, .weight, .drop and .label_file are for files",
            named->name);
    FileList files = {.parts = named->parts};
    SourceOptions own = named->options;
    own.format = named->format;
    const SourceFormat *format = NULL;
    char *folder = NULL;
    percept_status status = source_format_of(named->name, &own, &format, error);
    if (status == PERCEPT_OK)
        status = named_dataset_locate(named, directory, &folder, error);
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
        status = open_files(format, &files, &named->options, named, train, test, error);
    file_list_clear(&files);
    memory_free(folder);
    return status;
}

static percept_status open_path(const char *path, const SourceOptions *options, percept_dataset **train,
                                percept_dataset **test, percept_error *error)
{
    FileList files = {.parts = 1};
    const SourceFormat *format = NULL;
    percept_status status = source_format_of(path, options, &format, error);
    if (status == PERCEPT_OK)
        status = memory_copy_string(path, &files.paths[0][0], error);
    if (status == PERCEPT_OK && options->label_file != NULL && format->files_per_part < 2)
        status = error_set(error, PERCEPT_ERROR_ARGUMENT,
                           "data.label_file is of no use to '%s': a file of format %s holds its labels itself", path,
                           format->name);
    if (status == PERCEPT_OK && options->label_file != NULL)
        status = memory_copy_string(options->label_file, &files.paths[0][1], error);
    else if (status == PERCEPT_OK && format->find_second != NULL)
        status = format->find_second(path, &files.paths[0][1], error);
    if (status == PERCEPT_OK)
        status = open_files(format, &files, options, NULL, train, test, error);
    file_list_clear(&files);
    return status;
}

/* Neither a name nor a file: says which names there are, and which was meant. */
static percept_status refuse(const char *word, percept_error *error)
{
    size_t count = 0, drawn = 0;
    const NamedDataset *table = named_datasets(&count);
    const Generator *generator_table = generators(&drawn);
    const char **names = NULL;
    percept_status status = memory_allocate(count + drawn, sizeof *names, "the names of the datasets", &names, error);
    if (status != PERCEPT_OK)
        return status;
    char list[LIST_SIZE] = "";
    for (size_t d = 0, used = 0; d < count + drawn && used < sizeof list; d++) {
        names[d] = d < count ? table[d].name : generator_table[d - count].name;
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", d > 0 ? ", " : "", names[d]);
    }
    const char *nearest = nearest_word(word, names, count + drawn);
    status = error_set(error, PERCEPT_ERROR_ARGUMENT, "there is no dataset and no file '%.200s'%s%s%s; datasets: %s",
                       word, nearest != NULL ? "; did you mean '" : "", nearest != NULL ? nearest : "",
                       nearest != NULL ? "'?" : "", list);
    memory_free(names);
    return status;
}

static percept_status open_generator(const Generator *generator, const SourceOptions *options, percept_dataset **train,
                                     percept_dataset **test, percept_error *error)
{
    Storage *storage = NULL;
    if (source_chooses_columns(options))
        return error_set(
            error, PERCEPT_ERROR_ARGUMENT,
            "'%s' is drawn and has no columns to choose; data.label, .targets, .weight, .group, .time, .id and "
            ".drop are for files",
            generator->name);
    percept_status status = generator_draw(generator, &options->generate, &storage, error);
    if (status == PERCEPT_OK)
        status = dataset_view(storage, 0, storage->count, train, error);
    storage_release(storage);
    if (status == PERCEPT_OK)
        *test = NULL;
    return status;
}

percept_status source_open(const char *name_or_path, const char *directory, const SourceOptions *options,
                           percept_dataset **train, percept_dataset **test, percept_error *error)
{
    static const SourceOptions automatic = {0};
    if (options == NULL)
        options = &automatic;
    const NamedDataset *named = named_dataset_find(name_or_path);
    const Generator *generator = generator_find(name_or_path);
    if (generator != NULL)
        return open_generator(generator, options, train, test, error);
    if (options->generate.count > 0 || options->generate.has_noise || options->generate.classes > 0 ||
        options->generate.turns > 0)
        return error_set(
            error, PERCEPT_ERROR_ARGUMENT,
            "data.examples, .noise, .class_count and .turns are for generated data, such as circles, not for '%.200s'",
            name_or_path);
    if (named != NULL)
        return open_named(named, directory, options, train, test, error);
    if (file_exists(name_or_path))
        return open_path(name_or_path, options, train, test, error);
    return refuse(name_or_path, error);
}
