/* Metrics of predictions, from outputs and answers alone, block after block of examples: confusion matrix, precision,
 * recall, F1, area under the ROC curve, calibration, Brier score; for regression R² and errors. Only the scores for the
 * ROC curve are stored; everything else is summed up. */
#ifndef TRAIN_METRICS_H
#define TRAIN_METRICS_H

#include <stdbool.h>

#include "base/error.h"

/* Sums over the examples of one target t and its output a. */
typedef struct TargetSums {
    double mean, deviation;   /* of t so far, and Σ (t - mean)², kept by Welford's recurrence (1962) */
    double absolute, squared; /* Σ |a - t|, Σ (a - t)² */
    size_t covered;           /* targets in their intervals, if there are any … */
    double width;             /* … and the sum of the widths of these */
} TargetSums;

typedef struct Metrics {
    size_t classes, width; /* classes 0: regression; outputs of an example */
    bool probabilities;    /* outputs lie in 0 … 1 and mean probabilities */
    double threshold;      /* the model's (outputs_class); set by the caller */
    size_t capacity;       /* room in examples */
    size_t count;          /* examples added */
    uint64_t *confusion;   /* classes × classes: row = label, column = prediction; outputs that are NaN are no class */
    double *scores;        /* width × capacity: log odds or outputs, transposed */
    int32_t *labels;       /* capacity */
    double brier;          /* sum over the examples */
    uint64_t bin_counts[PERCEPT_CALIBRATION_BINS], bin_right[PERCEPT_CALIBRATION_BINS];
    double bin_confidence[PERCEPT_CALIBRATION_BINS]; /* sums */
    TargetSums *targets;                             /* width, for regression */
    double intervals;  /* above 0: outputs of a target are its mean, low and high (network.h); set by the caller */
    bool targets_once; /* with intervals: targets are given once each, not once for each output; likewise */
} Metrics;

/* Makes room for `capacity` examples. With classes, width is their number, or 1 for two classes: the output is then
 * that of class 1. Released with metrics_clear. */
percept_status metrics_create(size_t classes, size_t width, bool probabilities, size_t capacity, Metrics *out,
                              percept_error *error);
void metrics_clear(Metrics *metrics);

/* Adds examples: outputs (count × width) with labels in 0 … classes-1, or with targets (count × width; with
 * intervals outputs and targets are count × 3 width). log_odds
 * (EvaluateBlock), for outputs that are probabilities, order the ROC curves and give the probability of the other of
 * two classes. NULL: the outputs are used. */
void metrics_add_labels(Metrics *metrics, size_t count, const double *outputs, const double *log_odds,
                        const int32_t *labels);
void metrics_add_targets(Metrics *metrics, size_t count, const double *outputs, const double *targets);

/* The metrics over all targets, and into targets (width, or NULL) those of each. */
percept_target_report metrics_of_targets(const Metrics *metrics, percept_target_report *targets);

/* The metrics of all added examples (at least one). out->metrics->loss is 0: the loss is computed by the engine. On
 * success the confusion matrix belongs to *out; released with percept_report_clear. */
percept_status metrics_report(Metrics *metrics, percept_report *out, percept_error *error);

/* Computes again what follows from the confusion matrix, after the caller has changed it: accuracy, and the metrics of
 * the classes and their means, except the areas. */
void metrics_count_again(percept_report *report);

#endif
