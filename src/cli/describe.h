/* Short descriptions of networks, classes and data. */
#ifndef CLI_DESCRIBE_H
#define CLI_DESCRIBE_H

#include <stdio.h>

#include "percept/percept.h"

/* "784-256-128-10" */
void describe_layers(FILE *stream, const percept_model *model);

/* "784-256-128-10, relu, softmax, 235,146 parameters" */
void describe_network(FILE *stream, const percept_model *model);

/* The width of a column for the names of the model's classes: that of the longest name, limited to least … most. */
size_t describe_class_columns(const percept_model *model, size_t least, size_t most);

/* Prints the name of class k, cut to `most` columns. */
void describe_class(FILE *stream, const percept_model *model, size_t k, size_t most);

/* "50,000 to train, 10,000 to validate, 10,000 to test" */
void describe_parts(FILE *stream, const percept_data *data);

#endif
