/* Filters of runs from text: "valid_accuracy > 0.97 and train.batch_size in [64, 256]". store/predicate.h has the
 * grammar.
 *
 * A name is a column of runs or a key of recipes. A value is what the column or key takes: a number, true or false, a
 * text, a list ("784-64-10", "3,7"), a time as 2026-01-31 or 2026-01-31T12:00. ~ is "contains", in upper or lower case.
 * For numbers and times `in [least, most]` is a range, for others `in [value, …]` is a list of values. A comparison
 * with a value that a run does not have is false. Numbers are equal within 1e-12 of their size. */
#ifndef STORE_FILTER_H
#define STORE_FILTER_H

#include <stddef.h>

#include "store/statements.h"

/* A filter as SQL: an expression with parameters ?1, ?2, … for the cells. */
typedef struct Filter {
    char *sql;
    Cell *cells; /* own their texts */
    size_t count;
} Filter;

/* PERCEPT_ERROR_ARGUMENT says what was expected where. Released with filter_clear. */
percept_status filter_parse(const char *text, Filter *out, percept_error *error);
void filter_clear(Filter *filter);

#endif
