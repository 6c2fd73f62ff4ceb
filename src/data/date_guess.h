/* What a column of dates is: in which form it is written, learned date by date, and which parts of the dates are features. The
 * rules are those of files (csv_dates.h) and of tables in memory alike. */
#ifndef DATA_DATE_GUESS_H
#define DATA_DATE_GUESS_H

#include "data/date_text.h"

/* Begins with what is known of the form, or as {0}. */
typedef struct DateGuess {
    DateForm form; /* as detected so far */
    bool fixed;    /* the form is given, or a date has proved it */
    bool either;   /* a date could have month and day in both orders */
} DateGuess;

/* Reads a date of a form that is not fixed yet, and learns from it. *pending: a later date may exchange month and day;
 * then the month is first here. False for what is no date of this form. */
bool date_guess_read(DateGuess *guess, const char *text, size_t length, Moment *out, bool *pending);

/* Marks the parts that tell nothing, by which of them vary:
 *
 *   year, month, hour   if they do not vary
 *   weekday             if it does not vary, or the day of the month does not, as in monthly data
 *   time                if it does not vary, or only the year does
 *   day                 always: a column of time and weekday has it */
void date_guess_drop(DateForm form, const bool vary[DATE_PARTS], bool dropped[DATE_PARTS]);

/* True if more than one row of a thousand differs from the usual value; NaN does not count. at(of, i) is the value of row i. */
bool date_guess_varies(double (*at)(const void *of, size_t i), const void *of, size_t count);

/* More than one of so many cells that are no date are refused. */
#define DATE_UNREAD_SHARE 5

/* "dates", "dates with the month first", "times of day", … */
const char *date_guess_words(DateForm form);

#endif
