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

/* Leaves out, with a note, features that are missing everywhere, texts that are no categories (Column.free_text), parts of
 * dates that tell nothing (Column.dropped), constants, and identifiers (identifiers.h). Constants and identifiers stay if
 * their kind was given, if the table has no header (as do columns that are missing everywhere), and if nothing else is left;
 * constants also in a table of pixels: 64 features at least, all of them integers from 0 to 255. All this is decided from
 * the whole file, not from its training part, so the features do not depend on the split. `columns`: those of the file that
 * the features came from. */
percept_status table_review(Storage *storage, const Columns *columns, const char *file, percept_error *error);

#endif
