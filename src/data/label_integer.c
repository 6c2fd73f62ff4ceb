#include "data/label_integer.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"

#define DIGITS "0123456789"
/* Up to here every whole number is a float64. */
#define LARGEST_WHOLE 9007199254740992.0

static bool parse(const char *text, bool leading_zeros, LabelInteger *out)
{
    const bool negative = *text == '-';
    text += *text == '-' || *text == '+';
    const size_t length = strspn(text, DIGITS);
    const char *end = text + length;
    if (length == 0)
        return false;
    if (*end == '.')
        end += 1 + strspn(end + 1, "0");
    if (*end != '\0')
        return false;
    size_t zeros = strspn(text, "0");
    zeros = zeros < length ? zeros : length - 1; /* the last digit of zero stays */
    if (zeros > 0 && !leading_zeros)
        return false;
    *out = (LabelInteger){text + zeros, length - zeros, negative && text[zeros] != '0'};
    return true;
}

bool label_integer_parse(const char *text, LabelInteger *out)
{
    return parse(text, false, out);
}

bool label_integer_parse_loosely(const char *text, LabelInteger *out)
{
    return parse(text, true, out);
}

bool label_integer_respell(const char *text, char out[LABEL_INTEGER_SIZE])
{
    double value = 0;
    const char *at = text + (*text == '-' || *text == '+');
    if (strspn(at, DIGITS) != 1 || at[1] != '.')
        return false;
    at += 2 + strspn(at + 2, DIGITS);
    if ((*at != 'e' && *at != 'E') || (at[1] != '-' && at[1] != '+') || strspn(at + 2, DIGITS) < 2)
        return false;
    if (!number_parse(text, &value) || value != floor(value) || fabs(value) > LARGEST_WHOLE)
        return false;
    snprintf(out, LABEL_INTEGER_SIZE, "%.0f", value + 0.0); /* + 0: no "-0" */
    return true;
}

static int compare_magnitudes(const LabelInteger *a, const LabelInteger *b)
{
    if (a->length != b->length)
        return a->length < b->length ? -1 : 1;
    return memcmp(a->digits, b->digits, a->length);
}

int label_integer_compare(const LabelInteger *a, const LabelInteger *b)
{
    if (a->negative != b->negative)
        return a->negative ? -1 : 1;
    return a->negative ? compare_magnitudes(b, a) : compare_magnitudes(a, b);
}

size_t label_integer_write(const LabelInteger *integer, char *text)
{
    const size_t sign = integer->negative ? 1 : 0;
    if (integer->negative)
        text[0] = '-';
    memcpy(text + sign, integer->digits, integer->length);
    text[sign + integer->length] = '\0';
    return sign + integer->length;
}
