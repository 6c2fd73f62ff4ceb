/* A record of CSV as numbers, by the roles of its columns. */
#ifndef DATA_CSV_ROW_H
#define DATA_CSV_ROW_H

#include "data/csv_categories.h"
#include "data/csv_dates.h"

/* Where the parts of a row are stored; the text of the label points into the record. */
typedef struct CsvRow {
    double *features, *targets; /* one for each column of the kind */
    double weight;
    CsvCell label;
    CsvCell group, time;       /* where columns are */
    size_t missing;            /* features that became NAN, but for categories */
    bool unanswered;           /* the label or a target is missing */
    CsvCategories *categories; /* of the features; NULL: none of them is a category */
    CsvDates *dates;           /* of the columns; NULL: none of them has dates */
    /* For each feature the line where it first was true or false instead of a number, 0 if it never was; NULL: not
     * recorded. */
    size_t *booleans;
} CsvRow;

/* Reads the cells of a record. Booleans (csv_cell_boolean) become 1 or 0; missing features become what `missing` says; a
 * category becomes its code (csv_categories_code), or NAN if it is missing; a date becomes its parts (csv_dates_read).
 * A row without label or target is marked as unanswered. A weight must be present and not negative.
 * PERCEPT_ERROR_FORMAT names line and column, and says what to do, for a cell that is no finite number and for a record
 * with more or fewer cells than the first. */
percept_status csv_row_read(const CsvReader *reader, const CsvRecord *record, const Columns *columns,
                            MissingKind missing, CsvRow *row, percept_error *error);

#endif
