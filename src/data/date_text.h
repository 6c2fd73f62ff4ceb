/* Reads dates and times of day:
 *
 *   2024-05-31  2024/5/31  2024-05  31 May 2024  31-May-24  May 31, 2024  Fri, 31 May 2024    year, month and day are clear
 *   5/31/2024  31/5/2024  31.5.24  31-5-2024                                  month or day first: one number above 12 decides
 *   20240531                                                                  DATE_COMPACT
 *   13:45  1:45 PM  13:45:10.5                                                DATE_CLOCK
 *   1717156800                                                                DATE_EPOCH: seconds from 1970, or milliseconds
 *
 * all but the last three with a time behind a T, a blank or a comma, and Z, UTC or +02:00 behind that. Years of two digits
 * are those from 1969 to 2068, as POSIX has it. Month names are English. */
#ifndef DATA_DATE_TEXT_H
#define DATA_DATE_TEXT_H

#include "data/date.h"

/* What a text may be. */
typedef struct DateText {
    DateForm form; /* of DATE_MDY and DATE_DMY the one that the numbers prove, or else that is usual for the sign */
    bool either;   /* both are possible */
    bool clock;    /* it has a time of day */
    Moment moment;
} DateText;

/* Reads a text as any form but DATE_EPOCH; false if it is none. Blanks around it are ignored. */
bool date_scan(const char *text, size_t length, DateText *out);

/* Reads a text of a column of the form. False for what is no such date. */
bool date_read(const char *text, size_t length, DateForm form, Moment *out);

#endif
