#include "data/date_text.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* A date with its time and zone is no longer. */
#define DATE_SIZE 64
#define DAY_SECONDS 86400.0
/* Of two digits, years from here on are of the last century (POSIX, strptime's %y). */
#define CENTURY_PIVOT 69
/* Larger numbers count milliseconds; as seconds they are of the year 5138. */
#define LARGEST_SECONDS 1e11

/* ---- Words --------------------------------------------------------------------------------------------------------- */

/* Moves *at behind a word that is a beginning of one of the names, at least three letters long; its number, -1 if it is
 * none. */
static int read_name(const char **at, const char *const *names, int count)
{
    size_t length = 0;
    while (isalpha((unsigned char)(*at)[length]))
        length++;
    for (int n = 0; length >= 3 && n < count; n++)
        if (strncasecmp(names[n], *at, length) == 0) {
            *at += length;
            return n;
        }
    return -1;
}

/* 1 to 12, or 0. */
static int read_month(const char **at)
{
    static const char *const months[] = {"january", "february", "march",     "april",   "may",      "june",
                                         "july",    "august",   "september", "october", "november", "december"};
    if (strncasecmp(*at, "sept", 4) == 0 && !isalpha((unsigned char)(*at)[4])) {
        *at += 4;
        return 9;
    }
    return read_name(at, months, 12) + 1;
}

/* ---- Numbers ------------------------------------------------------------------------------------------------------- */

/* Digits and their number; *count is 0 if there are none, or more than 9. */
static int read_digits(const char **at, int *count)
{
    int value = 0;
    for (*count = 0; **at >= '0' && **at <= '9' && *count < 10; ++*count, ++*at)
        value = *count < 9 ? value * 10 + (**at - '0') : value;
    if (*count > 9)
        *count = 0;
    return value;
}

static void skip_blanks(const char **at)
{
    while (**at == ' ' || **at == '\t')
        ++*at;
}

/* A year of four or two digits; 0 if it is none. */
static int read_year(const char **at)
{
    int count = 0;
    const int value = read_digits(at, &count);
    return count == 4 ? value : count == 2 ? value + (value >= CENTURY_PIVOT ? 1900 : 2000) : 0;
}

/* One or two digits of a day or a month; 0 if they are none. */
static int read_small(const char **at)
{
    int count = 0;
    const int value = read_digits(at, &count);
    return count == 1 || count == 2 ? value : 0;
}

/* ---- Times of day -------------------------------------------------------------------------------------------------- */

/* AM or PM behind a time, if there is one; false if it does not fit the hour. */
static bool read_half(const char **at, int *hour)
{
    const char *next = *at;
    skip_blanks(&next);
    const bool am = strncasecmp(next, "am", 2) == 0, pm = strncasecmp(next, "pm", 2) == 0;
    if ((!am && !pm) || isalpha((unsigned char)next[2]))
        return true;
    *at = next + 2;
    if (*hour < 1 || *hour > 12)
        return false;
    *hour = *hour % 12 + (pm ? 12 : 0);
    return true;
}

/* "hh:mm", "hh:mm:ss" or "hh:mm:ss.fff", with AM or PM. */
static bool read_clock(const char **at, double *seconds)
{
    int digits = 0, minute_digits = 0, second_digits = 2, hour = read_digits(at, &digits), second = 0;
    double fraction = 0, digit = 1;
    if (digits < 1 || digits > 2 || hour > 24 || *(*at)++ != ':')
        return false;
    const int minute = read_digits(at, &minute_digits);
    if (**at == ':') {
        ++*at;
        second = read_digits(at, &second_digits);
        if (**at == '.' || **at == ',')
            while (*++*at >= '0' && **at <= '9') {
                digit /= 10;
                fraction += digit * (**at - '0');
            }
    }
    if (minute_digits != 2 || minute > 59 || second_digits != 2 || second > 60 || !read_half(at, &hour))
        return false;
    *seconds = 3600.0 * hour + 60.0 * minute + second + fraction;
    return *seconds <= DAY_SECONDS;
}

/* "Z", "UTC", "GMT" or "+02:00", if there is one. */
static bool read_zone(const char **at, double *offset)
{
    const char *next = *at;
    skip_blanks(&next);
    const size_t word = *next == 'Z' ? 1 : strncasecmp(next, "utc", 3) == 0 || strncasecmp(next, "gmt", 3) == 0 ? 3 : 0;
    next += word;
    if (*next == '+' || *next == '-') {
        const double sign = *next++ == '-' ? -1 : 1;
        int digits = 0, value = read_digits(&next, &digits), minutes = 0;
        if (digits == 4) {
            minutes = value % 100;
            value /= 100;
        } else if (digits == 2 && *next == ':') {
            next++;
            minutes = read_digits(&next, &digits);
        }
        if ((digits != 2 && digits != 4) || value > 14 || minutes > 59)
            return false;
        *offset = sign * (3600.0 * value + 60.0 * minutes);
    } else if (word == 0) {
        return true;
    }
    *at = next;
    return true;
}

/* ---- Dates --------------------------------------------------------------------------------------------------------- */

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static bool is_day(int year, int month, int day)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (month < 1 || month > 12 || day < 1 || year < 1)
        return false;
    return day <= lengths[month - 1] + (month == 2 && is_leap(year));
}

/* Moves *at behind a sign between parts of a date: the same as before, if there was one. */
static bool read_sign(const char **at, char *sign)
{
    if (**at == '\0' || strchr("-/. ", **at) == NULL || (*sign != '\0' && **at != *sign))
        return false;
    *sign = *(*at)++;
    skip_blanks(at);
    return true;
}

/* Behind a month's name: a point, a comma or blanks, or a sign. */
static bool skip_between(const char **at)
{
    const char *const before = *at;
    while (**at != '\0' && strchr(" .,-/", **at) != NULL)
        ++*at;
    return *at > before;
}

/* "2024-05-31", "2024-May-31" or "2024-05". */
static bool read_year_first(const char **at, DateText *out)
{
    char sign = '\0';
    out->form = DATE_YMD;
    out->moment.year = read_year(at);
    if (out->moment.year == 0 || !read_sign(at, &sign))
        return false;
    const bool name = isalpha((unsigned char)**at);
    out->moment.month = name ? read_month(at) : read_small(at);
    const char *next = *at;
    if (read_sign(&next, &sign) && isdigit((unsigned char)*next)) {
        *at = next;
        out->moment.day = read_small(at);
        return true;
    }
    out->moment.day = 1;
    return name || (sign != '.' && sign != ' '); /* "2024.05" is a number */
}

/* "May 31, 2024" or "May 2024". */
static bool read_name_first(const char **at, DateText *out)
{
    out->form = DATE_YMD;
    out->moment.month = read_month(at);
    if (out->moment.month == 0 || !skip_between(at))
        return false;
    const char *next = *at;
    int digits = 0;
    const int number = read_digits(&next, &digits);
    if (digits == 4) {
        *at = next;
        out->moment.year = number;
        out->moment.day = 1;
        return true;
    }
    out->moment.day = read_small(at);
    if (!skip_between(at))
        return false;
    out->moment.year = read_year(at);
    return true;
}

/* "5/31/2024", "31.5.24", "31 May 2024" or "31-May-24". */
static bool read_small_first(const char **at, DateText *out)
{
    char sign = '\0';
    const int first = read_small(at);
    if (!read_sign(at, &sign))
        return false;
    if (isalpha((unsigned char)**at)) {
        out->form = DATE_YMD;
        out->moment.day = first;
        out->moment.month = read_month(at);
        if (!skip_between(at))
            return false;
        out->moment.year = read_year(at);
        return true;
    }
    const int second = read_small(at);
    if (!read_sign(at, &sign) || sign == ' ')
        return false;
    out->moment.year = read_year(at);
    out->either = first <= 12 && second <= 12;
    const bool month_first = second > 12 || (first <= 12 && sign == '/'); /* points and dashes are European */
    out->form = month_first ? DATE_MDY : DATE_DMY;
    out->moment.month = month_first ? first : second;
    out->moment.day = month_first ? second : first;
    return true;
}

/* "Fri, " before a date. */
static void skip_weekday(const char **at)
{
    static const char *const days[] = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
    const char *next = *at;
    if (read_name(&next, days, 7) < 0 || !skip_between(&next))
        return;
    *at = next;
}

static bool read_date(const char **at, DateText *out)
{
    skip_weekday(at);
    const size_t digits = strspn(*at, "0123456789");
    if (digits == 8) {
        int count = 0;
        const int number = read_digits(at, &count);
        out->form = DATE_COMPACT;
        out->moment = (Moment){.year = number / 10000, .month = number / 100 % 100, .day = number % 100};
        return true;
    }
    return digits == 4 ? read_year_first(at, out) : digits == 0 ? read_name_first(at, out) : read_small_first(at, out);
}

/* A T, blanks or a comma, and a time, if that is there. */
static bool read_time(const char **at, DateText *out)
{
    const char *next = *at;
    if (*next == ',' || *next == 'T' || *next == 't')
        next++;
    skip_blanks(&next);
    if (next == *at || !isdigit((unsigned char)*next))
        return true;
    *at = next;
    out->clock = true;
    return read_clock(at, &out->moment.seconds) && read_zone(at, &out->moment.offset);
}

bool date_scan(const char *text, size_t length, DateText *out)
{
    char copy[DATE_SIZE] = "";
    DateText found = {0};
    const char *at = copy;
    while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t'))
        length--;
    if (length >= sizeof copy)
        return false;
    memcpy(copy, text, length);
    skip_blanks(&at);
    const size_t digits = strspn(at, "0123456789");
    if (digits >= 1 && digits <= 2 && at[digits] == ':') {
        found.form = DATE_CLOCK;
        found.clock = true;
        found.moment = (Moment){.year = 2000, .month = 1, .day = 1};
        if (!read_clock(&at, &found.moment.seconds))
            return false;
    } else if (!read_date(&at, &found) || !is_day(found.moment.year, found.moment.month, found.moment.day) ||
               !read_time(&at, &found)) {
        return false;
    }
    *out = found;
    return *at == '\0' && at == copy + length;
}

static bool read_epoch(const char *text, size_t length, Moment *out)
{
    char copy[DATE_SIZE] = "";
    double number = 0, sign = 1;
    const char *at = copy;
    while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t'))
        length--;
    if (length == 0 || length >= sizeof copy)
        return false;
    memcpy(copy, text, length);
    skip_blanks(&at);
    if (*at == '-') {
        sign = -1;
        at++;
    }
    double scale = 1;
    if (!isdigit((unsigned char)*at))
        return false;
    for (; isdigit((unsigned char)*at); at++)
        number = number * 10 + (*at - '0');
    if (*at == '.')
        while (isdigit((unsigned char)*++at)) {
            scale /= 10;
            number += scale * (*at - '0');
        }
    if (*at != '\0' || number > LARGEST_SECONDS * 1000)
        return false;
    date_of_seconds(sign * (number > LARGEST_SECONDS ? number / 1000 : number), out);
    return true;
}

bool date_read(const char *text, size_t length, DateForm form, Moment *out)
{
    DateText found;
    if (form == DATE_EPOCH)
        return read_epoch(text, length, out);
    if (!date_scan(text, length, &found))
        return false;
    const bool ordered = form == DATE_MDY || form == DATE_DMY;
    if (found.form != form && !(ordered && (found.either || found.form == DATE_YMD)))
        return false;
    if (found.either && found.form != form)
        date_exchange(&found.moment);
    *out = found.moment;
    return true;
}
