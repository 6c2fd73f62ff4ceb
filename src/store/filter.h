/* Filters of runs as people write them: "valid_accuracy > 0.97 and train.batch_size = 128". */
#ifndef STORE_FILTER_H
#define STORE_FILTER_H

#include <stddef.h>

#include "store/database_file.h"

/* A filter as SQL: an expression with a `?` for each cell. */
typedef struct Filter {
    char *sql;
    Cell *cells;
    size_t count;
    char *words; /* what texts of cells point into */
} Filter;

percept_status filter_parse(const char *text, Filter *out, percept_error *error);
void filter_clear(Filter *filter);

#endif
