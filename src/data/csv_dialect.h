/* Detects the dialect of a table from the beginning of its file. */
#ifndef DATA_CSV_DIALECT_H
#define DATA_CSV_DIALECT_H

#include "data/csv_header.h"
#include "data/csv_prelude.h"
#include "data/source_options.h"

/* What the beginning of a file says. */
typedef struct CsvStart {
    CsvPrelude prelude;
    CsvHeader header;
    bool row_names;   /* the header has one name less than there are columns: the first column holds row names (R) */
    CsvSurvey survey; /* owned */
} CsvStart;

/* Detects the dialect of a file from its first `size` bytes, which may be 0. `whole`: this is the whole file. Options
 * override what is detected.
 *
 * Delimiter: the one of tab, ; | and , that cuts most of the first records into the same number of cells (at least
 * two). In a tie the first in that order wins, since the comma is also a decimal separator. The first record must have
 * the same number of cells, or one less if the first column holds row names. If no delimiter fits, spaces are tried;
 * then a delimiter that fits all but the first record. A line "sep=;" before the table overrides this.
 *
 * Header: see csv_header.h; if the first record is no header, a comment right before the table with as many cells
 * is. */
percept_status csv_dialect_detect(char *at, size_t size, bool whole, const SourceOptions *options, CsvDialect *out,
                                  CsvStart *start, percept_error *error);

#endif
