/* Learning curves of a run. */
#ifndef PLOT_CURVES_H
#define PLOT_CURVES_H

#include "base/error.h"

/* Draws folder/plots/curves.{svg,png,gp} from folder/metrics.csv: loss and accuracy against the epoch, training and
 * validation, the best epoch (from 0; -1: none) marked. */
percept_status plot_curves(const char *folder, long best_epoch, percept_error *error);

#endif
