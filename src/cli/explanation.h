/* Explanations of a model as text or as JSON: what `percept explain` prints. */
#ifndef CLI_EXPLANATION_H
#define CLI_EXPLANATION_H

#include <stdio.h>

#include "explain/dependence.h"
#include "explain/importance.h"
#include "explain/shapley.h"

/* What is explained, and how it is printed. */
typedef struct Explanation {
    ExplainSubject *subject;
    FILE *stream;
    bool json;
    size_t most;      /* columns that are printed as text */
    const char *data; /* the dataset or file of the rows */
    const char *part; /* "test", in text "test part"; NULL: all of the data */
    const char *part_title;
} Explanation;

/* The importances of columns on so many rows. */
percept_status explanation_print_importance(const Explanation *explanation, const ExplainMetric *metric,
                                            const ExplainImportance *importance, size_t rows, uint64_t seed,
                                            percept_error *error);

/* One row: its values have been computed. */
typedef struct ExplainedRow {
    size_t number; /* counted from 1 */
    const double *features;
    size_t output;          /* whose values are printed */
    const char *known;      /* the answer in the data, or NULL */
    const char *background; /* what the baseline is a mean of: "the training part" */
} ExplainedRow;

percept_status explanation_print_row(const Explanation *explanation, const ExplainShapley *shapley,
                                     const ExplainedRow *row, percept_error *error);

/* The dependence of an output on a column, over these rows. */
percept_status explanation_print_dependence(const Explanation *explanation, const ExplainDependence *dependence,
                                            size_t output, const ExplainRows *rows, percept_error *error);

#endif
