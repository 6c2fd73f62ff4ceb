/* The answer of `percept train --json`: one line on standard output, when all is done. */
#ifndef CLI_TRAIN_JSON_H
#define CLI_TRAIN_JSON_H

#include "cli/train_report.h"
#include "data/notes.h"
#include "store/run_folder.h"

/* A run that came to its end, or that was interrupted. `warnings`: those of the program; those of the data stand in their
 * storage. Figures of parts have the names that summary.json gives them. */
percept_status train_json_print(const TrainReport *report, const Notes *warnings, bool interrupted,
                                percept_error *error);

/* A run that --resume found finished. */
percept_status train_json_print_finished(const char *folder, percept_error *error);

/* A cross-validation. */
percept_status train_json_print_folds(const char *folder, const FoldFigures *folds, size_t count, percept_error *error);

#endif
