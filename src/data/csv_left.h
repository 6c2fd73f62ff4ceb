/* Columns of a table with a header that hold no feature as they seem from its beginning. */
#ifndef DATA_CSV_LEFT_H
#define DATA_CSV_LEFT_H

#include "data/columns.h"
#include "data/csv_reader.h"

/* Fills left[c] for each of reader->columns columns, with COLUMN_TEXTS only if `texts`:
 *
 *   COLUMN_ROW_NAMES     the first, where the header has a name less than there are columns (R's write.table); or where it
 *                        has no name and texts that are all different (R's write.csv)
 *   COLUMN_ROW_NUMBERS   the first, where it has no name, and whole numbers that are all different (pandas' to_csv; of one
 *                        row: 0 or 1), or that count up from 0 or 1 several times (pandas' concat)
 *   COLUMN_EMPTY         any that has neither a name nor a value (a spreadsheet's)
 *   COLUMN_TEXTS          any other with texts in the file's beginning, not fewer than numbers
 *
 * A name that programs give to a column without one counts as none: "Unnamed: 0", "rownames", "row.names", "...1". Without
 * a header nothing is left out. */
void csv_left_find(const CsvReader *reader, bool texts, ColumnLeft *left);

/* columns_assign_rest with what csv_left_find finds: how every reader of a table gives its columns their roles. */
percept_status csv_left_assign(const CsvReader *reader, const SourceOptions *options, Columns *out,
                               percept_error *error);

#endif
