/* Predicates that a person types, as a tree: "valid_accuracy > 0.97 and not (state = failed or epoch in [3, 7])". Filters of
 * runs and conditions of searches are written so; what names and values mean is theirs to say.
 *
 *     predicate  = all ("or" all)…                   all        = one ("and" one)…
 *     one        = "not" one | "(" predicate ")" | NAME OPERATOR VALUE | NAME "in" "[" VALUE ("," VALUE)… "]"
 *     OPERATOR   = "=" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "~"
 *
 * A NAME is letters, digits and _ . - + /. A VALUE goes up to a space or a parenthesis, in a list up to a comma or bracket,
 * too. Either may stand in quotes ("…" or '…', the quote itself doubled). Words may be written large: AND, In. */
#ifndef STORE_PREDICATE_H
#define STORE_PREDICATE_H

#include <stddef.h>

#include "base/error.h"

#define PREDICATE_LONGEST 4096                           /* bytes */
#define PREDICATE_DEEPEST 64                             /* parentheses and `not` inside one another */
#define PREDICATE_MOST_NODES (PREDICATE_LONGEST / 2 + 1) /* which take two bytes each at least */

typedef enum PredicateKind { PREDICATE_AND, PREDICATE_OR, PREDICATE_NOT, PREDICATE_COMPARISON } PredicateKind;

typedef enum PredicateOperator {
    PREDICATE_LESS,
    PREDICATE_LESS_OR_EQUAL,
    PREDICATE_GREATER,
    PREDICATE_GREATER_OR_EQUAL,
    PREDICATE_EQUAL,
    PREDICATE_NOT_EQUAL,
    PREDICATE_CONTAINS, /* ~ */
    PREDICATE_IN
} PredicateOperator;

/* A piece as it was written, without quotes, and the byte of the text that it begins at. */
typedef struct PredicateWord {
    const char *text;
    size_t place;
} PredicateWord;

typedef struct PredicateNode {
    PredicateKind kind;
    size_t left, right; /* nodes before this one that are joined; of `not` left alone */
    PredicateWord name, sign;
    PredicateOperator comparison;
    const PredicateWord *values; /* one; of `in` one or more */
    size_t value_count;
} PredicateNode;

typedef struct Predicate {
    const char *what;
    PredicateNode *nodes; /* each behind those that it joins: the last one is the whole */
    size_t count, value_count;
    PredicateWord *values; /* of all nodes */
    char *text;            /* as given, and behind it all words */
} Predicate;

/* Reads a predicate. what: what it is called in messages, "filter"; name: what its names are, "a key of recipes"; `what` must
 * stay. PERCEPT_ERROR_ARGUMENT says what was expected at which character, counted from 1, and what is there. Released
 * with predicate_clear. */
percept_status predicate_read(const char *text, const char *what, const char *name, Predicate *out,
                              percept_error *error);
void predicate_clear(Predicate *predicate);

/* "filter 'TEXT': PROBLEM, at character N", for a word of it that does not fit: PERCEPT_ERROR_ARGUMENT. */
percept_status predicate_refuse(const Predicate *predicate, const PredicateWord *word, const char *problem,
                                percept_error *error);

/* Hands a status on; the message of a PERCEPT_ERROR_ARGUMENT gets "filter, at character N: " in front. */
percept_status predicate_locate(const Predicate *predicate, const PredicateWord *word, percept_status status,
                                percept_error *error);

#endif
