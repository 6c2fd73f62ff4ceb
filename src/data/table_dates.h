/* Columns of dates in tables of a program: the rules are those of files. */
#ifndef DATA_TABLE_DATES_H
#define DATA_TABLE_DATES_H

#include "data/notes.h"
#include "data/table.h"

/* What PERCEPT_ANY makes of a column. Of its texts: dates if four cells of five are dates or times of day, else categories.
 * Of numbers: dates if all of them are such as 20240531, there are four at least, and two differ; else numbers. */
FeatureKind table_dates_look(const TableColumn *column, size_t count);
bool table_dates_compact(const TableColumn *column, size_t count);

/* A column of dates as numbers. Begins as {0}; released with table_date_clear. */
typedef struct TableDate {
    DateForm form;
    double *parts[DATE_PARTS]; /* of each text of the column, NaN for what is no date; NULL: not wanted, or dropped */
    bool dropped[DATE_PARTS];  /* parts that tell nothing */
} TableDate;

/* Detects the form from all texts, and reads them. Notes say what was a guess. PERCEPT_ERROR_ARGUMENT for a column in which
 * more than one cell of five is no date. */
percept_status table_date_learn(const TableColumn *column, size_t count, TableDate *out, Notes *notes,
                                percept_error *error);
void table_date_clear(TableDate *date);

/* A part of the dates of a column, in the form that a model knows: of each text; of a column of numbers, of each row.
 * Released with memory_free. Fails like table_date_learn. */
percept_status table_date_part(const TableColumn *column, size_t count, const DateFeature *date, double **out,
                               Notes *notes, percept_error *error);

#endif
