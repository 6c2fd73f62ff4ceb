#include "base/number.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS "0123456789"

/* Digits that many numbers survive, and those that all do. */
#define FEWEST_DIGITS 15
#define MOST_DIGITS 17

bool number_parse(const char *text, double *out)
{
    double value = 0;
    const char *end = number_scan(text, '.', &value);
    if (end == NULL || *end != '\0')
        return false;
    *out = value;
    return true;
}

void number_format(double value, char text[NUMBER_SIZE])
{
    for (int digits = FEWEST_DIGITS; digits <= MOST_DIGITS; digits++) {
        double back = 0;
        number_print(value, digits, text);
        if (number_parse(text, &back) && back == value)
            break;
    }
}

void number_format_digits(double value, int digits, char text[NUMBER_SIZE])
{
    number_print(isnan(value) ? fabs(value) : value, digits, text); /* never "-nan" */
}

IntegerParsed integer_parse(const char *text, int64_t *out)
{
    const char *digits = text[0] == '-' ? text + 1 : text;
    if (digits[0] == '\0' || digits[strspn(digits, DIGITS)] != '\0')
        return INTEGER_MALFORMED;
    errno = 0;
    const intmax_t value = strtoimax(text, NULL, 10);
    if (errno == ERANGE || value > INT64_MAX || value < INT64_MIN)
        return INTEGER_TOO_LARGE;
    *out = (int64_t)value;
    return INTEGER_OK;
}
