/* The columns of runs in the database, by name: for reading, printing, filters and orders. */
#ifndef STORE_RUN_COLUMNS_H
#define STORE_RUN_COLUMNS_H

#include <stddef.h>

#include "store/database.h"

typedef enum RunColumnType {
    COLUMN_ID,    /* int64_t; 0: none */
    COLUMN_COUNT, /* size_t */
    COLUMN_EPOCH, /* long; -1: none */
    COLUMN_REAL,  /* double */
    COLUMN_TIME,  /* double, seconds since 1970 */
    COLUMN_TEXT,  /* char * */
    COLUMN_STATE,
    COLUMN_REQUEST
} RunColumnType;

typedef struct RunColumn {
    const char *name;
    RunColumnType type;
    size_t offset;   /* in RunRow */
    const char *sql; /* its SQL expression; NULL: its name */
} RunColumn;

/* Row `index` of the table, or NULL past its end; the row of a name, or NULL. */
const RunColumn *run_column_at(size_t index);
const RunColumn *run_column_find(const char *name);

/* The SQL that gives the value of a column or of a recipe key, in a query of runs. Anything else is
 * PERCEPT_ERROR_ARGUMENT, with the nearest valid name. */
#define RUN_KEY_SQL_SIZE 256
percept_status run_key_sql(const char *name, char sql[RUN_KEY_SQL_SIZE], percept_error *error);

#endif
