/* Lines that some programs write before a table: comments, Excel's "sep=;", scikit-learn's counts. */
#ifndef DATA_CSV_PRELUDE_H
#define DATA_CSV_PRELUDE_H

#include "data/csv_record.h"

typedef struct CsvPrelude {
    char separator;            /* of "sep=;"; 0 without such a line */
    size_t comments;           /* lines that begin with #, %, // or | */
    bool bar;                  /* one of them begins with |, as in files of C4.5 (UCI) */
    char *names, *names_end;   /* the text of the last comment, which may be the header; NULL without one */
    char *counts, *counts_end; /* the line "150,4,setosa,versicolor": rows, features, classes; NULL without one */
    char *begin;               /* where the table begins */
} CsvPrelude;

/* Skips a line "sep=;" and comments at the beginning of *sample: moves `at` behind them. A line that begins with | is a
 * comment unless the next line contains this character, too. "#N/A" begins no comment. If the sample has nothing but
 * comments, they are not treated as comments. */
void csv_prelude_read(CsvSample *sample, const CsvDialect *dialect, CsvPrelude *out);

/* Skips a line of counts: two integers and the names of at least two classes. The second number is one less than the
 * number of cells in the line below. These cells are numbers, and the last one is the number of a class. */
void csv_prelude_read_counts(CsvSample *sample, const CsvDialect *dialect, CsvPrelude *prelude);

#endif
