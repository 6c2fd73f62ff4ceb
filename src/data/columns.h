/* The role of each column of a table: a feature, the label, a target, the weight, or unused. A column of dates becomes
 * several features, one for each part of a date. */
#ifndef DATA_COLUMNS_H
#define DATA_COLUMNS_H

#include "data/source_options.h"

typedef enum ColumnRole { COLUMN_FEATURE, COLUMN_LABEL, COLUMN_TARGET, COLUMN_WEIGHT, COLUMN_UNUSED } ColumnRole;

/* Why a column is ignored without an option that says so. */
typedef enum ColumnLeft {
    COLUMN_NOT_LEFT,
    COLUMN_ROW_NAMES,   /* it holds the names of the rows */
    COLUMN_ROW_NUMBERS, /* it has no name and numbers the rows */
    COLUMN_EMPTY,       /* it has neither a name nor values */
    COLUMN_TEXTS,       /* it holds texts: a category, unless nearly every one is different */
    COLUMN_DATES,       /* it holds dates, or times of day */
} ColumnLeft;

/* What data.columns says of a column. */
typedef enum ColumnKind {
    KIND_UNTOLD,
    KIND_NUMBER,
    KIND_CATEGORY,
    KIND_DATE, /* its form is detected */
    KIND_DATE_FORM,
    KIND_IGNORE,
} ColumnKind;

/* The features of a date. */
typedef struct ColumnParts {
    size_t of[DATE_PARTS];    /* the feature that is part p, or SCHEMA_NONE */
    bool dropped[DATE_PARTS]; /* parts that tell nothing */
} ColumnParts;

/* Small: every cell of a table reads one. */
typedef struct Column {
    ColumnRole role;
    ColumnLeft left;    /* of COLUMN_UNUSED */
    size_t place;       /* among the features or the targets */
    ColumnParts *parts; /* of a date */
    DateForm form;      /* of a date; DATE_UNKNOWN: to be detected */
    bool id;            /* it identifies rows */
    bool category;      /* a feature whose cells are texts */
    bool date;          /* a feature whose cells are dates */
    bool guessed;       /* a category or date because it looks like one, not because an option or a model says so */
    bool free_text;     /* guessed wrong: its texts hardly repeat */
    bool unique;        /* these texts are all different */
    bool numbers;       /* these texts are numbers in a form that is not read */
    bool told;          /* data.columns says what it is: it stays, whatever it looks like */
    bool group, time;   /* it would be COLUMN_UNUSED otherwise */
} Column;

typedef struct Columns {
    size_t count;
    Column *list;
    ColumnParts *parts; /* count */
    size_t features, targets;
    size_t categories; /* of the features; they stand behind the others */
    size_t dates;      /* columns */
    bool label, weight, group, time;
    bool ignored;              /* data.columns says so of some */
    bool for_model;            /* the file is read for an existing model */
    const char *label_why;     /* how the label was found, in words: "the last column" */
    size_t extra, first_extra; /* columns that a schema does not name, and the first of them */
} Columns;

/* Gives each of `count` columns its role. Options name a column by its header, which must be unique, or by its number
 * from 1; `names` is NULL without a header. If the options name no label and no targets, the label is the only column
 * called label, class or target (in upper or lower case), else the last one. Targets keep the order in which they are
 * given. Features keep the order of the file, but categories stand behind the others. PERCEPT_ERROR_ARGUMENT for a missing
 * column (the message suggests the nearest name), for a column with two roles, and if no feature is left; the message names
 * `file`. Released with columns_clear.
 *
 * With options->schema the file is read for a model. Its features are found by name, in any order. Other columns are
 * ignored; a missing feature is refused. If the options name no label or targets, these are found by the names in the
 * schema. If the file or the schema has no names, columns are used in order; their number must fit the model. */
percept_status columns_assign(const SourceOptions *options, const char *file, size_t count, char *const *names,
                              Columns *out, percept_error *error);

/* The same for a table in which left[c] marks columns that seem to hold no feature (NULL: none). They are ignored
 * unless the options give them another role, the model knows them by name, or no other feature remains. Columns of texts
 * are not ignored, but become categories, as do those that options->categories names; columns of dates become dates. */
percept_status columns_assign_rest(const SourceOptions *options, const char *file, size_t count, char *const *names,
                                   const ColumnLeft *left, Columns *out, percept_error *error);
void columns_clear(Columns *columns);

/* Steps of columns_assign: assigns feature numbers to the remaining columns, by the names of the schema, or in order.
 * With a schema their number must fit. */
percept_status columns_place_by_name(const char *file, char *const *names, const Schema *schema, Columns *columns,
                                     percept_error *error);
percept_status columns_place_in_order(const char *file, const Schema *schema, Columns *columns, percept_error *error);

/* The column with a name, or with a number from 1; `key` is the option that the message names. */
percept_status columns_find(const char *file, size_t count, char *const *names, const char *key, const char *name,
                            size_t *out, percept_error *error);

/* Reads an item of options->columns, NAME=KIND or NAME:KIND. `name` receives a copy of the name, released with memory_free;
 * of KIND_DATE_FORM *form the form. PERCEPT_ERROR_ARGUMENT for an unknown kind. */
percept_status columns_read_kind(const char *item, char **name, ColumnKind *kind, DateForm *form, percept_error *error);

/* A step of columns_assign: marks the columns whose kinds options->columns gives. */
percept_status columns_take_kinds(const SourceOptions *options, const char *file, char *const *names, Columns *columns,
                                  percept_error *error);

/* The column of a file that feature j came from. */
size_t columns_of_feature(const Columns *columns, size_t j);

/* The names of the features and other facts about them, for a storage that is read without a schema. */
percept_status columns_describe(const Columns *columns, char *const *names, Schema *out, percept_error *error);

/* The columns that were left out because the model does not know them, and training did not either: "left out 2 columns that
 * the model does not know: id, note"; empty without any. */
#define COLUMNS_EXTRA_SIZE 160
void columns_describe_extra(const Columns *columns, char *const *names, char text[COLUMNS_EXTRA_SIZE]);

/* Records that a column which the model does not know is used nevertheless. */
void columns_use(Columns *columns, size_t c);

/* "column 3" or "column 3 (petal width)", for messages; c counts from 0. */
#define COLUMN_TEXT 64
const char *column_describe(size_t c, char *const *names, char text[COLUMN_TEXT]);

#endif
