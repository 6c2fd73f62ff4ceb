/* Group and time of the rows of a table. */
#ifndef DATA_ROW_MARKS_H
#define DATA_ROW_MARKS_H

#include "data/label_table.h"
#include "data/row_store.h"

typedef enum TimeKind { TIME_UNKNOWN, TIME_NUMBER, TIME_DATE } TimeKind;

/* Begins as {0}; released with row_marks_clear. */
typedef struct RowMarks {
    RowStore groups, times; /* of width 1 where there are any */
    LabelTable names;       /* of the groups */
    TimeKind kind;          /* of all times */
} RowMarks;

/* Appends the group of a row: any text; equal texts are one group. */
percept_status row_marks_group(RowMarks *marks, const char *text, size_t length, size_t expected, percept_error *error);

/* Appends the time of a row: a number (`number` is not NULL), or a date as ISO 8601 has it, YYYY-MM-DD, which may be
 * followed by a T or a space and hh:mm or hh:mm:ss, with a fraction, and Z. *fits is false, and nothing is appended, for
 * another text, and for a date where earlier rows have numbers or the other way round. */
percept_status row_marks_time(RowMarks *marks, const double *number, const char *text, size_t length, size_t expected,
                              bool *fits, percept_error *error);

/* Moves the groups and times into the storage of the rows. */
percept_status row_marks_finish(RowMarks *marks, Storage *storage, percept_error *error);
void row_marks_clear(RowMarks *marks);

/* Seconds from 1970-01-01 to a date as above; false for another text. */
bool row_marks_date(const char *text, size_t length, double *seconds);

#endif
