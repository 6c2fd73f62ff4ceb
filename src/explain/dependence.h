/* How the answers depend on one column: individual conditional expectations (A. Goldstein and others, 2015), the answers
 * for each row when only this column changes, and their mean, the partial dependence (J. H. Friedman, 2001). */
#ifndef EXPLAIN_DEPENDENCE_H
#define EXPLAIN_DEPENDENCE_H

#include "explain/subject.h"

/* Most values of a column that are tried. */
#define EXPLAIN_PLACES_MOST 32

typedef struct ExplainDependence {
    size_t column;
    bool category;
    size_t count;       /* values that are tried */
    size_t *rows;       /* count: the rows that they are taken from, so that all features of a column fit together */
    double *places;     /* count: the values (explain_column_key): numbers rise; of categories the codes by falling
                         * frequency, in a tie the smaller first, NaN: unknown */
    double *shares;     /* count: of the rows, those with this value */
    bool all;           /* these are all values that the rows have */
    double *individual; /* rows × count × outputs: the answers for each row */
    double *mean;       /* count × outputs */
} ExplainDependence;

/* Tries the values of column c that rows have: all of them if they are at most `places` (2 to EXPLAIN_PLACES_MOST); else
 * of a category the most frequent ones, and of a number those nearest to as many equal steps from the 1st to the 99th
 * percentile. "missing" is no value of a number, but rows without a number take part. PERCEPT_ERROR_ARGUMENT for a
 * column without any value. Released with explain_dependence_clear. */
percept_status explain_dependence(ExplainSubject *subject, const ExplainRows *rows, size_t c, size_t places,
                                  ExplainDependence *out, percept_error *error);
void explain_dependence_clear(ExplainDependence *dependence);

#endif
