/* Decimal text to the nearest double, ties to even. Three ways, from fast to slow, each for what the one before leaves:
 * exact arithmetic on small numbers (W. D. Clinger, "How to read floating point numbers accurately", 1990); one product
 * with a 64-bit power of ten whose error is known (in the spirit of D. Lemire, "Number parsing at a gigabyte per second",
 * 2021), which decides all but some thousandths of the rest; strtod. */
#include <locale.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/number_powers.h"

/* Digits that fit 64 bits whatever they are. */
#define MOST_DIGITS 19
/* 2^53: integers up to here are exact in float64; and so is 10^22. */
#define LARGEST_EXACT ((uint64_t)1 << 53)
#define LARGEST_EXACT_POWER 22
/* Larger exponents are not counted; the slow way reads such a number again. */
#define LARGEST_EXPONENT 100000
/* Text with another decimal point than strtod's is copied; a longer one is no number. */
#define LONGEST_COPY 1100

__extension__ typedef unsigned __int128 Wide;

/* A number as it was written: ± digits · 10^exponent. */
typedef struct Decimal {
    uint64_t digits;
    long exponent;
    bool negative;
    bool many; /* more than MOST_DIGITS: `digits` is not right */
} Decimal;

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static const char *scan_digits(const char *text, uint64_t *digits)
{
    uint64_t value = *digits;
    for (; is_digit(*text); text++)
        value = 10 * value + (uint64_t)(*text - '0');
    *digits = value;
    return text;
}

/* The same for text with bytes behind it: eight at a time. */
#if defined __BYTE_ORDER__ && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define EACH_BYTE UINT64_C(0x0101010101010101)
static inline const char *scan_digits_padded(const char *text, uint64_t *digits)
{
    static const uint32_t powers[8] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000};
    for (;;) {
        uint64_t bytes;
        memcpy(&bytes, text, sizeof bytes);
        bytes ^= '0' * EACH_BYTE; /* of digits: 0 … 9, so that adding 6 leaves the upper half 0 */
        const uint64_t others = ((bytes + 6 * EACH_BYTE) | bytes) & 0xf0 * EACH_BYTE;
        const unsigned count = others != 0 ? (unsigned)__builtin_ctzll(others) / 8 : 8;
        /* Digits to the upper bytes, zeros below them: then pairs, fours and eights of digits. */
        uint64_t value = count < 8 ? bytes << 8 << (56 - 8 * count) : bytes;
        value = value * 10 + (value >> 8);
        value = ((value & 0x000000ff000000ff) * 0x000f424000000064 +
                 (value >> 16 & 0x000000ff000000ff) * 0x0000271000000001) >>
                32;
        *digits = *digits * (count < 8 ? powers[count] : 100000000) + (uint32_t)value;
        text += count;
        if (count < 8)
            return text;
    }
}
#else
static inline const char *scan_digits_padded(const char *text, uint64_t *digits)
{
    return scan_digits(text, digits);
}
#endif

/* The exponent behind 'e'; NULL if there is none. */
static const char *scan_exponent(const char *text, long *exponent)
{
    const bool negative = *text == '-';
    if (*text == '-' || *text == '+')
        text++;
    if (!is_digit(*text))
        return NULL;
    long value = 0;
    for (; is_digit(*text); text++)
        if (value < LARGEST_EXPONENT)
            value = 10 * value + (*text - '0');
    *exponent += negative ? -value : value;
    return text;
}

/* The number's extent and parts; NULL if there is no number. */
static inline const char *scan_decimal(const char *text, char point, bool padded, Decimal *out)
{
    out->negative = *text == '-';
    if (*text == '-' || *text == '+')
        text++;
    const char *begin = text;
    out->digits = 0;
    if (padded && is_digit(text[0]) && text[1] == point)
        out->digits = (uint64_t)(*text++ - '0');
    else
        text = padded ? scan_digits_padded(text, &out->digits) : scan_digits(text, &out->digits);
    size_t count = (size_t)(text - begin);
    out->exponent = 0;
    if (*text == point) {
        const char *fraction = ++text;
        text = padded ? scan_digits_padded(text, &out->digits) : scan_digits(text, &out->digits);
        count += (size_t)(text - fraction);
        out->exponent = -(long)(text - fraction);
    }
    if (count == 0)
        return NULL;
    out->many = count > MOST_DIGITS;
    return (*text | 0x20) == 'e' ? scan_exponent(text + 1, &out->exponent) : text;
}

static double power_of_two(int exponent)
{
    const uint64_t bits = (uint64_t)(exponent + 1023) << 52;
    double power;
    memcpy(&power, &bits, sizeof power);
    return power;
}

/* digits · 10^e through the product of 64-bit integers w · T_e, w being the digits shifted up: the true number, 2^-64
 * times smaller, lies in [high, high + 2). False if a rounding boundary lies there too. */
static bool scale(uint64_t digits, long exponent, double *out)
{
    const int zeros = __builtin_clzll(digits);
    const uint64_t high = (uint64_t)((Wide)(digits << zeros) * powers_of_ten[exponent + LARGEST_POWER] >> 64);
    const int spare = high >> 63 ? 11 : 10; /* bits below the 53 that stay */
    const uint64_t half = (uint64_t)1 << (spare - 1), rest = high & (2 * half - 1);
    if (rest == half || rest == half - 1)
        return false;
    const uint64_t kept = (high >> spare) + (rest > half);
    *out = (double)kept * power_of_two(spare + 64 + LOG2_OF_POWER((int)exponent) - 63 - zeros);
    return true;
}

static bool convert_fast(const Decimal *decimal, double *out)
{
    static const double powers[LARGEST_EXACT_POWER + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                           1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                           1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    const long exponent = decimal->exponent;
    if (decimal->many)
        return false;
    if (decimal->digits <= LARGEST_EXACT && exponent >= -LARGEST_EXACT_POWER && exponent <= LARGEST_EXACT_POWER) {
        const double digits = (double)decimal->digits;
        *out = exponent < 0 ? digits / powers[-exponent] : digits * powers[exponent];
        return true;
    }
    if (decimal->digits == 0) {
        *out = 0;
        return true;
    }
    return exponent >= -LARGEST_POWER && exponent <= LARGEST_POWER && scale(decimal->digits, exponent, out);
}

/* strtod in the C locale. The text is known to be a decimal number, and no "0x…": that was read the fast way, as 0. */
static bool convert_slowly(const char *text, const char *end, char point, double *out)
{
    char copy[LONGEST_COPY + 1];
    if (point != '.') {
        const size_t length = (size_t)(end - text);
        if (length > LONGEST_COPY)
            return false;
        memcpy(copy, text, length);
        copy[length] = '\0';
        char *found = memchr(copy, point, length);
        if (found != NULL)
            *found = '.';
        text = copy;
    }
    const locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    *out = plain != (locale_t)0 ? strtod_l(text, NULL, plain) : strtod(text, NULL);
    if (plain != (locale_t)0)
        freelocale(plain);
    return isfinite(*out);
}

static inline const char *scan(const char *text, char point, bool padded, double *out)
{
    Decimal decimal;
    double value = 0;
    const char *end = scan_decimal(text, point, padded, &decimal);
    if (end == NULL)
        return NULL;
    if (convert_fast(&decimal, &value))
        *out = decimal.negative ? -value : value;
    else if (convert_slowly(text, end, point, &value))
        *out = value;
    else
        return NULL;
    return end;
}

const char *number_scan(const char *text, char point, double *out)
{
    return scan(text, point, false, out);
}

const char *number_scan_padded(const char *text, char point, double *out)
{
    return scan(text, point, true, out);
}
