/* metrics.csv: one line per epoch, 12 significant digits, and only the columns that the run has. */
#ifndef STORE_METRICS_LOG_H
#define STORE_METRICS_LOG_H

#include <stdbool.h>

#include "recipe/recipe.h"

typedef struct MetricsLog MetricsLog;

/* Which columns a run has. */
typedef struct MetricsColumns {
    bool accuracy;   /* the data have classes */
    bool validation; /* there is a validation part */
    bool test;       /* metrics.test */
    bool sum;        /* metrics.loss sum */
    bool naive;      /* metrics.naive */
} MetricsColumns;

MetricsColumns metrics_log_columns(const percept_recipe *recipe, bool accuracy, bool validation);

/* A metric that an epoch may have, for other logs: "loss", "loss_sum", "accuracy" or "loss_naive", "rmse", "mae" or
 * "r2" of "train", "valid" or "test". */
typedef struct MetricsFigure {
    const char *what, *part;
    double value;
} MetricsFigure;

/* Metric `index` < METRICS_FIGURES of a finished epoch; false if the run does not have it. */
#define METRICS_FIGURES 18
bool metrics_figure(const MetricsColumns *columns, size_t index, const percept_progress *progress, MetricsFigure *out);

/* Starts folder/metrics.csv, or continues after its first `epochs` epochs: later lines (epochs that are run again, an
 * incomplete line) are removed. A log that lacks them is PERCEPT_ERROR_FORMAT. The columns are epoch, then for each
 * part that is measured (training: none or `train`, `valid`, `test`) its loss, as PART_loss, or as a sum as loss_sum,
 * PART_loss_sum, and PART_accuracy; then PART_loss_naive; of targets PART_rmse, PART_mae and PART_r2 of validation and
 * test. Each line is written at once, so a reader sees whole epochs. NaN is written as nan, an infinite value as
 * inf. */
percept_status metrics_log_open(const char *folder, MetricsColumns columns, size_t epochs, MetricsLog **out,
                                percept_error *error);

/* Adds a finished epoch. */
percept_status metrics_log_add(MetricsLog *log, const percept_progress *progress, percept_error *error);

/* Writes the added lines to the disk (fsync). */
percept_status metrics_log_sync(MetricsLog *log, percept_error *error);

/* Flushes to the disk and closes; NULL is allowed. */
percept_status metrics_log_close(MetricsLog *log, percept_error *error);

#endif
