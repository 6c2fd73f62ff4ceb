/* Decimal text becomes the nearest double: the same bits as strtod, with every way of writing a number. */
#include "unit.h"

#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/number_powers.h"
#include "base/random.h"
#include "base/random_words.h"

__extension__ typedef unsigned __int128 Wide;

#define TEXTS 1000000
#define TEXT_SIZE 400

static uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

/* number_scan_padded reads the same, whatever follows. */
static void check_padded(const char *text, const char *end, double value)
{
    static const char *const behind[] = {"", ",1234567", "\n9999999", ";\xff\xff\xff\xff\xff\xff\xff"};
    for (size_t k = 0; k < sizeof behind / sizeof behind[0]; k++) {
        char padded[TEXT_SIZE + 2 * NUMBER_PADDING] = "";
        double again = 0;
        snprintf(padded, sizeof padded, "%s%s", text, behind[k]);
        const char *stop = number_scan_padded(padded, '.', &again);
        assert_int_equal(stop == NULL, end == NULL);
        if (end != NULL && (stop - padded != end - text || bits_of(again) != bits_of(value)))
            fail_msg("'%s' is %a, padded with '%s' it is %a", text, value, behind[k], again);
    }
}

/* number_scan reads all of the text, to the bits that strtod gives; the tests run in the C locale. */
static void check_text(const char *text)
{
    double value = 0;
    const char *end = number_scan(text, '.', &value);
    const double wanted = strtod(text, NULL);
    check_padded(text, end, value);
    if (!isfinite(wanted)) {
        assert_null(end);
        return;
    }
    if (end == NULL || *end != '\0' || bits_of(value) != bits_of(wanted))
        fail_msg("'%s' is %.17g (%016" PRIx64 "), not %.17g (%016" PRIx64 ")", text, value, bits_of(value), wanted,
                 bits_of(wanted));
}

static uint64_t below(RandomStream *stream, uint64_t bound)
{
    return (uint64_t)(random_unit(stream) * (double)bound);
}

static char *append_digits(RandomStream *stream, char *text, size_t count)
{
    for (size_t i = 0; i < count; i++)
        *text++ = (char)('0' + below(stream, 10));
    return text;
}

/* Digits and points anywhere, with exponents that overflow and underflow now and then. */
static void write_any(RandomStream *stream, char text[TEXT_SIZE])
{
    const size_t longest = below(stream, 50) == 0 ? 150 : 22;
    if (below(stream, 3) == 0)
        *text++ = below(stream, 2) == 0 ? '-' : '+';
    const size_t whole = below(stream, longest), fraction = below(stream, longest);
    text = append_digits(stream, text, whole);
    if (fraction > 0 || below(stream, 2) == 0)
        *text++ = '.';
    text = append_digits(stream, text, whole + fraction == 0 ? 1 : fraction);
    if (below(stream, 2) == 0)
        text += sprintf(text, "%c%s%d", below(stream, 2) == 0 ? 'e' : 'E', below(stream, 3) == 0 ? "-" : "",
                        (int)below(stream, below(stream, 4) == 0 ? 350 : 70));
    *text = '\0';
}

static void test_random_texts_are_read_as_strtod_does(void **state)
{
    (void)state;
    RandomStream stream;
    char text[TEXT_SIZE];
    random_default_rng(&stream, 1);
    for (size_t i = 0; i < TEXTS; i++) {
        write_any(&stream, text);
        check_text(text);
    }
}

/* What programs write: 1 to 17 digits of numbers of every size, 17 bringing back any number. */
static void test_printed_doubles_come_back(void **state)
{
    (void)state;
    RandomStream stream;
    char text[TEXT_SIZE];
    random_default_rng(&stream, 2);
    for (size_t i = 0; i < TEXTS; i++) {
        uint64_t bits = (below(&stream, 1ULL << 32) << 32) | below(&stream, 1ULL << 32);
        double x;
        memcpy(&x, &bits, sizeof x);
        if (i % 2 == 0)
            x = (random_unit(&stream) - 0.5) * 1000;
        if (!isfinite(x))
            continue;
        sprintf(text, "%.*g", 1 + (int)below(&stream, 17), x);
        check_text(text);
    }
}

/* Texts just at, above and below the middle of two neighbours, where rounding is decided by the last digit. */
static void test_halves_are_decided_by_their_last_digit(void **state)
{
    (void)state;
    RandomStream stream;
    char text[TEXT_SIZE];
    random_default_rng(&stream, 3);
    for (size_t i = 0; i < 20000; i++) {
        const uint64_t odd = (1ULL << 53) + 2 * below(&stream, 1ULL << 52) + 1; /* 54 bits: a middle */
        for (int shift = 0; shift < 10; shift++) {
            const Wide middle = (Wide)odd << shift;
            const uint64_t low = (uint64_t)middle;
            sprintf(text, "%" PRIu64, low);
            check_text(text);
            sprintf(text, "%" PRIu64, low + 1);
            check_text(text);
            sprintf(text, "%" PRIu64 ".0000000000000000000000000001", low);
            check_text(text);
            sprintf(text, "%" PRIu64 "e-3", low - 1);
            check_text(text);
        }
    }
}

static void test_edges(void **state)
{
    (void)state;
    static const char *const texts[] = {"0",
                                        "-0",
                                        "+0.0",
                                        ".5",
                                        "5.",
                                        "1e0",
                                        "1E+2",
                                        "0e99999999999999999999",
                                        "1e-99999999999999999999",
                                        "1e99999999999999999999",
                                        "9007199254740993",
                                        "9007199254740992",
                                        "18446744073709551615",
                                        "18446744073709551616",
                                        "1.7976931348623157e308",
                                        "1.7976931348623159e308",
                                        "2.2250738585072011e-308",
                                        "4.9e-324",
                                        "2.4703282292062327e-324",
                                        "2.4703282292062328e-324",
                                        "1e23",
                                        "8.5e22",
                                        "123456789012345678e-20",
                                        "0000000000000000000000000000000000001.5",
                                        "0.00000000000000000000000000000000000015"};
    for (size_t t = 0; t < sizeof texts / sizeof texts[0]; t++)
        check_text(texts[t]);
}

static void test_what_is_no_number_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"",  "-",   "+",   ".",    "-.", "e5",  "1e",   "1e+",
                                        "x", "nan", "inf", "-inf", " 1", "--1", "1e999"};
    double value = 7;
    for (size_t t = 0; t < sizeof texts / sizeof texts[0]; t++) {
        assert_null(number_scan(texts[t], '.', &value));
        assert_false(number_parse(texts[t], &value));
    }
    assert_true(value == 7);
    /* The number ends where it ends. */
    assert_string_equal(number_scan("0x10", '.', &value), "x10");
    assert_string_equal(number_scan("1.5,2", '.', &value), ",2");
    assert_string_equal(number_scan("1 ", '.', &value), " ");
    assert_string_equal(number_scan("1.2.3", '.', &value), ".3");
    assert_false(number_parse("0x10", &value));
}

static void test_a_comma_may_be_the_point(void **state)
{
    (void)state;
    double value = 0;
    assert_string_equal(number_scan("-1,25e1;", ',', &value), ";");
    assert_true(value == -12.5);
    assert_string_equal(number_scan("0,12345678901234567890123;", ',', &value), ";"); /* the slow way */
    assert_true(value == 0.12345678901234567890123);
    assert_string_equal(number_scan("1.5;", ',', &value), ".5;");
}

/* A program that links the library may have set a locale whose point is a comma. */
static void test_the_locale_does_not_matter(void **state)
{
    (void)state;
    static const char *const locales[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "de_DE"};
    bool set = false;
    for (size_t l = 0; !set && l < 4; l++)
        set = setlocale(LC_ALL, locales[l]) != NULL;
    double value = 0;
    assert_true(number_parse("0.1234567890123456789012345", &value));
    setlocale(LC_ALL, "C");
    assert_true(value == 0.1234567890123456789012345);
}

/* Each T_e is the one before times ten, or a tenth: |T_e · 2^x - 10^e| below one unit, from exact powers outwards. */
static void test_the_table_of_powers_holds_together(void **state)
{
    (void)state;
    for (int e = 0; e <= 19; e++) {
        uint64_t power = 1;
        for (int i = 0; i < e; i++)
            power *= 10;
        const int shift = 63 - LOG2_OF_POWER(e);
        assert_int_equal(powers_of_ten[e + LARGEST_POWER], power << shift);
    }
    for (int e = -LARGEST_POWER; e < LARGEST_POWER; e++) {
        /* T_{e+1} 2^{x'} ∈ [10 T_e 2^x - 2^{x'}, 10 (T_e + 1) 2^x): cut down, and nine tenths lost at most. */
        /* cppcheck-suppress shiftNegativeLHS ; gcc and clang shift the sign along */
        const int step = LOG2_OF_POWER(e + 1) - LOG2_OF_POWER(e);
        const Wide next = (Wide)powers_of_ten[e + 1 + LARGEST_POWER] << step;
        const Wide here = (Wide)powers_of_ten[e + LARGEST_POWER] * 10;
        assert_true(powers_of_ten[e + LARGEST_POWER] >> 63 == 1);
        assert_true(next + ((Wide)1 << step) > here && next < here + 10);
    }
}

/* ---- Printing ------------------------------------------------------------------------------------------------- */

static void check_print(double value, int digits)
{
    char text[NUMBER_SIZE], wanted[NUMBER_SIZE];
    const int length = snprintf(wanted, sizeof wanted, "%.*g", digits, value);
    if (number_print(value, digits, text) != (size_t)length || strcmp(text, wanted) != 0)
        fail_msg("%a with %d digits is printed as %s, not %s", value, digits, text, wanted);
}

static void check_all_digits(double value)
{
    for (int digits = 1; digits <= 17; digits++) {
        check_print(value, digits);
        check_print(-value, digits);
    }
}

static void test_numbers_are_printed_as_printf_does(void **state)
{
    (void)state;
    RandomStream stream;
    random_default_rng(&stream, 5);
    for (int i = 0; i < TEXTS; i++) {
        uint64_t bits = random_next64(&stream);
        double any = 0;
        memcpy(&any, &bits, sizeof any);
        check_print(any, 1 + i % 17);
        const float single = (float)random_normal(&stream, 0, 1);
        check_print((double)single, 9);
        check_print((double)single * random_unit(&stream), 17);
        check_print((double)below(&stream, 1000000) / 1000, 1 + i % 17);
    }
}

/* Powers of ten and their neighbours, ties between two decimal numbers, and what is no number. */
static void test_numbers_at_the_edges_are_printed_as_printf_does(void **state)
{
    (void)state;
    static const double edges[] = {0,
                                   1,
                                   0.5,
                                   1.5,
                                   2.5,
                                   9.5,
                                   0.125,
                                   1e22,
                                   1e23,
                                   5e-324,
                                   1.7976931348623157e308,
                                   2.2250738585072014e-308,
                                   9.9999995,
                                   99999.5,
                                   999999.5,
                                   123456.5,
                                   0.00001,
                                   0.0001,
                                   0.000099999,
                                   4503599627370496.5,
                                   9007199254740992,
                                   (double)INFINITY,
                                   (double)NAN};
    for (size_t k = 0; k < sizeof edges / sizeof edges[0]; k++)
        check_all_digits(edges[k]);
    for (int e = -330; e <= 308; e++) {
        char text[16];
        snprintf(text, sizeof text, "1e%d", e);
        const double power = strtod(text, NULL);
        check_all_digits(power);
        check_all_digits(nextafter(power, 0));
        check_all_digits(nextafter(power, INFINITY));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_texts_are_read_as_strtod_does),
        cmocka_unit_test(test_printed_doubles_come_back),
        cmocka_unit_test(test_halves_are_decided_by_their_last_digit),
        cmocka_unit_test(test_edges),
        cmocka_unit_test(test_what_is_no_number_is_refused),
        cmocka_unit_test(test_a_comma_may_be_the_point),
        cmocka_unit_test(test_the_locale_does_not_matter),
        cmocka_unit_test(test_the_table_of_powers_holds_together),
        cmocka_unit_test(test_numbers_are_printed_as_printf_does),
        cmocka_unit_test(test_numbers_at_the_edges_are_printed_as_printf_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
