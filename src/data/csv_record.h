/* Records of CSV: where each begins and ends. A record is a line, or several where a quoted cell holds line ends. */
#ifndef DATA_CSV_RECORD_H
#define DATA_CSV_RECORD_H

#include "data/csv_cell.h"

/* The end of the record that begins at `begin`: its line's end, which is no part of a quoted cell (where blanks delimit,
 * each line is a record). NULL if it does not end before `end`; *open tells whether a quoted cell was still open there. */
char *csv_record_end(char *begin, char *end, const CsvDialect *dialect, bool *open);

/* Where the record's cells end: before the '\r' of "\r\n". */
char *csv_record_trim(const char *begin, char *end, const CsvDialect *dialect);

/* True for a line of nothing but spaces (and tabs, where they do not delimit). */
bool csv_record_blank(const char *begin, const char *end, const CsvDialect *dialect);

/* A file's beginning, from which much about it is detected. */
typedef struct CsvSample {
    char *at, *end;
    bool whole; /* the file ends where the sample ends */
} CsvSample;

/* The next record that is not blank; false if the sample has no more, or cuts it off. */
bool csv_sample_next(CsvSample *sample, const CsvDialect *dialect, char **begin, char **end);

#endif
