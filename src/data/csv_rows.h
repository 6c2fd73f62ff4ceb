/* The rows of CSV files, on their way into one table. Several threads read the numbers of a large file; what depends on the
 * rows before (codes of categories, forms of dates, labels, the packing of columns) is done in the order of the file. So
 * the table, notes and messages are the same for every number of threads. */
#ifndef DATA_CSV_ROWS_H
#define DATA_CSV_ROWS_H

#include "data/csv_row.h"
#include "data/examples.h"
#include "data/row_marks.h"
#include "data/unanswered.h"

/* All files while they are read. */
typedef struct CsvReading {
    const SourceOptions *options;
    const char *first_path;
    Columns columns; /* as the first file has them */
    Schema schema;   /* likewise; or, read for a model, the model's */
    Notes notes;
    char **classes; /* from a line of counts, or NULL */
    size_t class_count;
    bool dots; /* labels end with one that is none of theirs */
    Examples examples;
    CsvCategories categories;
    CsvDates dates;
    RowMarks marks;
    size_t *booleans; /* as in CsvRow */
    Unanswered unanswered;
} CsvReading;

/* Reads the rows of a file to its end, and appends them; *count receives their number, without those that have no answer. */
percept_status csv_rows_read(CsvReading *all, CsvReader *reader, size_t *count, percept_error *error);

#endif
