/* A record of CSV as numbers, by the roles of its columns. */
#ifndef DATA_CSV_ROW_H
#define DATA_CSV_ROW_H

#include "data/columns.h"
#include "data/csv_reader.h"

/* Where a row's parts go; the label's text lies in the record. */
typedef struct CsvRow {
    double *features, *targets; /* as many as there are columns of the kind */
    double weight;
    CsvCell label;
    CsvCell group, time; /* where columns are */
    size_t missing;      /* features that became NAN */
    bool unanswered;     /* the label or a target is missing */
    /* Of each feature, the line where it first was true or false instead of a number, 0 if it never was; NULL: not wanted. */
    size_t *booleans;
} CsvRow;

/* Reads the cells of a record. Features that are true or false are 1 or 0 (csv_cell_boolean), and those that are missing
 * become what `missing` says; where a label or target is missing, the row is unanswered; a weight must be there, and is not
 * negative. PERCEPT_ERROR_FORMAT names line and column, and says what to do, for a cell that is
 * no finite number and for a record with more or fewer cells than the first. */
percept_status csv_row_read(const CsvReader *reader, const CsvRecord *record, const Columns *columns,
                            MissingKind missing, CsvRow *row, percept_error *error);

#endif
