/* The result of `percept evaluate`, as text or as JSON. */
#ifndef CLI_EVALUATION_H
#define CLI_EVALUATION_H

#include "percept/percept.h"
#include "train/curve.h"

/* A model, the data it was measured on, and the metrics. */
typedef struct Evaluation {
    const percept_model *model;
    const char *data;  /* the dataset's name */
    const char *part;  /* "test" */
    const char *title; /* "test", "validation": of the part, for headings */
    const percept_report *report;
    const Curve *curve; /* for two classes; else NULL */
    double threshold;   /* the threshold of the report; NaN: none, the more probable class is predicted */
    const char *rule;   /* by which it has just been chosen, or NULL */
} Evaluation;

/* Prints one line per metric, then a table of classes or of targets, to standard output. */
void evaluation_print(const Evaluation *evaluation);

/* Prints the same, and the confusion matrix and the calibration bins, as one line of JSON. */
percept_status evaluation_print_json(const Evaluation *evaluation, percept_error *error);

#endif
