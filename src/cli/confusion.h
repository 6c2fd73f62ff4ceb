/* Figures per class and the confusion matrix, for a person's eye. */
#ifndef CLI_CONFUSION_H
#define CLI_CONFUSION_H

#include "percept/percept.h"

/* A line a class to standard output: examples, recall (right of those with the label), precision (right of those with
 * the prediction). */
void confusion_print_classes(const percept_metrics *metrics, const percept_model *model);

/* The matrix, a row a label and a column a prediction; with more classes than fit beside each other, the commonest
 * confusions instead. */
void confusion_print_matrix(const percept_metrics *metrics, const percept_model *model);

#endif
