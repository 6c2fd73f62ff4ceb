/* A table while it is filled: for the files that implement the percept_table_ functions. */
#ifndef DATA_TABLE_H
#define DATA_TABLE_H

#include "data/answers.h"

/* Opaque in the public header. Everything is owned but the borrowed features. */
struct percept_table {
    size_t count;
    percept_type type;
    size_t width; /* 0: no features yet */
    void *block;  /* the features; NULL while they are borrowed */
    const void *borrowed;
    void (*release)(void *user);
    void *user;
    Answers answers;
    char **target_names; /* answers.target_width, or NULL */
    double *weights;
    char **names;       /* of the columns: width, or NULL */
    FeatureKind *kinds; /* likewise */
};

void table_clear_columns(percept_table *table);
void table_clear_answers(percept_table *table);

/* PERCEPT_ERROR_ARGUMENT in place of PERCEPT_ERROR_FORMAT: an array, not a file, is wrong. */
percept_status table_refuse(percept_status status, percept_error *error);

#endif
