/* Rows without a label, or without one of their targets: nothing can be learned from them, and they are no class. They
 * are counted while a file is read, and then refused or dropped. */
#ifndef DATA_UNANSWERED_H
#define DATA_UNANSWERED_H

#include <stdbool.h>

#include "data/notes.h"

/* What to do with such rows. */
typedef enum UnansweredKind { UNANSWERED_REFUSE, UNANSWERED_DROP } UnansweredKind;

/* Names of both kinds for recipes, NULL past the last; and the kind of a name, which must be one. */
const char *unanswered_kind_name(size_t kind);
UnansweredKind unanswered_kind_find(const char *name);

/* Begins as {0}. */
typedef struct Unanswered {
    size_t count;     /* rows without an answer */
    size_t rows;      /* all rows */
    const char *file; /* where the first one is */
    size_t first;     /* its line, or its number from 1 */
} Unanswered;

/* Counts a row; `place` is its line in `file`, or its number from 1. Returns `answered`. */
bool unanswered_count(Unanswered *rows, bool answered, const char *file, size_t place);

/* Decides about the rows after all have been counted. PERCEPT_ERROR_FORMAT, with their number and the first of them, if
 * they are to be refused or no other row is left; else a note that they were dropped. `answer` is "label" or "target",
 * `column` the name of its column or NULL, `unit` the unit of places: "line" or "row". */
percept_status unanswered_settle(const Unanswered *rows, UnansweredKind kind, const char *answer, const char *column,
                                 const char *unit, Notes *notes, percept_error *error);

#endif
