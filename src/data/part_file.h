/* A validation or test part in a separate file. */
#ifndef DATA_PART_FILE_H
#define DATA_PART_FILE_H

#include "data/source.h"

/* Opens the file `path`, which the key `key` names, as more examples like those of `first`, whose training part was opened
 * with `options`: its columns are found by the names of the first file's, its classes by theirs. Its storage is its own.
 * PERCEPT_ERROR_ARGUMENT, beginning with the key, for a class that the first file does not have, another number of
 * features or targets, and a file with parts of its own. */
percept_status part_file_open(const char *path, const char *key, const SourceOptions *options,
                              const percept_dataset *first, percept_dataset **out, percept_error *error);

/* Adds a warning to storage->notes if the file `path`, which is the `what` ("test set"), is the training file `data`. */
percept_status part_file_compare(const char *data, const char *path, const char *what, Storage *storage,
                                 percept_error *error);

/* Replaces missing values in a part with another storage by the fills of the training part. */
percept_status part_file_fill(const percept_dataset *train, percept_dataset *part, percept_error *error);

#endif
