#include "data/row_marks.h"

#include <string.h>

#include "base/memory.h"

/* A date with time and fraction is no longer. */
#define DATE_SIZE 40

/* ---- Dates --------------------------------------------------------------------------------------------------- */

static bool read_digits(const char **at, size_t count, int low, int high, int *out)
{
    *out = 0;
    for (size_t i = 0; i < count; i++, ++*at) {
        if (**at < '0' || **at > '9')
            return false;
        *out = *out * 10 + (**at - '0');
    }
    return *out >= low && *out <= high;
}

static bool read_sign(const char **at, char sign)
{
    return *(*at)++ == sign;
}

/* Days from 1970-01-01 to a date of the Gregorian calendar: years begin in March, so that the leap day is the last. */
static int days_of(int year, int month, int day)
{
    const int y = month > 2 ? year : year - 1, m = (month + 9) % 12;
    const int leap = y / 4 - y / 100 + y / 400;
    return 365 * y + leap + (153 * m + 2) / 5 + day - 1 - 719468;
}

/* "hh:mm", "hh:mm:ss" or "hh:mm:ss.fff"; *at is left behind it. */
static bool read_clock(const char **at, double *seconds)
{
    int hour = 0, minute = 0, second = 0;
    if (!read_digits(at, 2, 0, 24, &hour) || !read_sign(at, ':') || !read_digits(at, 2, 0, 59, &minute))
        return false;
    if (**at == ':' && (!read_sign(at, ':') || !read_digits(at, 2, 0, 60, &second)))
        return false;
    *seconds = 3600.0 * hour + 60.0 * minute + second;
    double digit = 1;
    if (**at == '.')
        while (*++*at >= '0' && **at <= '9') {
            digit /= 10;
            *seconds += digit * (**at - '0');
        }
    return true;
}

bool row_marks_date(const char *text, size_t length, double *seconds)
{
    char copy[DATE_SIZE] = "";
    const char *at = copy;
    int year = 0, month = 0, day = 0;
    double clock = 0;
    if (length >= sizeof copy)
        return false;
    memcpy(copy, text, length);
    if (!read_digits(&at, 4, 0, 9999, &year) || !read_sign(&at, '-') || !read_digits(&at, 2, 1, 12, &month) ||
        !read_sign(&at, '-') || !read_digits(&at, 2, 1, 31, &day))
        return false;
    if (*at == 'T' || *at == ' ') {
        at++;
        if (!read_clock(&at, &clock))
            return false;
        at += *at == 'Z' ? 1 : 0;
    }
    *seconds = 86400.0 * days_of(year, month, day) + clock;
    return at == copy + length;
}

/* ---- Rows ---------------------------------------------------------------------------------------------------- */

static percept_status append(RowStore *store, double value, size_t expected, percept_error *error)
{
    if (store->width == 0)
        *store = (RowStore){.type = PERCEPT_FLOAT64, .width = 1};
    return row_store_append(store, &value, expected, error);
}

percept_status row_marks_group(RowMarks *marks, const char *text, size_t length, size_t expected, percept_error *error)
{
    int32_t number = 0;
    percept_status status = label_table_add(&marks->names, text, length, &number, error);
    return status == PERCEPT_OK ? append(&marks->groups, number, expected, error) : status;
}

percept_status row_marks_time(RowMarks *marks, const double *number, const char *text, size_t length, size_t expected,
                              bool *fits, percept_error *error)
{
    double time = number != NULL ? *number : 0;
    const TimeKind kind = number != NULL ? TIME_NUMBER : TIME_DATE;
    *fits =
        (marks->kind == TIME_UNKNOWN || marks->kind == kind) && (number != NULL || row_marks_date(text, length, &time));
    if (!*fits)
        return PERCEPT_OK;
    marks->kind = kind;
    return append(&marks->times, time, expected, error);
}

percept_status row_marks_finish(RowMarks *marks, Storage *storage, percept_error *error)
{
    if (marks->times.width > 0) {
        storage->times = marks->times.block;
        marks->times.block = NULL;
    }
    if (marks->groups.width == 0)
        return PERCEPT_OK;
    percept_status status =
        memory_allocate(storage->count, sizeof *storage->groups, "the groups", &storage->groups, error);
    for (size_t i = 0; status == PERCEPT_OK && i < storage->count; i++)
        storage->groups[i] = (int32_t)((const double *)marks->groups.block)[i];
    storage->group_count = marks->names.count;
    return status;
}

void row_marks_clear(RowMarks *marks)
{
    row_store_clear(&marks->groups);
    row_store_clear(&marks->times);
    label_table_clear(&marks->names);
    *marks = (RowMarks){0};
}
