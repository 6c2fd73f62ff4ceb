/* Predictions as text: CSV with a header, or one JSON object per line. */
#ifndef CLI_PREDICTION_H
#define CLI_PREDICTION_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "percept/percept.h"

/* How predictions are printed. */
typedef struct PredictionFormat {
    FILE *stream;  /* where all of it goes in the end */
    bool terminal; /* that is one: control characters become '?' */
    bool json;
    double threshold; /* for two classes: least probability of the second to predict it; NaN: the model's own way */
    const char *const *names; /* copied_count names of columns that are copied in front */
    size_t copied_count;
} PredictionFormat;

typedef struct PredictionWriter {
    const percept_model *model;
    PredictionFormat format;
    json_t *keys; /* keys of the object of probabilities, one per class */
} PredictionWriter;

/* Prepares to print predictions of a model; model and names must outlive the writer. Released with
 * prediction_writer_clear. */
percept_status prediction_writer_create(const percept_model *model, const PredictionFormat *format,
                                        PredictionWriter *out, percept_error *error);
void prediction_writer_clear(PredictionWriter *writer);

/* The header: "id,class,cat,dog" or "id,price", or nothing. */
void prediction_print_header(const PredictionWriter *writer);

/* Number of values of a prediction: probabilities of the classes (percept_predictor_probabilities), else outputs. */
size_t prediction_width(const percept_model *model);

/* Prints the prediction for one example to `stream`, from where the caller brings it to the writer's; several threads may
 * print at once, each to a stream of its own: the class and the probability of each class, or the outputs of a model without
 * classes. NaN is no class: its cell is empty, in JSON null. Numbers read back to the same value in the model's
 * precision. `copied`: the texts of the copied columns, one after another, each ended by a 0. */
percept_status prediction_print(const PredictionWriter *writer, FILE *stream, const double *answer, const char *copied,
                                percept_error *error);

#endif
