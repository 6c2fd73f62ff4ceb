/* Finds the beginning and end of CSV records. A record is one line, or several if a quoted cell contains line ends. */
#ifndef DATA_CSV_RECORD_H
#define DATA_CSV_RECORD_H

#include "data/csv_cell.h"

/* The end of the record that begins at `begin`: the first line end outside a quoted cell (if blanks delimit, each line
 * is a record). NULL if the record does not end before `end`; *open is then true if a quoted cell was still open. */
char *csv_record_end(char *begin, char *end, const CsvDialect *dialect, bool *open);

/* The end of the record's cells: before the '\r' of "\r\n". */
char *csv_record_trim(const char *begin, char *end, const CsvDialect *dialect);

/* True for a line of nothing but spaces (and tabs, where they do not delimit). */
bool csv_record_blank(const char *begin, const char *end, const CsvDialect *dialect);

/* The beginning of a file, from which its dialect is detected. */
typedef struct CsvSample {
    char *at, *end;
    bool whole; /* the file ends where the sample ends */
} CsvSample;

/* The next record that is not blank; false if the sample has no more, or cuts it off. */
bool csv_sample_next(CsvSample *sample, const CsvDialect *dialect, char **begin, char **end);

#endif
