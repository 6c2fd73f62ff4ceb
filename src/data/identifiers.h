/* Finds columns of numbers that identify rows. */
#ifndef DATA_IDENTIFIERS_H
#define DATA_IDENTIFIERS_H

#include "data/dataset.h"

typedef enum Numbering {
    NUMBERING_NONE,
    NUMBERING_ROWS,  /* counts the rows from 0 or 1: 20 rows at least, or a name such as id */
    NUMBERING_STEPS, /* counts up by one in other cases: it may be the number of the row, or a year */
    NUMBERING_UNIQUE, /* integers, all different, in any order: the name is such as id, or there are so many in so small a
                       * range that chance would have repeated some (the birthday problem, probability below e^-30) */
} Numbering;

/* What numbering feature j, a number, is; none with a missing value, or in less than four rows. */
percept_status identifiers_find(const Storage *storage, size_t j, const char *name, Numbering *out,
                                percept_error *error);

/* True for "id", "ID", "index", "uuid", "customer_id", "order id", "PassengerId", "PID", but not for "paid". */
bool identifiers_have_name(const char *name);

#endif
