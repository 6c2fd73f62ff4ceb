/* The metrics that importances are measured by. */
#ifndef EXPLAIN_METRIC_H
#define EXPLAIN_METRIC_H

#include "explain/subject.h"
#include "train/metrics.h"

/* Answers of a model to rows with known labels or targets, and room to sort and to sum them. */
typedef struct ExplainAnswers {
    const ExplainSubject *subject;
    const ExplainRows *rows;
    const double *answers; /* rows × outputs */
    double *scores;        /* rows */
    uint64_t *sorting;     /* rows × 2 */
    TargetSums *sums;      /* outputs */
} ExplainAnswers;

typedef struct ExplainMetric {
    const char *name;     /* of flags and JSON: "auc" */
    const char *title;    /* for people: "ROC AUC" */
    bool classes;         /* for models of classes, else for those of numbers */
    bool probabilities;   /* needs probabilities */
    bool lower_is_better; /* a loss or an error */
    bool share;           /* a fraction, which people read in per cent */
    double (*of)(const ExplainAnswers *of);
} ExplainMetric;

/* Metric number `index`; NULL past the last. */
const ExplainMetric *explain_metric_at(size_t index);

/* The metric of this name, or for NULL the usual one: ROC AUC for two classes, accuracy for more, R² for numbers.
 * PERCEPT_ERROR_ARGUMENT if there is none, or if it does not suit the model. */
percept_status explain_metric_find(const ExplainSubject *subject, const char *name, const ExplainMetric **out,
                                   percept_error *error);

/* The metric of answers (rows × outputs, no log odds) to rows with known labels or targets, as `percept evaluate`
 * measures it: accuracy (a fraction), ROC AUC (of more classes the mean of each against the others), log loss (weighted
 * like the examples); R² (the mean over targets), root mean squared and mean absolute error (over all targets). NaN if
 * it does not exist. */
percept_status explain_metric_measure(const ExplainMetric *metric, const ExplainSubject *subject,
                                      const ExplainRows *rows, const double *answers, double *out,
                                      percept_error *error);

#endif
