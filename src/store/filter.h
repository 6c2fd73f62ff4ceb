/* Filters of runs as people write them: "valid_accuracy > 0.97 and train.batch_size = 128".
 *
 *     filter     = all ("or" all)…                   all        = one ("and" one)…
 *     one        = "not" one | "(" filter ")" | NAME OPERATOR VALUE
 *     OPERATOR   = "=" | "!=" | "<" | "<=" | ">" | ">=" | "~" (contains, whatever the case)
 *
 * NAME is a column of runs or a key of recipes. VALUE is what the column or key takes: a number, true or false, a text, a
 * list ("784-64-10", "3,7"), a time as 2026-01-31 or 2026-01-31T12:00; in quotes ("…" or '…', the quote itself doubled)
 * where it holds spaces or parentheses. What a run does not have fits no comparison. Numbers are equal within 1e-12 of
 * their size. */
#ifndef STORE_FILTER_H
#define STORE_FILTER_H

#include <stddef.h>

#include "store/database_file.h"

/* A filter as SQL: an expression in which ?1, ?2, … stand for the cells. */
typedef struct Filter {
    char *sql;
    Cell *cells; /* own their texts */
    size_t count;
} Filter;

/* At most 4,096 bytes, 64 comparisons, 64 parentheses and "not" inside one another. PERCEPT_ERROR_ARGUMENT says what was
 * expected where. Released with filter_clear. */
percept_status filter_parse(const char *text, Filter *out, percept_error *error);
void filter_clear(Filter *filter);

#endif
