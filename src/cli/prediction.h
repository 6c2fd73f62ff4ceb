/* Predictions on standard output: CSV with a line of names first, or a JSON object a line. */
#ifndef CLI_PREDICTION_H
#define CLI_PREDICTION_H

#include <jansson.h>
#include <stdbool.h>

#include "percept/percept.h"

typedef struct PredictionWriter {
    const percept_model *model;
    bool json;
    json_t *keys; /* of the object of probabilities, class after class */
} PredictionWriter;

/* Prepares to print predictions of a model, which must outlive the writer. Released with prediction_writer_clear. */
percept_status prediction_writer_create(const percept_model *model, bool json, PredictionWriter *out,
                                        percept_error *error);
void prediction_writer_clear(PredictionWriter *writer);

/* What comes before the first row: "class,cat,dog", or nothing. */
void prediction_print_header(const PredictionWriter *writer);

/* Prints what the model gave for one example (percept_model_outputs numbers): the class and the probability of each, or
 * the outputs of a model without classes. Numbers read back to the same value in the model's precision. */
percept_status prediction_print(const PredictionWriter *writer, const double *outputs, percept_error *error);

#endif
