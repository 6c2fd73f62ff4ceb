/* Finds columns of a table with a header that seem to hold no feature, and columns of texts, from the beginning of the
 * file. */
#ifndef DATA_CSV_LEFT_H
#define DATA_CSV_LEFT_H

#include "data/columns.h"
#include "data/csv_reader.h"

/* Fills left[c] for each of reader->columns columns:
 *
 *   COLUMN_ROW_NAMES     the first, where the header has a name less than there are columns (R's write.table); or where it
 *                        has no name and texts that are all different (R's write.csv)
 *   COLUMN_ROW_NUMBERS   the first, where it has no name, and whole numbers that are all different (pandas' to_csv; of one
 *                        row: 0 or 1), or that count up from 0 or 1 several times (pandas' concat)
 *   COLUMN_EMPTY         any that has neither a name nor a value (a spreadsheet's)
 *   COLUMN_DATES         any other in whose beginning four of five values are dates, or times of day; numbers such as 20240531
 *                        are dates if all are, and there are four at least
 *   COLUMN_TEXTS         any other with texts in the file's beginning, not fewer than numbers; or with at most 16 values, some of
 *                        them texts that repeat, each ten times on average; or with more than 16 different texts that
 *                        begin with a letter or digit, where a tenth of the values or more are texts; or with a name and whole numbers of which some
 *                        have leading zeros, such as 01234, which are codes
 *
 * Names that programs give to unnamed columns count as none: "Unnamed: 0", "rownames", "row.names", "...1". Without a
 * header no column is ignored, but texts are found. */
void csv_left_find(const CsvReader *reader, ColumnLeft *left);

/* True for the last of these: whole numbers with leading zeros. */
bool csv_left_is_code(const CsvReader *reader, size_t column);

/* columns_assign_rest with the result of csv_left_find. Every reader of a table assigns roles by this function. */
percept_status csv_left_assign(const CsvReader *reader, const SourceOptions *options, Columns *out,
                               percept_error *error);

#endif
