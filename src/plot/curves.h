/* Learning curves: metrics of one or several runs against the epoch. */
#ifndef PLOT_CURVES_H
#define PLOT_CURVES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

typedef struct CurvesRun {
    const char *name;
    const char *metrics; /* path of its metrics.csv */
    long best_epoch;     /* from 0, marked if only one run is drawn; -1: none */
} CurvesRun;

typedef struct CurvesOptions {
    const char *title;   /* NULL: none */
    const char *figures; /* columns, "train_loss,valid_loss"; NULL: all losses and accuracies of one run; of several,
                            those of training and of validation (or else test), of more than eight not those of training. "test_error" is 1 - test_accuracy */
    bool log;            /* losses and errors on logarithmic axes; always if a few values are far above the rest */
} CurvesOptions;

/* Draws folder/NAME.{svg,png,gp,csv}: a panel for each unit (loss, accuracy in %, error in %, …). The folder must
 * exist. PERCEPT_ERROR_FORMAT for a file that is no metrics.csv or has no epochs, PERCEPT_ERROR_ARGUMENT for a metric
 * that no run has. */
percept_status curves_draw(const CurvesRun *runs, size_t count, const CurvesOptions *options, const char *folder,
                           const char *name, percept_error *error);

/* One run's, from folder/metrics.csv into folder/plots/curves.{svg,png,gp,csv}. */
percept_status plot_curves(const char *folder, long best_epoch, percept_error *error);

#endif
