/* Rows of numbers for a model, read one at a time: from a table in constant memory, or from any other data. */
#ifndef CLI_ROWS_H
#define CLI_ROWS_H

#include <stdbool.h>

#include "base/buffer.h"
#include "data/categories.h"
#include "data/csv_row.h"
#include "model/model.h"

/* Columns that are copied beside a row, as text. */
typedef struct CopiedColumns {
    size_t count;
    size_t *columns; /* count numbers of columns; owned */
    char **names;    /* count names, "column 3" without a header; in one block, owned */
} CopiedColumns;

/* The vocabularies of the model, and what of the rows was not in them; each thread that reads rows has its own. */
typedef struct RowState {
    CsvCategories categories;
    CsvDates dates;
} RowState;

typedef struct RowReader {
    const percept_model *model;
    /* A table. */
    CsvReader csv;
    Columns columns;
    RowState state;
    MissingKind missing;
    CopiedColumns copied;
    /* Or other data; `next` is the next row. */
    percept_dataset *data;
    size_t next;
} RowReader;

/* Prepares to read rows from a table for a model, which must outlive the reader. columns_assign finds its columns by
 * the model's schema. Missing values are NaN, which the predictor fills, unless options->missing refuses them. `copy`
 * names `copy_count` columns to be copied, besides those that identify rows (options->ids, or the model's). The reader
 * owns the stream from now on, even on failure; the caller owns `name`, which is for messages. Released with
 * row_reader_clear. */
percept_status row_reader_create(ByteStream *stream, const char *name, const SourceOptions *options,
                                 const percept_model *model, const char *const *copy, size_t copy_count, RowReader *out,
                                 percept_error *error);

/* The same from data in any form that source_open reads; labels and parts are ignored. */
percept_status row_reader_open(const char *name, const char *directory, const SourceOptions *options,
                               const percept_model *model, RowReader *out, percept_error *error);
void row_reader_clear(RowReader *reader);

/* Describes how many values of categories so far the model does not know (categories_describe_unknown). */
percept_status row_reader_unknown(const RowReader *reader, char text[CATEGORIES_NOTE_SIZE], percept_error *error);

/* Describes how many dates so far could not be read (csv_dates_describe_unread). */
void row_reader_unread(const RowReader *reader, char text[CSV_DATES_NOTE_SIZE]);

/* Reads the next row; *end is true if there is none. The texts of its copied columns are appended to `copied`, each ended by
 * a 0. On failure and at the end the row is undefined. */
percept_status row_reader_next(RowReader *reader, double *row, Buffer *copied, bool *end, percept_error *error);

/* The same for a record of the table that the caller has taken from reader->csv; several threads may take rows at once, each
 * with a state of its own. */
percept_status row_reader_take(const RowReader *reader, RowState *state, const CsvRecord *record, double *row,
                               Buffer *copied, percept_error *error);

/* A state for row_reader_take, released with row_state_clear; row_reader_join adds what it has counted to the reader's. */
percept_status row_state_create(const RowReader *reader, RowState *out, percept_error *error);
void row_state_clear(RowState *state);
void row_reader_join(RowReader *reader, const RowState *state);

#endif
