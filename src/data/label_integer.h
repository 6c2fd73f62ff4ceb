/* Integers as they occur in labels, of any size: "7", "-1", "+1", "3.0". Nothing is rounded, so two identifiers beyond
 * 2^53 remain distinct. */
#ifndef DATA_LABEL_INTEGER_H
#define DATA_LABEL_INTEGER_H

#include <stdbool.h>
#include <stddef.h>

/* Points into the text from which it was read. */
typedef struct LabelInteger {
    const char *digits; /* without leading zeros; "0" for zero, which is never negative */
    size_t length;
    bool negative;
} LabelInteger;

/* Reads the whole of `text`: an optional sign, digits without a leading zero, and optionally a point with zeros, as
 * pandas and R write integers in a column of floats. False for anything else: "01", "1E1", "0.5". */
bool label_integer_parse(const char *text, LabelInteger *out);

/* The same, but leading zeros are skipped: for a number that a user types if all labels are integers. */
bool label_integer_parse_loosely(const char *text, LabelInteger *out);

/* For files in which all numbers have the notation of numpy.savetxt ("1.200000000000000000e+01": a digit, a point,
 * digits, a signed exponent of at least two digits), so that the notation distinguishes nothing. Writes such a number,
 * if it is an integer of at most 2^53, in the shortest form ("12"); false for any other text. */
#define LABEL_INTEGER_SIZE 24
bool label_integer_respell(const char *text, char out[LABEL_INTEGER_SIZE]);

/* Below, equal to or above 0 as a is less than b, equal to it or greater. */
int label_integer_compare(const LabelInteger *a, const LabelInteger *b);

/* Writes the shortest form, "-1" or "7", and a final 0; `text` has room for length + 2 bytes. Returns the length. */
size_t label_integer_write(const LabelInteger *integer, char *text);

#endif
