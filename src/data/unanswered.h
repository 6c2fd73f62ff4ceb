/* Rows without a label, or without one of their targets: nothing can be learned from them, and they are no class of
 * their own. They are counted while a file is read, and then refused or left out. */
#ifndef DATA_UNANSWERED_H
#define DATA_UNANSWERED_H

#include <stdbool.h>

#include "data/notes.h"

/* What becomes of such rows. */
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

/* Says what became of the rows, once all have been counted: nothing if there are none; PERCEPT_ERROR_FORMAT, with their
 * number and the first of them, to refuse them, or where no other row is left; else a note that they were left out.
 * `answer` is "label" or "target", `column` its column's name or NULL, `unit` what places are: "line" or "row". */
percept_status unanswered_settle(const Unanswered *rows, UnansweredKind kind, const char *answer, const char *column,
                                 const char *unit, Notes *notes, percept_error *error);

#endif
