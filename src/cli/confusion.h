/* The confusion matrix, for a person's eye. */
#ifndef CLI_CONFUSION_H
#define CLI_CONFUSION_H

#include "percept/percept.h"

/* The matrix, a row a label and a column a prediction; with more classes than fit beside each other, the commonest
 * confusions instead. */
void confusion_print_matrix(const percept_metrics *metrics, const percept_model *model);

#endif
