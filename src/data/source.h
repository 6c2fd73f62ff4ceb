/* From a name or a file to datasets. Named datasets are rows of a table (source.c); so are file formats. */
#ifndef DATA_SOURCE_H
#define DATA_SOURCE_H

#include "data/dataset.h"

/* A named dataset: an IDX pair for training and one for test, in `folder` of one of the data directories. */
typedef struct NamedDataset {
    const char *name;    /* "fashion-mnist" */
    const char *summary; /* one line for `percept data list` */
    const char *folder;  /* "fashion-mnist" */
    size_t train_count, test_count;
    const char *const *class_names;
    size_t class_count;
    size_t validation_count; /* taken from the training part by default */
    const char *hint;        /* how to get it when it is missing */
} NamedDataset;

/* The table; *count rows. */
const NamedDataset *named_datasets(size_t *count);
const NamedDataset *named_dataset_find(const char *name);

/* The folder that holds a named dataset, searched in: directory (if not NULL), $PERCEPT_DATA, the user's data
 * directory ($XDG_DATA_HOME or ~/.local/share, then /percept), /usr/share/datasets. In each, `folder` inside it.
 * Released with memory_free. PERCEPT_ERROR_IO with all places looked at and the hint if there is none. */
percept_status named_dataset_locate(const NamedDataset *named, const char *directory, char **folder,
                                    percept_error *error);

/* Opens a named dataset, or a file in a known format. *test is NULL where there is no test part. Both views share
 * one storage. */
percept_status source_open(const char *name_or_path, const char *directory, percept_dataset **train,
                           percept_dataset **test, percept_error *error);

#endif
