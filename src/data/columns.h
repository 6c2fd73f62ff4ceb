/* What each column of a table is: a feature, the label, a target, the weight, or nothing that is used. */
#ifndef DATA_COLUMNS_H
#define DATA_COLUMNS_H

#include "data/source.h"

typedef enum ColumnRole { COLUMN_FEATURE, COLUMN_LABEL, COLUMN_TARGET, COLUMN_WEIGHT, COLUMN_UNUSED } ColumnRole;

/* Why a column is not used though nobody asked for that. */
typedef enum ColumnLeft {
    COLUMN_NOT_LEFT,
    COLUMN_ROW_NAMES,   /* it holds the names of the rows */
    COLUMN_ROW_NUMBERS, /* it has no name and numbers the rows */
    COLUMN_EMPTY,       /* it has neither a name nor values */
    COLUMN_TEXTS,       /* it holds texts; left out only where it is not the label */
} ColumnLeft;

typedef struct Column {
    ColumnRole role;
    size_t place;     /* among the features or the targets */
    bool id;          /* it identifies rows */
    bool group, time; /* it is COLUMN_UNUSED but for this */
    ColumnLeft left;  /* of COLUMN_UNUSED */
} Column;

typedef struct Columns {
    size_t count;
    Column *list;
    size_t features, targets;
    bool label, weight, group, time;
    bool for_model;            /* the file is read for a model that is there already */
    const char *label_why;     /* how the label was found, in words: "the last column" */
    size_t extra, first_extra; /* columns that a schema does not name, and the first of them */
} Columns;

/* Gives each of `count` columns its role. A column is named as the header names it (which must be unique), or by its
 * number from 1; `names` is NULL without a header. The label, unless the options name it or there are targets: the only
 * column called label, class or target, in any case of letters; else the last one. Targets keep the order in which they
 * are given. PERCEPT_ERROR_ARGUMENT for a column that is not there (with the nearest that is), for one that is to be two
 * things, and if no feature is left; the message names `file`. Released with columns_clear.
 *
 * With options->schema the file is read for a model. Its features are found by name, in any order; columns that the model
 * does not know are left out, and a name that no column has is refused. Label and targets, unless told, are the columns
 * that are called as the model's were. Where the file or the schema has no names, columns are taken by place, if there are
 * as many as the model takes. */
percept_status columns_assign(const SourceOptions *options, const char *file, size_t count, char *const *names,
                              Columns *out, percept_error *error);

/* The same for a table in which left[c] says which columns hold no feature as they seem (NULL: none). They are left out
 * unless the options give them another role, the model knows them by name, or no other feature remains. */
percept_status columns_assign_rest(const SourceOptions *options, const char *file, size_t count, char *const *names,
                                   const ColumnLeft *left, Columns *out, percept_error *error);
void columns_clear(Columns *columns);

/* The places of the columns that have been left for features: those of a model's names (schema->names), or one after
 * another; with a schema there must be as many as it has. Steps of columns_assign. */
percept_status columns_place_by_name(const char *file, char *const *names, const Schema *schema, Columns *columns,
                                     percept_error *error);
percept_status columns_place_in_order(const char *file, const Schema *schema, Columns *columns, percept_error *error);

/* The column of a name or of a number from 1; `key` is what the message says asks for it. */
percept_status columns_find(const char *file, size_t count, char *const *names, const char *key, const char *name,
                            size_t *out, percept_error *error);

/* The names of the features and what else is known of them, for a storage that is read without a schema. */
percept_status columns_describe(const Columns *columns, char *const *names, Schema *out, percept_error *error);

/* The columns that were left out because the model does not know them: "left out 2 columns that the model does not know:
 * id, note"; empty without any. */
#define COLUMNS_EXTRA_SIZE 160
void columns_describe_extra(const Columns *columns, char *const *names, char text[COLUMNS_EXTRA_SIZE]);

/* Says that a column which the model does not know is of use all the same. */
void columns_use(Columns *columns, size_t c);

/* "column 3" or "column 3 (petal width)", for messages; c counts from 0. */
#define COLUMN_TEXT 64
const char *column_describe(size_t c, char *const *names, char text[COLUMN_TEXT]);

#endif
