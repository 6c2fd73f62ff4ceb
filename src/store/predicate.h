/* Predicates from text, as a tree: "valid_accuracy > 0.97 and not (state = failed or epoch in [3, 7])". Filters of runs
 * and conditions of searches share this grammar; they define the meaning of names and values.
 *
 *     predicate  = all ("or" all)…                   all        = one ("and" one)…
 *     one        = "not" one | "(" predicate ")" | NAME OPERATOR VALUE | NAME "in" "[" VALUE ("," VALUE)… "]"
 *     OPERATOR   = "=" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "~"
 *
 * A NAME is letters, digits and _ . - + /. A VALUE goes up to a space or a parenthesis, in a list up to a comma or
 * bracket, too. Either may be in quotes ("…" or '…', with the quote itself doubled). Words may be in upper case: AND,
 * In. */
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

/* A word as written, without quotes, and its position in the text in bytes. */
typedef struct PredicateWord {
    const char *text;
    size_t place;
} PredicateWord;

typedef struct PredicateNode {
    PredicateKind kind;
    size_t left, right; /* indices of earlier nodes that are joined; `not` uses left alone */
    PredicateWord name, sign;
    PredicateOperator comparison;
    const PredicateWord *values; /* one; of `in` one or more */
    size_t value_count;
} PredicateNode;

typedef struct Predicate {
    const char *what;
    PredicateNode *nodes; /* each after those that it joins: the last one is the root */
    size_t count, value_count;
    PredicateWord *values; /* of all nodes */
    char *text;            /* the text as given, followed by all words */
} Predicate;

/* Reads a predicate. what: its name in messages, "filter", which must stay valid; name: what its names are, "a key of
 * recipes". PERCEPT_ERROR_ARGUMENT says what was expected at which character, counted from 1, and what was found.
 * Released with predicate_clear. */
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
