/* The columns of a table as a user knows them. A column may be several features of the model: what is derived from one
 * column of the file is one column here, and is explained as a whole. */
#ifndef EXPLAIN_COLUMNS_H
#define EXPLAIN_COLUMNS_H

#include "data/schema.h"

typedef struct ExplainColumns {
    size_t count;
    size_t *features; /* all features, those of a column together */
    size_t *first;    /* count + 1: column c is features[first[c]] to features[first[c + 1] - 1] */
    char **names;     /* count: for people, "feature 3" where they have none; in one block */
} ExplainColumns;

/* The columns of a schema, in the order of their first features. Released with explain_columns_clear. */
percept_status explain_columns_create(const Schema *schema, ExplainColumns *out, percept_error *error);
void explain_columns_clear(ExplainColumns *columns);

/* The feature that stands for column c: its first one. */
static inline size_t explain_column_feature(const ExplainColumns *columns, size_t c)
{
    return columns->features[columns->first[c]];
}

/* The number of features of column c. */
static inline size_t explain_column_width(const ExplainColumns *columns, size_t c)
{
    return columns->first[c + 1] - columns->first[c];
}

/* Copies the features of column c from one row of features to another. */
void explain_column_copy(const ExplainColumns *columns, size_t c, const double *from, double *to);

/* True if the features of column c are the parts of a date. */
bool explain_column_is_date(const Schema *schema, const ExplainColumns *columns, size_t c);

/* A number by which the values of column c in rows of features are ordered: its feature; of a date a number that rises with
 * time as far as its parts tell. NaN if it is missing. */
double explain_column_key(const Schema *schema, const ExplainColumns *columns, size_t c, const double *row);

/* The column called `name`; PERCEPT_ERROR_ARGUMENT, with the nearest name, if there is none. */
percept_status explain_column_find(const Schema *schema, const ExplainColumns *columns, const char *name, size_t *out,
                                   percept_error *error);

/* Room for the text of a value. */
#define EXPLAIN_VALUE_SIZE 64

/* The value of feature j as text: a number with six digits, "true", the text of a category; "missing", "unknown". */
void explain_value_text(const Schema *schema, size_t j, double value, char text[EXPLAIN_VALUE_SIZE]);

/* The value of column c in a row of features, likewise; of a date "2024-05-31 13:45", or the parts that are known of it. */
void explain_column_text(const Schema *schema, const ExplainColumns *columns, size_t c, const double *row,
                         char text[EXPLAIN_VALUE_SIZE]);

#endif
