/* Rows of numbers for a model, read one at a time from a table in constant memory. */
#ifndef CLI_ROWS_H
#define CLI_ROWS_H

#include <stdbool.h>

#include "data/csv_row.h"
#include "model/model.h"

typedef struct RowReader {
    CsvReader csv;
    Columns columns;
    CsvRow row;
    MissingKind missing;
    const double *mean; /* of each feature, of the model's scaler; with MISSING_MEAN */
    double divisor;
} RowReader;

/* Prepares to read rows of as many numbers as the model takes, which must outlive the reader: every column is a feature
 * but those that the options drop. With MISSING_MEAN what is missing becomes the mean that the model's scaler knows, which
 * is the training part's; a model without is refused. The stream belongs to the reader from then on, even on failure;
 * `name`, for messages, stays the caller's. Released with row_reader_clear. */
percept_status row_reader_create(ByteStream *stream, const char *name, const SourceOptions *options,
                                 const percept_model *model, RowReader *out, percept_error *error);
void row_reader_clear(RowReader *reader);

/* Reads the next row; *end is true if there is none. On failure and at the end the row is undefined. */
percept_status row_reader_next(RowReader *reader, double *row, bool *end, percept_error *error);

#endif
