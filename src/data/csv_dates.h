/* The columns of dates while a table is read. The whole column decides whether the month or the day comes first: a number
 * above 12 in a late row settles the order in earlier rows, too. */
#ifndef DATA_CSV_DATES_H
#define DATA_CSV_DATES_H

#include "data/columns.h"
#include "data/csv_reader.h"
#include "data/dataset.h"
#include "data/date_guess.h"

#define CSV_DATE_SHOWN 32

/* A column of dates. */
typedef struct CsvDate {
    DateGuess guess;
    size_t cells;                    /* that are not missing */
    size_t unread;                   /* of these, those that are no date of this form */
    size_t line;                     /* of the first of them */
    size_t pending;                  /* dates in the storage whose order was not known */
    char where[COLUMN_TEXT];         /* "column 3 (when)" */
    char name[COLUMN_TEXT];          /* as --columns takes it */
    char example[CSV_DATE_SHOWN];    /* the first date; of those in both orders, if there are any */
    char unreadable[CSV_DATE_SHOWN]; /* the first cell that is no date */
} CsvDate;

/* Begins as {0}. */
typedef struct CsvDates {
    size_t count;  /* columns of the file; 0: none has dates */
    CsvDate *list; /* count, empty where there are none */
    bool known;    /* the forms are those of a model */
} CsvDates;

/* Prepares to read the dates among columns. Released with csv_dates_clear. */
percept_status csv_dates_create(const CsvReader *reader, const Columns *columns, CsvDates *out, percept_error *error);
void csv_dates_clear(CsvDates *dates);

/* Writes the parts of a cell of column c, which is not missing, to their features: NAN if it is no date of the column's
 * form. */
void csv_dates_read(CsvDates *dates, const Columns *columns, size_t c, size_t line, const CsvCell *cell,
                    double *features);

/* Adds the cells that were read with the same forms, those of a model, from other lines of the file. */
void csv_dates_join(CsvDates *dates, const CsvDates *more);

/* At the end of a table, once all rows are in the storage: dates whose order was not known get the one that was detected,
 * the schema gets the forms, and notes say what was detected. Parts that tell nothing (date_guess.h) are marked as dropped in the
 * columns.
 *
 * A schema that is known stays as it is. PERCEPT_ERROR_FORMAT for a column in which more than one cell of five is no date. */
percept_status csv_dates_settle(CsvDates *dates, Columns *columns, const char *file, Storage *storage,
                                percept_error *error);

/* "column 3 (when): 2 cells are no dates with the month first and count as missing; the first is '13/13/24' in line 7"; empty
 * if all could be read. */
#define CSV_DATES_NOTE_SIZE 240
void csv_dates_describe_unread(const CsvDates *dates, char text[CSV_DATES_NOTE_SIZE]);

#endif
