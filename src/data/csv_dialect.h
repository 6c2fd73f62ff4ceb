/* How a file writes its table, found out from its beginning. */
#ifndef DATA_CSV_DIALECT_H
#define DATA_CSV_DIALECT_H

#include "data/csv_cell.h"
#include "data/source.h"

/* Finds out the dialect of a file from its first `size` bytes, of which there may be none; `whole`: there are no more.
 * What the options tell is taken from them.
 *
 * Delimiter: the one of tab, ; | and , that cuts most of the first records into as many cells (two at least) as the first;
 * of equals the first in that order, since a comma is also what some countries put for the point. If none does, spaces.
 *
 * Header: the first record is names if nothing in it is a number, and not everything is missing; or if it has a text where
 * the second record has a number, and what numbers it has count up by one, as those do that programs give to columns
 * without names. */
percept_status csv_dialect_detect(char *start, size_t size, bool whole, const SourceOptions *options, CsvDialect *out,
                                  percept_error *error);

/* The end of the record that begins at `begin`: its line's end, which is no part of a quoted cell. NULL if it does not
 * end before `end`; *open tells whether a quoted cell was still open there. */
char *csv_record_end(char *begin, char *end, const CsvDialect *dialect, bool *open);

/* Where the record's cells end: before the '\r' of "\r\n". */
char *csv_record_trim(const char *begin, char *end, const CsvDialect *dialect);

/* True for a line of nothing but spaces (and tabs, where they do not delimit). */
bool csv_record_blank(const char *begin, const char *end, const CsvDialect *dialect);

#endif
