/* Dates and times of day: in which forms they are written (date_text.h reads them), and the numbers that become features. */
#ifndef DATA_DATE_H
#define DATA_DATE_H

#include <stdbool.h>
#include <stddef.h>

/* How the dates of a column are written. */
typedef enum DateForm {
    DATE_UNKNOWN,
    DATE_YMD, /* nothing else than dates whose month and day are clear */
    DATE_MDY, /* numbers with the month first, and dates that are clear */
    DATE_DMY, /* numbers with the day first, and dates that are clear */
    DATE_COMPACT,
    DATE_CLOCK,
    DATE_EPOCH,
} DateForm;

/* The numbers that a date is for a model. */
typedef enum DatePart {
    DATE_YEAR,
    DATE_MONTH,   /* 1 to 12 */
    DATE_DAY,     /* 1 to 31 */
    DATE_WEEKDAY, /* 1 to 7, from Monday */
    DATE_HOUR,    /* hours since midnight, with a fraction */
    DATE_TIME,    /* days since 2000-01-01 in UTC, with a fraction */
    DATE_PARTS
} DatePart;

/* A moment as written; of a time of day the date is 2000-01-01. */
typedef struct Moment {
    int year, month, day;
    double seconds; /* since midnight */
    double offset;  /* of the zone: seconds east of UTC */
} Moment;

/* Month for day and day for month; both are at most 12. */
void date_exchange(Moment *moment);

/* A part as a number that float32 holds, so that it is the same however it is stored. */
double date_part(const Moment *moment, DatePart part);

/* Seconds from 1970-01-01 in UTC, and the moment of such a number (in UTC). */
double date_seconds(const Moment *moment);
void date_of_seconds(double seconds, Moment *out);

/* Days from 1970-01-01 to a date of the Gregorian calendar. */
long date_days(int year, int month, int day);

/* Names "ymd", "mdy", …, NULL for DATE_UNKNOWN and past the last; the form of a name, DATE_UNKNOWN if there is none. */
const char *date_form_name(DateForm form);
DateForm date_form_find(const char *name);

/* Names "year", "month", …; the part of a name, -1 if there is none. */
const char *date_part_name(DatePart part);
int date_part_find(const char *name);

#endif
