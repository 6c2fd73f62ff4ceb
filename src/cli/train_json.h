/* The output of `percept train --json`: one line on standard output, at the end. */
#ifndef CLI_TRAIN_JSON_H
#define CLI_TRAIN_JSON_H

#include "cli/train_report.h"
#include "data/notes.h"
#include "store/run_folder.h"

/* A run that ended or was interrupted. `warnings`: those of the program; those about the data are in their storage.
 * Metrics of parts have the names in summary.json. */
percept_status train_json_print(const TrainReport *report, const Notes *warnings, bool interrupted,
                                percept_error *error);

/* A run that was already finished before --resume. */
percept_status train_json_print_finished(const char *folder, percept_error *error);

/* A cross-validation. */
percept_status train_json_print_folds(const char *folder, const FoldFigures *folds, size_t count, percept_error *error);

#endif
