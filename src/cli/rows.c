#include "cli/rows.h"

#include <math.h>
#include <stdint.h>

#include "base/memory.h"

/* Bytes that a line may have, for each number and all in all: far more than numbers need. */
#define NUMBER_BYTES 64
#define LINE_LEAST ((size_t)1 << 18)

/* The means that missing features become. */
static percept_status find_means(RowReader *reader, const percept_model *model, percept_error *error)
{
    reader->divisor = model->scaler.divisor;
    reader->mean = model->scaler.mean;
    if (reader->mean == NULL)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "--missing mean: the model was trained without data.scale=standardize, so it knows no means");
    return PERCEPT_OK;
}

/* Every column that is not dropped must be one of the model's features. */
static percept_status check_columns(RowReader *reader, const SourceOptions *options, size_t inputs,
                                    percept_error *error)
{
    const CsvReader *csv = &reader->csv;
    SourceOptions features = *options;
    features.label = "none";
    percept_status status = columns_assign(&features, csv->name, csv->columns, csv->names, &reader->columns, error);
    if (status != PERCEPT_OK || reader->columns.features == inputs)
        return status;
    const size_t found = reader->columns.features;
    return error_set(error, PERCEPT_ERROR_FORMAT, "%s, line 1: has %zu value%s, but the model takes %zu; %s", csv->name,
                     found, found == 1 ? "" : "s", inputs,
                     found == 1       ? "is this CSV?"
                     : found > inputs ? "--drop COLUMN leaves one out, such as the label"
                                      : "give one a feature");
}

percept_status row_reader_create(ByteStream *stream, const char *name, const SourceOptions *options,
                                 const percept_model *model, RowReader *out, percept_error *error)
{
    const size_t inputs = percept_model_inputs(model);
    RowReader reader = {.missing = options->missing};
    size_t longest = 0;
    if (__builtin_mul_overflow(inputs, (size_t)NUMBER_BYTES, &longest) || longest > SIZE_MAX - LINE_LEAST) {
        byte_stream_close(stream);
        return error_set(error, PERCEPT_ERROR_MEMORY, "a row of %zu numbers is longer than memory", inputs);
    }
    percept_status status = csv_reader_open(stream, name, options, longest + LINE_LEAST, &reader.csv, error);
    if (status == PERCEPT_OK && options->missing == MISSING_MEAN)
        status = find_means(&reader, model, error);
    if (status == PERCEPT_OK && reader.csv.columns > 0)
        status = check_columns(&reader, options, inputs, error);
    if (status == PERCEPT_OK)
        *out = reader;
    else
        row_reader_clear(&reader);
    return status;
}

void row_reader_clear(RowReader *reader)
{
    csv_reader_clear(&reader->csv);
    columns_clear(&reader->columns);
}

percept_status row_reader_next(RowReader *reader, double *row, bool *end, percept_error *error)
{
    CsvRecord record;
    percept_status status = csv_reader_next(&reader->csv, &record, end, error);
    if (status != PERCEPT_OK || *end)
        return status;
    reader->row.features = row;
    status = csv_row_read(&reader->csv, &record, &reader->columns, reader->missing, &reader->row, error);
    for (size_t j = 0; status == PERCEPT_OK && reader->row.missing > 0 && j < reader->columns.features; j++)
        if (isnan(row[j]))
            row[j] = reader->mean[j] * reader->divisor;
    return status;
}
