/* The result of `percept evaluate`, as text or as JSON. */
#ifndef CLI_FIGURES_H
#define CLI_FIGURES_H

#include "percept/percept.h"
#include "train/curve.h"

/* A model, the data it was measured on, and the metrics. */
typedef struct Figures {
    const percept_model *model;
    const char *data;  /* the dataset's name */
    const char *part;  /* "test" */
    const char *title; /* "test", "validation": of the part, for headings */
    const percept_report *report;
    const Curve *curve; /* for two classes; else NULL */
    double threshold;   /* the threshold of the report; NaN: the model's own decision */
} Figures;

/* Prints one line per metric, then a table of classes or of targets, to standard output. */
void figures_print(const Figures *figures);

/* Prints the same, and the confusion matrix and the calibration bins, as one line of JSON. */
percept_status figures_print_json(const Figures *figures, percept_error *error);

#endif
