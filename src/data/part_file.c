#include "data/part_file.h"

#include <sys/stat.h>

static percept_status check(const char *path, const percept_dataset *first, const percept_dataset *part,
                            const percept_dataset *second, percept_error *error)
{
    const Storage *wanted = first->storage, *storage = part->storage;
    if (second != NULL || storage->own_valid > 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "'%s' has a training set and others; name a file with one set of examples", path);
    if (storage->width != wanted->width)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "'%s' has %zu features, but the training file has %zu", path,
                         storage->width, wanted->width);
    if (storage->target_width != wanted->target_width || (storage->labels != NULL) != (wanted->labels != NULL))
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "'%s' has %zu targets and %zu classes, but the training file has %zu and %zu", path,
                         storage->target_width, storage->class_count, wanted->target_width, wanted->class_count);
    return PERCEPT_OK;
}

percept_status part_file_open(const char *path, const char *key, const SourceOptions *options,
                              const percept_dataset *first, percept_dataset **out, percept_error *error)
{
    SourceOptions own = *options;
    Schema schema = {0};
    percept_dataset *part = NULL, *second = NULL;
    percept_status status = PERCEPT_OK;
    if (options->schema == NULL) {
        status = schema_copy(&first->storage->schema, &schema, error);
        schema.width = schema.width > 0 ? schema.width : first->storage->width;
        own.schema = &schema;
    }
    own.of_other_file = true;
    own.label_file = NULL;
    if (status == PERCEPT_OK)
        status = source_open(path, NULL, &own, &part, &second, error);
    if (status == PERCEPT_OK)
        status = check(path, first, part, second, error);
    if (status == PERCEPT_OK && first->class_count > 0)
        status = dataset_match_classes(part, (const char *const *)first->class_names, first->class_count, error);
    schema_clear(&schema);
    percept_dataset_free(second);
    if (status == PERCEPT_OK) {
        *out = part;
        return PERCEPT_OK;
    }
    percept_dataset_free(part);
    error_prefix(error, "%s", key);
    return status;
}

percept_status part_file_compare(const char *data, const char *path, const char *what, Storage *storage,
                                 percept_error *error)
{
    struct stat own, other;
    if (stat(data, &own) != 0 || stat(path, &other) != 0 || own.st_dev != other.st_dev || own.st_ino != other.st_ino)
        return PERCEPT_OK;
    return notes_add(&storage->notes, NOTE_WARNING, error,
                     "the %s is the training file itself, so its metrics say nothing about new data", what);
}

percept_status part_file_fill(const percept_dataset *train, percept_dataset *part, percept_error *error)
{
    if (part == NULL || part->storage == train->storage)
        return PERCEPT_OK;
    percept_status status = schema_replace(&train->storage->schema, &part->storage->schema, error);
    part->storage->below = train->storage->below;
    return status == PERCEPT_OK ? storage_fill_missing(part->storage, error) : status;
}
