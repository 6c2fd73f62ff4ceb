/* The output of `percept data` for programs, one line of JSON. */
#ifndef CLI_DATA_JSON_H
#define CLI_DATA_JSON_H

#include "percept/percept.h"

/* The datasets known by name: [{folder (null if it is missing, or the data are generated), name, summary, test, train,
 * validation}, ...]. Missing parts are null; train of generated data is the default number of examples. */
percept_status data_list_json(const char *directory, percept_error *error);

/* What is in a dataset: {classes [{name, test, train}], columns (data_columns.h), features, folder, image ([height,
 * width]), missing, name, notes [{kind ("taken" or "warning"), text}], targets, test, train, type, validation,
 * weighted}; missing values are null. test may be NULL. */
percept_status data_info_json(const char *name, const char *folder, const percept_dataset *train,
                              const percept_dataset *test, percept_error *error);

/* Name of a type of features: "bytes", "float32", "float64". */
const char *data_type_name(percept_type type);

#endif
