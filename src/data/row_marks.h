/* Group and time of the rows of a table. */
#ifndef DATA_ROW_MARKS_H
#define DATA_ROW_MARKS_H

#include "data/date_text.h"
#include "data/label_table.h"
#include "data/row_store.h"

typedef enum TimeKind { TIME_UNKNOWN, TIME_NUMBER, TIME_DATE, TIME_CLOCK } TimeKind;

/* Begins as {0}; released with row_marks_clear. */
typedef struct RowMarks {
    RowStore groups, times; /* of width 1 where there are any */
    RowStore exchanged;     /* the times if dates such as 1/2/2024 have the day first; `times` has the month first */
    LabelTable names;       /* of the groups */
    TimeKind kind;          /* of all times */
    DateForm form;          /* DATE_MDY, DATE_DMY: found so far, or given; DATE_UNKNOWN */
    bool fixed;             /* the form is given, or a date has proved it */
    bool either;            /* a date could have month and day in both orders */
} RowMarks;

/* Appends the group of a row: any text; equal texts are one group. */
percept_status row_marks_group(RowMarks *marks, const char *text, size_t length, size_t expected, percept_error *error);

/* Appends the time of a row: a number (`number` is not NULL), a date as date_scan reads it, or a time of day. *fits is false,
 * and nothing is appended, for another text, for a kind other than that of earlier rows, and for a date that has a month above
 * 12 in the order that an earlier one has proved. */
percept_status row_marks_time(RowMarks *marks, const double *number, const char *text, size_t length, size_t expected,
                              bool *fits, percept_error *error);

/* Seconds from 1970-01-01 to a date whose month and day are clear (DATE_YMD); false for another text. */
bool row_marks_date(const char *text, size_t length, double *seconds);

/* Moves the groups and times into the storage of the rows. A note warns of dates whose order nothing has shown. */
percept_status row_marks_finish(RowMarks *marks, Storage *storage, percept_error *error);
void row_marks_clear(RowMarks *marks);

#endif
