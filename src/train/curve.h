/* Two classes separated by a threshold: an example is predicted to be of class 1, the positive class, if its
 * probability of that class is at least the threshold. A curve has the counts for every threshold that makes a
 * difference; the ROC curve and the precision-recall curve are two views of it. */
#ifndef TRAIN_CURVE_H
#define TRAIN_CURVE_H

#include "model/model.h"

/* The counts at one threshold. */
typedef struct CurvePoint {
    double threshold;
    uint64_t true_positives, false_positives; /* true positives and false positives */
} CurvePoint;

/* Begins as {0}, released with curve_clear. */
typedef struct Curve {
    size_t count;                  /* distinct scores; 0 if a score is NaN */
    CurvePoint *points;            /* one for each distinct score, from the highest down; the score is the threshold */
    uint64_t positives, negatives; /* examples of either class */
    double average_precision; /* Σ (recall_i - recall_{i-1}) · precision_i over the points; NaN without positives */
} Curve;

/* The metrics of a point; NaN for 0/0. */
typedef struct CurveRates {
    double true_positive_rate; /* also the recall: of the positives, those predicted positive */
    double false_positive_rate;
    double precision, f1, accuracy;
    double youden; /* true minus false positive rate (W. J. Youden, 1950) */
} CurveRates;

/* From scores (count) and labels, of which 1 is positive. */
percept_status curve_create(const double *scores, const int32_t *labels, size_t count, Curve *out,
                            percept_error *error);
void curve_clear(Curve *curve);

/* The curve of a model with two classes over a dataset whose classes are the model's; threads as in
 * percept_model_evaluate. The score is the output for class 1. */
percept_status curve_measure(const percept_model *model, const percept_dataset *data, size_t threads, Curve *out,
                             percept_error *error);

/* The counts at any threshold. */
CurvePoint curve_at(const Curve *curve, double threshold);

CurveRates curve_rates(const Curve *curve, const CurvePoint *point);

/* The point with the highest F1, or the highest Youden index; in a tie, the one with the highest threshold. Its
 * threshold is the decimal number with the fewest digits that gives the same predictions. False if there is none. */
bool curve_best_f1(const Curve *curve, CurvePoint *out);
bool curve_best_youden(const Curve *curve, CurvePoint *out);

/* By what a threshold is chosen. */
typedef enum ThresholdKind {
    THRESHOLD_F1,        /* the highest F1 */
    THRESHOLD_YOUDEN,    /* the highest true minus false positive rate */
    THRESHOLD_RECALL,    /* the highest threshold with at least this recall */
    THRESHOLD_PRECISION, /* the highest recall with at least this precision */
    THRESHOLD_COST,      /* the lowest cost of false positives and false negatives together */
} ThresholdKind;

typedef struct ThresholdRule {
    ThresholdKind kind;
    double least;                          /* recall or precision, 0 to 1 */
    double false_positive, false_negative; /* costs, at least 0 */
} ThresholdRule;

/* Reads "f1", "youden", "recall=0.9", "precision=0.8" or "cost=1:5" (of a false positive, of a false negative). */
percept_status threshold_rule_parse(const char *text, ThresholdRule *out, percept_error *error);

/* The point that a rule chooses; in a tie, the one with the highest threshold. Its threshold gives the same predictions, and
 * lies well between two scores, so that rounding elsewhere changes none; it has as few digits as that allows. False if no
 * point does what the rule asks for, or one of the classes does not occur. */
bool curve_choose(const Curve *curve, const ThresholdRule *rule, CurvePoint *out);

/* Replaces what depends on the threshold in a report of the same model and data: confusion matrix, accuracy, and
 * precision, recall and F1 of the classes and their means. */
void curve_apply(const Curve *curve, double threshold, percept_report *report);

#endif
