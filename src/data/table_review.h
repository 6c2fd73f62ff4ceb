/* Checks a whole table for training: columns that are no features, or seem to be none. */
#ifndef DATA_TABLE_REVIEW_H
#define DATA_TABLE_REVIEW_H

#include "data/columns.h"
#include "data/dataset.h"

/* Refuses a column that mixes true and false with numbers other than 0 and 1: boolean_lines[j] is the line where
 * feature j first was true or false, 0 if it never was; the kinds of the others are kept in storage->schema. Before any
 * view is made. */
percept_status table_review_booleans(Storage *storage, const Columns *columns, const size_t *boolean_lines,
                                     const char *file, percept_error *error);

/* Ignores features that are missing everywhere, and texts that are no categories (Column.free_text), with a note. Adds notes about constant features, and a warning about
 * one that counts the rows from 0 or 1: it may be the number of the row. `columns`: those of the file that the features
 * came from. */
percept_status table_review(Storage *storage, const Columns *columns, const char *file, percept_error *error);

#endif
