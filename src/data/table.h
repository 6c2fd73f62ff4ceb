/* A table while it is filled: for the files that implement the percept_table_ functions. */
#ifndef DATA_TABLE_H
#define DATA_TABLE_H

#include "data/answers.h"
#include "data/label_table.h"
#include "data/strided.h"

/* A column that came by itself. */
typedef struct TableColumn {
    char *name;       /* owned */
    FeatureKind kind; /* as the program says, or as it looks */
    bool any;         /* it is as it looks; for a model it is what the model has learned */
    bool worded;      /* its values are the numbers of texts */
    bool spelled;     /* these texts are integers in digits */
    double *values;   /* count; NaN is missing; owned */
    LabelTable texts; /* those that occur */
} TableColumn;

/* Opaque in the public header. Everything is owned but the borrowed features. */
struct percept_table {
    size_t count;
    percept_type type;
    size_t width;         /* of the matrix; 0: there is none */
    void *block;          /* the features; NULL while they are borrowed */
    const void *borrowed; /* without missing ones */
    bool in_range;        /* the features are known to be in the range of float32, and none is missing */
    void (*release)(void *user);
    void *user;
    Answers answers;
    char **target_names; /* answers.target_width, or NULL */
    double *weights;
    char **names;       /* of the columns: width, or NULL */
    FeatureKind *kinds; /* likewise */
    TableColumn *added; /* added_count columns, behind those of the matrix */
    size_t added_count;
    int32_t *groups; /* count groups in 0 … group_count-1, or NULL */
    size_t group_count;
    double *times; /* count, or NULL */
};

/* Empties the table, but for its count; names and kinds of the columns; labels and targets. */
void table_empty(percept_table *table);
void table_clear_columns(percept_table *table);
void table_clear_answers(percept_table *table);

/* The classes of texts, as files have them; or of those that have a name, in their order (table_labels.c). */
percept_status table_text_labels(const Strided *texts, size_t class_count, const char *const *class_names, Answers *out,
                                 percept_error *error);

/* Appends a text of row i to a table of those that occur, unless it is there, and returns its number. `what` is what the
 * texts are, for messages: "labels". PERCEPT_ERROR_ARGUMENT for a new text that is not UTF-8, which no model could save. */
percept_status table_number_text(LabelTable *texts, const char *text, size_t i, const char *what, int32_t *number,
                                 percept_error *error);

/* The features of a table as a storage has them: numbers and parts of dates in front of categories; or in the order of a
 * schema, with the codes of its vocabularies. Begins as {0}; released with arranged_clear, but for what the storage has
 * taken over. */
typedef struct Arranged {
    percept_type type;
    size_t width;
    void *block; /* NULL: the matrix is taken as it is */
    Schema schema;
    size_t *unknown; /* width: texts that the schema lacks, and those that are no dates; NULL: none */
    Notes notes;     /* on dates */
} Arranged;

/* Arranges the features; `schema` may be NULL. PERCEPT_ERROR_ARGUMENT names a column that the schema has and the table
 * lacks, or that is of another kind there; and without a schema a column of PERCEPT_ANY whose texts hardly repeat. */
percept_status table_arrange(const percept_table *table, const Schema *schema, Arranged *out, percept_error *error);
void arranged_clear(Arranged *arranged);

/* Makes a dataset like others: features in the order of the schema, labels in that of class_names (class_count 0: as they
 * are), targets by their names, missing features filled as the schema knows; schema may be NULL. The table is then empty;
 * on failure it stays as it was. */
percept_status table_finish_like(percept_table *table, const Schema *schema, const char *const *class_names,
                                 size_t class_count, percept_dataset **out, percept_error *error);

/* PERCEPT_ERROR_ARGUMENT in place of PERCEPT_ERROR_FORMAT: an array, not a file, is wrong. */
percept_status table_refuse(percept_status status, percept_error *error);

#endif
