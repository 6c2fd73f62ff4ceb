/* Describes the columns of a table, one per line or as JSON: kind, missing values, distinct values, a histogram, range or
 * most frequent values. */
#ifndef CLI_DATA_COLUMNS_H
#define CLI_DATA_COLUMNS_H

#include "base/json_value.h"
#include "data/dataset.h"

/* Prints a line for each feature and each target of a table, in 80 columns; if there are many features, only the first
 * ones. */
percept_status data_columns_print(const Storage *storage, percept_error *error);

/* The same as a list of objects: distinct (null for more than 1,000), frequent [{count, value}], high, histogram (counts of
 * values in bins of one width from low on: {counts, width}; null for a category), kind, low, mean, missing, name. *out is
 * null for pictures, whose features are no columns. */
percept_status data_columns_json(const Storage *storage, json_t **out, percept_error *error);

#endif
