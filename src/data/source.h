/* From a name or a file to datasets. File formats and named datasets are rows of two tables (source.c, named.c): a new
 * one is one row, and a reader for a new format. */
#ifndef DATA_SOURCE_H
#define DATA_SOURCE_H

#include <stdbool.h>

#include "data/dataset.h"
#include "data/generate.h"
#include "data/missing_tokens.h"
#include "data/unanswered.h"

/* A part (training or test) is read from so many files at most. */
#define SOURCE_FILES 2

/* What becomes of features that are missing: refused, 0, or not a number until they are filled. */
typedef enum MissingKind { MISSING_REFUSE, MISSING_ZERO, MISSING_MEAN } MissingKind;

/* How a file's text is written. */
typedef enum EncodingKind { ENCODING_UTF8, ENCODING_LATIN1 } EncodingKind;

typedef enum HeaderKind { HEADER_AUTO, HEADER_YES, HEADER_NO } HeaderKind;

/* How a file is to be read where its format leaves that open. All zero: whatever the file itself tells. Columns are
 * named as the file's first line names them, or by their number from 1. */
typedef struct SourceOptions {
    const char *format;    /* name of a format; NULL: by the file's name, else by its first bytes */
    const char *delimiter; /* one character, or "tab", "space"; NULL: detected */
    EncodingKind encoding; /* of a table's text, and of labels that are bytes */
    HeaderKind header;     /* is the first line names? */
    MissingKind missing;
    UnansweredKind missing_label; /* what becomes of rows without a label or target */
    MissingTokens missing_tokens;
    const char *label;          /* the column of labels; "first", "last", "none"; NULL: see columns.h */
    const char *const *targets; /* columns of regression targets; there are no labels then */
    size_t target_count;
    const char *weight;     /* the column of the examples' weights, or NULL */
    const char *group;      /* the column of groups, which parts do not cut apart, or NULL: no feature */
    const char *time;       /* the column of times, by which parts are cut, or NULL: no feature */
    const char *const *ids; /* columns that identify rows: no features */
    size_t id_count;
    const char *const *drop; /* columns to leave out */
    size_t drop_count;
    const Schema *schema;   /* of the model that the data are read for, or NULL: its columns are looked for by name */
    const char *label_file; /* the file of labels beside one of features; NULL: found by its name */
    GeneratorOptions generate; /* for what is drawn, not read */
    bool decimal_comma;        /* numbers are written 1,5 */
    bool leave_texts;          /* columns of text are left out instead of refused */
    bool of_other_file;        /* label, targets, ids and drop are those of the file that the schema was made from */
    bool zero_based;           /* LIBSVM: indices count from 0 */
} SourceOptions;

/* Names of both kinds for recipes, NULL past the last; and the kind of a name, which must be one. */
const char *missing_kind_name(size_t kind);
MissingKind missing_kind_find(const char *name);
const char *header_kind_name(size_t kind);
HeaderKind header_kind_find(const char *name);
const char *encoding_kind_name(size_t kind);
EncodingKind encoding_kind_find(const char *name);

/* Makes the options those of reading for a model: by its columns, and by its words for missing values where the options name
 * none. With NULL the data are read for themselves. */
void source_read_for(SourceOptions *options, const Schema *schema);

/* A file format. */
typedef struct SourceFormat {
    const char *name;                    /* "idx": what data.format calls it */
    const char *form;                    /* how its files are named, for messages */
    size_t files_per_part;               /* 1 … SOURCE_FILES: 2 for IDX, images and labels */
    bool columns;                        /* the options that choose columns mean something */
    bool answers;                        /* label and targets alone do: they name the answers */
    bool (*recognize)(const char *path); /* by the file's name, with or without .gz */
    /* By the file's first bytes (inflated), where the name tells nothing; NULL: never. */
    bool (*recognize_start)(const char *start, size_t size);
    /* The second file of a part whose first is `path`, released with memory_free; NULL with one file per part. *second
     * may stay NULL where the format can do without. */
    percept_status (*find_second)(const char *path, char **second, percept_error *error);
    /* Reads one or two parts into one storage, first part first; class_count 0: as many as there are labels. counts[p]
     * receives the examples of part p; counts[1] also of a test part that a single path turned out to hold. */
    percept_status (*read)(const char *const paths[][SOURCE_FILES], size_t parts, const SourceOptions *options,
                           size_t class_count, Storage **out, size_t *counts, percept_error *error);
} SourceFormat;

/* The table; *count rows. */
const SourceFormat *source_formats(size_t *count);
const SourceFormat *source_format_find(const char *name);

/* The format of a file: as options->format says, else by the file's name, else by its first bytes. */
percept_status source_format_of(const char *path, const SourceOptions *options, const SourceFormat **out,
                                percept_error *error);

/* True if the options choose columns. */
bool source_chooses_columns(const SourceOptions *options);

/* A dataset known by its name: its files lie in `folder` of one of the data directories. */
typedef struct NamedDataset {
    const char *name;                   /* "fashion-mnist" */
    const char *summary;                /* one line for `percept data list` */
    const char *folder;                 /* "fashion-mnist" */
    bool loose;                         /* the files may lie in the data directory itself as well */
    const char *format;                 /* name of a source_format */
    SourceOptions options;              /* how that format is to be read */
    size_t parts;                       /* 1: training only, 2: training and test */
    const char *files[2][SOURCE_FILES]; /* of each part, without .gz, which each of them may have */
    size_t train_count, test_count;
    const char *const *class_names;
    size_t class_count;
    size_t validation_count; /* of train_count: taken from the training part by default */
    double split[3];         /* or, where nothing is said of parts, the whole is cut into these; {0}: it is not */
    size_t image_height, image_width; /* of an example, where the format does not tell; else 0 */
    double divisor;                   /* see Storage; 0: the format's own */
    const char *hint;                 /* how to get it when it is missing */
} NamedDataset;

/* The table, the default dataset first; *count rows. */
const NamedDataset *named_datasets(size_t *count);
const NamedDataset *named_dataset_find(const char *name);

/* The folder that holds all files of a named dataset, searched in: directory (if not NULL), $PERCEPT_DATA, the user's
 * data directory ($XDG_DATA_HOME or ~/.local/share, then /percept), /usr/share/datasets. In each, `folder` inside it, and
 * the directory itself if it is `loose`.
 * Released with memory_free. PERCEPT_ERROR_IO with all places looked at and the hint if there is none. */
percept_status named_dataset_locate(const NamedDataset *named, const char *directory, char **folder,
                                    percept_error *error);

/* The user's data directory, see above; *folder is NULL if there is no home. Released with memory_free. */
percept_status source_user_folder(char **folder, percept_error *error);

/* The file `name` in `folder`, or `name`.gz, whichever is there (the plain one first); *path is NULL if neither is.
 * Released with memory_free. */
percept_status source_find_file(const char *folder, const char *name, char **path, percept_error *error);

/* Opens a named dataset, draws from a generator (data/generate.h), or opens a file or folder in a known format: for IDX the
 * images' file, with the labels beside it under the usual name, images-idx3 → labels-idx1; likewise for NPY, X → y,
 * features, images or data → labels or target, where those are words of the name. A name wins over a file; "./name" is a
 * file. *test is NULL where there is no test part. Both views share one storage. `options` (NULL: all zero) are for files
 * and generators: a named dataset knows its own, and refuses others. For an unknown name the message lists the known ones
 * and the nearest. */
percept_status source_open(const char *name_or_path, const char *directory, const SourceOptions *options,
                           percept_dataset **train, percept_dataset **test, percept_error *error);

#endif
