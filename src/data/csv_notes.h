/* Notes on how a table was understood. */
#ifndef DATA_CSV_NOTES_H
#define DATA_CSV_NOTES_H

#include "data/columns.h"
#include "data/csv_reader.h"
#include "data/dataset.h"

/* The dialect of the file: delimiter, header, lines before the table. */
percept_status csv_notes_start(const CsvReader *reader, Notes *notes, percept_error *error);

/* Label or targets, and why; ignored columns, and why. */
percept_status csv_notes_columns(const Columns *columns, char *const *names, Notes *notes, percept_error *error);

/* The features that are categories because they have leading zeros. */
percept_status csv_notes_codes(const CsvReader *reader, const Columns *columns, Notes *notes, percept_error *error);

/* Whether the classes are words or whole numbers. */
percept_status csv_notes_classes(Storage *storage, percept_error *error);

/* The columns that hold categories, and how many of them. */
percept_status csv_notes_categories(Storage *storage, percept_error *error);

/* Skipped lines, known after the file has been read. */
percept_status csv_notes_end(const CsvReader *reader, Notes *notes, percept_error *error);

#endif
