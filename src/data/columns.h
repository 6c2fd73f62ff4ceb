/* What each column of a table is: a feature, the label, a target, the weight, or nothing that is used. */
#ifndef DATA_COLUMNS_H
#define DATA_COLUMNS_H

#include "data/source.h"

typedef enum ColumnRole { COLUMN_FEATURE, COLUMN_LABEL, COLUMN_TARGET, COLUMN_WEIGHT, COLUMN_UNUSED } ColumnRole;

typedef struct Column {
    ColumnRole role;
    size_t place; /* among the features or the targets */
} Column;

typedef struct Columns {
    size_t count;
    Column *list;
    size_t features, targets;
    bool label, weight;
} Columns;

/* Gives each of `count` columns its role. A column is named as the header names it (which must be unique), or by its
 * number from 1; `names` is NULL without a header. The label, unless the options name it or there are targets: the only
 * column called label, class or target, in any case of letters; else the last one. Targets keep the order in which they
 * are given. PERCEPT_ERROR_ARGUMENT for a column that is not there (with the nearest that is), for one that is to be two
 * things, and if no feature is left; the message names `file`. Released with columns_clear. */
percept_status columns_assign(const SourceOptions *options, const char *file, size_t count, char *const *names,
                              Columns *out, percept_error *error);
void columns_clear(Columns *columns);

/* "column 3" or "column 3 (petal width)", for messages; c counts from 0. */
#define COLUMN_TEXT 64
const char *column_describe(size_t c, char *const *names, char text[COLUMN_TEXT]);

#endif
