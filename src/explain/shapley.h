/* Why a model gives an answer: Shapley values of the columns (L. S. Shapley, 1953; for models E. Štrumbelj and
 * I. Kononenko, 2014; S. M. Lundberg and S.-I. Lee, 2017).
 *
 *   v(S) = mean over background rows b of f(x where a column is in S, else b)
 *   φ_j  = mean over all orders of the columns of v(columns up to j) - v(columns before j)
 *
 * The values of a row add up to the difference between its answer v(all) and the baseline v(none), which is the mean
 * answer over the background rows. Columns that the model does not use have the value 0. */
#ifndef EXPLAIN_SHAPLEY_H
#define EXPLAIN_SHAPLEY_H

#include "explain/subject.h"

/* Exact values take 2^columns predictions for each background row. */
#define EXPLAIN_EXACT_MOST 16

typedef struct ExplainShapleyOptions {
    size_t exact_most; /* columns up to which values are exact, at most EXPLAIN_EXACT_MOST; more are sampled */
    double error;      /* sampling stops when no value of any output has a larger standard error than this part of the
                        * deviation of that output over the background */
    size_t rounds_least, rounds_most; /* … but not before or after as many rounds; at least 1 */
    uint64_t seed;
} ExplainShapleyOptions;

/* Exact up to 10 columns; else an error of 1 %, after 4 to 64 rounds. */
ExplainShapleyOptions explain_shapley_defaults(void);

/* The values of one row, and room to compute them; for a background and a subject that outlive it. */
typedef struct ExplainShapley {
    ExplainSubject *subject;
    const ExplainRows *background;
    ExplainShapleyOptions options;
    bool exact;
    double *values;     /* columns × outputs */
    double *errors;     /* columns × outputs: standard errors, 0 where exact; NaN after one round */
    double *baseline;   /* outputs: the mean answer over the background */
    double *deviations; /* outputs: of the answers over the background */
    double *answer;     /* outputs: baseline + the sum of the values */
    size_t rounds;      /* of sampling; 0: exact */
    bool reached;       /* the error that the options ask for */
    size_t block;       /* rows that are predicted at once */
    double *rows,
        *outs; /* (1 + block) × inputs, (1 + block) × outputs; sampled: the first is the last of the block before */
    double *worth;   /* exact: coalitions × outputs; sampled: values of a round, columns × outputs */
    double *starts;  /* background × outputs: its answers */
    uint32_t *order; /* sampled: columns, in the order of the walks at work */
    uint32_t *taken; /* sampled: block × 2: the column that a row has taken over, and that which is left after it */
} ExplainShapley;

/* Computes the baseline. Released with explain_shapley_clear. */
percept_status explain_shapley_create(ExplainSubject *subject, const ExplainRows *background,
                                      const ExplainShapleyOptions *options, ExplainShapley *out, percept_error *error);
void explain_shapley_clear(ExplainShapley *shapley);

/* Computes the values of a row of features: exactly, or by walks from each background row to the row, which take over
 * one column after the other in a random order, and then in the reverse order (antithetic walks: R. Mitchell, J. Cooper,
 * E. Frank and G. Holmes, 2022). A round has two walks for each background row, so the values add up whatever the rounds.
 * All rows are explained with the same orders: the values of a row do not depend on other rows. */
void explain_shapley_row(ExplainShapley *shapley, const double *row);

#endif
