/* The output of `percept evaluate` for two classes: how predictions depend on the threshold. */
#ifndef CLI_THRESHOLDS_H
#define CLI_THRESHOLDS_H

#include "base/json_value.h"
#include "train/curve.h"

/* A table: for thresholds from 0.05 to 0.95, and for the two best ones, the rates of both curves (ROC, precision-recall),
 * F1 and accuracy. Class 1 of the model is the positive class. */
void thresholds_print(const percept_model *model, const Curve *curve);

/* The same, with both best rows and the areas, as an object; NULL if memory is short. */
json_t *thresholds_json(const percept_model *model, const Curve *curve, double roc_auc);

#endif
