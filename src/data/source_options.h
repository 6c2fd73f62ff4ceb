/* How to read data if their format leaves that open. */
#ifndef DATA_SOURCE_OPTIONS_H
#define DATA_SOURCE_OPTIONS_H

#include <stdbool.h>

#include "data/generate.h"
#include "data/missing_tokens.h"
#include "data/schema.h"
#include "data/unanswered.h"

/* The largest number of files of a part (training or test). */
#define SOURCE_FILES 2

/* What to do with missing features: refuse them, replace them by 0, or keep them as NaN until they are filled: by means,
 * or by values below all others. */
typedef enum MissingKind { MISSING_REFUSE, MISSING_ZERO, MISSING_MEAN, MISSING_BELOW } MissingKind;

/* Whether missing features stay NaN until the training part is known. */
static inline bool missing_is_kept(MissingKind missing)
{
    return missing == MISSING_MEAN || missing == MISSING_BELOW;
}

/* The encoding of text. */
typedef enum EncodingKind { ENCODING_UTF8, ENCODING_LATIN1 } EncodingKind;

typedef enum HeaderKind { HEADER_AUTO, HEADER_YES, HEADER_NO } HeaderKind;

/* How to read a file if its format leaves that open. All zero: everything is detected from the file. Options name
 * columns by the header, or by their number from 1. */
typedef struct SourceOptions {
    const char *format;    /* name of a format; NULL: by the file's name, else by its first bytes */
    const char *delimiter; /* one character, or "tab", "space"; NULL: detected */
    EncodingKind encoding; /* of a table's text, and of labels that are bytes */
    HeaderKind header;     /* is the first line names? */
    MissingKind missing;
    UnansweredKind missing_label; /* what to do with rows without a label or target */
    MissingTokens missing_tokens;
    const char *label;          /* the column of labels; "first", "last", "none"; NULL: see columns.h */
    const char *const *targets; /* columns of regression targets; there are no labels then */
    size_t target_count;
    const char *weight;     /* the column of the examples' weights, or NULL */
    const char *group;      /* the column of groups, which are not split, or NULL; it is no feature */
    const char *time;       /* the column of times, by which the data are split, or NULL; it is no feature */
    const char *const *ids; /* columns that identify rows: no features */
    size_t id_count;
    const char *const *drop; /* columns to leave out */
    size_t drop_count;
    const char *const *categories; /* columns that are categories, whatever they hold */
    size_t category_count;
    const char *const *columns; /* what columns are: NAME=KIND each (columns_read_kind) */
    size_t column_count;
    const Schema *schema;      /* of the model for which the data are read, or NULL; its columns are found by name */
    const char *label_file;    /* the file of labels beside one of features; NULL: found by its name */
    GeneratorOptions generate; /* for generated data */
    size_t rare;               /* texts of categories that the training part has less often are unknown; 0 is 1 */
    bool below_in_tables;      /* missing is MISSING_BELOW if the data are a table */
    bool decimal_comma;        /* numbers are written 1,5 */
    bool only_described;       /* for a description: texts that are no categories are ignored */
    bool decide_answers;       /* a named label column of a table that holds numbers, not classes, becomes the target */
    bool of_other_file;        /* label, targets, ids and drop refer to the file from which the schema was made */
    bool zero_based;           /* LIBSVM: indices count from 0 */
    size_t threads;            /* that read a large table; 0: one for each core. The result is the same */
    size_t block; /* bytes of a table that a thread reads at once; 0: as is best, and small tables by one */
} SourceOptions;

/* Names of both kinds for recipes, NULL past the last; and the kind of a name, which must be one. */
const char *missing_kind_name(size_t kind);
MissingKind missing_kind_find(const char *name);
const char *header_kind_name(size_t kind);
HeaderKind header_kind_find(const char *name);
const char *encoding_kind_name(size_t kind);
EncodingKind encoding_kind_find(const char *name);

/* Sets the options for reading data for a model: its columns, and its tokens for missing values if the options name
 * none. With NULL the data are read without a model. */
void source_read_for(SourceOptions *options, const Schema *schema);

/* True if the options choose columns. */
bool source_chooses_columns(const SourceOptions *options);

#endif
