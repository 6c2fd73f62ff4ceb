/* Lines that some programs put before a table: comments, Excel's "sep=;", scikit-learn's counts. */
#ifndef DATA_CSV_PRELUDE_H
#define DATA_CSV_PRELUDE_H

#include "data/csv_record.h"

typedef struct CsvPrelude {
    char separator;            /* of "sep=;"; 0 without such a line */
    size_t comments;           /* lines that begin with #, %, // or | */
    bool bar;                  /* one of them begins with |, as in files of C4.5 (UCI) */
    char *names, *names_end;   /* the last comment, behind its mark, which may be names; NULL without one */
    char *counts, *counts_end; /* the line "150,4,setosa,versicolor": rows, features, classes; NULL without one */
    char *begin;               /* where the table begins */
} CsvPrelude;

/* Takes a line "sep=;" and comments off the front of *sample, whose `at` is moved behind them. A line that begins with |
 * is a comment unless the next line has this character, too; "#N/A" begins no comment; and what has nothing but comments
 * has none. */
void csv_prelude_read(CsvSample *sample, const CsvDialect *dialect, CsvPrelude *out);

/* Takes off a line of counts: two whole numbers and the names of two classes or more, the second number being one less than
 * the cells of the line below, which are numbers, the last one that of a class. */
void csv_prelude_read_counts(CsvSample *sample, const CsvDialect *dialect, CsvPrelude *prelude);

#endif
