/* Filters of runs as people write them: "valid_accuracy > 0.97 and train.batch_size in [64, 256]", as store/predicate.h
 * tells.
 *
 * A name is a column of runs or a key of recipes. A value is what the column or key takes: a number, true or false, a text,
 * a list ("784-64-10", "3,7"), a time as 2026-01-31 or 2026-01-31T12:00. ~ is "contains", whatever the case. Of numbers and
 * times `in [least, most]` takes what lies between, of all else `in [value, …]` one of these. What a run does not have
 * fits no comparison. Numbers are equal within 1e-12 of their size. */
#ifndef STORE_FILTER_H
#define STORE_FILTER_H

#include <stddef.h>

#include "store/statements.h"

/* A filter as SQL: an expression in which ?1, ?2, … stand for the cells. */
typedef struct Filter {
    char *sql;
    Cell *cells; /* own their texts */
    size_t count;
} Filter;

/* PERCEPT_ERROR_ARGUMENT says what was expected where. Released with filter_clear. */
percept_status filter_parse(const char *text, Filter *out, percept_error *error);
void filter_clear(Filter *filter);

#endif
