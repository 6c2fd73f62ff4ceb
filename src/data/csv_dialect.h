/* How a file writes its table, detected from its beginning. */
#ifndef DATA_CSV_DIALECT_H
#define DATA_CSV_DIALECT_H

#include "data/csv_header.h"
#include "data/csv_prelude.h"
#include "data/source.h"

/* What a file begins with. */
typedef struct CsvStart {
    CsvPrelude prelude;
    CsvHeader header;
    bool row_names;   /* the header has a name less than there are columns: the first one is names of rows (R) */
    CsvSurvey survey; /* owned */
} CsvStart;

/* Detects the dialect of a file from its first `size` bytes, of which there may be none; `whole`: there are no more. What
 * the options say is taken from them.
 *
 * Delimiter: the one of tab, ; | and , that cuts most of the first records into as many cells (two at least); of equals
 * the first in that order, since a comma is also what some countries put for the point. The first record must have as
 * many, or one less, as it has above a column of row names. If none does, spaces; then one that fits all but the first
 * record. A line "sep=;" before the table wins over that.
 *
 * Header: see csv_header.h; a comment right before the table with as many cells is its header where the first record is
 * none. */
percept_status csv_dialect_detect(char *at, size_t size, bool whole, const SourceOptions *options, CsvDialect *out,
                                  CsvStart *start, percept_error *error);

#endif
