/* metrics.csv: one line an epoch, 12 significant digits; columns of what the run has. */
#ifndef STORE_METRICS_LOG_H
#define STORE_METRICS_LOG_H

#include <stdbool.h>

#include "base/error.h"

typedef struct MetricsLog MetricsLog;

/* Starts folder/metrics.csv, or goes on behind its first `epochs` epochs: what stands behind them (epochs that are run
 * again, the beginning of a line) is cut off. A log that lacks them is PERCEPT_ERROR_FORMAT. The columns are epoch, train_loss, train_accuracy (if the data has classes) and, with
 * validation, valid_loss, valid_accuracy. Each line is written at once, so a reader sees whole epochs. What is no
 * number reads nan, what grew over all bounds inf. */
percept_status metrics_log_open(const char *folder, bool accuracy, bool validation, size_t epochs, MetricsLog **out,
                                percept_error *error);

/* Adds a finished epoch. */
percept_status metrics_log_add(MetricsLog *log, const percept_progress *progress, percept_error *error);

/* Puts what was added on the disk. */
percept_status metrics_log_sync(MetricsLog *log, percept_error *error);

/* Flushes to the disk and closes; NULL is allowed. */
percept_status metrics_log_close(MetricsLog *log, percept_error *error);

#endif
