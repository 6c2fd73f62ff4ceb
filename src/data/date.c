#include "data/date.h"

#include <math.h>
#include <string.h>

#define DAY_SECONDS 86400.0
/* Days from 1970-01-01 to 2000-01-01. */
#define DAYS_TO_2000 10957

/* ---- The calendar ------------------------------------------------------------------------------------------------ */

/* Years begin in March here, so that the leap day is the last. */
long date_days(int year, int month, int day)
{
    const long y = month > 2 ? year : year - 1, m = (month + 9) % 12;
    const long leap = y / 4 - y / 100 + y / 400;
    return 365 * y + leap + (153 * m + 2) / 5 + day - 1 - 719468;
}

double date_seconds(const Moment *moment)
{
    return DAY_SECONDS * (double)date_days(moment->year, moment->month, moment->day) + moment->seconds - moment->offset;
}

void date_of_seconds(double seconds, Moment *out)
{
    const long days = (long)floor(seconds / DAY_SECONDS);
    /* The year is off by one at most: the mean length is 365.2425 days. */
    int year = (int)floor((double)days / 365.2425) + 1970;
    while (date_days(year, 1, 1) > days)
        year--;
    while (date_days(year + 1, 1, 1) <= days)
        year++;
    int month = 12;
    while (date_days(year, month, 1) > days)
        month--;
    *out = (Moment){.year = year,
                    .month = month,
                    .day = (int)(days - date_days(year, month, 1)) + 1,
                    .seconds = seconds - DAY_SECONDS * (double)days};
}

void date_exchange(Moment *moment)
{
    const int month = moment->month;
    moment->month = moment->day;
    moment->day = month;
}

double date_part(const Moment *moment, DatePart part)
{
    const long days = date_days(moment->year, moment->month, moment->day);
    switch (part) {
    case DATE_YEAR:
        return moment->year;
    case DATE_MONTH:
        return moment->month;
    case DATE_DAY:
        return moment->day;
    case DATE_WEEKDAY:
        return (double)(((days + 3) % 7 + 7) % 7 + 1); /* 1970-01-01 was a Thursday */
    case DATE_HOUR:
        return (double)(float)(moment->seconds / 3600);
    default:
        return (double)(float)(date_seconds(moment) / DAY_SECONDS - DAYS_TO_2000);
    }
}

/* ---- Words --------------------------------------------------------------------------------------------------------- */

static const char *const form_names[] = {
    [DATE_YMD] = "ymd",          [DATE_MDY] = "mdy",     [DATE_DMY] = "dmy",
    [DATE_COMPACT] = "yyyymmdd", [DATE_CLOCK] = "clock", [DATE_EPOCH] = "epoch",
};

static const char *const part_names[DATE_PARTS] = {
    [DATE_YEAR] = "year",       [DATE_MONTH] = "month", [DATE_DAY] = "day",
    [DATE_WEEKDAY] = "weekday", [DATE_HOUR] = "hour",   [DATE_TIME] = "time",
};

const char *date_form_name(DateForm form)
{
    return form <= DATE_EPOCH ? form_names[form] : NULL;
}

DateForm date_form_find(const char *name)
{
    for (DateForm form = DATE_YMD; form <= DATE_EPOCH; form++)
        if (strcmp(form_names[form], name) == 0)
            return form;
    return DATE_UNKNOWN;
}

const char *date_part_name(DatePart part)
{
    return part < DATE_PARTS ? part_names[part] : NULL;
}

int date_part_find(const char *name)
{
    for (int part = 0; part < DATE_PARTS; part++)
        if (strcmp(part_names[part], name) == 0)
            return part;
    return -1;
}
