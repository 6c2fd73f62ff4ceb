/* Temperature scaling (C. Guo, G. Pleiss, Y. Sun, K. Weinberger, 2017, section 4.2): the logits of a classifier are divided
 * by one number T > 0, which is found on examples that were not trained on. T > 1 makes probabilities less extreme. */
#ifndef TRAIN_TEMPERATURE_H
#define TRAIN_TEMPERATURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Logits of all members with the answers. What members predict is the mean of their probabilities. */
typedef struct Logits {
    size_t members, count, width; /* width 1: two classes, the logit is that of class 1 */
    bool softmax;                 /* else sigmoid, for each output alone */
    const double *z;              /* members × count × width */
    const int32_t *labels;        /* count */
    const double *weights;        /* count, or NULL: 1 each */
} Logits;

/* The T between 0.01 and 100 that minimizes the mean of -log p(label), for sigmoids with more than one output that of their
 * mean cross-entropy. With one member this is convex in 1/T. 1 where there is no minimum within these bounds, for example
 * if all labels are predicted with ease. */
double temperature_find(const Logits *logits);

typedef struct TemperatureMetrics {
    double log_loss;          /* what temperature_find minimizes */
    double calibration_error; /* expected, as in percept_report; examples count once, whatever their weights */
} TemperatureMetrics;

/* What the logits divided by T are worth. */
percept_status temperature_measure(const Logits *logits, double temperature, TemperatureMetrics *out,
                                   percept_error *error);

#endif
