#include "cli/row_source.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "data/source.h"
#include "recipe/data_options.h"

/* True if the key was given here, not in the run's recipe. */
static bool is_given(const Settings *settings, const char *name)
{
    for (size_t i = 0; i < settings->count; i++)
        if (strcmp(settings->list[i].key, name) == 0)
            return true;
    return false;
}

static SourceOptions table_options(const Settings *settings, const percept_recipe *recipe, const percept_model *model)
{
    const Schema *schema = &model->schema;
    SourceOptions options = data_options_source(recipe);
    options.weight = NULL;
    options.label = NULL;
    options.target_count = options.id_count = options.category_count = options.column_count = 0; /* the model knows */
    if (!is_given(settings, "data.header"))
        options.header = HEADER_AUTO;
    if (!is_given(settings, "data.delimiter"))
        options.delimiter = NULL;
    if (!is_given(settings, "data.drop"))
        options.drop_count = 0;
    if (!is_given(settings, "data.format"))
        options.format = NULL;
    if (!is_given(settings, "data.missing"))
        options.missing = schema->fills != NULL ? MISSING_MEAN : MISSING_REFUSE;
    return options;
}

/* Means that are asked for must be known. */
static percept_status check_fills(const SourceOptions *options, const percept_model *model, percept_error *error)
{
    if (!missing_is_kept(options->missing) || model->schema.fills != NULL)
        return PERCEPT_OK;
    return error_set(error, PERCEPT_ERROR_ARGUMENT,
                     "--missing mean: the model does not know the training means, since it was trained with "
                     "data.missing=refuse; give --missing zero");
}

percept_status row_source_options(const Settings *settings, const percept_recipe *recipe, const percept_model *model,
                                  SourceOptions *out, percept_error *error)
{
    *out = table_options(settings, recipe, model);
    return check_fills(out, model, error);
}

bool row_source_is_standard_input(const char *path)
{
    return path == NULL || strcmp(path, "-") == 0;
}

const char *row_source_name(const char *path)
{
    return row_source_is_standard_input(path) ? "standard input" : path;
}

bool row_source_is_table(const char *path, const SourceOptions *options)
{
    const SourceFormat *format = NULL;
    percept_error error;
    struct stat info;
    if (row_source_is_standard_input(path))
        return true;
    if (stat(path, &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode))
        return true;
    if (named_dataset_find(path) != NULL && !file_exists(path))
        return false;
    return source_format_of(path, options, &format, &error) != PERCEPT_OK || strcmp(format->name, "csv") == 0;
}

percept_status row_source_open(const char *path, const char *directory, const SourceOptions *options,
                               const percept_model *model, RowReader *out, percept_error *error)
{
    ByteStream *bytes = NULL;
    if (!row_source_is_table(path, options))
        return row_reader_open(path, directory, options, model, out, error);
    percept_status status = row_source_is_standard_input(path)
                                ? byte_stream_adopt(STDIN_FILENO, row_source_name(path), &bytes, error)
                                : byte_stream_open(path, &bytes, error);
    return status == PERCEPT_OK ? row_reader_create(bytes, row_source_name(path), options, model, NULL, 0, out, error)
                                : status;
}
