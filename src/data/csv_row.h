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
    /* Room for the cells of categories and dates, in the order of their columns; NULL: they are read with the others. */
    CsvCell *later;
} CsvRow;

/* Reads the cells of a record. Booleans (csv_cell_boolean) become 1 or 0; missing features become what `missing` says; a
 * category becomes its code (csv_categories_code), or NAN if it is missing; a date becomes its parts (csv_dates_read).
 * A row without label or target is marked as unanswered. A weight must be present and not negative.
 * PERCEPT_ERROR_FORMAT names line and column, and says what to do, for a cell that is no finite number and for a record
 * with more or fewer cells than the first. */
percept_status csv_row_read(const CsvReader *reader, const CsvRecord *record, const Columns *columns,
                            MissingKind missing, CsvRow *row, percept_error *error);

/* Reads the categories and dates of a row that csv_row_read has read without them, into row->later. What they become depends
 * on the rows before, so this is done in the order of the rows, while csv_row_read may read several rows at once. *right is
 * false if csv_row_read without row->later refuses the row. `line` is the record's. */
percept_status csv_row_settle(const CsvReader *reader, size_t line, const Columns *columns, MissingKind missing,
                              CsvRow *row, bool *right, percept_error *error);

#endif
