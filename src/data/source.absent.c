/* In place of source.c where readers of files are left out: there are no formats. */
#include "data/source.h"

const SourceFormat *source_formats(size_t *count)
{
    *count = 0;
    return NULL;
}

const SourceFormat *source_format_find(const char *name)
{
    (void)name;
    return NULL;
}

percept_status source_format_of(const char *path, const SourceOptions *options, const SourceFormat **out,
                                percept_error *error)
{
    (void)options;
    (void)out;
    return error_set(
        error, PERCEPT_ERROR_ARGUMENT,
        "cannot read '%.64s': this libpercept was built without file readers (PERCEPT_READERS=OFF); create "
        "the dataset from memory, with percept_dataset_create",
        path);
}
