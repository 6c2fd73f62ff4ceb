/* The confusion matrix as text. */
#ifndef CLI_CONFUSION_H
#define CLI_CONFUSION_H

#include "percept/percept.h"

/* Prints the matrix, one row per label and one column per prediction. If there are too many classes for the width, prints the
 * most frequent confusions instead. */
void confusion_print_matrix(const percept_metrics *metrics, const percept_model *model);

#endif
