/* How good predictions are, from outputs and answers alone, block after block of examples: confusion matrix, precision,
 * recall, F1, area under the ROC curve, calibration, Brier score; for regression R² and errors. Everything but the
 * scores that the ROC curve needs is summed up and let go. */
#ifndef TRAIN_METRICS_H
#define TRAIN_METRICS_H

#include <stdbool.h>

#include "base/error.h"

/* Sums over the examples of one target t and its output a. */
typedef struct TargetSums {
    double mean, deviation;   /* of t so far, and Σ (t - mean)², kept by Welford's recurrence (1962) */
    double absolute, squared; /* Σ |a - t|, Σ (a - t)² */
} TargetSums;

typedef struct Metrics {
    size_t classes, width; /* classes 0: regression; outputs of an example */
    bool probabilities;    /* outputs lie in 0 … 1 and mean probabilities */
    size_t capacity;       /* examples there is room for */
    size_t count;          /* examples added */
    uint64_t *confusion;   /* classes × classes: row = label, column = prediction; outputs that are NaN are no class */
    double *scores;        /* width × capacity: log odds or outputs, transposed */
    int32_t *labels;       /* capacity */
    double brier;          /* sum over the examples */
    uint64_t bin_counts[PERCEPT_CALIBRATION_BINS], bin_right[PERCEPT_CALIBRATION_BINS];
    double bin_confidence[PERCEPT_CALIBRATION_BINS]; /* sums */
    TargetSums *targets;                             /* width, for regression */
} Metrics;

/* Makes room for `capacity` examples. With classes, width is their number, or 1 for two classes: the output is then
 * that of class 1. Released with metrics_clear. */
percept_status metrics_create(size_t classes, size_t width, bool probabilities, size_t capacity, Metrics *out,
                              percept_error *error);
void metrics_clear(Metrics *metrics);

/* Adds examples: outputs (count × width) with labels in 0 … classes-1, or with targets (count × width). log_odds of outputs
 * that are probabilities (EvaluateBlock) order the ROC curves, and give the contrary of one output; NULL: the outputs do. */
void metrics_add_labels(Metrics *metrics, size_t count, const double *outputs, const double *log_odds,
                        const int32_t *labels);
void metrics_add_targets(Metrics *metrics, size_t count, const double *outputs, const double *targets);

/* The metrics of all examples added (at least one). out->metrics.loss is left 0: the loss is the network's affair. On
 * success the confusion matrix belongs to *out; released with percept_report_clear. */
percept_status metrics_report(Metrics *metrics, percept_report *out, percept_error *error);

/* Works out once more what follows from the confusion matrix, which the caller has changed: accuracy, and the classes and
 * their means, but for their areas. */
void metrics_count_again(percept_report *report);

#endif
