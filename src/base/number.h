/* Numbers as decimal text, the same in every locale: a program that links the library may have called setlocale. */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Room for what number_format writes: sign, 17 digits, point, exponent. */
#define NUMBER_SIZE 32

/* Reads the whole of `text` as a finite decimal number ("0.05", "-1e-3", ".5"): no spaces, no hexadecimal, no "inf" or
 * "nan", nothing that overflows. *out is set on success only. */
bool number_parse(const char *text, double *out);

/* Reads the decimal number at the start of `text`: sign, digits with at most one `point` ('.' or ','), exponent. A byte
 * that cannot be part of a number must follow. Returns the first byte behind it, or NULL if there is no such number or
 * it overflows. Rounded to nearest, ties to even, whatever its length; with another point than '.' up to 1,100
 * bytes. */
const char *number_scan(const char *text, char point, double *out);

/* The same for text of which NUMBER_PADDING bytes behind the number may be read, whatever they are; faster. */
#define NUMBER_PADDING 8
const char *number_scan_padded(const char *text, char point, double *out);

/* Writes a finite number with 15, 16 or 17 significant digits, the fewest that number_parse reads back to the same
 * value. */
void number_format(double value, char text[NUMBER_SIZE]);

/* Writes a number with `digits` significant digits (1 … 17), as %g does; values that are not finite become nan, inf or
 * -inf. */
void number_format_digits(double value, int digits, char text[NUMBER_SIZE]);

/* Writes a number with `digits` significant digits (1 … 17) as printf's %.*g does in the C locale, and returns its length. */
size_t number_print(double value, int digits, char text[NUMBER_SIZE]);

/* Reads the whole of `text` as an integer: decimal digits, a minus sign before them at most. INTEGER_TOO_LARGE: it has
 * that form, but does not fit. */
typedef enum IntegerParsed { INTEGER_OK, INTEGER_MALFORMED, INTEGER_TOO_LARGE } IntegerParsed;
IntegerParsed integer_parse(const char *text, int64_t *out);

#endif
