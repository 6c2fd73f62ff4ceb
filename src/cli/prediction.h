/* Predictions as text: CSV with a line of names first, or a JSON object a line. */
#ifndef CLI_PREDICTION_H
#define CLI_PREDICTION_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "percept/percept.h"

/* How predictions are printed. */
typedef struct PredictionFormat {
    FILE *stream;
    bool json;
    double threshold; /* of two classes the second is predicted from this probability on; NaN: the larger wins */
    const char *const *names; /* copied_count names of columns that are copied in front */
    size_t copied_count;
} PredictionFormat;

typedef struct PredictionWriter {
    const percept_model *model;
    PredictionFormat format;
    json_t *keys; /* of the object of probabilities, class after class */
} PredictionWriter;

/* Prepares to print predictions of a model, which must outlive the writer, as must the names. Released with
 * prediction_writer_clear. */
percept_status prediction_writer_create(const percept_model *model, const PredictionFormat *format,
                                        PredictionWriter *out, percept_error *error);
void prediction_writer_clear(PredictionWriter *writer);

/* What comes before the first row: "id,class,cat,dog" or "id,price", or nothing. */
void prediction_print_header(const PredictionWriter *writer);

/* Numbers of an answer: probabilities of the classes (percept_predictor_probabilities), else outputs. */
size_t prediction_width(const percept_model *model);

/* Prints the model's answer for one example: the class and the probability of each, or the outputs of a model without
 * classes. NaN is no class: its cell is empty, in JSON null. Numbers read back to the same value in the model's precision. `copied`: the texts
 * of the copied columns, one after another, each ended by a 0. */
percept_status prediction_print(const PredictionWriter *writer, const double *answer, const char *copied,
                                percept_error *error);

#endif
