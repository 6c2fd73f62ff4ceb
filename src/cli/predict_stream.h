/* Rows through a model to text, in constant memory: reading, predicting and printing overlap on several threads. */
#ifndef CLI_PREDICT_STREAM_H
#define CLI_PREDICT_STREAM_H

#include "cli/prediction.h"
#include "cli/rows.h"

/* Prints the header, then the predictions of all rows of the reader in their order; those before a bad row are still
 * printed. Stops early if the stream of the output fails, which its owner reports. `threads`: 0 for one per core;
 * `at_once`: rows that are predicted together at most, 0 for what is best. The text is the same for all of these. */
percept_status predict_stream(const percept_model *model, RowReader *reader, const PredictionFormat *format,
                              size_t threads, size_t at_once, percept_error *error);

#endif
