/* The answers of `percept data` for a program, each a line of JSON. */
#ifndef CLI_DATA_JSON_H
#define CLI_DATA_JSON_H

#include "percept/percept.h"

/* The datasets known by name: [{folder (null if it is not there, or is drawn), name, summary, test, train,
 * validation}, ...]; null for parts that there are not, train of what is drawn being what is drawn unless told otherwise. */
percept_status data_list_json(const char *directory, percept_error *error);

/* What is in a dataset: {classes [{name, test, train}], columns (data_columns.h), features, folder, image ([height, width]),
 * missing, name, notes [{kind ("taken" or "warning"), text}], targets, test, train, type, validation, weighted}; null for what there is
 * not. test may be NULL. */
percept_status data_info_json(const char *name, const char *folder, const percept_dataset *train,
                              const percept_dataset *test, percept_error *error);

/* Name of a type of features: "bytes", "float32", "float64". */
const char *data_type_name(percept_type type);

#endif
