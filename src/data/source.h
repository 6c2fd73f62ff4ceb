/* From a name or a file to datasets. File formats and named datasets are rows of two tables (source.c, named.c): a new
 * one is one row, and a reader for a new format. */
#ifndef DATA_SOURCE_H
#define DATA_SOURCE_H

#include "data/dataset.h"
#include "data/source_options.h"

/* A file format. */
typedef struct SourceFormat {
    const char *name;                    /* "idx": what data.format calls it */
    const char *form;                    /* typical file names, for messages */
    size_t files_per_part;               /* 1 … SOURCE_FILES: 2 for IDX, images and labels */
    bool columns;                        /* options that choose columns apply */
    bool answers;                        /* only label and targets do: they name the answers */
    bool (*recognize)(const char *path); /* recognizes the file name, with or without .gz */
    /* Recognizes the first bytes (inflated), if no format recognizes the name; NULL: never. */
    bool (*recognize_start)(const char *start, size_t size);
    /* The second file of a part whose first is `path`, released with memory_free; NULL with one file per part. *second
     * may stay NULL if the format does not need it. */
    percept_status (*find_second)(const char *path, char **second, percept_error *error);
    /* Reads one or two parts into one storage, first part first; class_count 0: as many as there are labels. counts[p]
     * receives the examples of part p; counts[1] also for a test part inside a single file. */
    percept_status (*read)(const char *const paths[][SOURCE_FILES], size_t parts, const SourceOptions *options,
                           size_t class_count, Storage **out, size_t *counts, percept_error *error);
} SourceFormat;

/* The table; *count rows. */
const SourceFormat *source_formats(size_t *count);
const SourceFormat *source_format_find(const char *name);

/* The format of a file: options->format, else by the file name, else by the first bytes. */
percept_status source_format_of(const char *path, const SourceOptions *options, const SourceFormat **out,
                                percept_error *error);

/* A dataset with a name: its files are in `folder` of one of the data directories. */
typedef struct NamedDataset {
    const char *name;                   /* "fashion-mnist" */
    const char *summary;                /* one line for `percept data list` */
    const char *folder;                 /* "fashion-mnist" */
    bool loose;                         /* the files may lie in the data directory itself as well */
    const char *format;                 /* name of a source_format */
    SourceOptions options;              /* options for reading that format */
    size_t parts;                       /* 1: training only, 2: training and test */
    const char *files[2][SOURCE_FILES]; /* of each part, without .gz, which each of them may have */
    size_t train_count, test_count;
    const char *const *class_names;
    size_t class_count;
    size_t validation_count;          /* of train_count: taken from the training part by default */
    double split[3];                  /* default sizes of the parts if the data are one; {0}: not split */
    size_t image_height, image_width; /* of an example, if the format does not contain it; else 0 */
    double divisor;                   /* see Storage; 0: the format's own */
    const char *hint;                 /* how to get it if it is missing */
} NamedDataset;

/* The table, the default dataset first; *count rows. */
const NamedDataset *named_datasets(size_t *count);
const NamedDataset *named_dataset_find(const char *name);

/* The folder that holds all files of a named dataset, searched in: directory (if not NULL), $PERCEPT_DATA, the user's
 * data directory ($XDG_DATA_HOME or ~/.local/share, then /percept), /usr/share/datasets. In each, `folder` inside it,
 * and the directory itself if it is `loose`. Released with memory_free. PERCEPT_ERROR_IO with all folders that were
 * searched and the hint if there is none. */
percept_status named_dataset_locate(const NamedDataset *named, const char *directory, char **folder,
                                    percept_error *error);

/* The user's data directory, see above; *folder is NULL if there is no home. Released with memory_free. */
percept_status source_user_folder(char **folder, percept_error *error);

/* The file `name` in `folder`, or `name`.gz, whichever exists (the plain one first); *path is NULL if neither does.
 * Released with memory_free. */
percept_status source_find_file(const char *folder, const char *name, char **path, percept_error *error);

/* Opens a named dataset, generates data (data/generate.h), or opens a file or folder in a known format: for IDX the
 * images' file, with the labels beside it under the usual name, images-idx3 → labels-idx1; likewise for NPY, X → y,
 * features, images or data → labels or target, where those are words of the name. A name takes precedence over a file;
 * "./name" is a file. *test is NULL if there is no test part. Both views share one storage. `options` (NULL: all zero)
 * are for files and generators: a named dataset has its own and refuses others. For an unknown name the message lists
 * the known ones and suggests the nearest. */
percept_status source_open(const char *name_or_path, const char *directory, const SourceOptions *options,
                           percept_dataset **train, percept_dataset **test, percept_error *error);

#endif
