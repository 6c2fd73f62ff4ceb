/* From a name or a file to datasets. File formats and named datasets are rows of two tables (source.c, named.c): a new
 * one is one row, and a reader for a new format. */
#ifndef DATA_SOURCE_H
#define DATA_SOURCE_H

#include <stdbool.h>

#include "data/dataset.h"

/* A part (training or test) is read from so many files at most. */
#define SOURCE_FILES 2

/* A file format. */
typedef struct SourceFormat {
    const char *name;                    /* "IDX" */
    const char *form;                    /* how its files are named, for messages */
    size_t files_per_part;               /* 1 … SOURCE_FILES: 2 for IDX, images and labels */
    bool (*recognize)(const char *path); /* by the file's name, with or without .gz */
    /* The second file of a part whose first is `path`, released with memory_free; NULL with one file per part. */
    percept_status (*find_second)(const char *path, char **second, percept_error *error);
    /* Reads one or two parts into one storage, first part first; class_count 0: as many as there are labels. */
    percept_status (*read)(const char *const paths[][SOURCE_FILES], size_t parts, size_t class_count, Storage **out,
                           size_t *counts, percept_error *error);
} SourceFormat;

/* The table; *count rows. */
const SourceFormat *source_formats(size_t *count);
const SourceFormat *source_format_find(const char *name);

/* A dataset known by its name: its files lie in `folder` of one of the data directories. */
typedef struct NamedDataset {
    const char *name;                   /* "fashion-mnist" */
    const char *summary;                /* one line for `percept data list` */
    const char *folder;                 /* "fashion-mnist"; "" for the data directory itself */
    const char *format;                 /* name of a source_format */
    size_t parts;                       /* 1: training only, 2: training and test */
    const char *files[2][SOURCE_FILES]; /* of each part, without .gz, which each of them may have */
    size_t train_count, test_count;
    const char *const *class_names;
    size_t class_count;
    size_t validation_count; /* of train_count: taken from the training part by default */
    const char *hint;        /* how to get it when it is missing */
} NamedDataset;

/* The table, the default dataset first; *count rows. */
const NamedDataset *named_datasets(size_t *count);
const NamedDataset *named_dataset_find(const char *name);

/* The folder that holds all files of a named dataset, searched in: directory (if not NULL), $PERCEPT_DATA, the user's
 * data directory ($XDG_DATA_HOME or ~/.local/share, then /percept), /usr/share/datasets. In each, `folder` inside it.
 * Released with memory_free. PERCEPT_ERROR_IO with all places looked at and the hint if there is none. */
percept_status named_dataset_locate(const NamedDataset *named, const char *directory, char **folder,
                                    percept_error *error);

/* The file `name` in `folder`, or `name`.gz, whichever is there (the plain one first); *path is NULL if neither is.
 * Released with memory_free. */
percept_status source_find_file(const char *folder, const char *name, char **path, percept_error *error);

/* Opens a named dataset, or a file in a known format (which gives one part; for IDX the images' file, with the labels
 * beside it under the usual name: images-idx3 → labels-idx1). A name wins over a file; "./name" is a file. *test is
 * NULL where there is no test part. Both views share one storage. For an unknown name the message lists the known
 * ones and the nearest. */
percept_status source_open(const char *name_or_path, const char *directory, percept_dataset **train,
                           percept_dataset **test, percept_error *error);

#endif
