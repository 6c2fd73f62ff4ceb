/* What `percept evaluate` found: for a person's eye, or as JSON. */
#ifndef CLI_FIGURES_H
#define CLI_FIGURES_H

#include "percept/percept.h"
#include "train/curve.h"

/* What was measured on what. */
typedef struct Figures {
    const percept_model *model;
    const char *data;  /* the dataset's name */
    const char *part;  /* "test" */
    const char *title; /* "test", "validation": of the part, for headings */
    const percept_report *report;
    const Curve *curve; /* of two classes; else NULL */
    double threshold;   /* that the report is for; NaN where none was given */
} Figures;

/* A line a figure, then a table of classes or of targets; to standard output. */
void figures_print(const Figures *figures);

/* The same and more (confusion matrix, calibration's bins) as a line of JSON. */
percept_status figures_print_json(const Figures *figures, percept_error *error);

#endif
