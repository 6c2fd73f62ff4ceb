/* Error messages for records that cannot be used: file, line and column, and what to do. */
#ifndef DATA_CSV_REFUSE_H
#define DATA_CSV_REFUSE_H

#include "data/columns.h"
#include "data/csv_reader.h"

/* Says why a cell in a line's column c, from 0, cannot be used. PERCEPT_ERROR_FORMAT. */
percept_status csv_refuse_cell(const CsvReader *reader, size_t line, const Columns *columns, size_t c,
                               const CsvCell *cell, percept_error *error);

/* True for a text that means a number, but is not written as one: "1,200", "12%", "inf". */
bool csv_cell_is_like_number(const CsvCell *cell, const CsvDialect *dialect);

/* Says that a record has more or fewer cells than the table has columns. */
percept_status csv_refuse_count(const CsvReader *reader, const CsvRecord *record, percept_error *error);

#endif
