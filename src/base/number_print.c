/* The nearest decimal number of some digits, in two ways: one product with a 64-bit power of ten whose error is known, as in
 * number_scan.c, and, where that does not decide the last digit, the C library. */
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/number_powers.h"

__extension__ typedef unsigned __int128 Wide;

/* Of a float64: bits behind the first one of its digits, and what its exponent is stored with. */
#define FRACTION_BITS 52
#define EXPONENT_BIAS 1023
#define EXPONENT_MASK 0x7ff
#define MOST_DIGITS 17
/* %g writes smaller exponents, and those beyond the digits, with an 'e'. */
#define LEAST_FIXED (-4)

static const uint64_t powers[MOST_DIGITS + 1] = {1,
                                                 10,
                                                 100,
                                                 1000,
                                                 10000,
                                                 100000,
                                                 1000000,
                                                 10000000,
                                                 100000000,
                                                 1000000000,
                                                 10000000000,
                                                 100000000000,
                                                 1000000000000,
                                                 10000000000000,
                                                 100000000000000,
                                                 1000000000000000,
                                                 10000000000000000,
                                                 100000000000000000};

/* A positive number as significand · 10^(exponent - digits + 1), the significand having so many digits. */
typedef struct Rounded {
    uint64_t significand;
    int exponent;
} Rounded;

/* floor(log10(2^b)) for every exponent of a float64. */
static int log10_of_power(int b)
{
    return (b * 78913) >> 18;
}

/* x · 10^q for x = shifted · 2^(binary - 63), rounded; false if the product does not decide it. With w · T as in
 * number_scan.c, the true number lies in [high, high + 2) / 2^shift. */
static bool multiply(uint64_t shifted, int binary, int q, uint64_t *out)
{
    if (q < -LARGEST_POWER || q > LARGEST_POWER)
        return false;
    const uint64_t high = (uint64_t)((Wide)shifted * powers_of_ten[q + LARGEST_POWER] >> 64);
    /* cppcheck-suppress shiftNegativeLHS ; compilers for two's complement shift the sign in */
    const int shift = 62 - binary - LOG2_OF_POWER(q);
    if (shift < 2 || shift > 63)
        return false;
    const uint64_t half = (uint64_t)1 << (shift - 1), rest = high & (2 * half - 1);
    *out = (high >> shift) + (rest > half);
    return rest != half && rest != half - 1;
}

static bool round_number(double value, int digits, Rounded *out)
{
    uint64_t bits = 0;
    memcpy(&bits, &value, sizeof bits);
    const int stored = (int)(bits >> FRACTION_BITS & EXPONENT_MASK), binary = stored - EXPONENT_BIAS;
    if (stored == 0 || stored == EXPONENT_MASK || digits < 1 || digits > MOST_DIGITS)
        return false;
    const uint64_t shifted = (bits << (63 - FRACTION_BITS)) | (uint64_t)1 << 63;
    out->exponent = log10_of_power(binary);
    if (!multiply(shifted, binary, digits - 1 - out->exponent, &out->significand))
        return false;
    if (out->significand < powers[digits])
        return true;
    out->exponent++; /* the number is above the power of ten within its power of two */
    if (!multiply(shifted, binary, digits - 1 - out->exponent, &out->significand))
        return false;
    return out->significand < powers[digits];
}

static char *write_digits(char *to, uint64_t number, int count)
{
    for (int i = count; i-- > 0; number /= 10)
        to[i] = (char)('0' + number % 10);
    return to + count;
}

static char *write_zeros(char *to, int count)
{
    for (; count > 0; count--)
        *to++ = '0';
    return to;
}

/* "1.25e-07" */
static char *write_scientific(char *to, uint64_t number, int count, int exponent)
{
    char *const point = to + 1;
    char *end = write_digits(to, number, count);
    if (count > 1) {
        memmove(point + 1, point, (size_t)(count - 1));
        *point = '.';
        end++;
    }
    *end++ = 'e';
    *end++ = exponent < 0 ? '-' : '+';
    const int size = exponent < 0 ? -exponent : exponent;
    return write_digits(end, (uint64_t)size, size < 100 ? 2 : 3);
}

/* "0.00125", "12.5", "1250" */
static char *write_fixed(char *to, uint64_t number, int count, int exponent)
{
    if (exponent < 0) {
        to = write_zeros(to, 1);
        *to++ = '.';
        return write_digits(write_zeros(to, -exponent - 1), number, count);
    }
    char *const point = to + exponent + 1;
    char *end = write_digits(to, number, count);
    if (count <= exponent + 1)
        return write_zeros(end, exponent + 1 - count);
    memmove(point + 1, point, (size_t)(end - point));
    *point = '.';
    return end + 1;
}

static size_t print_slowly(double value, int digits, char text[NUMBER_SIZE])
{
    const locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    const locale_t before = plain != (locale_t)0 ? uselocale(plain) : (locale_t)0;
    const int length = snprintf(text, NUMBER_SIZE, "%.*g", digits, value);
    if (plain != (locale_t)0) {
        uselocale(before);
        freelocale(plain);
    }
    return (size_t)length;
}

size_t number_print(double value, int digits, char text[NUMBER_SIZE])
{
    Rounded rounded = {0};
    char *to = text;
    if (value != 0 && !round_number(value, digits, &rounded))
        return print_slowly(value, digits, text);
    if (signbit(value))
        *to++ = '-';
    int count = value != 0 ? digits : 1;
    for (; count > 1 && rounded.significand % 10 == 0; count--)
        rounded.significand /= 10;
    const bool fixed = rounded.exponent >= LEAST_FIXED && rounded.exponent < digits;
    to = (fixed ? write_fixed : write_scientific)(to, rounded.significand, count, rounded.exponent);
    *to = '\0';
    return (size_t)(to - text);
}
