/* Examples gathered row by row: features, and a label, targets or a weight with each; then a storage. */
#ifndef DATA_EXAMPLES_H
#define DATA_EXAMPLES_H

#include "data/label_table.h"
#include "data/packed_store.h"
#include "data/row_store.h"

#define EXAMPLES_NAME_SIZE 64

/* Begins with examples_create. */
typedef struct Examples {
    PackedStore rows;          /* of the features */
    RowStore features;         /* instead of them, if the caller makes the whole matrix; else of width 0 */
    RowStore targets, weights; /* of width 0 if there are none */
    Buffer label_numbers;      /* int32_t each: the result of label_table_add */
    LabelTable labels;
    char label_column[EXAMPLES_NAME_SIZE]; /* the name of the labels' column, or its number from 1: for messages */
    size_t missing;
    bool has_labels;
} Examples;

void examples_create(size_t features, size_t targets, bool labels, bool weights, Examples *out);
void examples_clear(Examples *examples);

/* Appends a row; targets and weight are read only if the data have them. `expected`: rows in all, 0 if unknown. */
percept_status examples_append(Examples *examples, const double *features, const double *targets, double weight,
                               size_t expected, percept_error *error);

/* Appends the label of a row. */
percept_status examples_append_label(Examples *examples, const char *label, size_t length, size_t expected,
                                     percept_error *error);

/* Turns labels that are numbers into a target. */
percept_status examples_learn_labels(Examples *examples, percept_error *error);

/* Turns the examples into a storage and leaves them empty. class_count 0: one class for each label; else the number of
 * classes must be equal to it. Messages name `file`. PERCEPT_ERROR_FORMAT if there are no examples. */
percept_status examples_finish(Examples *examples, const char *file, size_t class_count, Storage **out,
                               percept_error *error);

#endif
